"""Rows of hyperparameters, each with the reason of its default below it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.forms.rows import ParameterRow
from workbench.ui.forms.style import form_sheet
from workbench.ui.forms.values import plain
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label


class FieldList(QWidget):
    """`changed(name, value)` follows each valid change by the person, `reset(name)` the wish for the default;
    `finished` says that a series of changes is over. The owner shows the result with `show_field`."""

    changed = Signal(str, object)
    reset = Signal(str)
    finished = Signal()

    def __init__(
        self, entries: Sequence[ParamEntry], catalogue: Catalogue, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: dict[str, ParameterRow] = {}
        self.reasons: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        for entry in entries:
            self._add(entry, catalogue)
        theme.changed.connect(self._refresh_theme)
        self._refresh_theme()

    def show_field(self, name: str, value: Value, default: Value, *, is_changed: bool, reason: str = "") -> None:
        """Show a value; `reason` says why the default is what it is and is shown while the default holds."""
        self.rows[name].show_value(value, default, is_changed=is_changed)
        text = self.tr("default · {0}").format(reason) if reason and not is_changed else ""
        self.reasons[name].setText(text)
        self.reasons[name].setVisible(bool(text))

    def set_field_visible(self, name: str, on: bool) -> None:
        """Show or hide a field with its reason."""
        self.rows[name].set_visible(on)
        self.reasons[name].setVisible(on and bool(self.reasons[name].text()))

    def set_note(self, name: str, text: str) -> None:
        """A sentence below a field in the place of the reason; empty for none."""
        self.reasons[name].setText(text)
        self.reasons[name].setVisible(bool(text))

    def _add(self, entry: ParamEntry, catalogue: Catalogue) -> None:
        row = ParameterRow(entry, catalogue, self._theme)
        row.add_to(self._grid)
        row.changed.connect(lambda name, value: self.changed.emit(name, plain_value(value)))
        row.reset.connect(self.reset)
        row.finished.connect(self.finished)
        reason = label("", "small", wrap=True)
        reason.setContentsMargins(0, 0, 0, 6)
        reason.setVisible(False)
        self._grid.addWidget(reason, self._grid.rowCount(), 0, 1, 2)
        self.rows[entry.name] = row
        self.reasons[entry.name] = reason

    def _refresh_theme(self) -> None:
        self.setStyleSheet(form_sheet(self._theme.tokens))


def plain_value(value: Value) -> Value:
    """The value without needless words inside; objects at the top stay objects, as TrainingSpec has them."""
    if isinstance(value, ObjectSpec):
        return ObjectSpec(value.class_name, {name: plain(inner) for name, inner in value.params.items()})
    if isinstance(value, tuple):
        return tuple(plain_value(item) for item in value)  # type: ignore[misc]
    return value
