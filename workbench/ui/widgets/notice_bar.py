"""The bar at the foot of the window that tells something without asking. It floats, so that nothing below it moves."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from workbench.ui.context import Notice
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import RADIUS

SHOWN_MS = 7000
MARGIN = 24
SLACK = 12
WIDEST = 760
ICONS = {
    "info": "information-outline",
    "good": "check-circle-outline",
    "warning": "alert-outline",
    "bad": "alert-circle-outline",
}


class NoticeBar(QFrame):
    """Shows the newest notice. Good and plain ones go by themselves; warnings stay until they are closed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = parent
        parent.installEventFilter(self)
        self._notice: Notice | None = None
        self.setObjectName("notice")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setAccessibleName(self.tr("Message"))
        self._button = QPushButton()
        self._button.setProperty("role", "soft")
        self._button.clicked.connect(self._act)
        self._close = QToolButton()
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self.dismiss)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.dismiss)
        theme.changed.connect(self._refresh)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in the place of the one before."""
        self._notice = notice
        self._text.setText(notice.message)
        self._button.setText(notice.action_text)
        self._button.setVisible(notice.action is not None)
        self._refresh()
        self._place()
        self.show()
        self.raise_()
        self._timer.stop()
        if notice.severity in ("info", "good"):
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def dismiss(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._notice = None
        self.hide()

    @property
    def message(self) -> str:
        """What is shown now, empty for nothing."""
        return "" if self._notice is None else self._notice.message

    def _place(self) -> None:
        room = self._window.rect()
        words = self._text.fontMetrics().horizontalAdvance(self._text.text())
        others = self.sizeHint().width() - self._text.sizeHint().width()
        width = min(WIDEST, room.width() - 2 * MARGIN, words + others + SLACK)
        height = max(self.heightForWidth(width), self.sizeHint().height())
        self.setGeometry((room.width() - width) // 2, room.height() - height - MARGIN, width, height)

    def _act(self) -> None:
        notice = self._notice
        self.dismiss()
        if notice is not None and notice.action is not None:
            notice.action()

    def _refresh(self) -> None:
        tokens = self._theme.tokens
        self._close.setIcon(self._theme.icon("close"))
        severity = "info" if self._notice is None else self._notice.severity
        ink, ground = {
            "info": (tokens.accent, tokens.panel),
            "good": (tokens.good, tokens.panel),
            "warning": (tokens.warning, tokens.warning_soft),
            "bad": (tokens.bad, tokens.bad_soft),
        }[severity]
        self._icon.setPixmap(self._theme.icon(ICONS[severity], ink).pixmap(18, 18))
        self.setStyleSheet(f"#notice {{ background: {ground}; border: 1px solid {ink}; border-radius: {RADIUS}px; }}")
