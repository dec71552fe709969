"""A scroll area that is as high as what it holds, and scrolls only where it gets less room."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from workbench.ui.theme.tokens import ROW

LEAST_ROWS = 4


class FittingScroll(QScrollArea):
    """Holds one widget, whose layout may wrap texts. It takes no more height than that widget needs."""

    def __init__(self, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._inside = widget
        self.setWidget(widget)
        widget.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """The height that the widget needs at this width."""
        return QSize(self._inside.sizeHint().width(), self._needed())

    def minimumSizeHint(self) -> QSize:
        """A few rows, or all where that is less."""
        return QSize(0, min(LEAST_ROWS * ROW, self._needed()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
            self._show_bar_where_needed()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_bar_where_needed()

    def _show_bar_where_needed(self) -> None:
        """Without this the bar that Qt shows while the height is still to come can stay, over the ends of fields."""
        off, as_needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        policy = off if self.contentsRect().height() >= self._needed(self.contentsRect().width()) else as_needed
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)

    def _needed(self, width: int | None = None) -> int:
        """The height of what it holds at a width, or at the one it has."""
        layout = self._inside.layout()
        if layout is None or not layout.hasHeightForWidth():
            return self._inside.sizeHint().height()
        room = self.viewport().width() if width is None else width
        return layout.totalHeightForWidth(max(room, layout.totalMinimumSize().width()))
