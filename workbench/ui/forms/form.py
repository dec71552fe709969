"""A form made from catalogue entries."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QToolButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.values import Value
from workbench.ui.forms.rows import ParameterRow
from workbench.ui.forms.style import form_sheet
from workbench.ui.forms.values import plain, same
from workbench.ui.theme import Theme


class ParameterForm(QWidget):
    """One row a parameter; the advanced ones wait in a section that opens.

    `value_changed(name, value)` follows each valid change by the person, `value_reset(name)` the wish for the default;
    the form waits for the owner to show the result with `show_values`. `finished` says that a series of changes of one
    value is over, so that the next is a step of its own to undo.
    """

    value_changed = Signal(str, object)
    value_reset = Signal(str)
    finished = Signal()

    def __init__(
        self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None, *, nested: bool = False
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._theme, self._nested = catalogue, theme, nested
        self._entries: tuple[ParamEntry, ...] = ()
        self._values: Mapping[str, Value] = {}
        self._defaults: Mapping[str, Value] = {}
        self._mixed: Collection[str] = ()
        self._rows: dict[str, ParameterRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._sheet: QWidget | None = None
        self._more = QToolButton()
        self._hidden: QWidget | None = None
        theme.changed.connect(self._refresh_theme)
        self._refresh_theme()

    def show_entries(
        self,
        entries: Sequence[ParamEntry],
        values: Mapping[str, Value],
        defaults: Mapping[str, Value] | None = None,
        mixed: Collection[str] = (),
    ) -> None:
        """Show these parameters. `values` holds those that are set; `defaults` overrides the entries' own defaults;
        `mixed` names those that differ among the things edited together. The same entries keep their rows."""
        if tuple(entries) != self._entries or self._sheet is None:
            self._entries = tuple(entries)
            self._rebuild()
        self.show_values(values, defaults, mixed)

    def show_values(
        self, values: Mapping[str, Value], defaults: Mapping[str, Value] | None = None, mixed: Collection[str] = ()
    ) -> None:
        """Show other values of the same parameters."""
        self._values, self._mixed = values, mixed
        self._defaults = self._defaults if defaults is None else defaults
        for row in self._rows.values():
            self._show_in(row)
        self._show_more()

    def row(self, name: str) -> ParameterRow:
        """The row of a parameter, opening the advanced section for it. Raises KeyError when there is none."""
        if name not in self._rows and any(entry.name == name and entry.advanced for entry in self._entries):
            self._more.setChecked(True)
        return self._rows[name]

    def default_of(self, entry: ParamEntry) -> Value:
        """What holds when nothing is set."""
        return self._defaults.get(entry.name, entry.default)

    def _show_in(self, row: ParameterRow) -> None:
        name = row.entry.name
        default = self.default_of(row.entry)
        value = self._values.get(name, default)
        is_changed = name in self._mixed or (name in self._values and not same(value, default))
        row.show_value(value, default, is_changed=is_changed, is_mixed=name in self._mixed)

    def _rebuild(self) -> None:
        self._rows = {}
        for old in (self._sheet, self._hidden, self._more):
            if old is not None:
                self._layout.removeWidget(old)
                old.hide()
                old.deleteLater()
        self._hidden = None
        self._sheet = self._section([entry for entry in self._entries if not entry.advanced])
        self._layout.addWidget(self._sheet)
        self._more = QToolButton()
        self._more.setProperty("role", "more")
        self._more.setCheckable(True)
        self._more.setToolButtonStyle(self._more.toolButtonStyle().ToolButtonTextBesideIcon)
        self._more.toggled.connect(self._open_more)
        self._layout.addWidget(self._more)
        self._more.setVisible(any(entry.advanced for entry in self._entries))

    def _section(self, entries: Sequence[ParamEntry]) -> QWidget:
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for entry in entries:
            row = ParameterRow(entry, self._catalogue, self._theme)
            row.add_to(grid)
            row.changed.connect(self._changed)
            row.reset.connect(self.value_reset)
            row.finished.connect(self.finished)
            self._rows[entry.name] = row
        return sheet

    def _changed(self, name: str, value: Value) -> None:
        self.value_changed.emit(name, plain(value))

    def _open_more(self, is_open: bool) -> None:
        if is_open and self._hidden is None:
            self._hidden = self._section([entry for entry in self._entries if entry.advanced])
            self._hidden.setContentsMargins(0, 7, 0, 0)
            self._layout.addWidget(self._hidden)
            for name, row in self._rows.items():
                if any(entry.advanced for entry in self._entries if entry.name == name):
                    self._show_in(row)
        if self._hidden is not None:
            self._hidden.setVisible(is_open)
        self._show_more()

    def _show_more(self) -> None:
        changed = sum(
            entry.advanced
            and (
                entry.name in self._mixed
                or (entry.name in self._values and not same(self._values[entry.name], self.default_of(entry)))
            )
            for entry in self._entries
        )
        text = self.tr("More")
        self._more.setText(text if not changed else self.tr("More · {0} changed").format(changed))
        self._more.setIcon(self._theme.icon("chevron-down" if self._more.isChecked() else "chevron-right"))

    def _refresh_theme(self) -> None:
        if not self._nested:
            self.setStyleSheet(form_sheet(self._theme.tokens))
        self._show_more()
