"""The steps of preparation in their order: added from a menu, each with its form and with what it makes of the data."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import StepEntry
from workbench.domain.dataset import DatasetInfo, StageInfo, StepSpec
from workbench.domain.edits import NamedEdit, add_step, move_step, remove_step, set_step_params
from workbench.domain.project import Project
from workbench.domain.values import Value
from workbench.ui.context import Context
from workbench.ui.forms import ParameterForm
from workbench.ui.pages.data.columns import ColumnChooser
from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

COLUMNS = "columns"
ICON, INDENT = 16, 22


class StepList(QWidget):
    """One card a step, and a button that adds another."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cards: list[StepCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self.tr("Steps before scaling"), "heading"))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(6)
        column.addLayout(self._cards)
        self.hint = label(self.tr("None. The data go to the network as they are, scaled."), "small", wrap=True)
        column.addWidget(self.hint)
        self.add = QPushButton(self.tr("Add a step…"))
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.add.clicked.connect(lambda: self.menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft())))
        column.addWidget(self.add)
        context.document.changed.connect(self._document_changed)
        context.data.info_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the steps of the project as they are now."""
        steps = self._context.document.project.data.steps
        known = [(spec, entry) for spec in steps if (entry := self._entry(spec.kind)) is not None]
        if [card.entry for card in self.cards] != [entry for _, entry in known]:
            self._rebuild([entry for _, entry in known])
        stages = self._stages(len(steps))
        for place, (card, (spec, _)) in enumerate(zip(self.cards, known, strict=True)):
            around = (stages[place], stages[place + 1]) if stages else None
            card.show_step(spec, around, is_first=place == 0, is_last=place == len(known) - 1)
        self._fill_menu()
        self.hint.setVisible(not known and not self.menu.isEmpty())
        self.setVisible(bool(known) or not self.menu.isEmpty())

    def _entry(self, kind: str) -> StepEntry | None:
        return next((entry for entry in self._context.catalogue.steps if entry.kind == kind), None)

    def _stages(self, count: int) -> tuple[StageInfo, ...]:
        """What the engine says of these steps; nothing while it still loads the data with them."""
        data = self._context.data
        loaded = data.loaded_spec is not None and data.loaded_spec == self._context.document.project.data
        stages = data.info.stages if loaded and data.info is not None else ()
        return stages if len(stages) == count + 1 else ()

    def _rebuild(self, entries: list[StepEntry]) -> None:
        was_open = [card.is_open for card in self.cards]
        is_one_more = len(entries) == len(self.cards) + 1
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._card(place, entry) for place, entry in enumerate(entries)]
        for place, card in enumerate(self.cards):
            self._cards.addWidget(card)
            if was_open[place] if place < len(was_open) else is_one_more:
                card.set_open(True)

    def _card(self, place: int, entry: StepEntry) -> "StepCard":
        card = StepCard(entry, self._context)
        apply = self._context.document.apply
        title = entry.title
        card.removed.connect(lambda: apply(self.tr("Remove {0}").format(title), remove_step(place, title)))
        card.moved.connect(lambda by: apply(self.tr("Move {0}").format(title), move_step(place, place + by, title)))
        card.changed.connect(lambda name, params: self._change(set_step_params(place, params, title, name), title))
        return card

    def _change(self, edit: NamedEdit, title: str) -> None:
        self._context.document.apply(self.tr("Change {0}").format(title), edit, edit.merge_key)

    def _fill_menu(self) -> None:
        info = self._context.data.info
        self.menu.clear()
        for entry in self._context.catalogue.steps:
            if info is not None and _suits(entry, info):
                action = self.menu.addAction(entry.title, partial(self._add, entry))
                action.setToolTip(entry.summary)
        self.add.setVisible(not self.menu.isEmpty())

    def _add(self, entry: StepEntry) -> None:
        edit = add_step(StepSpec(entry.kind), entry.title)
        self._context.document.apply(self.tr("Add {0}").format(entry.title), edit)

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self.refresh()


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
        self.title = QPushButton(self.entry.title)
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


def _suits(entry: StepEntry, info: DatasetInfo) -> bool:
    has_colour = len(info.sample_shape) == 3 and info.sample_shape[-1] > 1
    suits = (has_colour or not entry.colour) and not (has_colour and entry.grey)
    return info.form in entry.forms and suits


def stage_text(stage: StageInfo) -> str:
    """A stage in a few words: its shape and the range of its values."""
    shape = " × ".join(str(size) for size in stage.shape) or "1"
    if stage.low is None or stage.high is None:
        return f"{shape} {stage.type}" if stage.shape else stage.type
    return f"{shape}, {number(stage.low)} … {number(stage.high)}"
