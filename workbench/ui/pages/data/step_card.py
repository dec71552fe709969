"""One item of an ordered list that is edited as cards: a step of preparation, a random change."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import StepEntry
from workbench.domain.dataset import StageInfo, StepSpec
from workbench.domain.values import Value
from workbench.ui.context import Context
from workbench.ui.forms import ParameterForm
from workbench.ui.pages.data.columns import ColumnChooser
from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.widgets.elided import ElidedButton
from workbench.ui.widgets.panel import label

COLUMNS = "columns"
ICON, INDENT = 16, 22


class StepCard(QWidget):
    """Title and buttons; opened, the form. `changed(name, params)` carries all parameters after a change of one."""

    removed = Signal()
    moved = Signal(int)
    changed = Signal(str, object)

    def __init__(self, entry: StepEntry, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.is_open = False
        self._theme: Theme = context.theme
        self._params: dict[str, Value] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head())
        self.effect = label("", "small", wrap=True)
        self.effect.setContentsMargins(INDENT, 0, 0, 0)
        self.effect.setToolTip(self.tr("The shape and the range of what goes in, and of what comes out"))
        column.addWidget(self.effect)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(INDENT, 0, 0, 4)
        body.addWidget(label(entry.summary, "small", wrap=True))
        self.columns = ColumnChooser()
        self.columns.setAccessibleName(self.tr("Columns"))
        self.columns.chosen.connect(self._choose_columns)
        row = QWidget()
        beside = QHBoxLayout(row)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(label(self.tr("Columns"), "muted"))
        beside.addWidget(self.columns, 1)
        row.setVisible(any(param.name == COLUMNS for param in entry.params))
        body.addWidget(row)
        self.form = ParameterForm(context.catalogue, context.theme)
        self.form.value_changed.connect(self._set)
        self.form.value_reset.connect(self._reset)
        body.addWidget(self.form)
        self._body.hide()
        column.addWidget(self._body)
        context.theme.changed.connect(self._refresh_icons)
        self._refresh_icons()

    def show_step(
        self, spec: StepSpec, around: tuple[StageInfo, StageInfo] | None, *, is_first: bool, is_last: bool
    ) -> None:
        """Show these parameters, and what goes in and comes out."""
        self._params = dict(spec.params)
        self.up.setEnabled(not is_first)
        self.down.setEnabled(not is_last)
        entries = tuple(param for param in self.entry.params if param.name != COLUMNS)
        self.form.setVisible(bool(entries))
        self.form.show_entries(entries, spec.params)
        self.effect.setVisible(around is not None)
        if around is not None:
            before, after = around
            self.effect.setText(f"{stage_text(before)} → {stage_text(after)}")
            chosen = spec.params.get(COLUMNS)
            used = tuple(str(name) for name in chosen) if isinstance(chosen, tuple) and chosen else before.names
            self.columns.setEnabled(bool(before.names))
            self.columns.show_columns(before.names, used, "", used != before.names)

    def set_open(self, on: bool) -> None:
        """Show or hide the form."""
        self.is_open = on
        self._body.setVisible(on)
        self.title.setChecked(on)
        self._refresh_icons()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self.title = ElidedButton(self.entry.title)
        self.title.setProperty("role", "fold")
        self.title.setCheckable(True)
        self.title.setToolTip(self.entry.summary)
        self.title.clicked.connect(self.set_open)
        row.addWidget(self.title, 1)
        self.up = self._button(self.tr("Earlier"), lambda: self.moved.emit(-1))
        self.down = self._button(self.tr("Later"), lambda: self.moved.emit(1))
        self.remove = self._button(self.tr("Remove this step"), self.removed.emit)
        for button in (self.up, self.down, self.remove):
            row.addWidget(button)
        return row

    def _button(self, tip: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(f"{tip}: {self.entry.title}")
        button.setIconSize(QSize(ICON, ICON))
        button.clicked.connect(act)
        return button

    def _set(self, name: str, value: Value) -> None:
        self.changed.emit(name, {**self._params, name: value})

    def _reset(self, name: str) -> None:
        self.changed.emit(name, {key: value for key, value in self._params.items() if key != name})

    def _choose_columns(self, names: tuple[str, ...] | None) -> None:
        if names is None:
            self._reset(COLUMNS)
        else:
            self._set(COLUMNS, names)

    def _refresh_icons(self) -> None:
        self.title.setIcon(self._theme.icon("chevron-down" if self.is_open else "chevron-right"))
        for button, icon in ((self.up, "arrow-up"), (self.down, "arrow-down"), (self.remove, "close")):
            button.setIcon(self._theme.icon(icon))


def stage_text(stage: StageInfo) -> str:
    """A stage in a few words: its shape and the range of its values."""
    shape = " × ".join(str(size) for size in stage.shape) or "1"
    if stage.low is None or stage.high is None:
        return f"{shape} {stage.type}" if stage.shape else stage.type
    return f"{shape}, {number(stage.low)} … {number(stage.high)}"
