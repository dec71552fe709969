"""How a training is shown to a person while it runs: a bar on a terminal, a line an epoch elsewhere."""

from types import TracebackType

from workbench.cli.output import Output
from workbench.cli.texts import duration, metrics
from workbench.domain.run import StoredFeatures
from workbench.protocol.events import (
    AnyEvent,
    BatchesEnded,
    EpochEnded,
    LearningRateChanged,
    PhaseBegan,
    PlanChosen,
    Progress,
    RunStarted,
)


class Lines:
    """One line an epoch on standard error, for logs and pipes."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._epochs = 0
        self._seconds = 0.0
        self._noted = ""

    def __enter__(self) -> "Lines":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, event: AnyEvent) -> None:
        """Take in one event of the training."""
        match event:
            case RunStarted():
                self._epochs, self._seconds = event.epochs, event.record.seconds
                verb = "goes on" if event.resumed else "starts"
                fold = f" fold {event.record.fold} of {event.record.folds}," if event.record.folds else ""
                self.write(f"Run {event.run} {verb}:{fold} {event.epochs} epochs of {event.batches_per_epoch} batches.")
            case EpochEnded():
                self.write(self.epoch_line(event))
            case Progress():
                self.note(event.text)
            case PlanChosen(plan=plan) if plan.features is not None:
                self.write(_stored(plan.features))
            case PlanChosen(plan=plan) if plan.no_features:
                self.write(f"What frozen layers give is not stored: {plan.no_features}")
            case PhaseBegan():
                self._epochs = event.epochs
                self.write(f"Phase {event.phase + 1}, {event.name}: learning rate {event.learning_rate:g}.")
            case LearningRateChanged():
                self.write(f"The learning rate is {event.value:g} from batch {event.step} on.")
            case _:
                pass

    def note(self, text: str) -> None:
        """What is being done before the first batch. Told once, however often it is reported."""
        if text != self._noted:
            self._noted = text
            self.write(text)

    def write(self, text: str) -> None:
        """A line that stays."""
        self._output.note(text)

    def epoch_line(self, event: EpochEnded) -> str:
        """What an epoch brought."""
        width = len(str(self._epochs))
        took, self._seconds = event.seconds - self._seconds, event.seconds
        best = "  best" if event.improved else ""
        return f"epoch {event.epoch + 1:>{width}}/{self._epochs}  {metrics(event.metrics)}  {duration(took)}{best}"


def _stored(features: StoredFeatures) -> str:
    return (
        f"What the frozen layers up to {features.layer} give was computed once, for {features.samples:,} samples in "
        f"{duration(features.seconds)}."
    )


class Bars(Lines):
    """The lines of the epochs with a bar under them: epoch, loss and metrics so far, time left."""

    def __init__(self, output: Output) -> None:
        super().__init__(output)
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        console = Console(file=output.err, highlight=False)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TextColumn("{task.fields[text]}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("Getting ready", total=None, text="")
        self._total = 0
        self._first = 0
        self._fold = ""
        self._start = 0.0

    def __enter__(self) -> "Bars":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def note(self, text: str) -> None:
        self._bar.update(self._task, description=text)

    def write(self, text: str) -> None:
        self._bar.console.print(text, markup=False, soft_wrap=True)

    def show(self, event: AnyEvent) -> None:
        super().show(event)
        match event:
            case RunStarted():
                self._total = event.epochs * event.batches_per_epoch
                self._start, self._first = event.record.seconds, event.start_step
                record = event.record
                self._fold = f"fold {record.fold} of {record.folds}, " if record.folds else ""
                self._bar.reset(self._task, total=self._total, completed=event.start_step)
            case PhaseBegan() if event.epoch:
                self._total = event.epochs * event.step // event.epoch
                self._bar.update(self._task, total=self._total)
            case BatchesEnded():
                self._advance(event)
            case _:
                pass

    def _advance(self, event: BatchesEnded) -> None:
        done = event.first_step + len(event.losses)
        shown = {name: value for name, value in event.running.items() if not name.startswith("val_")}
        pace = (event.seconds - self._start) / max(1, done - self._first)
        share = f"{done / max(1, self._total):4.0%}"
        text = f"{share}  {metrics(shown or {'loss': event.losses[-1]})}  {duration(pace * (self._total - done))} left"
        epoch = f"{self._fold}epoch {event.epoch + 1}/{self._epochs}"
        self._bar.update(self._task, description=epoch, completed=done, text=text)


def progress_view(output: Output) -> Lines:
    """What suits standard error: bars on a terminal, else lines; nothing where a program reads JSON and no person
    watches."""
    if output.err.isatty():
        return Bars(output)
    return Silent(output) if output.json else Lines(output)


class Silent(Lines):
    """Nothing: a program reads the events."""

    def write(self, text: str) -> None:
        """Left out."""
