"""The whole way with the real engine: train, pause, stop, resume; deaths and closings lose nothing."""

import os
import signal
import tempfile
from pathlib import Path

import msgspec
from opening import Opener, close
from pytestqt.qtbot import QtBot

from workbench.domain.edits import set_training
from workbench.domain.temporary import PREFIX
from workbench.protocol.history import read_history
from workbench.ui.client import EngineClient
from workbench.ui.pages.train.page import TrainPage
from workbench.ui.window import MainWindow

LONG = 60_000


def ready(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the network can be trained."""
    context = window.context
    qtbot.waitUntil(lambda: context.model.summary is not None and context.data.info is not None, timeout=LONG)


def status(window: MainWindow, wanted: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.context.run.status == wanted, timeout=LONG)


def train(window: MainWindow, qtbot: QtBot, **hyperparameters: object) -> None:
    """Train with these hyperparameters, uncompiled; returns once batches come."""
    ready(window, qtbot)
    window.context.document.apply("Set", set_training(plan="exact", **hyperparameters))
    qtbot.waitUntil(lambda: not window.context.model.errors, timeout=LONG)
    before = window.context.run.run
    window.actions_by_name["train"].trigger()
    run = window.context.run
    qtbot.waitUntil(lambda: run.run != before and run.steps_done > 20, timeout=LONG)


def test_that_a_sample_trains_to_a_saved_model_in_the_window(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(sample="iris")
    train(window, qtbot, epochs=5)
    status(window, "idle", qtbot)
    ended = window.context.run.history.ended
    assert ended is not None
    assert ended.reason == "completed"
    assert ended.model is not None
    assert Path(ended.model).is_file()
    assert len(window.context.run.history.epochs) == 5
    assert "5 epochs" in window.notices.message


def test_that_training_pauses_steps_and_stops(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(sample="iris")
    train(window, qtbot, epochs=100_000)
    run = window.context.run
    window.actions_by_name["pause"].trigger()
    status(window, "paused", qtbot)
    paused_at = run.steps_done
    window.actions_by_name["step_batch"].trigger()
    qtbot.waitUntil(lambda: run.steps_done == paused_at + 1 and run.status == "paused", timeout=LONG)
    window.actions_by_name["step_epoch"].trigger()
    per_epoch = run.history.batches_per_epoch
    to_come = paused_at + 1 + per_epoch - (paused_at + 1) % per_epoch
    qtbot.waitUntil(lambda: run.steps_done == to_come and run.status == "paused", timeout=LONG)
    window.actions_by_name["pause"].trigger()
    qtbot.waitUntil(lambda: run.steps_done > to_come, timeout=LONG)
    window.actions_by_name["stop"].trigger()
    status(window, "idle", qtbot)
    assert run.history.ended is not None
    assert run.history.ended.reason == "stopped"
    assert run.history.ended.model is not None


def test_that_two_dimensional_data_show_surface_and_layers_and_a_stopped_run_goes_on_by_key(
    open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(sample="moons")
    train(window, qtbot, epochs=100_000)
    page = window.page("train")
    assert isinstance(page, TrainPage)
    live = page.live
    qtbot.waitUntil(lambda: live.surface is not None and live.surface.isVisible(), timeout=LONG)
    live.layer.setCurrentIndex(1)
    live.layer.activated.emit(1)
    qtbot.waitUntil(lambda: live.activation.bars.isVisible() and live.activation.text.text() != "", timeout=LONG)
    qtbot.waitUntil(lambda: live.prediction.text.text() != "", timeout=LONG)
    window.actions_by_name["stop"].trigger()
    status(window, "idle", qtbot)
    stopped, done = window.context.run.run, window.context.run.steps_done
    window.actions_by_name["resume"].trigger()
    qtbot.waitUntil(lambda: window.context.run.steps_done > done, timeout=LONG)
    assert window.context.run.run == stopped
    window.actions_by_name["stop"].trigger()
    status(window, "idle", qtbot)


def test_that_a_killed_engine_loses_nothing_and_the_run_resumes(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(sample="iris")
    train(window, qtbot, epochs=4000)
    client, run = window.context.client, window.context.run
    assert isinstance(client, EngineClient)
    qtbot.waitUntil(lambda: len(run.history.epochs) > 30, timeout=LONG)
    owned = [each.parent for each in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/owner.json")]
    temporary = [each for each in owned if f'"pid":{client.pid},' in (each / "owner.json").read_text()]
    assert len(temporary) == 1
    os.kill(client.pid, signal.SIGKILL)
    status(window, "lost", qtbot)
    assert "resumed" in window.notices.message
    qtbot.waitUntil(lambda: not any(each.exists() for each in temporary))
    seen = list(run.history.losses[:200])
    window.actions_by_name["restart_engine"].trigger()
    qtbot.waitUntil(lambda: client.state == "ready", timeout=LONG)
    window.actions_by_name["resume"].trigger()
    qtbot.waitUntil(lambda: run.status == "training", timeout=LONG)
    epochs = len(run.history.epochs)
    qtbot.waitUntil(lambda: len(run.history.epochs) > epochs + 10, timeout=LONG)
    assert list(run.history.losses[:200]) == seen
    window.actions_by_name["stop"].trigger()
    status(window, "idle", qtbot)


def test_that_closing_in_mid_training_pauses_the_run_and_everything_comes_back(
    open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(sample="iris")
    train(window, qtbot, epochs=100_000)
    run_id, folder = window.context.run.run, window.context.document.folder
    project = window.context.document.project
    close(window)
    record = folder.read_run(run_id)
    assert record.status == "paused"
    assert len(read_history(folder.run_folder(run_id) / "history.jsonl").losses) >= record.steps_done > 0

    again = open_window()
    ready(again, qtbot)
    assert again.context.document.project == project
    again.actions_by_name["resume"].trigger()
    qtbot.waitUntil(lambda: again.context.run.steps_done > record.steps_done, timeout=LONG)
    assert again.context.run.run == run_id
    again.actions_by_name["stop"].trigger()
    status(again, "idle", qtbot)


def test_that_a_table_of_ones_own_becomes_a_project_with_a_network(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [f"{i % 7},{i % 5},{'high' if i % 7 > 3 else 'low'}" for i in range(200)]
    (tmp_path / "birds.csv").write_text("\n".join(["wing,tail,kind", *rows]), encoding="utf-8")
    window = open_window(data=str(tmp_path / "birds.csv"))
    context = window.context
    qtbot.waitUntil(lambda: context.document.project.name == "birds", timeout=LONG)
    ready(window, qtbot)
    assert context.data.info is not None
    assert context.data.info.classes == ("high", "low")
    assert not context.model.errors
    train(window, qtbot, epochs=3)
    status(window, "idle", qtbot)
    assert context.run.history.ended is not None


def test_that_bad_data_are_told_and_the_good_ones_stay(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"\x00\x01\x02" * 100)
    window = open_window(sample="iris")
    ready(window, qtbot)
    info = window.context.data.info
    window.files.open_data(tmp_path / "bad.csv")
    qtbot.waitUntil(lambda: "bad.csv" in window.notices.message, timeout=LONG)
    assert window.context.data.info is info
    assert window.context.document.project.data.source.kind == "iris"


def test_that_an_impossible_size_is_refused_before_anything_is_allocated(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(sample="iris")
    ready(window, qtbot)
    document = window.context.document
    first = document.project.model.nodes[0]
    huge = msgspec.structs.replace(first, params={**first.params, "units": 10**9})  # type: ignore[union-attr]
    model = msgspec.structs.replace(document.project.model, nodes=(huge, *document.project.model.nodes[1:]))
    document.apply("Grow", lambda project: msgspec.structs.replace(project, model=model))
    qtbot.waitUntil(lambda: bool(window.context.model.errors), timeout=LONG)
    window.actions_by_name["train"].trigger()
    assert window.context.run.status == "idle"
    assert "memory" in window.notices.message
