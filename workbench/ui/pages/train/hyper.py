"""The left of the Train page: hyperparameters with their defaults, when to stop, how it is computed."""

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.domain.defaults import default_monitor, resolve
from workbench.domain.edits import NamedEdit, set_training
from workbench.domain.freezing import frozen_layers
from workbench.domain.measured import measured_names
from workbench.domain.parts.read import read_parts
from workbench.domain.phases import RATE
from workbench.domain.project import Project
from workbench.domain.training import EarlyStopping, ResolvedTraining, TrainingSpec
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.context import Context
from workbench.ui.forms import ObjectEditor
from workbench.ui.pages.train.entries import monitors, stopping_entries, training_entries
from workbench.ui.pages.train.fields import FieldList
from workbench.ui.pages.train.heads import HeadList
from workbench.ui.pages.train.phases import PhaseList
from workbench.ui.pages.train.plan import plans_text
from workbench.ui.pages.train.problems import ProblemList
from workbench.ui.pages.train.rate import RateField
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import Panel, label
from workbench.ui.widgets.tab_order import order_tabs
from workbench.ui.widgets.wheel import steady

RESOLVED = ("optimizer", "loss", "metrics", "batch_size")
PLANS = ("fastest", "exact")


class HyperPanel(Panel):
    """Edits the document's training, each change undoable. While a run trains, changes are for the next one.

    `refreshed` follows whatever it shows.
    """

    refreshed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.set_title(self.tr("Hyperparameters"))
        self._context = context
        self._series = 0
        self._resolved: ResolvedTraining | None = None
        self._usual: ResolvedTraining | None = None
        self._monitors: list[str] = []
        self._stopping: FieldList | None = None
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(GAP)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self._tabs = QTimer(self, singleShot=True, interval=0)  # places are known only when all is laid out
        self._tabs.timeout.connect(lambda: order_tabs(inside))
        self.refreshed.connect(self._tabs.start)
        self.body.addWidget(scroll, 1)
        self._build()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show the document's training as it is now."""
        project, info = self._context.document.project, self._context.data.info
        self._resolved = resolve(project, info) if info is not None else None
        self._usual = resolve(msgspec.structs.replace(project, training=TrainingSpec()), info) if info else None
        self._show_fields(project)
        self._show_heads(project)
        self.phases.show_phases(project)
        own = read_parts(project.parts).parts
        has_callbacks = any(part.entry.category == "callbacks" for part in own)
        self.fields.set_field_visible("callbacks", has_callbacks or bool(project.training.callbacks))
        self._show_stopping(project)
        self.rate.show_training(project.training.optimizer, self._resolved)
        self.keep_best.setChecked(project.training.keep_best)
        self.plan.setCurrentIndex(PLANS.index(project.training.plan))
        self._show_store(project)
        self.plan.setToolTip(self.plan.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        self.refreshed.emit()

    def metric_names(self) -> list[str]:
        """What Keras will call the metrics of the next run in its logs."""
        return [] if self._resolved is None else measured_names(self._resolved)[1:]

    def _build(self) -> None:
        context = self._context
        # In the head, so that no field moves under the mouse when a run begins.
        self.note = label(self.tr("for the next run"), "small")
        self.note.setToolTip(self.tr("A run is under way. Only the learning rate changes that run."))
        self.add_to_head(self.note)
        self.problems = ProblemList(context)
        self.rate = RateField(context)
        self.fields = FieldList(training_entries(), context.catalogue, context.theme)
        optimizer = self.fields.rows["optimizer"].editor
        if isinstance(optimizer, ObjectEditor):
            optimizer.unremarkable = frozenset({RATE})
        self._column.addWidget(self.problems)
        self._column.addWidget(self.rate)
        self._column.addWidget(self.fields)
        self.heads = HeadList(context)
        self._column.addWidget(self.heads)
        self.phases = PhaseList(context)
        self._column.addWidget(self.phases)
        self._build_stopping()
        self._column.addWidget(label(self.tr("Plan"), "heading"))
        self.plan = self._plan_box()
        self._column.addWidget(self.plan)
        self.store_features = QCheckBox(self.tr("Compute frozen layers only once"))
        self.store_features.setToolTip(
            self.tr("Where nothing below a layer changes, what it gets is computed once and kept in memory")
        )
        self._column.addWidget(self.store_features)
        self.plan_line = label("", "small", wrap=True)
        self._column.addWidget(self.plan_line)
        self._column.addStretch(1)

    def _build_stopping(self) -> None:
        self._column.addWidget(label(self.tr("Stop by itself"), "heading"))
        self.early = QCheckBox(self.tr("When it no longer improves"))
        self.early.setToolTip(
            self.tr("Stop when a watched value has not improved for some epochs; of several phases, the present one")
        )
        self._column.addWidget(self.early)
        self._stopping_place = QVBoxLayout()
        self._stopping_place.setContentsMargins(24, 0, 0, 0)
        self._column.addLayout(self._stopping_place)
        self.keep_best = QCheckBox(self.tr("Keep the best model too"))
        self.keep_best.setToolTip(self.tr("Save the weights of the best epoch beside those of the last one"))
        self._column.addWidget(self.keep_best)

    def _plan_box(self) -> QComboBox:
        box = steady(QComboBox())
        box.setAccessibleName(self.tr("Plan"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.addItem(self.tr("Fastest"), "fastest")
        box.addItem(self.tr("Keras' own arithmetic"), "exact")
        fastest = self.tr("Measure several ways to compute the same training and take the fastest")
        exact = self.tr("Give the same numbers as model.fit, bit for bit")
        box.setItemData(0, fastest, Qt.ItemDataRole.ToolTipRole)
        box.setItemData(1, exact, Qt.ItemDataRole.ToolTipRole)
        return box

    def _connect(self) -> None:
        context = self._context
        self.fields.changed.connect(lambda name, value: self._apply(**{name: value}))
        self.fields.reset.connect(self._reset)
        self.fields.finished.connect(self._end_series)
        self.heads.changed.connect(self._apply_edit)
        self.heads.finished.connect(self._end_series)
        self.phases.changed.connect(self._apply_edit)
        self.phases.finished.connect(self._end_series)
        self.rate.optimizer_wanted.connect(lambda spec: self._apply(optimizer=spec))
        self.rate.finished.connect(self._end_series)
        self.early.clicked.connect(self._toggle_early)
        self.keep_best.clicked.connect(lambda on: self._apply_once(keep_best=on))
        self.store_features.clicked.connect(lambda on: self._apply_once(store_features=on))
        self.plan.activated.connect(lambda index: self._apply_once(plan=PLANS[index]))
        context.document.changed.connect(self._document_changed)
        context.data.info_changed.connect(self.refresh)
        context.run.status_changed.connect(self._show_run)
        context.run.replaced.connect(self._show_run)
        context.run.advanced.connect(self._show_plan)
        self._show_run()

    def _document_changed(self, before: Project, after: Project) -> None:
        if any(getattr(before, part) is not getattr(after, part) for part in ("training", "model", "data", "parts")):
            self.refresh()

    def _show_fields(self, project: Project) -> None:
        training, resolved = project.training, self._resolved
        reasons = resolved.reasons if resolved is not None else {}
        for name, row in self.fields.rows.items():
            value: Value = getattr(training, name)
            if name not in RESOLVED:
                default = row.entry.default
                self.fields.show_field(name, value, default, is_changed=value != default)
                continue
            default = getattr(self._usual, name) if self._usual is not None else row.entry.default
            reason = reasons.get(name, "" if resolved is not None else self.tr("worked out from the data"))
            shown = default if value is None else value
            self.fields.show_field(name, shown, default, is_changed=value is not None, reason=reason)

    def _show_store(self, project: Project) -> None:
        """Only of use where something is frozen; Keras' own arithmetic computes it every time."""
        exact = project.training.plan == "exact"
        self.store_features.setVisible(bool(frozen_layers(project.model)))
        self.store_features.setEnabled(not exact)
        self.store_features.setChecked(project.training.store_features and not exact)

    def _show_heads(self, project: Project) -> None:
        """Loss and metrics of each output, in the place of those of the only one."""
        heads = () if self._resolved is None else self._resolved.heads
        for name in ("loss", "metrics"):
            self.fields.set_field_visible(name, not heads)
        self.heads.show_heads(project.training, heads, () if self._usual is None else self._usual.heads)

    def _show_stopping(self, project: Project) -> None:
        spec = project.training.early_stopping
        self.early.setChecked(spec is not None)
        if spec is None:
            if self._stopping is not None:
                self._stopping.setVisible(False)
            return
        choices = monitors(self._resolved, spec.monitor, self._context.data.info)
        if self._stopping is None or choices != self._monitors:
            self._monitors = choices
            self._rebuild_stopping(choices)
        assert self._stopping is not None
        self._stopping.setVisible(True)
        for name, row in self._stopping.rows.items():
            value, default = getattr(spec, name), row.entry.default
            self._stopping.show_field(name, value, default, is_changed=value != default)

    def _rebuild_stopping(self, choices: list[str]) -> None:
        if self._stopping is not None:
            self._stopping_place.removeWidget(self._stopping)
            self._stopping.deleteLater()
        fields = FieldList(stopping_entries(choices), self._context.catalogue, self._context.theme)
        fields.changed.connect(self._change_stopping)
        fields.reset.connect(lambda name: self._change_stopping(name, fields.rows[name].entry.default))
        fields.finished.connect(self._end_series)
        self._stopping_place.addWidget(fields)
        self._stopping = fields

    def _toggle_early(self, on: bool) -> None:
        info = self._context.data.info
        monitor = default_monitor(info) if info is not None else EarlyStopping().monitor
        self._apply_once(early_stopping=EarlyStopping(monitor=monitor) if on else None)

    def _change_stopping(self, name: str, value: Value) -> None:
        spec = self._context.document.project.training.early_stopping or EarlyStopping()
        fields = {each: getattr(spec, each) for each in spec.__struct_fields__} | {name: value}
        self._apply(early_stopping=EarlyStopping(**fields))

    def _reset(self, name: str) -> None:
        value: Value = None if name in RESOLVED else self.fields.rows[name].entry.default
        self._apply_once(**{name: value})

    def _apply(self, **fields: Value | EarlyStopping | ObjectSpec) -> None:
        self._apply_edit(set_training(**fields))

    def _apply_edit(self, edit: NamedEdit) -> None:
        self._context.document.apply(edit.name, edit, f"{edit.merge_key}/{self._series}")

    def _apply_once(self, **fields: Value | EarlyStopping | ObjectSpec) -> None:
        self._end_series()
        self._apply(**fields)
        self._end_series()

    def _end_series(self) -> None:
        self._series += 1

    def _show_run(self) -> None:
        self.note.setVisible(self._context.run.busy)
        self._show_plan()

    def _show_plan(self) -> None:
        run = self._context.run
        text = run.preparing if run.busy and run.preparing else plans_text(run.plans)
        if text != self.plan_line.text():
            self.plan_line.setText(text)
