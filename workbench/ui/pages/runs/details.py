"""The right of the Runs page: everything about the chosen run, and what can be done with it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.difference import Difference
from workbench.domain.run import RunRecord
from workbench.domain.store import default_projects_folder, is_alive, is_resumable
from workbench.protocol.commands import ExportKind, Quantization
from workbench.ui.context import Context
from workbench.ui.pages.runs.actions import RunActions
from workbench.ui.pages.runs.export_menu import ENDINGS, WITH_PREPARATION, ExportMenu
from workbench.ui.pages.runs.folds import FoldsSummary
from workbench.ui.pages.runs.menu import ACTIONS, translate
from workbench.ui.pages.runs.words import duration, ending_sentence, status_word, when
from workbench.ui.pages.train.empty import EmptyState
from workbench.ui.pages.train.plan import plan_text
from workbench.ui.plots.names import metric_title, number
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.ask_path import ask_to_save
from workbench.ui.widgets.menu_button import give_menu
from workbench.ui.widgets.panel import Panel, label, line
from workbench.ui.widgets.under_way import UnderWay

PROPER = {"tensorflow": "TensorFlow", "numpy": "NumPy"}


class RunDetails(Panel):
    """Shows a record; the buttons do what `RunActions` can. `rename_wanted` asks for the name in the list."""

    rename_wanted = Signal()

    def __init__(self, context: Context, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("Run"))
        self._context = context
        self._actions = actions
        self._records: list[RunRecord] = []
        self._under_test: set[str] = set()
        self._tests: dict[str, dict[str, float]] = {}
        self._icons: list[tuple[QToolButton, str]] = []
        self.empty = EmptyState(
            context.theme,
            "history",
            "",
            self.tr("Choose a run to see its values, or several to compare their curves."),
        )
        self.body.addWidget(self.empty, 1)
        self.content = QWidget()
        self.body.addWidget(self.content, 1)
        self.under_way = UnderWay()
        self.under_way.cancelled.connect(actions.cancel_export)
        actions.exporting.connect(self.under_way.show_progress)
        actions.exported.connect(self.under_way.end)
        self.body.addWidget(self.under_way)
        self._build()
        actions.evaluated.connect(self._evaluated)
        context.theme.changed.connect(self._refresh_icons)
        context.run.status_changed.connect(lambda _status: self._show_buttons())
        self._refresh_icons()
        self.show_records([])

    @property
    def record(self) -> RunRecord | None:
        """The one run that is shown, None when there are none or several."""
        return self._records[0] if len(self._records) == 1 else None

    def show_records(self, records: list[RunRecord], series: list[RunRecord] | None = None) -> None:
        """Show one run; of several only what can be done with all of them. `series` are the runs on all folds of the
        series that all of them belong to."""
        self._records = records
        self.folds.show_series(series or [])
        self.empty.setVisible(not records)
        self.content.setVisible(bool(records))
        record = self.record
        if record is not None:
            self.set_title(record.name)
            self.sentence.setText(ending_sentence(record))
        else:
            self.set_title(self.tr("{0} runs").format(len(records)) if records else self.tr("Run"))
            text = self.tr("Their curves are drawn over one another: training in full, validation dashed.")
            self.sentence.setText(text)
        self._show_buttons()
        self._show_numbers(record)
        self._show_facts(record)

    def _build(self) -> None:
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.sentence = label("", "muted", wrap=True, selectable=True)
        column.addWidget(self.sentence)
        self.resume = QPushButton(self.tr("Resume"))
        self.resume.setProperty("role", "soft")
        self.resume.clicked.connect(lambda: self._with_one(lambda record: self._actions.resume(record.id)))
        column.addWidget(self.resume)
        column.addLayout(self._buttons())
        column.addWidget(line())
        inside = QWidget()
        self._facts = QVBoxLayout(inside)
        self._facts.setContentsMargins(0, 0, 6, 0)
        self._facts.setSpacing(GAP)
        self.folds = FoldsSummary()
        self.numbers = QWidget()
        self.facts = QWidget()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        column.addWidget(scroll, 1)

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(2)
        one = self._with_one
        self.buttons: dict[str, QToolButton] = {}
        calls: dict[str, Callable[[], None]] = {
            "inspect": lambda: one(self._inspect),
            "evaluate": lambda: one(self._evaluate),
            "use": lambda: one(self._actions.use_hyperparameters),
            "project": lambda: one(self._ask_project),
            "export": lambda: None,
            "folder": lambda: one(self._actions.show_folder),
            "compare": self._compare,
            "rename": self.rename_wanted.emit,
            "delete": lambda: self._actions.delete(self._records),
        }
        for place, spec in enumerate(ACTIONS):
            button = QToolButton()
            button.setText(translate(spec.text).replace("&", ""))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(calls[spec.name])
            self.buttons[spec.name] = button
            self._icons.append((button, spec.icon))
            grid.addWidget(button, place // 2, place % 2, Qt.AlignmentFlag.AlignLeft)
        self.export_menu = ExportMenu(self)
        self.export_menu.wanted.connect(self._ask_export)
        give_menu(self.buttons["export"], self.export_menu)
        return grid

    def _with_one(self, call: Callable[[RunRecord], None]) -> None:
        if self.record is not None:
            call(self.record)

    def _compare(self) -> None:
        self._actions.compare(self._records, self._show_differences)

    def _show_differences(self, one: str, other: str, found: tuple[Difference, ...]) -> None:
        from workbench.ui.pages.runs.compare_window import CompareWindow  # late: many never compare

        window = CompareWindow(self._context.theme, one, other, found, self)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.node_wanted.connect(self._show_node)
        window.show()

    def _show_node(self, node_id: str) -> None:
        self._context.page_wanted.emit("model")
        self._context.node_wanted.emit(node_id)

    def _inspect(self, record: RunRecord) -> None:
        self._context.run_wanted.emit(record.id)

    def _evaluate(self, record: RunRecord) -> None:
        self._under_test.add(record.id)
        self._actions.evaluate(record)
        self._show_buttons()

    def _evaluated(self, run: str, metrics: dict[str, float]) -> None:
        self._under_test.discard(run)
        if metrics:
            self._tests[run] = metrics
        self._show_buttons()
        if self.record is not None and self.record.id == run:
            self._show_numbers(self.record)

    def _ask_export(self, kind: ExportKind, quantization: Quantization) -> None:
        record = self.record
        if record is None:
            return
        start = Path.home() / (self._context.document.project.name.replace("/", "-") + ENDINGS[kind])
        ending, menu = ENDINGS[kind], self.export_menu
        prepared = kind in WITH_PREPARATION and menu.with_preparation.isChecked()
        unroll = menu.unroll.isChecked()

        def write(path: Path) -> None:
            target = path if path.name.endswith(ending) else path.with_name(path.name + ending)
            agreed = target == path  # only of this one the dialog has asked whether it may be replaced
            self._actions.export(record, kind, target, prepared, quantization, unroll, agreed=agreed)

        ask_to_save(self, self.tr("Export the model"), start, write, suffix=ending)

    def _ask_project(self, record: RunRecord) -> None:
        folder = default_projects_folder()
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{self._context.document.project.name} {record.name}".replace("/", "-")
        title = self.tr("Folder of the new project")
        ask_to_save(
            self, title, folder / name, lambda path: self._actions.open_as_project(record, path), may_replace=False
        )

    def _show_buttons(self) -> None:
        record = self.record
        for name, button in self.buttons.items():
            button.setEnabled(bool(self._records) if name == "delete" else record is not None)
        self.buttons["compare"].setEnabled(len(self._records) in (1, 2))
        alive = any(is_alive(each) for each in self._records)
        for name in ("delete", "rename"):
            self.buttons[name].setEnabled(self.buttons[name].isEnabled() and not alive)
        for name in ("inspect", "evaluate", "export"):
            self.buttons[name].setEnabled(record is not None and _has_model(record))
        if record is not None and record.id in self._under_test:
            self.buttons["evaluate"].setEnabled(False)
        self.resume.setVisible(record is not None and is_resumable(record))
        self.resume.setEnabled(not self._context.run.busy)

    def _show_numbers(self, record: RunRecord | None) -> None:
        names = list(dict.fromkeys((*record.last, *record.best))) if record is not None else []
        test = self._tests.get(record.id, {}) if record is not None else {}
        names += [name for name in test if name not in names]
        table = QWidget()
        grid = _grid(table)
        known = record is not None and record.best_epoch is not None
        best = self.tr("best epoch") if known else self.tr("best")  # the best of the loss is seldom that of each metric
        heads = [self.tr("last"), best] + ([self.tr("test")] if test else [])
        for column, head in enumerate(heads if names else [], 1):
            grid.addWidget(_right(label(head, "small")), 0, column)
        for row, name in enumerate(names, 1):
            assert record is not None
            grid.addWidget(label(metric_title(name), "muted", wrap=True), row, 0)
            values = [record.last.get(name), record.best.get(name)] + ([test.get(name)] if test else [])
            for column, value in enumerate(values, 1):
                grid.addWidget(_right(label(number(value), selectable=True)), row, column)
        if record is not None and record.best_epoch is not None and names:
            text = self.tr("The best epoch was {0}.").format(record.best_epoch + 1)
            grid.addWidget(label(text, "small"), len(names) + 1, 0, 1, 4)
        self._put(table, "numbers")

    def _show_facts(self, record: RunRecord | None) -> None:
        table = QWidget()
        grid = _grid(table)
        rows = self._rows(record) if record is not None else []
        for row, (name, value) in enumerate(rows):
            grid.addWidget(label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            text = label(value, wrap=True, selectable=True)
            grid.addWidget(text, row, 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(0, 0)
        self._put(table, "facts")

    def _rows(self, record: RunRecord) -> list[tuple[str, str]]:
        rows = [
            (self.tr("Status"), status_word(record)),
            (self.tr("Started"), when(record.started)),
            (self.tr("Ended"), when(record.ended)),
            (self.tr("Time"), duration(record.seconds)),
            (self.tr("Epochs"), f"{record.epochs_done:,} / {record.epochs_planned:,}"),
            (self.tr("Phases"), self._phases(record)),
            (self.tr("Batches"), f"{record.steps_done:,}"),
            (self.tr("Data"), record.data),
            (self.tr("Layers"), f"{record.layers:,}"),
            (self.tr("Parameters"), f"{record.params:,}"),
            (self.tr("Seed"), str(record.seed)),
            (self.tr("Plan"), "\n".join(plan_text(plan) for plan in (record.plan, *record.later_plans) if plan)),
            *((PROPER.get(name, name.capitalize()), value) for name, value in record.environment.items()),
        ]
        return [(name, value) for name, value in rows if value]

    def _phases(self, record: RunRecord) -> str:
        """The further phases that the run has begun."""
        text = self.tr("{0} from epoch {1} on")
        return "\n".join(text.format(name, before + 1) for name, before in record.phases)

    def _put(self, table: QWidget, name: str) -> None:
        old: QWidget = getattr(self, name)
        self._facts.removeWidget(old)
        old.hide()
        old.deleteLater()
        setattr(self, name, table)
        while (item := self._facts.takeAt(0)) is not None:
            del item
        self._facts.addWidget(self.folds)
        self._facts.addWidget(self.numbers)
        self._facts.addWidget(self.facts)
        self._facts.addStretch(1)

    def _refresh_icons(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self._context.theme.icon(icon))


def _has_model(record: RunRecord) -> bool:
    """Whether there is something to look into: also in a run that was imported, or made of another by hand."""
    return record.steps_done > 0 or (record.reason == "completed" and record.epochs_planned == 0)


def _grid(parent: QWidget) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    return grid


def _right(widget: QLabel) -> QLabel:
    widget.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return widget
