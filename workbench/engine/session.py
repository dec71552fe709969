"""The engine as one object: commands in, events out. The window's engine process and the command line both use it."""

import contextlib
import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.engine.errors import EngineError
from workbench.engine.threads import apply_threads
from workbench.engine.training.thread import TrainingThread
from workbench.engine.workers import Emit, Report, Tickets, Worker
from workbench.protocol.commands import (
    Analyse,
    AnyCommand,
    Augment,
    Cancel,
    Continue,
    Describe,
    Evaluate,
    Export,
    ImportModel,
    InspectFile,
    LoadData,
    MakeBase,
    Operate,
    Pause,
    Ping,
    Predict,
    Probe,
    ReportData,
    SetLearningRate,
    ShowPipeline,
    ShowSamples,
    ShowTensor,
    Shutdown,
    Step,
    Stop,
    TakeWeights,
    Train,
    TryPart,
    Unwatch,
    ViewCommand,
    Watch,
)
from workbench.protocol.events import (
    Analysed,
    AnyEvent,
    Augmented,
    DataLoaded,
    DataReported,
    Described,
    Failed,
    FileInspected,
    PartTried,
    PipelineShown,
    Pong,
    Ready,
    SamplesShown,
    TensorShown,
)

if TYPE_CHECKING:
    from workbench.engine.trained import TrainedRuns

_log = logging.getLogger(__name__)


