"""The strip at the foot of the window that tells something without asking. It covers nothing."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from workbench.ui.context import Notice
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import RADIUS

SHOWN_MS = 7000
ICONS = {
    "info": "information-outline",
    "good": "check-circle-outline",
    "warning": "alert-outline",
    "bad": "alert-circle-outline",
}


class NoticeBar(QFrame):
    """Shows the newest notice in room of its own, hidden while there is none; what is at the top of the page stays.

    Good and plain notices go by themselves; warnings, and what has a button, stay until they are closed or withdrawn.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notice: Notice | None = None
        self.setObjectName("notice")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)  # names of files stand in it as they are
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
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
        self.show()
        self._timer.stop()
        if notice.severity in ("info", "good") and notice.action is None:
            self._timer.start()

    def withdraw(self, notice: Notice) -> None:
        """Take this notice away, if it is the one that is shown: what it says is no longer so."""
        if notice is self._notice:
            self.dismiss()

    def leave_project(self) -> None:
        """Another project was opened: what was told of the one before goes, as its button would do that here."""
        if self._notice is not None and not self._notice.of_program:
            self.dismiss()

    def dismiss(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._notice = None
        self.hide()

    @property
    def message(self) -> str:
        """What is shown now, empty for nothing."""
        return "" if self._notice is None else self._notice.message

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
