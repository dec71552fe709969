"""Weights of a layer, changed by hand: what is done to them, and what the metrics say then."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.naming import fresh_name
from workbench.protocol.events import Operated
from workbench.ui.context import Context
from workbench.ui.pages.inspect.weights_actions import WeightsActions
from workbench.ui.pages.inspect.weights_state import WeightsState
from workbench.ui.pages.inspect.weights_tables import SORT, UnitsModel, ValuesModel
from workbench.ui.plots.names import metric_title, number
from workbench.ui.theme.tokens import GAP, ROW
from workbench.ui.widgets.flow import FlowLayout
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.parts import part_title

MOST_METRICS = 3
NARROW = "\u00a0"
ARROW = f"{NARROW}→{NARROW}"  # a change stays on one line
BUTTONS = ("zero", "remove", "zero_layer", "reset")
ROOM_FOR_WORDS = 450
BIAS = 2
FOOT = ("undo", "redo", "discard")


class WeightsView(QWidget):
    """Units at the left, the weights of the chosen one at the right, what came of it below."""

    def __init__(self, context: Context, state: WeightsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._state = state
        self.actions_of_weights = WeightsActions(
            self,
            context.theme,
            {
                "zero": self._zero,
                "remove": lambda: state.operate("remove", unit=state.unit),
                "zero_layer": lambda: state.operate("zero"),
                "reset": lambda: state.operate("reset"),
                "undo": state.undo,
                "redo": state.redo,
                "discard": state.discard,
                "keep": self._keep,
            },
        )
        self.units = UnitsModel()
        self._sorted = QSortFilterProxyModel()
        self._sorted.setSourceModel(self.units)
        self._sorted.setSortRole(SORT)
        self.unit_table = _table(self.tr("Units of the layer"))
        self.unit_table.setModel(self._sorted)
        self.unit_table.setSortingEnabled(True)
        self.unit_table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.values = ValuesModel()
        self.value_table = _table(self.tr("Weights of the unit"))
        self.value_table.setModel(self.values)
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.outcome = label("", wrap=True, selectable=True)
        self.note = label("", "small", wrap=True)
        self._assemble()
        self.unit_table.selectionModel().currentRowChanged.connect(self._unit_chosen)
        self.values.edited.connect(lambda array, place, value: self._edit(array, place, value))
        state.changed.connect(self.refresh)
        state.failed.connect(lambda message: context.notice(message, "warning"))
        state.kept.connect(self._kept)
        self.refresh()

    def show_layer(self, layer: str) -> None:
        """Look at a layer."""
        if layer != self._state.layer:
            self._state.look_at(layer)

    def refresh(self) -> None:
        """Show what is known now."""
        state, result = self._state, self._state.result
        weights = result.weights if result is not None else None
        if weights is not None and weights.layer != state.layer:
            weights = None
        waiting = state.busy and weights is None
        self.stack.setCurrentIndex(0 if weights is not None else 1)
        self.nothing.setText(
            (state.progress or self.tr("Measuring the network…")) if waiting else self.tr("This layer has no weights.")
        )
        shown = weights is not None
        self.units.show_weights(weights)
        self.values.show_weights(weights)
        if shown:
            self._fit()
            self._choose_row()
        left_out = self.values.left_out
        self.note.setText(self.tr("{0} further weights are not shown.").format(f"{left_out:,}") if left_out else "")
        self.note.setVisible(bool(left_out))
        self._show_outcome(result)
        able = shown and state.watched and not state.operating
        self.actions_of_weights.enable(
            zero=able,
            remove=able and self.units.has_units,
            zero_layer=able,
            reset=able,
            undo=state.watched and bool(state.operations),
            redo=state.watched and state.can_redo,
            discard=state.watched and bool(state.operations),
            keep=state.watched and bool(state.operations) and not state.busy,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what concerns the whole layer has icons alone, and the tables their numbers."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < ROOM_FOR_WORDS
        for name in ("zero_layer", "reset"):
            style = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            self.buttons[name].setToolButtonStyle(style)
        self.unit_table.setColumnHidden(BIAS, narrow)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(GAP)
        row = QWidget()
        flow = FlowLayout(row)
        self.buttons = {name: self._button(name) for name in BUTTONS}
        for button in self.buttons.values():
            flow.addWidget(button)
        column.addWidget(row)
        tables = QWidget()
        side_by_side = QHBoxLayout(tables)
        side_by_side.setContentsMargins(0, 0, 0, 0)
        side_by_side.setSpacing(GAP)
        for table in (self.unit_table, self.value_table):
            side_by_side.addWidget(table, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(tables)
        self.stack.addWidget(self.nothing)
        column.addWidget(self.stack, 1)
        column.addWidget(self.note)
        column.addWidget(self.outcome)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        for name in FOOT:
            foot.addWidget(self._button(name))
        foot.addStretch(1)
        action = self.actions_of_weights.by_name["keep"]
        self.keep = QPushButton(action.text().replace("&", ""))
        self.keep.setProperty("role", "soft")
        self.keep.setToolTip(action.toolTip())
        self.keep.clicked.connect(action.trigger)
        action.enabledChanged.connect(self.keep.setEnabled)
        foot.addWidget(self.keep)
        column.addLayout(foot)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self.actions_of_weights.by_name[name])
        only_icon = name in FOOT
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if only_icon else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        button.setToolButtonStyle(style)
        button.setAccessibleName(button.text().replace("&", ""))
        return button

    def _choose_row(self) -> None:
        """Select the row of what is looked at; a unit that was removed gives way to the one behind it."""
        wanted = self._state.unit if self.units.has_units else self._state.array
        wanted = min(wanted, self.units.rowCount() - 1)
        row = self._sorted.mapFromSource(self.units.index(wanted, 0)).row()
        if row != self.unit_table.currentIndex().row():
            selection = self.unit_table.selectionModel()
            selection.blockSignals(True)
            self.unit_table.selectRow(row)
            selection.blockSignals(False)
            self.unit_table.viewport().update()

    def _unit_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not current.isValid():
            return
        row = self._sorted.mapToSource(current).row()
        has_units = self.units.has_units
        self._state.look_at(self._state.layer, row if has_units else 0, 0 if has_units else row)

    def _zero(self) -> None:
        if self.units.has_units:
            self._state.operate("zero", unit=self._state.unit)
        else:
            self._state.operate("zero", array=self._state.array)

    def _edit(self, array: int, place: tuple[int, ...], value: float) -> None:
        self._state.operate("edit", array=array, place=place, value=value)

    def _show_outcome(self, result: Operated | None) -> None:
        if result is None:
            self.outcome.setText("")
            return
        changes = len(self._state.operations)
        names = [name for name in result.before if name != "loss"][: MOST_METRICS - 1]
        told = [
            self._change(metric_title(name), number(result.before[name]), number(result.after.get(name)))
            for name in (*names, "loss")
            if name in result.before
        ]
        params = self._change(self.tr("Parameters"), f"{result.params_before:,}", f"{result.params_after:,}")
        count = self.tr("1 change") if changes == 1 else self.tr("{0} changes").format(f"{changes:,}")
        count = count.replace(" ", NARROW)
        where = self.tr("On the part “{0}”").format(part_title(result.part))
        text = " · ".join([where, *told, params, *([count] if changes else [])])
        self.outcome.setText(f"{text} · {self._state.progress or self.tr('…')}" if self._state.operating else text)

    def _change(self, title: str, before: str, after: str) -> str:
        told = before if before == after else f"{before}{ARROW}{after}"
        return f"{title}{NARROW}{told}"

    def _keep(self) -> None:
        kinds = {each.kind for each in self._state.operations}
        title = self.tr("{0}, pruned") if "remove" in kinds else self.tr("{0}, changed")
        names = self._state.run_names
        name = names[0] if names else self.tr("Run")
        wanted = name if title.format("") in name else title.format(name)
        self._state.keep(fresh_name(wanted, names))

    def _kept(self, run: str) -> None:
        text = self.tr(
            "The changed network is kept as a run of its own. The run that it was made from stays as it was."
        )
        self._context.notice(text, "good", self.tr("Look inside"), lambda: self._context.run_wanted.emit(run))


def _table(name: str) -> QTableView:
    table = QTableView()
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table
