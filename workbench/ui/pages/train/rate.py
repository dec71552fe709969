"""The learning rate: of the project, and while a run trains, of that run."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workbench.domain.phases import RATE
from workbench.domain.training import ResolvedTraining
from workbench.domain.values import ObjectSpec, Value
from workbench.protocol.events import LearningRateChanged, PhaseBegan
from workbench.protocol.history import History
from workbench.ui.context import Context
from workbench.ui.forms.values import format_number
from workbench.ui.pages.train.entries import rate_entry, rate_of
from workbench.ui.pages.train.fields import FieldList


class RateField(QFrame):
    """`optimizer_wanted(spec)` carries the optimizer with the rate that the person typed, `finished` ends a series.

    While a run trains the field belongs to the run: Enter asks the engine for the new rate.
    """

    optimizer_wanted = Signal(object)
    finished = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._optimizer: ObjectSpec | None = None
        self._class_name = ""
        self._typed: float | None = None
        self._asked: float | None = None
        self._run_rate: Value = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.fields = self._make_fields()
        run = context.run
        run.started.connect(lambda _event: self._run_began())
        run.status_changed.connect(lambda _status: self._show())
        run.learning_rate_changed.connect(self._rate_changed)
        run.phase_began.connect(self._phase_began)
        run.epochs_ended.connect(self._epochs_ended)
        run.failed.connect(lambda _message: self._forget_asked())

    def show_training(self, optimizer: ObjectSpec | None, resolved: ResolvedTraining | None) -> None:
        """Show the rate of this optimizer: the person's own, or the default's."""
        spec = optimizer or (resolved.optimizer if resolved is not None else None)
        class_name = spec.class_name if spec is not None else ""
        if class_name != self._class_name:
            self._class_name = class_name
            self._layout.removeWidget(self.fields)
            self.fields.deleteLater()
            self._optimizer = spec
            self.fields = self._make_fields()
        self._optimizer = spec
        self._show()

    def _make_fields(self) -> FieldList:
        entry = rate_entry(self._context.catalogue, self._optimizer)
        fields = FieldList((entry,), self._context.catalogue, self._context.theme)
        fields.changed.connect(self._changed)
        fields.reset.connect(lambda _name: self._want(None))
        fields.finished.connect(self._finish)
        note = fields.reasons[RATE]
        policy = note.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # its line comes and goes with a run, and nothing below may move then
        note.setSizePolicy(policy)
        self._layout.addWidget(fields)
        return fields

    @property
    def _is_live(self) -> bool:
        """Whether the rate is that of a run under way. One that is still to start has that of the project: what is
        remembered is the run's before it, perhaps in another project."""
        run = self._context.run
        return run.busy and run.status != "starting" and self._run_rate is not None

    def _show(self) -> None:
        row = self.fields.rows[RATE]
        default = row.entry.default
        live = self._is_live
        value = self._run_rate if live else rate_of(self._optimizer, row.entry)
        is_schedule = isinstance(value, ObjectSpec)
        row.editor.setEnabled(not is_schedule)
        shown = default if is_schedule else value
        changed = value != default and not is_schedule and not live
        if self._typed is None or not live:
            reason = self.tr("Keras' own for {0}").format(self._class_name) if self._class_name and not live else ""
            self.fields.show_field(RATE, shown, default, is_changed=changed, reason=reason)
        if is_schedule:
            name = value.class_name if isinstance(value, ObjectSpec) else ""
            where = self.tr("{0} sets the rate as the training goes on. Open the optimizer below to change it.")
            running = self.tr("{0} sets the rate as this run goes on, so it cannot be changed by hand.")
            self.fields.set_note(RATE, (running if live else where).format(name))
        elif changed and self._class_name and isinstance(default, int | float):
            note = self.tr("Keras' own for {0}: {1}").format(self._class_name, format_number(default))
            self.fields.set_note(RATE, note)  # so that the line which is kept free for a run is not blank
        elif live:
            self.fields.set_note(RATE, self.tr("of the run under way · Enter changes it"))

    def _changed(self, _name: str, value: Value) -> None:
        if not isinstance(value, int | float):
            return
        if self._is_live:
            self._typed = float(value)
        else:
            self._want(float(value))

    def _finish(self) -> None:
        typed, self._typed = self._typed, None
        if typed is not None and typed != self._run_rate and typed != self._asked and self._context.run.busy:
            self._asked = typed
            self._context.run.set_learning_rate(typed)
        self.finished.emit()

    def _want(self, value: float | None) -> None:
        spec = self._optimizer or ObjectSpec("Adam")
        params = {name: inner for name, inner in spec.params.items() if name != RATE}
        if value is not None:
            params[RATE] = value
        is_default = spec.class_name == "Adam" and not params
        self.optimizer_wanted.emit(None if is_default else ObjectSpec(spec.class_name, params))

    def _run_began(self) -> None:
        history = self._context.run.history
        rate = rate_of(self._optimizer, self.fields.rows[RATE].entry)
        if history.phases and not isinstance(rate, ObjectSpec):
            rate = _rounded(history.phases[-1].learning_rate)
        if history.learning_rates and history.learning_rates[-1].step >= _begun(history):
            rate = _rounded(history.learning_rates[-1].value)
        self._run_rate = rate
        self._typed = self._asked = None
        self._show()

    def _rate_changed(self, event: LearningRateChanged) -> None:
        self._run_rate, self._asked = _rounded(event.value), None
        self._show()

    def _phase_began(self, event: PhaseBegan) -> None:
        if not isinstance(self._run_rate, ObjectSpec):  # a schedule begins anew
            self._run_rate, self._asked = _rounded(event.learning_rate), None
        self._show()

    def _epochs_ended(self) -> None:
        history = self._context.run.history
        if not history.epochs or isinstance(self._run_rate, ObjectSpec) or self._asked is not None:
            return
        last = history.epochs[-1]
        changed = history.learning_rates[-1].step if history.learning_rates else -1
        if last.learning_rate is not None and last.step > changed:
            self._run_rate = _rounded(last.learning_rate)
            self._show()

    def _forget_asked(self) -> None:
        self._asked = None
        self._show()


def _begun(history: History) -> int:
    """The batch with which the present phase of a run began."""
    return history.phases[-1].step if history.phases else 0


def _rounded(rate: float) -> float:
    """A float32 as it was meant: it has no more than seven digits."""
    return float(f"{rate:.7g}")
