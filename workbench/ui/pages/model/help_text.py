"""Keras' help as rich text: paragraphs apart, code in the font of code."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QResizeEvent, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import HEAVY

PARAGRAPH_GAP = 7
MOST_KEPT = 24


class HelpText(QTextBrowser):
    """Markdown, as high as it is at the width it has, so that it scrolls with what it stands in.

    (A label with rich text works out its height many times over for every change.)
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._markdown = ""
        self._documents: dict[str, QTextDocument] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setOpenExternalLinks(True)
        self.setTabChangesFocus(True)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self._refresh)

    def show_markdown(self, markdown: str) -> None:
        """Show a text."""
        if markdown != self._markdown:
            self._markdown = markdown
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as the text at the present width."""
        return QSize(200, round(self.document().size().height()) + 2)

    def _show(self) -> None:
        document = self._documents.pop(self._markdown, None) or self._made(self._markdown)
        self._documents[self._markdown] = document  # the last is the one shown last
        self.setDocument(document)
        self._fit()
        if len(self._documents) > MOST_KEPT:
            self._documents.pop(next(iter(self._documents))).deleteLater()

    def _made(self, markdown: str) -> QTextDocument:
        """A document, laid out once: on a document that is shown each change of its look would be laid out anew."""
        document = QTextDocument(self)
        document.setDefaultFont(self.font())
        document.setDocumentMargin(0)
        document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectCommonMark)
        set_look(document, self._theme)
        return document

    def _refresh(self) -> None:
        """Make the documents anew in the colours of the scheme."""
        old, self._documents = self._documents, {}
        self._show()
        for document in old.values():
            document.deleteLater()

    def _fit(self) -> None:
        height = self.sizeHint().height()
        if height != self.height():
            self.setFixedHeight(height)


def set_look(document: QTextDocument, theme: Theme) -> None:
    """Set paragraphs apart and code in the font of code; all in the muted colour."""
    muted = QTextCharFormat()
    muted.setForeground(QColor(theme.tokens.muted))
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        _space(cursor, is_listed=block.textList() is not None)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        cursor.mergeCharFormat(muted)
        _set_code(QTextCursor(block), theme.monospace(12))
        _lighten(QTextCursor(block))
        block = block.next()


def _space(cursor: QTextCursor, *, is_listed: bool) -> None:
    space = QTextBlockFormat()
    space.setBottomMargin(2 if is_listed else PARAGRAPH_GAP)
    space.setTopMargin(0)
    cursor.mergeBlockFormat(space)


def _lighten(cursor: QTextCursor) -> None:
    """What is bold is as heavy as our font is."""
    heavy = QTextCharFormat()
    heavy.setFontWeight(HEAVY)
    for piece in _pieces(cursor, lambda look: look.fontWeight() > HEAVY):
        piece.mergeCharFormat(heavy)


def _set_code(cursor: QTextCursor, font: QFont) -> None:
    """Set the pieces of a paragraph that have a fixed pitch in the font of code."""
    for piece in _pieces(cursor, QTextCharFormat.fontFixedPitch):
        look = piece.charFormat()
        look.setFont(font)
        piece.setCharFormat(look)


def _pieces(cursor: QTextCursor, wanted: Callable[[QTextCharFormat], bool]) -> list[QTextCursor]:
    """The pieces of a paragraph that look so, selected."""
    found: list[QTextCursor] = []
    iterator = cursor.block().begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        if wanted(fragment.charFormat()):
            piece = QTextCursor(cursor)
            piece.setPosition(fragment.position())
            piece.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
            found.append(piece)
        iterator += 1
    return found
