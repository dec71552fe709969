"""A project folder: nothing is lost, nothing is overwritten, and what is wrong is said."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import files, project_file
from workbench.domain.lock import LockRecord
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder, StoreError, new_working_folder, schema, unsaved_projects
from workbench.domain.training import EarlyStopping, TrainingSpec
from workbench.domain.tree import AnyNode, Block, Branches, Input, Layer, ModelTree, Residual, Wrapper
from workbench.domain.values import ObjectSpec

NODES: tuple[AnyNode, ...] = (
    Input(id="i", shape=(None, 3)),
    Block(
        id="b",
        name="feature maker",
        children=(
            Layer(
                id="c",
                class_name="Conv2D",
                params={"kernel_size": (3, 3), "kernel_regularizer": ObjectSpec("L2", {"l2": 0.1}), "padding": "same"},
            ),
            Residual(id="r", children=(Layer(id="d", class_name="Dense", params={"units": 3}, trainable=False),)),
        ),
    ),
    Branches(id="x", branches=(Block(id="l"), Block(id="m"))),
    Wrapper(id="w", class_name="Bidirectional", child=Layer(id="n", class_name="LSTM"), inputs=("c",)),
)
FULL = Project(
    name="Ünïcode 数字",
    model=ModelTree(NODES),
    training=TrainingSpec(optimizer=ObjectSpec("SGD", {"momentum": 0.9}), early_stopping=EarlyStopping(patience=3)),
)


@pytest.fixture
def folder(tmp_path: Path) -> ProjectFolder:
    return ProjectFolder.create(tmp_path / "work" / "mine", FULL)


def rewrite(folder: ProjectFolder, data: bytes) -> None:
    folder.file.write_bytes(data)


def test_that_a_project_comes_back_as_it_was(folder: ProjectFolder) -> None:
    assert folder.load() == FULL
    assert ProjectFolder(folder.file).load() == FULL
    assert json.loads(folder.file.read_text("utf-8"))["model"]["nodes"][1]["name"] == "feature maker"


def test_that_a_project_is_never_created_over_another(folder: ProjectFolder, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="has a project already"):
        ProjectFolder.create(folder.path, Project())
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="is a file"):
        ProjectFolder.create(tmp_path / "file", Project())
    assert folder.load() == FULL


def test_that_the_project_before_stays_as_backup(folder: ProjectFolder) -> None:
    folder.save(Project(name="second"))
    assert project_file.read(folder.path / "project.json.bak") == FULL
    assert folder.load().name == "second"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged because it is empty"),
        (b'{\n  "version": 1,\n  "model": x}', r"line 3, column 12"),
        (b'{"version": 1, "model": {', "damaged at its end"),
        (b"\xff\xfe\x00", "damaged"),
        (b'{"model": "\xff\xfe"}', "damaged"),
        (b"[1, 2]", "not a project of the Workbench"),
        (b'{"name": "x"}', "not a project of the Workbench"),
        (b'{"version": 99, "model": {}, "new": 1}', "newer version"),
        (b'{"version": "1", "model": {}}', "which never was"),
        (b'{"version": -4, "model": {}}', "which never was"),
        (b'{"version": 1, "model": {"nodes": [{"type": "spaceship", "id": "a"}]}}', r"model\.nodes"),
        (b'{"version": 1, "model": {"colour": 1}}', "unknown field `colour`"),
        (b'{"version": 1, "model": {"nodes": [{"type": "layer", "id": "a"}]}}', "no field `class_name`"),
        (b'{"version": 1, "model": {}, "training": {"epochs": "many"}}', r"training\.epochs"),
        (
            b'{"version": 1, "model": {"nodes": [{"type": "block", "id": "a"}, {"type": "block", "id": "a"}]}}',
            "stands twice",
        ),
        (b'{"version": 1, "model": ' + b"[" * 500 + b"]" * 500 + b"}", "nested too deep"),
        (b"[" * 100_000, "nested too deep|damaged"),
        (b'{"version": 1, "model": {}, "training": {"epochs": 1' + b"0" * 30 + b"}}", "more than 18 digits"),
    ],
)
def test_that_a_bad_file_is_told_in_a_sentence_and_left_untouched(
    folder: ProjectFolder, data: bytes, words: str
) -> None:
    rewrite(folder, data)
    with pytest.raises(StoreError, match=words) as caught:
        folder.load()
    assert str(folder.file) in str(caught.value)
    assert str(caught.value).endswith(".")
    assert folder.file.read_bytes() == data


def test_that_a_file_saved_by_a_windows_editor_is_read(folder: ProjectFolder) -> None:
    project = folder.load()
    folder.file.write_bytes(b"\xef\xbb\xbf" + folder.file.read_bytes())
    assert folder.load() == project


@pytest.mark.skipif(os.name == "nt", reason="there are no such things")
def test_that_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "project.json")
    with pytest.raises(StoreError, match="is not a file"):
        ProjectFolder(tmp_path).load()
    (tmp_path / "project.json").unlink()
    (tmp_path / "project.json").symlink_to("/dev/zero")
    with pytest.raises(StoreError, match="is not a file"):
        ProjectFolder(tmp_path).load()


def test_that_a_huge_file_is_not_read(folder: ProjectFolder) -> None:
    with folder.file.open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(StoreError, match="is larger than"):
        folder.load()


@pytest.mark.parametrize("name", ["nothing", "file", "empty"])
def test_that_a_place_without_a_project_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match=r"not there|not the folder of a project|has no project\.json"):
        ProjectFolder(tmp_path / name).load()


def sentence(data: bytes) -> str | None:
    """What a person is told of a file with this content, None when it opens."""
    try:
        project_file.decode(data, "project.json")
    except StoreError as error:
        return str(error)
    return None


@given(st.binary(max_size=300))
def test_that_any_bytes_give_a_project_or_a_sentence(data: bytes) -> None:
    told = sentence(data)
    assert told is None or told.endswith(".")


@given(st.integers(0, len(project_file.encode(FULL)) - 1), st.binary(min_size=1, max_size=3))
def test_that_a_bit_of_damage_gives_a_project_or_a_sentence(place: int, change: bytes) -> None:
    data = project_file.encode(FULL)
    told = sentence(data[:place] + change + data[place + len(change) :])
    assert told is None or "project.json" in told


def test_that_a_full_disk_leaves_the_saved_project(folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.save(Project(name="second"))
    monkeypatch.undo()
    assert folder.load() == FULL
    assert [path.name for path in folder.path.iterdir()] == ["project.json"]


def test_that_unsaved_work_is_offered_after_a_crash(folder: ProjectFolder) -> None:
    assert folder.recovery() is None
    lost = Project(name="lost")
    folder.autosave(lost)
    assert ProjectFolder(folder.path).recovery() == lost
    folder.discard_recovery()
    assert folder.recovery() is None


def test_that_saving_leaves_nothing_to_recover(folder: ProjectFolder) -> None:
    folder.autosave(Project(name="second"))
    folder.save(Project(name="second"))
    assert folder.recovery() is None


def test_that_an_autosave_like_the_saved_project_is_nothing_to_recover(folder: ProjectFolder) -> None:
    folder.autosave(FULL)
    assert folder.recovery() is None
    folder.file.write_bytes(msgspec.json.format(folder.file.read_bytes(), indent=7))  # as another program lays it out
    folder.autosave(FULL)
    assert folder.recovery() is None


def test_that_a_damaged_autosave_does_not_keep_the_project_from_opening(folder: ProjectFolder) -> None:
    folder.autosave(FULL)
    (folder.path / "project.autosave.json").write_bytes(b'{"half')
    assert folder.recovery() is None
    assert folder.load() == FULL


def other_process(folder: ProjectFolder) -> "subprocess.Popen[bytes]":
    code = (
        "import sys; from workbench.domain.store import ProjectFolder;"
        "ProjectFolder(sys.argv[1]).lock(); print('locked', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"locked\n"
    return process


def test_that_two_windows_cannot_open_one_project(folder: ProjectFolder) -> None:
    with other_process(folder) as other:
        folder.autosave(Project(name="theirs"))
        assert folder.is_locked_elsewhere()
        with pytest.raises(StoreError, match=f"process {other.pid}"):
            folder.lock()
        assert folder.recovery() is None
        other.kill()
        other.wait()
        folder.lock()
        assert folder.recovery() == Project(name="theirs")
    folder.lock()
    folder.unlock()
    assert not (folder.path / "project.lock").exists()


def test_that_a_lock_can_be_forced(folder: ProjectFolder) -> None:
    with other_process(folder) as other:
        folder.lock(force=True)
        assert not folder.is_locked_elsewhere()
        assert other.stdin is not None
        other.stdin.close()
    folder.unlock()


def test_that_a_lock_of_a_process_whose_number_is_used_again_is_stale(folder: ProjectFolder) -> None:
    record = LockRecord(pid=os.getppid(), host=socket.gethostname(), since=1.0)
    (folder.path / "project.lock").write_bytes(msgspec.json.encode(record))
    assert not folder.is_locked_elsewhere()


def test_that_a_damaged_lock_locks_nobody_out(folder: ProjectFolder) -> None:
    (folder.path / "project.lock").write_bytes(b"\x00\x01")
    folder.lock()


def test_that_the_project_can_be_kept_elsewhere_with_its_runs(folder: ProjectFolder, tmp_path: Path) -> None:
    (folder.runs_folder / "20260101-000000-000-aaaa").mkdir(parents=True)
    copy = folder.copy_to(tmp_path / "copy", Project(name="copied"))
    assert copy.load().name == "copied"
    assert len(copy.list_runs()) == 1
    assert folder.load() == FULL


def test_that_unsaved_projects_are_found_again_and_only_they_can_be_removed(
    folder: ProjectFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    unsaved = ProjectFolder.create(new_working_folder(), Project(name="unsaved"))
    assert [found.path for found in unsaved_projects()] == [unsaved.path]
    with pytest.raises(StoreError, match="not deleted"):
        folder.remove()
    unsaved.remove()
    assert unsaved_projects() == []


def test_that_the_schema_describes_what_is_saved() -> None:
    described = schema()
    defined = described["$defs"]
    text = json.dumps(described)
    assert {"Project", "Layer", "Block", "TrainingSpec", "DatasetSpec"} <= set(defined)
    assert all(name in defined for name in re.findall(r"#/\$defs/(\w+)", text))
    assert defined["Project"]["additionalProperties"] is False
