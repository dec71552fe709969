"""The legend of a plot: what each line is; a click hides it and shows it again."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from workbench.ui.plots.lines import Look
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL
from workbench.ui.widgets.flow import FlowLayout

DASH = 16
HEIGHT = 18


class LegendEntry(QAbstractButton):
    """One line's look and name. Not checked means hidden; one that cannot be hidden is not enabled for clicks."""

    def __init__(self, name: str, look: Look, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look = look
        self.setText(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        font = self.font()
        font.setPixelSize(SMALL)
        self.setFont(font)

    def set_look(self, look: Look) -> None:
        """The line is drawn another way now."""
        if look != self._look:
            self._look = look
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(DASH + 6 + QFontMetrics(self.font()).horizontalAdvance(self.text()) + 6, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        pen = self._look.pen()
        pen.setWidthF(max(pen.widthF(), 2.0))
        if not self.isChecked():
            pen.setColor(QColor(tokens.line))
        painter.setPen(pen)
        painter.drawLine(QPointF(2, middle), QPointF(DASH, middle))
        if self._look.markers:
            painter.setBrush(pen.color())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(DASH / 2 + 1, middle), 3, 3)
        painter.setPen(QColor(tokens.text if self.underMouse() and self.isEnabled() else tokens.muted))
        font = self.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        place = QRectF(DASH + 6, 0, self.width() - DASH - 6, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(QColor(tokens.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)


class Legend(QWidget):
    """Entries in rows. `toggled(key, visible)` follows a click."""

    toggled = Signal(str, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: dict[str, LegendEntry] = {}
        self._hidden: set[str] = set()
        self._layout = FlowLayout(self, spacing=4)
        self._layout.setSizeConstraint(FlowLayout.SizeConstraint.SetMinimumSize)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_entries(self, entries: list[tuple[str, str, Look, bool]]) -> None:
        """Show these (key, name, look, can be hidden). What the person hid stays hidden while its key is there."""
        wanted = [(key, name) for key, name, _, _ in entries]
        if wanted != [(key, entry.text()) for key, entry in self._entries.items()]:
            self._rebuild(entries)
        for key, _, look, _ in entries:
            self._entries[key].set_look(look)

    def hide_at_first(self, keys: Collection[str]) -> None:
        """From now on these are hidden and all others are not, until the person clicks."""
        self._hidden = set(keys)
        for key, entry in self._entries.items():
            entry.setChecked(key not in keys)

    def is_hidden(self, key: str) -> bool:
        """Whether the person hid this line."""
        return key in self._hidden

    def _rebuild(self, entries: list[tuple[str, str, Look, bool]]) -> None:
        for entry in self._entries.values():
            self._layout.removeWidget(entry)
            entry.hide()  # at once: it goes only when no menu or dialog is open any more
            entry.deleteLater()
        self._entries = {}
        for key, name, look, can_be_hidden in entries:
            entry = LegendEntry(name, look, self._theme, self)
            entry.setEnabled(can_be_hidden)
            entry.setChecked(key not in self._hidden)
            entry.setToolTip(self.tr("Hide or show “{0}”").format(name) if can_be_hidden else "")
            entry.toggled.connect(lambda visible, key=key: self._toggle(key, visible))
            self._entries[key] = entry
            self._layout.addWidget(entry)
            entry.show()
        self.updateGeometry()

    def _toggle(self, key: str, visible: bool) -> None:
        self._hidden.discard(key) if visible else self._hidden.add(key)
        self.toggled.emit(key, visible)
