"""The rail at the left: one button a page."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workbench.ui.pages import PageEntry
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import Panel

WIDTH = 84


class Rail(Panel):
    """Shows the pages; `page_chosen(name)` when the person presses one."""

    page_chosen = Signal(str)

    def __init__(self, pages: list[PageEntry], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._theme = theme
        self._pages = pages
        self._buttons: dict[str, QToolButton] = {}
        self.setFixedWidth(WIDTH)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.setContentsMargins(7, 7, 7, 7)
            layout.setSpacing(0)
        self._group = QButtonGroup(self)
        for page in pages:
            button = self._button(page)
            self._group.addButton(button)
            self.body.addWidget(button)
        self.body.addStretch(1)
        theme.changed.connect(self._refresh)
        self._refresh()

    def show_page(self, name: str) -> None:
        """Mark the page that is shown."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)
        self._refresh()

    def _button(self, page: PageEntry) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "nav")
        button.setText(page.title())
        button.setAccessibleName(page.title())
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(20, 20))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFixedHeight(56)
        button.clicked.connect(lambda _checked=False, name=page.name: self.page_chosen.emit(name))
        self._buttons[page.name] = button
        return button

    def _refresh(self) -> None:
        tokens = self._theme.tokens
        for page in self._pages:
            button = self._buttons[page.name]
            color = tokens.accent if button.isChecked() else tokens.muted
            button.setIcon(self._theme.icon(page.icon, color))
