"""What a person keeps when the disk is full, when files are bad, and when the window itself is killed."""

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from opening import Opener
from pytestqt.qtbot import QtBot

from workbench.domain.edits import set_training
from workbench.domain.samples import sample
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import Ping
from workbench.ui.client import EngineClient
from workbench.ui.window import MainWindow

LONG = 60_000


def ready(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.context.client.state == "ready", timeout=LONG)


def test_that_a_full_disk_is_told_on_saving_and_the_edits_stay(
    open_window: Opener, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = ProjectFolder.create(tmp_path / "mine", sample("iris").project)
    window = open_window(project=str(folder.path))
    document = window.context.document
    document.apply("Set", set_training(epochs=7))

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        document.autosave()
        assert "No space left" in window.notices.message
        window.actions_by_name["save"].trigger()
        assert "could not be saved" in window.notices.message
    assert document.project.training.epochs == 7
    assert not document.undo_stack.isClean()
    assert folder.load().training.epochs != 7
    window.actions_by_name["save"].trigger()
    assert folder.load().training.epochs == 7
    assert document.undo_stack.isClean()


def test_that_bad_projects_and_models_are_told_and_the_open_one_stays(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(sample="iris")
    ready(window, qtbot)
    document = window.context.document
    project = document.project
    for number, content in enumerate((b"", b"{", b"[" * 100_000, b'{"model": {}, "version": 99}', b"\xff\xfe")):
        bad = tmp_path / f"bad-{number}"
        bad.mkdir()
        (bad / "project.json").write_bytes(content)
        assert not window.files.open(bad)
        assert f"bad-{number}" in window.notices.message
        assert (bad / "project.json").read_bytes() == content
        assert document.project is project
    (tmp_path / "evil.keras").write_bytes(b"PK\x03\x04" + bytes(1000))
    window.files.open_any(tmp_path / "evil.keras")
    qtbot.waitUntil(lambda: "evil.keras" in window.notices.message, timeout=LONG)
    assert document.project is project


def test_that_an_engine_which_talks_nonsense_is_ended_and_can_be_restarted(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(sample="iris")
    ready(window, qtbot)
    client = window.context.client
    assert isinstance(client, EngineClient)
    client._splitter.feed(b"\xff\xff\xff")  # most of the length of a frame that no engine sends
    client.send(Ping(client.next_ticket()))
    qtbot.waitUntil(lambda: client.state == "dead", timeout=LONG)
    assert "engine" in window.notices.message.lower()
    window.actions_by_name["restart_engine"].trigger()
    ready(window, qtbot)


KILLED_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from workbench.domain.edits import set_training
from workbench.ui import app

def edit(window):
    window.context.document.apply("Set", set_training(plan="exact", epochs=100_000, batch_size=9))
    train(window)

def train(window):
    run = window.context.run
    if run.steps_done > 20 and (window.context.document.path / "project.autosave.json").exists():
        print(run.run, flush=True)
        return
    if run.status == "idle" and window.context.model.summary is not None:
        window.actions_by_name["train"].trigger()
    QTimer.singleShot(50, window, lambda: train(window))

def begin(application, window):
    QTimer.singleShot(0, window, lambda: edit(window))

app.keep_signals_alive = begin
app.main(project=sys.argv[1])
"""


CLOSED_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from workbench.ui import app

def begin(application, window):
    QTimer.singleShot(400, window, window.close)

app.keep_signals_alive = begin
sys.exit(app.main(sample="iris"))
"""


@pytest.mark.parametrize("time", [0, *(pytest.param(time, marks=pytest.mark.slow) for time in (1, 2))])
def test_that_the_program_ends_cleanly_when_its_window_closes(time: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CLOSED_WINDOW],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=LONG / 1000,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_that_a_killed_window_loses_no_edit_and_no_run(open_window: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "mine", sample("iris").project)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_WINDOW, str(folder.path)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        patience = threading.Timer(LONG / 1000, process.kill)
        patience.start()
        run_id = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
        patience.cancel()
        patience.join()
    assert run_id
    # The engine sees that nobody talks to it any more, and ends as it does when the window is closed.
    qtbot.waitUntil(lambda: folder.read_run(run_id).status == "paused", timeout=LONG)
    window = open_window(project=str(folder.path))
    assert window.context.document.project.training.batch_size == 9
    assert "not saved last time are back" in window.notices.message
    assert folder.load().training.batch_size != 9
    before = folder.read_run(run_id).steps_done
    ready(window, qtbot)
    window.actions_by_name["resume"].trigger()
    qtbot.waitUntil(lambda: window.context.run.steps_done > before, timeout=LONG)
    assert window.context.run.run == run_id
    window.actions_by_name["stop"].trigger()
    qtbot.waitUntil(lambda: window.context.run.status == "idle", timeout=LONG)
