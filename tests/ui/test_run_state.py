"""The training as the window knows it: its status, its history, and how it goes on after a death."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from replay import record, run_events

from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.protocol.codec import to_json
from workbench.protocol.commands import Continue, Pause, SetLearningRate, Step, Stop, Train
from workbench.protocol.events import (
    BatchesEnded,
    Continued,
    Failed,
    Paused,
    Progress,
    RunEnded,
    RunEvent,
    RunStarted,
)
from workbench.ui.context import Context
from workbench.ui.state.run import RunState
from workbench.ui.widgets.progress_text import progress_text

RUN = "20260105-101500-000-abcd"


@pytest.fixture
def run(context: Context, qtbot: QtBot) -> Iterator[RunState]:
    yield context.run
    if context.run._redraw.isActive():
        qtbot.waitSignal(context.run.advanced).wait()


def write_run(folder: ProjectFolder, events: list[RunEvent], **changes: object) -> None:
    path = folder.create_run(record(RUN, **changes))
    (path / "history.jsonl").write_bytes(b"".join(to_json(event) + b"\n" for event in events))


def test_that_a_training_goes_from_start_to_end(run: RunState, engine: FakeEngine, context: Context) -> None:
    seen: list[str] = []
    run.status_changed.connect(seen.append)
    run.train()
    command = engine.last(Train)
    assert command.project is context.document.project
    assert command.folder == str(context.document.path)
    assert run.busy
    events = list(run_events(2, planned=2, reason="completed"))
    engine.replay(events)
    assert seen == ["starting", "training", "idle"]
    assert run.steps_done == run.steps_planned == 316
    assert run.plan is not None
    assert run.history.ended == events[-1]


def test_that_many_batches_make_few_redraws(run: RunState, engine: FakeEngine, qtbot: QtBot) -> None:
    redraws: list[None] = []
    run.advanced.connect(lambda: redraws.append(None))
    engine.replay(run_events(20))
    assert not redraws
    with qtbot.waitSignal(run.advanced):
        pass
    assert len(redraws) == 1


def test_that_many_epochs_are_told_once_and_never_lost(run: RunState, engine: FakeEngine) -> None:
    told: list[int] = []
    run.epochs_ended.connect(lambda: told.append(len(run.history.epochs)))
    engine.replay(run_events(20, reason="completed"))
    assert told == [20]


def test_that_pause_step_continue_and_stop_are_sent(run: RunState, engine: FakeEngine) -> None:
    run.train()
    engine.replay(run_events(1))
    run.pause()
    assert run.status == "pausing"
    engine.replay(Paused(RUN, 1, 158))
    assert run.status == "paused"
    run.step("batch")
    run.go_on()
    engine.replay(Continued(RUN, 158))
    assert run.status == "training"
    run.set_learning_rate(0.01)
    run.stop()
    assert run.status == "stopping"
    kinds = [type(command) for command in engine.sent if not isinstance(command, Train)]
    assert kinds == [Pause, Step, Continue, SetLearningRate, Stop]


def test_that_a_step_without_a_run_begins_one_that_pauses(run: RunState, engine: FakeEngine) -> None:
    run.step("epoch")
    assert engine.last(Train).stop_at == "epoch"


def test_that_a_second_training_is_not_begun_beside_the_first(run: RunState, engine: FakeEngine) -> None:
    run.train()
    run.train()
    assert len(engine.of(Train)) == 1


def test_that_what_is_prepared_is_told_and_a_failure_ends_it(run: RunState, engine: FakeEngine) -> None:
    messages: list[str] = []
    run.failed.connect(messages.append)
    run.train()
    ticket = engine.last(Train).ticket
    engine.replay(Progress(ticket, "Building the network"))
    assert run.preparing == "Building the network"
    engine.replay(Failed(ticket, "The network has no layers."))
    assert run.status == "idle"
    assert messages == ["The network has no layers."]


def test_that_a_refused_learning_rate_does_not_end_the_training(run: RunState, engine: FakeEngine) -> None:
    run.train()
    engine.replay(run_events(1))
    engine.replay(Failed(0, "The learning rate must be a number above zero."))
    assert run.status == "training"


def test_that_the_death_of_the_engine_is_seen_and_the_run_can_be_resumed(run: RunState, engine: FakeEngine) -> None:
    run.train()
    engine.replay(run_events(1))
    engine.die()
    assert run.status == "lost"
    assert not run.busy
    assert run.resume_newest()
    assert engine.starts == [None]
    assert engine.last(Train).run == RUN
    assert run.status == "starting"


def test_that_a_death_without_a_training_loses_nothing(run: RunState, engine: FakeEngine) -> None:
    engine.die()
    assert run.status == "idle"


def test_that_a_run_is_resumed_on_as_many_threads_as_it_began_with(run: RunState, engine: FakeEngine) -> None:
    messages: list[str] = []
    run.failed.connect(messages.append)
    run.train(RUN)
    first = engine.last(Train)
    engine.replay(Failed(first.ticket, "This run was trained with 2 threads.", detail="threads=2"))
    assert engine.starts == [2]
    again = engine.last(Train)
    assert msgspec.structs.replace(again, ticket=0) == msgspec.structs.replace(first, ticket=0)
    assert again.ticket != first.ticket
    assert run.status == "starting"
    assert not messages


def test_that_curves_go_on_where_a_run_of_this_window_is_resumed(run: RunState, engine: FakeEngine) -> None:
    events = list(run_events(2, batches=40))
    engine.replay(events)
    started = events[0]
    assert isinstance(started, RunStarted)
    engine.replay(msgspec.structs.replace(started, start_step=50, resumed=True))
    assert run.steps_done == 50
    assert run.history.resumed_at == [50]


def test_that_a_run_of_an_earlier_window_goes_on_with_its_history(
    run: RunState, engine: FakeEngine, context: Context, qtbot: QtBot
) -> None:
    events = list(run_events(2, batches=40, chunk=10, folder=str(context.document.folder.run_folder(RUN))))
    write_run(context.document.folder, events)
    started = events[0]
    assert isinstance(started, RunStarted)
    resumed = msgspec.structs.replace(started, start_step=60, resumed=True)
    with qtbot.waitSignal(run.started):
        engine.replay([resumed, BatchesEnded(RUN, 1, 60, (7.0, 6.0), {"loss": 6.5})])
    assert run.steps_done == 62
    assert run.history.losses[59] == next(
        e.losses[9] for e in events if isinstance(e, BatchesEnded) and e.first_step == 50
    )
    assert list(run.history.losses[-2:]) == [7.0, 6.0]
    assert len(run.history.epochs) == 1


def test_that_the_newest_run_is_shown_again_when_its_project_is_opened(
    run: RunState, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = ProjectFolder.create(tmp_path / "other", Project(name="other"))
    events = list(run_events(3))
    write_run(folder, events, status="running", epochs_done=3, steps_done=474)
    with qtbot.waitSignals([run.replaced, run.replaced]):
        context.document.replace(folder, folder.load())
    qtbot.waitUntil(lambda: run.run == RUN)
    assert run.steps_done == 474
    assert run.unfinished is not None
    assert run.status == "idle"
    assert run.epochs == 20


def test_that_a_run_that_ended_is_not_called_unfinished(
    run: RunState, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = ProjectFolder.create(tmp_path / "other", Project(name="other"))
    write_run(folder, list(run_events(3, reason="completed")), status="ended", reason="completed")
    context.document.replace(folder, folder.load())
    qtbot.waitUntil(lambda: run.run == RUN)
    assert run.unfinished is None
    assert not run.resume_newest()
    assert run.history.ended is not None


@pytest.mark.parametrize(("done", "resumes"), [(3, True), (20, False)])
def test_that_a_stopped_run_goes_on_while_it_has_epochs_left(
    run: RunState, context: Context, engine: FakeEngine, done: int, resumes: bool
) -> None:
    ended = {"status": "ended", "reason": "stopped", "epochs_done": done, "steps_done": done * 158}
    write_run(ProjectFolder(context.document.path), list(run_events(3, reason="stopped")), **ended)
    assert run.resume_newest() is resumes
    assert [command.run for command in engine.of(Train)] == ([RUN] if resumes else [])


def test_that_a_project_without_runs_shows_none(run: RunState, context: Context, tmp_path: Path, qtbot: QtBot) -> None:
    folder = ProjectFolder.create(tmp_path / "empty", Project(name="empty"))
    context.document.replace(folder, folder.load())
    assert run.run == ""
    assert not run.resume_newest()
    qtbot.wait(1)


def test_that_the_end_is_told_with_its_reason(run: RunState, engine: FakeEngine) -> None:
    ended: list[RunEnded] = []
    run.ended.connect(ended.append)
    engine.replay(run_events(1, reason="early_stopping"))
    assert ended[0].reason == "early_stopping"


def test_that_a_pause_before_the_first_batch_is_told_as_such(context: Context, engine: FakeEngine) -> None:
    started, *_rest = run_events(1)
    engine.replay([started, Paused(RUN, 0, 0)])
    assert progress_text(context)[0].endswith("paused before the first batch")
    engine.replay([event for event in run_events(1) if isinstance(event, BatchesEnded)])
    assert progress_text(context)[0].endswith("paused after batch 158")
    context.run._redraw.stop()
