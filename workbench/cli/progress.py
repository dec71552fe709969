"""How a training is shown to a person while it runs: a bar on a terminal, a line an epoch elsewhere."""

from types import TracebackType
from typing import TYPE_CHECKING

from workbench.cli.output import Output
from workbench.cli.texts import duration, metrics
from workbench.protocol.events import AnyEvent, BatchesEnded, EpochEnded, LearningRateChanged, RunStarted

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


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
                self.write(f"Run {event.run} {verb}: {event.epochs} epochs of {event.batches_per_epoch} batches.")
            case EpochEnded():
                self.write(self.epoch_line(event))
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


class Bars(Lines):
    """The lines of the epochs with a bar under them: epoch, loss and metrics so far, time left."""

    def __init__(self, output: Output) -> None:
        super().__init__(output)
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(file=output.err, highlight=False)
        self._bar: Bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[text]}", style="dim"),
            TimeRemainingColumn(elapsed_when_finished=True),
            TextColumn("left"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("Getting ready", total=None, text="")
        self._batches = 1

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
                self._batches = event.batches_per_epoch
                self._bar.reset(self._task, total=event.epochs * event.batches_per_epoch, completed=event.start_step)
                self._describe(event.start_step // max(1, self._batches))
            case BatchesEnded():
                done = event.first_step + len(event.losses)
                shown = {name: value for name, value in event.running.items() if not name.startswith("val_")}
                self._describe(event.epoch)
                self._bar.update(self._task, completed=done, text=metrics(shown or {"loss": event.losses[-1]}))
            case _:
                pass

    def _describe(self, epoch: int) -> None:
        self._bar.update(self._task, description=f"epoch {min(epoch + 1, self._epochs)}/{self._epochs}")


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
