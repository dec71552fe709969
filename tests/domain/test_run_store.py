"""Runs on disk: never overwritten, all listed, shown even when damaged."""

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from workbench.domain import run_store
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder, StoreError, is_alive, is_resumable


def record(run_id: str, **more: object) -> RunRecord:
    fields: dict[str, object] = {
        "id": run_id,
        "name": run_id,
        "status": "ended",
        "started": "2026-01-01T00:00:00+00:00",
        "seed": 1,
        "epochs_planned": 5,
    }
    return RunRecord(**(fields | more))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> ProjectFolder:
    return ProjectFolder.create(tmp_path / "mine", Project())


def test_that_run_ids_are_unique_and_sort_by_time(folder: ProjectFolder) -> None:
    ids = [folder.new_run_id() for _ in range(300)]
    assert len(set(ids)) == len(ids)
    moments = [run_id.rpartition("-")[0] for run_id in ids]
    assert moments == sorted(moments)


def test_that_a_run_comes_back_as_it_was_written(folder: ProjectFolder) -> None:
    run = record(folder.new_run_id(), best={"val_loss": 0.1}, last={"loss": float("nan"), "mae": float("-inf")})
    assert folder.create_run(run) == folder.runs_folder / run.id
    read = folder.read_run(run.id)
    assert str(read.last) == str(run.last)
    assert msgspec.structs.replace(read, last={}) == msgspec.structs.replace(run, last={})


def test_that_a_run_is_never_overwritten(folder: ProjectFolder) -> None:
    folder.create_run(record("a"))
    with pytest.raises(StoreError, match="there already"):
        folder.create_run(record("a", seed=2))
    assert folder.read_run("a").seed == 1


