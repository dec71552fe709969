"""Draws one text of the Data page: its class, then the paragraph with its tokens marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from workbench.protocol.payloads import TextShown
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import Tokens

Index = QModelIndex | QPersistentModelIndex
MOST_CHARACTERS = 1_200
PADDING = 8
LINE_SPACE = 3
LARGEST_BASIC = "\uffff"


@dataclass(frozen=True)
class TextRow:
    """A text with what stands above it."""

    text: TextShown
    caption: str
    note: str


class TextRowDelegate(QStyledItemDelegate):
    """Paragraphs as high as their text needs at the list's width."""

    def __init__(self, rows: Sequence[TextRow], theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._theme = theme
        self._width = 400
        self._heights: dict[int, int] = {}

    def set_width(self, width: int) -> None:
        """The room for a row, in pixels."""
        if width != self._width:
            self._width = width
            self.forget()

    def forget(self) -> None:
        """Measure all rows anew: there are others."""
        self._heights.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = self._rows[index.row()]
        known = self._heights.get(index.row())
        if known is None:
            layout = laid_out(row.text, self._width - 2 * PADDING, option.font, self._theme.tokens)
            known = round(layout.boundingRect().height()) + option.fontMetrics.height() + 3 * PADDING
            self._heights[index.row()] = known
        return QSize(self._width, known)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, tokens = self._rows[index.row()], self._theme.tokens
        room = option.rect.adjusted(PADDING, PADDING, -PADDING, 0)
        head = QRect(room.left(), room.top(), room.width(), option.fontMetrics.height())
        painter.save()
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(tokens.accent))
        caption, note = shared_line(row, head.width(), painter.fontMetrics(), option.fontMetrics)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, caption)
        painter.setFont(option.font)
        painter.setPen(QColor(tokens.muted))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)
        layout = laid_out(row.text, room.width(), option.font, tokens)
        painter.setPen(QColor(tokens.muted))
        layout.draw(painter, QPointF(room.left(), head.bottom() + PADDING // 2))
        painter.setPen(QColor(tokens.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()


def shared_line(row: TextRow, width: int, bold: QFontMetrics, plain: QFontMetrics) -> tuple[str, str]:
    """Caption and note as they have room on one line: the caption, which says what is learned, at least half of it."""
    right = Qt.TextElideMode.ElideRight
    room = max(width // 2, width - plain.horizontalAdvance(row.note) - PADDING)
    caption = bold.elidedText(row.caption, right, room)
    taken = bold.horizontalAdvance(caption) + PADDING if caption else 0
    return caption, plain.elidedText(row.note, right, max(0, width - taken))


def laid_out(text: TextShown, width: int, font: QFont, tokens: Tokens, most: int = MOST_CHARACTERS) -> QTextLayout:
    """The paragraph in lines of this width, with its tokens marked: known ones, unknown ones, and the rest muted.
    A text of more than `most` characters is cut."""
    shown = text.text if len(text.text) <= most else text.text[:most] + " …"
    layout = QTextLayout(shown.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(_marks(text, shown, tokens, most))
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        line.setPosition(QPointF(0, top))
        top += line.height() + LINE_SPACE
    layout.endLayout()
    return layout


def _marks(text: TextShown, shown: str, tokens: Tokens, most: int) -> list[QTextLayout.FormatRange]:
    known, unknown, plain = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
    known.setForeground(QColor(tokens.text))
    known.setBackground(QColor(tokens.accent_soft))
    plain.setForeground(QColor(tokens.text))
    unknown.setForeground(QColor(tokens.warning))
    unknown.setBackground(QColor(tokens.warning_soft))
    unknown.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
    marks: list[QTextLayout.FormatRange] = []
    places = _utf16_places(shown)
    end_before = -1
    is_marked = False
    for start, end, is_known in text.spans:
        if end > min(len(shown), most):
            break
        # Tokens that touch, as characters do, are told apart by marking every second one.
        is_marked = not (is_marked and start == end_before)
        end_before = end
        mark = QTextLayout.FormatRange()
        mark.start = places[start] if places else start
        mark.length = (places[end] if places else end) - mark.start
        mark.format = (known if is_marked else plain) if is_known else unknown
        marks.append(mark)
    return marks


def _utf16_places(text: str) -> list[int]:
    """Where Qt, which counts in UTF-16, has each character and the end; empty where it counts as Python does."""
    if all(character <= LARGEST_BASIC for character in text):
        return []
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if character > LARGEST_BASIC else 1))
    return places
