"""The rows of one set of parameters: what a form shows for one class."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QToolButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.values import Value
from workbench.ui.forms.rows import ParameterRow
from workbench.ui.forms.values import same
from workbench.ui.theme import Theme

NARROW, LEAST = 230, 170


class Sheet(QWidget):
    """A row for each parameter; the advanced ones wait in a section that opens, and are made only then."""

    changed = Signal(str, object)
    reset = Signal(str)
    finished = Signal()

    def __init__(
        self, entries: tuple[ParamEntry, ...], catalogue: Catalogue, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._theme = catalogue, theme
        self.entries = entries
        self.rows: dict[str, ParameterRow] = {}
        self._values: Mapping[str, Value] = {}
        self._defaults: Mapping[str, Value] = {}
        self._mixed: Collection[str] = ()
        self._advanced = [entry for entry in entries if entry.advanced]
        self._section: QWidget | None = None
        self._is_narrow = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._make_section([entry for entry in entries if not entry.advanced]))
        self.more = QToolButton(self)
        self.more.setProperty("role", "more")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.toggled.connect(self._open)
        self._layout.addWidget(self.more)
        self.more.setVisible(bool(self._advanced))
        theme.changed.connect(self._show_more)

    def show_values(self, values: Mapping[str, Value], defaults: Mapping[str, Value], mixed: Collection[str]) -> None:
        """Show what is set, what would hold otherwise, and which values differ among several things."""
        self._values, self._defaults, self._mixed = values, defaults, mixed
        for row in self.rows.values():
            self._show_in(row)
        self._show_more()

    def minimumSizeHint(self) -> QSize:
        """The width with titles that have given way."""
        whole = super().minimumSizeHint()
        return QSize(min(LEAST, whole.width()), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_narrow != (event.size().width() < NARROW):
            self._is_narrow = not self._is_narrow
            for row in self.rows.values():
                row.set_narrow(self._is_narrow)

    def row(self, name: str) -> ParameterRow:
        """The row of a parameter, opening the advanced section for it. Raises KeyError when there is none."""
        if name not in self.rows and any(entry.name == name for entry in self._advanced):
            self.more.setChecked(True)
        return self.rows[name]

    def _show_in(self, row: ParameterRow) -> None:
        entry = row.entry
        default = self._default_of(entry)
        value = self._values.get(entry.name, default)
        row.show_value(value, default, is_changed=self._is_changed(entry), is_mixed=entry.name in self._mixed)

    def _default_of(self, entry: ParamEntry) -> Value:
        return self._defaults.get(entry.name, entry.default)

    def _is_changed(self, entry: ParamEntry) -> bool:
        if entry.name in self._mixed:
            return True
        return entry.name in self._values and not same(self._values[entry.name], self._default_of(entry))

    def _make_section(self, entries: Sequence[ParamEntry]) -> QWidget:
        section = QWidget()
        grid = QGridLayout(section)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for entry in entries:
            row = ParameterRow(entry, self._catalogue, self._theme)
            row.add_to(grid)
            row.set_narrow(self._is_narrow)
            row.changed.connect(self.changed)
            row.reset.connect(self.reset)
            row.finished.connect(self.finished)
            self.rows[entry.name] = row
        return section

    def _open(self, is_open: bool) -> None:
        if is_open and self._section is None:
            self._section = self._make_section(self._advanced)
            self._section.setContentsMargins(0, 7, 0, 0)
            self._layout.addWidget(self._section)
            for entry in self._advanced:
                self._show_in(self.rows[entry.name])
        if self._section is not None:
            self._section.setVisible(is_open)
        self._show_more()

    def _show_more(self) -> None:
        changed = sum(self._is_changed(entry) for entry in self._advanced)
        self.more.setText(self.tr("More · {0} changed").format(changed) if changed else self.tr("More"))
        self.more.setIcon(self._theme.icon("chevron-down" if self.more.isChecked() else "chevron-right"))
