"""The small buttons at the head of a plot."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.ui.plots.smoothing_popup import SmoothingPopup
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme
from workbench.ui.widgets.menu_button import give_menu


class CurveTools(QWidget):
    """Logarithmic axis, fit, smoothing (where there are batches), table, export (`export_wanted` has the suffix)."""

    logarithmic_toggled = Signal(bool)
    fit_pressed = Signal()
    table_pressed = Signal()
    export_wanted = Signal(str)

    def __init__(self, theme: Theme, settings: Settings, smoothing: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons: list[tuple[QToolButton, str]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self.log = self._button("math-log", self.tr("Logarithmic axis"))
        self.log.setCheckable(True)
        self.log.toggled.connect(self.logarithmic_toggled)
        self.fit = self._button("fit-to-page-outline", self.tr("Show everything and follow (double click, or key 0)"))
        self.fit.setEnabled(False)
        self.fit.clicked.connect(self.fit_pressed)
        if smoothing:
            self.smoothing = self._button("chart-bell-curve-cumulative", self.tr("Strength of smoothing"))
            give_menu(self.smoothing, SmoothingPopup(settings, self))
        self.table = self._button("table-large", self.tr("Show the numbers as a table"))
        self.table.clicked.connect(self.table_pressed)
        self.export = self._button("export-variant", self.tr("Save the curves as a picture or as numbers"))
        give_menu(self.export, self._export_menu())
        theme.changed.connect(self._refresh_icons)
        self._refresh_icons()

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("Picture (PNG)…")).triggered.connect(lambda: self.export_wanted.emit("png"))
        menu.addAction(self.tr("Drawing (SVG)…")).triggered.connect(lambda: self.export_wanted.emit("svg"))
        menu.addAction(self.tr("Numbers (CSV)…")).triggered.connect(lambda: self.export_wanted.emit("csv"))
        return menu

    def _button(self, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(text)
        button.setAccessibleName(text)
        self._icons.append((button, icon))
        self._row.addWidget(button)
        return button

    def _refresh_icons(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self._theme.icon(icon))
