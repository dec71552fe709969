"""Paints the rows of the tree: icon, name, muted parameters, and marks for problems, frozen and disabled layers."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.ui.pages.model.rows import NO_TEXT, Row
from workbench.ui.pages.model.tree_model import ROW_ROLE, Column
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import ROW as ROW_HEIGHT

Index = QModelIndex | QPersistentModelIndex
ICON = 16
SPACE = 8
EDGE = 6
FROZEN_ICON = "snowflake"
START_ICON = "school-outline"
OUTPUT_ICON = "location-exit"
DISABLED_ICON = "eye-off-outline"
PROBLEM_ICONS = {"warning": "alert-outline", "error": "alert-circle-outline"}


class RowPainter(QStyledItemDelegate):
    """The delegate of all columns of the tree."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        has_focus = bool(plain.state & QStyle.StateFlag.State_HasFocus)
        plain.state &= ~QStyle.StateFlag.State_HasFocus
        style = plain.widget.style() if plain.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget)
        area = QRect(plain.rect).adjusted(EDGE, 0, -EDGE, 0)
        if has_focus and index.column() == Column.LAYER:
            painter.fillRect(
                QRect(plain.rect.left(), plain.rect.top() + 5, 2, plain.rect.height() - 10), self._accent()
            )
        painter.save()
        painter.setFont(plain.font)
        match index.column():
            case Column.LAYER:
                self._paint_layer(painter, area, row, plain.fontMetrics)
            case Column.SHAPE:
                text = fitting(plain.fontMetrics, area.width(), row.shape, row.brief_shape)
                self._text(painter, area, text, self._color(row, muted=True), Qt.AlignmentFlag.AlignLeft)
            case _:
                is_zero = row.params == "0"
                text = fitting(plain.fontMetrics, area.width(), row.params, row.brief_params)
                self._text(painter, area, text, self._color(row, muted=is_zero), Qt.AlignmentFlag.AlignRight)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(ROW_ROLE)
        metrics = option.fontMetrics
        text = (_layer_text(row), row.shape, row.params)[index.column()]
        width = metrics.horizontalAdvance(text) + 2 * EDGE + SPACE
        if index.column() == Column.LAYER:
            width += (ICON + SPACE) * (1 + len(self._marks(row)))
        return QSize(width, ROW_HEIGHT)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        row: Row = index.data(ROW_ROLE)
        field = QLineEdit(parent)
        field.setMaxLength(100)
        field.setPlaceholderText(self.tr("Name, or empty for “{0}”").format(row.title))
        field.setAccessibleName(self.tr("Name of the layer"))
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(QRect(option.rect).adjusted(ICON + EDGE, 0, 0, 0))

    def _paint_layer(self, painter: QPainter, area: QRect, row: Row, metrics: QFontMetrics) -> None:
        tokens = self._theme.tokens
        colors = {"warning": tokens.warning, "error": tokens.bad, "": tokens.muted}
        self._icon(painter, area.topLeft() + QPoint(0, (area.height() - ICON) // 2), row.icon, colors[row.severity])
        right = area.right() + 1
        for name, color in self._marks(row):
            right -= ICON
            self._icon(painter, QPoint(right, area.top() + (area.height() - ICON) // 2), name, color)
            right -= SPACE // 2
        text_area = QRect(area)
        text_area.setLeft(area.left() + ICON + SPACE)
        text_area.setRight(right - 2)
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, text_area.width())
        self._text(painter, text_area, title, self._color(row, muted=False), Qt.AlignmentFlag.AlignLeft)
        text_area.setLeft(text_area.left() + metrics.horizontalAdvance(title) + SPACE)
        if row.detail and text_area.width() > 12:
            detail = metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, text_area.width())
            self._text(painter, text_area, detail, self._color(row, muted=True), Qt.AlignmentFlag.AlignLeft)

    def _marks(self, row: Row) -> list[tuple[str, str]]:
        """Icons at the right end, the first outermost, with their colours."""
        tokens = self._theme.tokens
        marks = []
        if row.severity:
            color = tokens.bad if row.severity == "error" else tokens.warning
            marks.append((PROBLEM_ICONS[row.severity], color))
        if row.is_output:
            marks.append((OUTPUT_ICON, tokens.accent))
        if row.starts:
            marks.append((START_ICON, tokens.muted))
        if row.frozen:
            marks.append((FROZEN_ICON, tokens.accent))
        if not row.enabled:
            marks.append((DISABLED_ICON, tokens.muted))
        return marks

    def _color(self, row: Row, *, muted: bool) -> str:
        tokens = self._theme.tokens
        if not row.enabled:
            return tokens.raw
        return tokens.muted if muted else tokens.text

    def _accent(self) -> QColor:
        return QColor(self._theme.tokens.accent)

    def _icon(self, painter: QPainter, place: QPoint, name: str, color: str) -> None:
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._theme.icon(name, color).pixmap(QSize(ICON, ICON), ratio)
        painter.drawPixmap(place, pixmap)

    def _text(self, painter: QPainter, area: QRect, text: str, color: str, side: Qt.AlignmentFlag) -> None:
        if text != NO_TEXT:
            painter.setPen(QColor(color))
            painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)


def fitting(metrics: QFontMetrics, width: int, text: str, brief: str) -> str:
    """The text where it fits into a width, else the brief one, at worst with an ellipsis: no digit is lost unseen."""
    for words in (text, brief or text):
        if metrics.horizontalAdvance(words) <= width:
            return words
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)


def _layer_text(row: Row) -> str:
    return f"{row.title}  {row.detail}"
