"""A form made from catalogue entries."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.values import Value
from workbench.ui.forms.rows import ParameterRow
from workbench.ui.forms.sheet import Sheet
from workbench.ui.forms.style import form_sheet
from workbench.ui.forms.values import plain
from workbench.ui.theme import Theme

MOST_KEPT = 8


class ParameterForm(QWidget):
    """One row a parameter; the advanced ones wait in a section that opens.

    `value_changed(name, value)` follows each valid change by the person, `value_reset(name)` the wish for the default;
    the form waits for the owner to show the result with `show_values`. `finished` says that a series of changes of one
    value is over, so that the next is a step of its own to undo. The rows of the last few classes are kept, so that
    going from one layer to the next is quick.
    """

    value_changed = Signal(str, object)
    value_reset = Signal(str)
    finished = Signal()

    def __init__(
        self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None, *, nested: bool = False
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._theme, self._nested = catalogue, theme, nested
        self._sheets: list[Sheet] = []
        self._sheet: Sheet | None = None
        self._defaults: Mapping[str, Value] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
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
        `mixed` names those that differ among the things edited together."""
        sheet = self._sheet_of(tuple(entries))
        if sheet is not self._sheet:
            if self._sheet is not None:
                self._sheet.hide()
            self._sheet = sheet
            self._defaults = {}
        self.show_values(values, defaults, mixed)
        sheet.show()

    def show_values(
        self, values: Mapping[str, Value], defaults: Mapping[str, Value] | None = None, mixed: Collection[str] = ()
    ) -> None:
        """Show other values of the same parameters."""
        self._defaults = self._defaults if defaults is None else defaults
        if self._sheet is not None:
            self._sheet.show_values(values, self._defaults, mixed)

    def row(self, name: str) -> ParameterRow:
        """The row of a parameter, opening the advanced section for it. Raises KeyError when there is none."""
        if self._sheet is None:
            raise KeyError(name)
        return self._sheet.row(name)

    @property
    def sheet(self) -> Sheet | None:
        """The rows that are shown."""
        return self._sheet

    def _sheet_of(self, entries: tuple[ParamEntry, ...]) -> Sheet:
        sheet = next((each for each in self._sheets if each.entries == entries), None)
        if sheet is not None:
            self._sheets.remove(sheet)
        else:
            sheet = Sheet(entries, self._catalogue, self._theme, self)
            sheet.hide()
            sheet.changed.connect(self._changed)
            sheet.reset.connect(self.value_reset)
            sheet.finished.connect(self.finished)
            self._layout.addWidget(sheet)
        self._sheets.append(sheet)  # the last is the one used last
        if len(self._sheets) > MOST_KEPT:
            oldest = self._sheets.pop(0)
            oldest.hide()
            oldest.deleteLater()
        return sheet

    def _changed(self, name: str, value: Value) -> None:
        self.value_changed.emit(name, plain(value))

    def _refresh_theme(self) -> None:
        if not self._nested:
            self.setStyleSheet(form_sheet(self._theme.tokens))
