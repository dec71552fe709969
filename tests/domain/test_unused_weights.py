"""Kept weights that nothing needs: what counts as a need, the trash and the way back, and copies between projects."""

from pathlib import Path

import pytest

from workbench.domain import weights
from workbench.domain.files import StoreError
from workbench.domain.project import Project
from workbench.domain.project_file import encode
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Layer, ModelTree, Start, Wrapper
from workbench.domain.unused_weights import from_trash, look_through, to_trash


def starting_with(*files: str) -> Project:
    nodes = [Layer(id=f"d{place}", class_name="Dense", start=Start(file, ("a",))) for place, file in enumerate(files)]
    return Project(
        name="p", model=ModelTree((*nodes[1:], Wrapper(id="w", class_name="TimeDistributed", child=nodes[0])))
    )


def add_run(folder: ProjectFolder, run_id: str, data: bytes) -> None:
    record = RunRecord(id=run_id, name=run_id, status="ended", started="2026-01-01", seed=0, epochs_planned=1)
    folder.create_run(record, {"project.json": data})


@pytest.fixture
def folder(tmp_path: Path) -> ProjectFolder:
    return ProjectFolder.create(tmp_path / "p", Project(name="p"))


def test_that_what_projects_runs_scripts_and_undo_name_is_needed(folder: ProjectFolder) -> None:
    names = [weights.keep(folder.path, content * 10) for content in (b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h")]
    saved, backup, run, trashed, damaged, script, undo, unused = names
    drawn = weights.keep(folder.path, b"i" * 10)
    folder.save(starting_with(backup))
    folder.save(starting_with(saved))
    add_run(folder, "r1", encode(starting_with(run, saved)))
    add_run(folder, "r2", encode(starting_with(trashed)))
    add_run(folder, "r3", b"\xff{" + damaged.encode())
    folder.delete_run("r2")
    (folder.path / "train.py").write_text(f"numpy.load('weights/{script}')")
    (folder.path / "weights" / "notes.npz").write_bytes(b"of the person's own")
    kept = look_through(folder, {drawn}, {drawn, undo, saved})
    assert kept.unused == {unused: 10}
    assert kept.for_undo == {undo: 10}
    assert kept.for_runs == dict.fromkeys((run, trashed, damaged), 10)
    assert kept.all == dict.fromkeys((*names, drawn), 10)


def test_that_unused_weights_go_to_the_trash_and_come_back(folder: ProjectFolder) -> None:
    file = weights.keep(folder.path, b"numbers")
    path = weights.path_of(folder.path, file)
    for _again in range(2):  # also over what lies in the trash already
        to_trash(folder, look_through(folder).unused)
        assert not path.exists()
        assert (folder.trash_folder / "weights" / file).read_bytes() == b"numbers"
        weights.keep(folder.path, b"numbers")
    to_trash(folder, [file, "0" * 32 + ".npz"])
    from_trash(folder, [file])
    assert path.read_bytes() == b"numbers"
    with pytest.raises(StoreError, match="is not the name of kept weights"):
        to_trash(folder, ["../project.json"])


def test_that_weights_in_the_trash_do_not_hinder_a_deleted_run(folder: ProjectFolder) -> None:
    file = weights.keep(folder.path, b"numbers")
    to_trash(folder, [file])
    add_run(folder, "r1", encode(starting_with(file)))
    folder.delete_run("r1")
    folder.restore_run("r1")
    assert look_through(folder).all == {}


def test_that_only_weights_which_are_what_their_name_says_are_copied(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    good = weights.keep(source, b"good")
    changed = weights.keep(source, b"before")
    weights.path_of(source, changed).write_bytes(b"after")
    weights.copy_files(source, target, (good, changed, "0" * 32 + ".npz"))
    assert [path.name for path in (target / "weights").iterdir()] == [good]
    assert weights.path_of(target, good).read_bytes() == b"good"