@pytest.mark.parametrize("fails_at", [1, 3])
def test_that_a_run_that_finds_the_disk_full_at_its_beginning_leaves_nothing(
    folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    syncs = iter(range(1, 100))

    def full(descriptor: int) -> None:
        if next(syncs) == fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder.create_run(record("a"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.create_run(record("b"), {"project.json": b"{}"})
    assert [run.id for run in folder.list_runs()] == ["a"]
    assert [path.name for path in folder.runs_folder.iterdir()] == ["a"]


@pytest.mark.parametrize("run_id", ["", "..", "a/b", "../../etc", ".hidden", "a\\b", "x" * 200])
def test_that_a_run_outside_its_folder_cannot_be_named(folder: ProjectFolder, run_id: str) -> None:
    with pytest.raises(StoreError, match="not the name of a run"):
        folder.read_run(run_id)


def test_that_damaged_runs_are_listed_with_what_is_wrong(folder: ProjectFolder) -> None:
    folder.create_run(record("20260101-000000-000-aaaa"))
    (folder.runs_folder / "20260102-030405-000-bbbb").mkdir()
    (folder.runs_folder / "20260103-000000-000-cccc").mkdir()
    (folder.runs_folder / "20260103-000000-000-cccc" / "run.json").write_bytes(b'{"id": "2026')
    (folder.runs_folder / "notes.txt").write_text("mine")
    (folder.runs_folder / ".cache").mkdir()
    runs = folder.list_runs()
    assert [run.id[-4:] for run in runs] == ["cccc", "bbbb", "aaaa"]
    assert "damaged" in runs[0].message
    assert "not there" in runs[1].message
    assert runs[1].started == "2026-01-02T03:04:05+00:00"
    with pytest.raises(StoreError, match="damaged"):
        folder.newest_run()


@pytest.mark.parametrize(
    "content",
    [b'{"id": "\xed\xa0\x80"}', b'{"unknown": ' + b"[" * 100_000, b"\xff" * 100, b"", b"null", b" " * 2_000_000],
    ids=["bad text", "deep", "bytes", "empty", "null", "huge"],
)
def test_that_no_damage_of_one_run_hides_the_others(folder: ProjectFolder, content: bytes) -> None:
    folder.create_run(record("20260101-000000-000-aaaa"))
    folder.create_run(record("20260102-000000-000-bbbb"))
    (folder.run_folder("20260102-000000-000-bbbb") / "run.json").write_bytes(content)
    bad, good = folder.list_runs()
    assert good.reason is None
    assert "run.json" in bad.message


def test_that_a_run_whose_time_is_not_a_number_can_be_shown(folder: ProjectFolder) -> None:
    folder.create_run(record("a", seconds=5.5))
    text = (folder.run_folder("a") / "run.json").read_text()
    (folder.run_folder("a") / "run.json").write_text(text.replace('"seconds": 5.5', '"seconds": "nan"'))
    assert folder.read_run("a").seconds == 0.0


def test_that_a_project_without_runs_says_so(folder: ProjectFolder) -> None:
    assert folder.list_runs() == []
    with pytest.raises(StoreError, match="Train it first"):
        folder.newest_run()
    with pytest.raises(StoreError, match="There is no run"):
        folder.read_run("20260101-000000-000-aaaa")


def test_that_runs_can_be_renamed_deleted_and_brought_back(folder: ProjectFolder) -> None:
    folder.create_run(record("a"))
    (folder.run_folder("a") / "model.keras").write_bytes(b"weights")
    assert folder.rename_run("a", "  my best ").name == "my best"
    folder.delete_run("a")
    assert folder.list_runs() == []
    folder.restore_run("a")
    assert folder.read_run("a").name == "my best"
    assert (folder.run_folder("a") / "model.keras").read_bytes() == b"weights"
    with pytest.raises(StoreError, match="not in the trash"):
        folder.restore_run("a")
    folder.delete_run("a")
    folder.empty_trash()
    with pytest.raises(StoreError, match="not in the trash"):
        folder.restore_run("a")


def test_that_a_run_that_trains_is_not_deleted(folder: ProjectFolder) -> None:
    now = datetime.now(UTC).isoformat()
    folder.create_run(record("a", status="running", pid=os.getpid(), heartbeat=now))
    assert folder.has_living_run()
    with pytest.raises(StoreError, match="still training"):
        folder.delete_run("a")
    with pytest.raises(StoreError, match="training"):
        folder.copy_to(folder.path.parent / "copy", Project())


def test_that_a_run_is_alive_as_long_as_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC).isoformat()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        run = record("a", status="running", pid=process.pid, heartbeat=now)
        assert is_alive(run)
        assert not is_alive(msgspec.structs.replace(run, status="ended"))
        assert not is_alive(msgspec.structs.replace(run, pid=None))
        process.kill()
    assert not is_alive(run)
    monkeypatch.setattr(run_store, "process_started", lambda _pid: None)
    mine = record("a", status="paused", pid=os.getpid(), heartbeat=now)
    assert is_alive(mine)
    assert not is_alive(msgspec.structs.replace(mine, heartbeat="2020-01-01T00:00:00"))
    assert not is_alive(msgspec.structs.replace(mine, heartbeat="yesterday"))


def test_that_a_process_with_a_number_used_again_does_not_keep_a_run_alive() -> None:
    assert not is_alive(record("a", status="running", pid=os.getpid(), heartbeat="2020-01-01T00:00:00+00:00"))


def test_that_many_runs_are_all_listed_newest_first(folder: ProjectFolder) -> None:
    metrics = {"loss": 0.1, "accuracy": 0.9, "val_loss": 0.2, "val_accuracy": 0.8}
    data = msgspec.json.encode(record("a", best=metrics, last=metrics, environment={"keras": "3.15.1"}))
    for number in range(1_000):
        run = folder.runs_folder / f"20260101-000000-{number:05d}"
        run.mkdir(parents=True)
        (run / "run.json").write_bytes(data)
    runs = folder.list_runs()
    assert [run.id for run in runs] == [f"20260101-000000-{number:05d}" for number in reversed(range(1_000))]


def test_that_a_run_goes_on_only_where_something_is_left_to_train() -> None:
    left = {"status": "ended", "epochs_planned": 9, "epochs_done": 4, "steps_done": 40}
    for reason in ("completed", "early_stopping", "stopped", "diverged", "failed"):
        ended = record("a", **{**left, "reason": reason})
        assert is_resumable(ended) == (reason in ("stopped", "failed"))
        assert is_resumable(ended, 12) == (reason != "diverged")
    assert not is_resumable(record("a", **{**left, "reason": "stopped", "epochs_done": 9}))
    assert not is_resumable(record("a", **{**left, "reason": "failed", "steps_done": 0}))
    assert is_resumable(record("a", status="running"))
    assert not is_resumable(record("a", status="running", pid=os.getpid(), heartbeat=datetime.now(UTC).isoformat()))
