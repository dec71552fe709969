"""The Session answers at once, whatever else it does; the engine process wraps it in frames."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from trainings import digits_project, moons_project, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.store import ProjectFolder
from workbench.engine.data.load import load_dataset
from workbench.engine.errors import Cancelled
from workbench.engine.workers import Tickets, Worker
from workbench.protocol.codec import FrameSplitter, decode_event, encode
from workbench.protocol.commands import (
    Describe,
    InspectFile,
    LoadData,
    Ping,
    SetLearningRate,
    ShowSamples,
    Shutdown,
    Stop,
    Train,
)
from workbench.protocol.events import (
    AnyEvent,
    BatchesEnded,
    DataLoaded,
    Described,
    Failed,
    FileInspected,
    Paused,
    Pong,
    Ready,
    RunEnded,
    RunStarted,
    SamplesShown,
)


def test_that_data_and_network_are_told(tmp_path: Path) -> None:
    project = digits_project()
    table = tmp_path / "table.csv"
    table.write_text("a,b\n1,2\n3,4\n5,6\n")
    with talk() as engine:
        assert engine.until(Ready).threads >= 1
        info = engine.ask(LoadData(1, project.data), DataLoaded).info
        assert info.input_shape == (8, 8, 1)
        summary = engine.ask(Describe(2, project, info), Described).summary
        assert summary.layers[-1].output_shape == (10,)
        shown = engine.ask(ShowSamples(3, project.data, "train", 0, 4), SamplesShown)
        assert len(shown.indices) == 4
        inspected = engine.ask(InspectFile(4, str(table)), FileInspected)
        assert inspected.columns == ("a", "b")


def test_that_a_ping_is_answered_while_it_trains(tmp_path: Path) -> None:
    project = digits_project(epochs=100_000)
    folder = new_folder(tmp_path / "p", project)
    info = load_dataset(project.data).info
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=1))
        engine.until(BatchesEnded)
        engine.send(Ping(5))
        assert engine.until(Pong).ticket == 5
        engine.ask(Describe(6, project, info), Described)
        engine.until(BatchesEnded)
        engine.send(Stop())
        engine.until(RunEnded)


def test_that_closing_pauses_a_training_with_a_checkpoint(tmp_path: Path) -> None:
    project = digits_project(epochs=100_000)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=1))
        run = engine.until(RunStarted).run
        engine.until(BatchesEnded)
    assert any(isinstance(event, Paused) for event in engine.seen)
    record = folder.read_run(run)
    assert record.status == "paused"
    assert record.pid is None
    assert list((folder.run_folder(run) / "checkpoint").glob("[ab].npz"))


def test_that_wrong_wishes_get_sentences() -> None:
    with talk() as engine:
        engine.send(LoadData(1, DatasetSpec(SourceSpec("nothing of the kind"))))
        assert "no data source" in engine.until(Failed).message
        engine.send(SetLearningRate(0.1))
        assert "No training is running" in engine.until(Failed).message
        engine.send(InspectFile(2, "/nowhere/at/all.csv"))
        failed = engine.until(Failed)
        assert failed.ticket == 2
        engine.send(Train(moons_project(), "/nowhere/at/all", run="20200101-000000-000-dead", ticket=3))
        assert "no run" in engine.until(Failed).message


def test_that_of_many_descriptions_only_the_newest_is_made() -> None:
    project = digits_project()
    info = load_dataset(project.data).info
    with talk() as engine:
        engine.until(Ready)
        for ticket in range(1, 30):
            engine.send(Describe(ticket, project, info))
        engine.until(Described, lambda event: event.ticket == 29)
        answered = {event.ticket for event in engine.seen if isinstance(event, (Described, Failed))}
        given_up = [event for event in engine.seen if isinstance(event, Failed)]
    assert answered == set(range(1, 30))
    assert given_up
    assert all(event.cancelled for event in given_up)


def test_that_work_is_given_up_by_its_ticket() -> None:
    events: list[AnyEvent] = []
    tickets = Tickets()
    both_answered = Event()

    def emit(event: AnyEvent) -> None:
        events.append(event)
        if len(events) == 2:
            both_answered.set()

    worker = Worker("test", emit, tickets)
    try:
        worker.submit(1, lambda report: tickets.cancel(1) or report("half", 0.5))  # type: ignore[func-returns-value]
        worker.submit(2, lambda report: Pong(2))
        assert both_answered.wait(60)
    finally:
        worker.close()
    assert events == [Failed(1, "Cancelled.", cancelled=True), Pong(2)]


def test_that_a_cancelled_ticket_is_forgotten_when_it_is_answered() -> None:
    tickets = Tickets()
    tickets.cancel(4)
    tickets.open(4)
    tickets.check(4)
    tickets.cancel(4)
    with pytest.raises(Cancelled):
        tickets.check(4)
    tickets.close(4)
    tickets.open(4)
    tickets.check(4)


class Process:
    """An engine process, as the window has it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.events: list[AnyEvent] = []
        self._frames = FrameSplitter()

    def send(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    def until(self, kind: type[AnyEvent]) -> AnyEvent:
        while True:
            for place, event in enumerate(self.events):
                if isinstance(event, kind):
                    del self.events[: place + 1]
                    return event
            self.events = self._more()

    def rest(self) -> list[AnyEvent]:
        """All that comes until the pipe ends."""
        found = self.events
        while more := self._more(at_end=True):
            found = found + more
        return found

    def _more(self, at_end: bool = False) -> list[AnyEvent]:
        assert self.process.stdout is not None
        while True:
            data = self.process.stdout.read(65536)
            if not data:
                assert at_end, "the engine ended by itself"
                return []
            events = [decode_event(body) for body in self._frames.feed(data)]
            if events:
                return events


@contextmanager
def engine_process() -> Iterator[Process]:
    command = [sys.executable, "-m", "workbench", "engine"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, bufsize=0, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield Process(process)
        finally:
            process.kill()


def trained_in(engine: Process, path: Path) -> tuple[ProjectFolder, str]:
    project = moons_project(epochs=100_000)
    folder = new_folder(path, project)
    engine.send(encode(Train(project, str(folder.path), ticket=1)))
    run = engine.until(RunStarted)
    assert isinstance(run, RunStarted)
    engine.until(BatchesEnded)
    return folder, run.run


def test_that_the_process_answers_before_tensorflow_is_there_and_ends_in_order(tmp_path: Path) -> None:
    with engine_process() as engine:
        engine.send(encode(Ping(1)))
        first = engine.until(Pong)
        assert isinstance(first, Pong)
        assert first.ticket == 1
        assert not any(isinstance(event, Ready) for event in engine.events)
        engine.send(b"\x03\x00\x00\x00abc")  # a frame that is no command
        engine.until(Ready)
        folder, run = trained_in(engine, tmp_path / "p")
        engine.send(encode(Shutdown()))
        assert any(isinstance(event, Paused) for event in engine.rest())
        assert engine.process.wait(30) == 0
    assert folder.read_run(run).status == "paused"


@pytest.mark.parametrize("way", ["pipe closed", pytest.param("terminated", marks=pytest.mark.slow)])
def test_that_the_process_keeps_the_run_when_its_window_goes(tmp_path: Path, way: str) -> None:
    with engine_process() as engine:
        folder, run = trained_in(engine, tmp_path / "p")
        if way == "pipe closed":
            assert engine.process.stdin is not None
            engine.process.stdin.close()
        else:
            os.kill(engine.process.pid, signal.SIGINT)  # Ctrl-C in the terminal is for the window
            os.kill(engine.process.pid, signal.SIGTERM)
        engine.rest()
        assert engine.process.wait(30) == 0
    record = folder.read_run(run)
    assert record.status == "paused"
    assert record.pid is None
