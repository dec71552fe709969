"""What stands where nothing is yet: a sign, what will be here, and how to begin."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

ICON = 40


class EmptyState(QWidget):
    """An icon over a title over a text that wraps, in the middle."""

    def __init__(self, theme: Theme, icon: str, title: str = "", text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._sign = QLabel()
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label(title, "heading")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setVisible(bool(title))
        self._text = label(text, "muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for widget in (self._sign, self._title, self._text):
            column.addWidget(widget)
        column.addStretch(3)
        theme.changed.connect(self._refresh_icon)
        self._refresh_icon()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text.setText(text)

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def _refresh_icon(self) -> None:
        icon = self._theme.icon(self._icon, self._theme.tokens.raw)
        self._sign.setPixmap(icon.pixmap(ICON, ICON))
