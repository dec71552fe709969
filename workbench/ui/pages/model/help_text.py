"""Keras' help as rich text: paragraphs apart, code in the font of code."""

from PySide6.QtGui import QFont, QTextBlockFormat, QTextCursor, QTextDocument

from workbench.ui.theme import Theme

PARAGRAPH_GAP = 7


def help_html(markdown: str, theme: Theme) -> str:
    """Markdown as HTML for a label."""
    document = QTextDocument()
    document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectCommonMark)
    block = document.begin()
    while block.isValid():
        _space(QTextCursor(block), is_listed=block.textList() is not None)
        _set_code(QTextCursor(block), block.position(), theme.monospace(12))
        block = block.next()
    return document.toHtml()


def _space(cursor: QTextCursor, *, is_listed: bool) -> None:
    space = QTextBlockFormat()
    space.setBottomMargin(2 if is_listed else PARAGRAPH_GAP)
    space.setTopMargin(0)
    cursor.mergeBlockFormat(space)


def _set_code(cursor: QTextCursor, start: int, font: QFont) -> None:
    """Set the pieces of a paragraph that have a fixed pitch in the font of code."""
    iterator = cursor.block().begin()
    pieces: list[tuple[int, int]] = []
    while not iterator.atEnd():
        fragment = iterator.fragment()
        if fragment.charFormat().fontFixedPitch():
            pieces.append((fragment.position(), fragment.length()))
        iterator += 1
    for position, length in pieces:
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        look = cursor.charFormat()
        look.setFont(font)
        cursor.setCharFormat(look)
