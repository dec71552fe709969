"""Small projects, and a Session that a test can talk to."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.session import Session
from workbench.protocol.commands import AnyCommand, Step, Train
from workbench.protocol.events import AnyEvent, Event, Failed, Paused, RunEnded, RunStarted
from workbench.protocol.history import History, read_history

PATIENCE = 60.0

E = TypeVar("E", bound=Event)


def layer(class_name: str, **params: Value) -> Layer:
    """A layer whose id is its place among all that were made; ids mean nothing here."""
    return Layer(id=f"{class_name}-{len(params)}-{id(params)}", class_name=class_name, params=params)


def digits_project(**training: object) -> Project:
    """Convolution, BatchNormalization and Dropout on the digits: 20 batches an epoch, the last one partial."""
    nodes = (
        layer("Conv2D", filters=4, kernel_size=3, activation="relu"),
        layer("BatchNormalization"),
        layer("Flatten"),
        layer("Dropout", rate=0.3),
        layer("Dense", units=10, activation="softmax"),
    )
    spec = msgspec.structs.replace(TrainingSpec(batch_size=64, epochs=3, seed=5), **training)
    return Project(name="digits", data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes), training=spec)


def dense_project(**training: object) -> Project:
    """Only dense layers, which XLA compiles well."""
    nodes = (
        layer("Flatten"),
        layer("Dense", units=16, activation="relu"),
        layer("Dropout", rate=0.3),
        layer("BatchNormalization"),
        layer("Dense", units=10, activation="softmax"),
    )
    spec = msgspec.structs.replace(TrainingSpec(batch_size=64, epochs=3, seed=5), **training)
    return Project(name="digits", data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes), training=spec)


def moons_project(**training: object) -> Project:
    """Two coordinates, two classes."""
    nodes = (layer("Dense", units=8, activation="relu"), layer("Dense", units=1, activation="sigmoid"))
    spec = msgspec.structs.replace(TrainingSpec(batch_size=32, epochs=2, seed=5), **training)
    source = SourceSpec("moons", {"samples": 200})
    return Project(name="moons", data=DatasetSpec(source), model=ModelTree(nodes), training=spec)


class Talk:
    """A Session with all its events in order. `seen` are those taken so far."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self.seen: list[AnyEvent] = []
        self.session = Session(self._events.put)

    def send(self, command: AnyCommand) -> None:
        self.session.handle(command)

    def until(self, kind: type[E], accept: Callable[[E], bool] = lambda _: True) -> E:
        """The next event of a kind. A failure that nobody waits for fails the test."""
        while True:
            event = self._events.get(timeout=PATIENCE)
            self.seen.append(event)
            if isinstance(event, kind) and accept(event):
                return event
            if isinstance(event, Failed) and kind is not Failed and not event.cancelled:
                raise AssertionError(event)

    def ask(self, command: AnyCommand, kind: type[E]) -> E:
        """The answer to a command with a ticket."""
        self.send(command)
        ticket = getattr(command, "ticket", None)
        return self.until(kind, lambda event: getattr(event, "ticket", None) == ticket)

    def train(self, folder: ProjectFolder, project: Project, **more: object) -> RunEnded:
        """Train to the end."""
        self.send(Train(project, str(folder.path), ticket=1, **more))  # type: ignore[arg-type]
        return self.until(RunEnded)

    def start(self, folder: ProjectFolder, project: Project, **more: object) -> str:
        """Train the first batch and pause; gives the run."""
        self.send(Train(project, str(folder.path), ticket=1, stop_at="batch", **more))  # type: ignore[arg-type]
        run = self.until(RunStarted).run
        self.until(Paused)
        return run

    def step(self, count: int = 1) -> None:
        """Train batches one by one."""
        for _ in range(count):
            self.send(Step("batch"))
            self.until(Paused)

    def take_all(self) -> list[AnyEvent]:
        """Everything that has come by now."""
        while not self._events.empty():
            self.seen.append(self._events.get())
        return self.seen


@contextmanager
def talk() -> Iterator[Talk]:
    """A Session for a while."""
    session = Talk()
    try:
        yield session
    finally:
        session.session.close()
        session.take_all()


def new_folder(path: Path, project: Project) -> ProjectFolder:
    """A project folder."""
    return ProjectFolder.create(path, project)


def final_state(folder: ProjectFolder, run: str) -> dict[str, NDArray[np.generic]]:
    """Every array of the newest checkpoint: weights, seeds, optimizer, metrics."""
    newest: tuple[int, dict[str, NDArray[np.generic]]] = (-1, {})
    for path in (folder.run_folder(run) / "checkpoint").glob("[ab].npz"):
        with np.load(path, allow_pickle=False) as arrays:
            facts = msgspec.json.decode(arrays["facts"].tobytes())
            if facts["sequence"] > newest[0]:
                newest = facts["sequence"], {name: arrays[name] for name in arrays.files if name != "facts"}
    return newest[1]


def history_of(folder: ProjectFolder, run: str) -> History:
    """The history as the window reads it."""
    return read_history(folder.run_folder(run) / "history.jsonl")


def assert_same_run(folder: ProjectFolder, run: str, other: str) -> None:
    """Two runs ended bit for bit alike: state, every batch's loss, every epoch's metrics."""
    mine, theirs = final_state(folder, run), final_state(folder, other)
    assert mine.keys() == theirs.keys()
    for name, array in mine.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    first, second = history_of(folder, run), history_of(folder, other)
    assert list(first.losses) == list(second.losses)
    assert [event.metrics for event in first.epochs] == [event.metrics for event in second.epochs]
    assert first.ended is not None
    assert second.ended is not None
    assert first.ended.metrics == second.ended.metrics


SGD = ObjectSpec("SGD", {"learning_rate": 0.05, "momentum": 0.9})
