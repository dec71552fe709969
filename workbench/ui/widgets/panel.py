"""A panel: the rounded sheet that a column of a page is made of."""

import html
from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.ui.theme.tokens import GAP, PADDING
from workbench.ui.widgets.elided import ElidedLabel

SPACE = 4


class Panel(QFrame):
    """Title at the left of its head, small widgets at the right (`add_to_head`), the rest below (`body`)."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PADDING, PADDING - 2, PADDING, PADDING)
        outer.setSpacing(GAP)
        self.title = ElidedLabel(title)
        self.title.setProperty("role", "title")
        self._head = QHBoxLayout()
        self._head.setSpacing(6)
        self._head.addWidget(self.title)
        self._head.setStretchFactor(self.title, 1)
        outer.addLayout(self._head)
        self.title.setVisible(bool(title))
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP)
        outer.addLayout(self.body, 1)

    def add_to_head(self, widget: QWidget) -> None:
        """Put a widget at the right end of the head."""
        self._head.addWidget(widget)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self.title.setText(title)
        self.title.setVisible(bool(title))


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A label in one of the style sheet's roles."""
    widget = QLabel(text)
    if role:
        widget.setProperty("role", role)
    widget.setWordWrap(wrap)
    if selectable:
        widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return widget


def set_role(widget: QWidget, role: str) -> None:
    """Draw a widget in another role from now on."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def paragraphs(texts: Iterable[str]) -> str:
    """Texts as rich text, a little apart from one another. Nothing in them is markup."""
    return "".join(f'<p style="margin-top: 0; margin-bottom: {SPACE}px">{html.escape(text)}</p>' for text in texts)


def line() -> QFrame:
    """A thin horizontal line."""
    frame = QFrame()
    frame.setProperty("role", "line")
    return frame