class Session:
    """Answers commands at once; the work goes on in threads of its own. `emit` gets every event, from any of them.

    One thread imports TensorFlow and says `Ready`; one describes networks; one loads data; one looks into trained runs;
    one tries own parts; and one trains. `threads` is the number TensorFlow shall use, None for what was learned on this
    machine.
    """

    def __init__(self, emit: Emit, threads: int | None = None) -> None:
        self._lock = threading.Lock()
        self._emit = self._serialised(emit)
        self._tickets = Tickets()
        self._threads = threads or 0
        self._watches: dict[int, Watch] = {}
        self._training: TrainingThread | None = None
        self._import_failed: Exception | None = None
        self._imported = threading.Event()
        self._importer = threading.Thread(target=self._import, args=(threads,), name="import TensorFlow")
        self._importer.start()
        self._describer = Worker("describe", self._emit, self._tickets, only_newest=True)
        self._loader = Worker("data", self._emit, self._tickets)
        self._viewer = Worker("trained runs", self._emit, self._tickets)
        self._trier = Worker("try part", self._emit, self._tickets, only_newest=True)
        self._runs: TrainedRuns | None = None

    def handle(self, command: AnyCommand) -> None:
        """Take in a command. Returns at once; answers are events."""
        match command:
            case Ping():
                self._emit(Pong(command.ticket))
            case Cancel():
                self._cancel(command.ticket)
            case Describe():
                self._describer.submit(command.ticket, lambda _: self._describe(command))
            case LoadData():
                self._loader.submit(command.ticket, lambda report: self._load(command, report))
            case InspectFile():
                self._loader.submit(command.ticket, lambda _: self._inspect(command))
            case ShowSamples():
                self._loader.submit(command.ticket, lambda report: self._show(command, report))
            case Analyse():
                self._loader.submit(command.ticket, lambda report: self._analyse(command, report))
            case ReportData():
                self._loader.submit(command.ticket, lambda report: self._report_data(command, report))
            case Augment():
                self._loader.submit(command.ticket, lambda report: self._augment(command, report))
            case ShowTensor():
                self._loader.submit(command.ticket, lambda report: self._show_tensor(command, report))
            case ShowPipeline():
                self._viewer.submit(command.ticket, lambda report: self._show_pipeline(command, report))
            case TryPart():
                self._trier.submit(command.ticket, lambda report: self._try_part(command, report))
            case Train():
                self._train(command)
            case Pause() | Continue() | Step() | Stop() | SetLearningRate():
                self._steer(command)
            case Watch() | Unwatch():
                self._watch(command)
            case Probe() | Evaluate() | Predict() | Export() | ImportModel() | TakeWeights() | MakeBase() | Operate():
                self._viewer.submit(command.ticket, lambda report: self._view(command, report))
            case Shutdown():
                self.suspend()

    @property
    def is_training(self) -> bool:
        """Whether a training goes on, is paused, or is being prepared."""
        return self._training is not None and self._training.is_alive()

    def suspend(self) -> None:
        """Pause a training with a checkpoint and end it, so that it can be resumed. Waits until that is done."""
        training = self._training
        if training is not None:
            training.suspend()
            training.join()

    def close(self) -> None:
        """Suspend a training, give up what waits, and end all threads."""
        self._tickets.cancel_all()
        self.suspend()
        for worker in (self._describer, self._loader, self._viewer, self._trier):
            worker.close()
        self._importer.join()

    # TensorFlow

    def _import(self, threads: int | None) -> None:
        try:
            with _collector_at_rest():
                self._threads = apply_threads(threads)
                ready = _ready(self._threads)
            self._emit(ready)
        except Exception as error:  # noqa: BLE001 - the boundary of a thread: logged, and told to whoever needs it
            _log.exception("TensorFlow could not be imported")
            self._import_failed = error
            self._emit(Failed(0, "TensorFlow could not be started. Install the program again.", repr(error)))
        finally:
            self._imported.set()

    def _need_tensorflow(self) -> int:
        """Wait until it is there; the number of its threads. Raises EngineError when it could not be imported."""
        self._imported.wait()
        if self._import_failed is not None:
            raise EngineError("TensorFlow could not be started. Install the program again.", repr(self._import_failed))
        return self._threads

    def _serialised(self, emit: Emit) -> Emit:
        def one_at_a_time(event: AnyEvent) -> None:
            with self._lock:
                emit(event)

        return one_at_a_time

    # Networks and data

    def _describe(self, command: Describe) -> Described:
        self._need_tensorflow()
        from workbench.engine.describe import describe
        from workbench.engine.parts.scope import own_parts

        with own_parts(command.project, command.folder):
            return Described(command.ticket, describe(command.project, command.info, _path(command.folder)))

    def _try_part(self, command: TryPart, report: Report) -> PartTried:
        from workbench.engine.parts.trial import try_part

        return try_part(command, report)

    def _load(self, command: LoadData, report: Report) -> DataLoaded:
        from workbench.engine.data.load import load_dataset

        return DataLoaded(command.ticket, load_dataset(command.spec, _path(command.folder), report).info)

    def _inspect(self, command: InspectFile) -> FileInspected:
        from workbench.engine.data.inspect import inspect_path

        return inspect_path(command.path, command.ticket, command.params)

    def _show(self, command: ShowSamples, report: Report) -> SamplesShown:
        from workbench.engine.data.load import load_dataset
        from workbench.engine.data.show import show_samples

        return show_samples(load_dataset(command.spec, _path(command.folder), report), command)

    def _analyse(self, command: Analyse, report: Report) -> Analysed:
        from workbench.engine.data.analyses import analyse
        from workbench.engine.data.load import load_dataset

        return analyse(load_dataset(command.spec, _path(command.folder), report), command, report)

    def _show_tensor(self, command: ShowTensor, report: Report) -> TensorShown:
        from workbench.engine.data.load import load_dataset
        from workbench.engine.data.tensor import show_tensor

        return show_tensor(load_dataset(command.spec, _path(command.folder), report), command)

    def _show_pipeline(self, command: ShowPipeline, report: Report) -> PipelineShown:
        self._need_tensorflow()
        from workbench.engine.data.load import load_dataset
        from workbench.engine.input_pipeline import show_pipeline

        dataset = load_dataset(command.spec, _path(command.folder), report)
        return show_pipeline(dataset, command, report, self.is_training)

    def _report_data(self, command: ReportData, report: Report) -> DataReported:
        from workbench.engine.data.load import load_dataset
        from workbench.engine.data.report import write_report

        dataset = load_dataset(command.spec, _path(command.folder), report)
        write_report(dataset, Path(command.path), command.overwrite, report, command.spec)
        return DataReported(command.ticket, command.path)

    def _augment(self, command: Augment, report: Report) -> Augmented:
        self._need_tensorflow()
        from workbench.engine.augment.show import show_augmented
        from workbench.engine.data.load import load_dataset

        return show_augmented(load_dataset(command.spec, _path(command.folder), report), command)

    # Training

    def _train(self, command: Train) -> None:
        if self._training is not None and self._training.is_alive():
            self._emit(Failed(command.ticket, "A training is running already. Stop it before another one is started."))
            return
        self._tickets.open(command.ticket)
        self._training = TrainingThread(command, self._emit, self._tickets, self._need_tensorflow, self._watching)
        self._training.start()

    def _watching(self) -> list[Watch]:
        return list(self._watches.values())

    def _steer(self, command: Pause | Continue | Step | Stop | SetLearningRate) -> None:
        training = self._training
        if training is not None and training.is_alive():
            training.post(command)
        elif isinstance(command, SetLearningRate):
            self._emit(Failed(0, "No training is running, so there is no learning rate to change."))

    def _watch(self, command: Watch | Unwatch) -> None:
        if isinstance(command, Watch):
            self._watches[command.ticket] = command
        else:
            self._watches.pop(command.ticket, None)
        training = self._training
        if training is not None and training.is_alive():
            training.post(command)

    def _cancel(self, ticket: int) -> None:
        self._tickets.cancel(ticket)
        training = self._training
        if ticket and training is not None and training.ticket == ticket:
            training.post(Stop())

    # Trained runs

    def _view(self, command: ViewCommand, report: Report) -> AnyEvent:
        self._need_tensorflow()
        from workbench.engine.trained import TrainedRuns

        if self._runs is None:
            self._runs = TrainedRuns()
        return self._runs.answer(command, report)


@contextlib.contextmanager
def _collector_at_rest() -> Iterator[None]:
    """For the import of TensorFlow, whose million objects stay: Python's garbage collector would go through them again
    and again, a quarter of the time from start to end. From then on it leaves them out."""
    if "tensorflow" in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _ready(threads: int) -> Ready:
    import keras
    import tensorflow as tf

    return Ready(
        keras=keras.__version__,
        tensorflow=tf.__version__,
        device=_device(),
        cores=os.cpu_count() or 1,
        threads=threads,
        pid=os.getpid(),
    )


def _device() -> str:
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        name = tf.config.experimental.get_device_details(gpu).get("device_name", "")
        return f"GPU {name}".strip()
    return "CPU"


def _path(folder: str | None) -> Path | None:
    return Path(folder) if folder else None
