"""A disk that fills at any of a run's writes, and what is left of the run then."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from trainings import assert_same_run, history_of, moons_project, new_folder, talk

from workbench.domain.store import ProjectFolder
from workbench.engine import model_files
from workbench.protocol.commands import Train
from workbench.protocol.events import Event, Failed, RunEnded

pytestmark = pytest.mark.engine


class FullDisk:
    """Takes the place of `os.fsync`: finds the disk full from a call on, until there is room again."""

    def __init__(self, full_from: int) -> None:
        self.calls = 0
        self.full_from = full_from
        self.sync = os.fsync

    def __call__(self, descriptor: int) -> None:
        self.calls += 1
        if self.calls >= self.full_from:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.sync(descriptor)


@pytest.fixture
def full_from(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], FullDisk]:
    def begin(call: int) -> FullDisk:
        disk = FullDisk(call)
        monkeypatch.setattr(os, "fsync", disk)
        return disk

    return begin


def test_that_a_disk_full_at_any_write_is_told_and_the_run_goes_on_bit_for_bit(
    tmp_path: Path, full_from: Callable[[int], FullDisk]
) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    counting = full_from(10**9)
    with talk() as engine:
        whole = engine.train(folder, project).run
        for call in range(1, counting.calls, 4):
            full_from(call)
            engine.send(Train(project, str(folder.path), ticket=1))
            end = engine.until(Event, lambda event: isinstance(event, (Failed, RunEnded)))
            assert isinstance(end, (Failed, RunEnded))
            assert "disk is full" in end.message
            full_from(10**9)
            unfinished = [run for run in folder.list_runs() if run.id != whole]
            if isinstance(end, Failed):
                assert unfinished == []
                continue
            assert "resumed" in end.message
            assert engine.train(folder, project, run=end.run).reason == "completed"
            assert_same_run(folder, whole, end.run)
            folder.delete_run(end.run)


def test_that_weights_which_find_the_disk_full_leave_the_process_and_the_old_file_alone(
    tmp_path: Path, full_from: Callable[[int], FullDisk]
) -> None:
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    target = tmp_path / "best.weights.h5"
    model_files.save_weights(model, target)
    before = target.read_bytes()
    full_from(1)
    with pytest.raises(OSError, match="No space left"):
        model_files.save_weights(model, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_that_a_run_whose_checkpoints_are_all_damaged_says_so_and_keeps_its_history(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
        engine.step(2)
    damage(folder, run)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=2, run=run))
        assert "no checkpoint that can be read" in engine.until(Failed).message
    assert len(history_of(folder, run).losses) == 3


def test_that_what_a_kill_left_half_written_is_swept_away(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
    place = folder.run_folder(run)
    left = [place / ".run.json.0a1b2c3d.tmp", place / "checkpoint" / ".a.npz.0a1b2c3d.tmp", place / ".model.0a1b.keras"]
    for path in left:
        path.write_bytes(b"half")
    with talk() as engine:
        assert engine.train(folder, project, run=run).reason == "completed"
    assert not any(path.exists() for path in left)
    assert (place / "model.keras").exists()


def damage(folder: ProjectFolder, run: str) -> None:
    """Spoil all checkpoints of a run."""
    for path in (folder.run_folder(run) / "checkpoint").glob("[ab].npz"):
        path.write_bytes(b"PK\x03\x04 not an archive")
