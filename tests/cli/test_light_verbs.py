"""The verbs that need no TensorFlow: samples, new SAMPLE, runs, schema."""

import json
import sys
from pathlib import Path

import msgspec
import pytest
from calling import Call

from workbench.cli.documents import CleanDocument, CompareDocument, NewDocument, RunsDocument, SamplesDocument
from workbench.domain import project_file
from workbench.domain.places import log_folder
from workbench.domain.project import Project
from workbench.domain.run import Plan, RunRecord
from workbench.domain.store import ProjectFolder
from workbench.domain.weights import keep


def record(run_id: str, **fields: object) -> RunRecord:
    values = {"name": run_id, "status": "ended", "started": "2025-01-02T03:04:05+00:00", "seed": 1, "epochs_planned": 9}
    return msgspec.convert({**values, "id": run_id, **fields}, RunRecord)


def test_that_samples_are_listed_by_the_name_that_new_takes(call: Call, tmp_path: Path) -> None:
    listed = call("samples", "--json").json(SamplesDocument)
    assert isinstance(listed, SamplesDocument)
    assert "digits" in [sample.name for sample in listed.samples]
    for sample in listed.samples:
        assert call("new", sample.name, tmp_path / sample.name).code == 0
    people = call("samples")
    assert "Handwritten digits" in people.out


def test_that_a_new_project_is_a_folder_that_can_be_read(call: Call, tmp_path: Path) -> None:
    made = call("new", "iris", tmp_path / "deep" / "p", "--json").json(NewDocument)
    assert isinstance(made, NewDocument)
    project = ProjectFolder(made.project).load()
    assert project.name == made.name
    assert project.model.nodes


def test_that_a_project_is_never_overwritten(call: Call, tmp_path: Path) -> None:
    assert call("new", "iris", tmp_path / "p").code == 0
    before = (tmp_path / "p" / "project.json").read_bytes()
    result = call("new", "digits", tmp_path / "p")
    assert result.code == 1
    assert "has a project already" in result.err
    assert (tmp_path / "p" / "project.json").read_bytes() == before


def test_that_an_unknown_sample_names_those_there_are(call: Call, tmp_path: Path) -> None:
    result = call("new", "mnist", tmp_path / "p")
    assert result.code == 1
    assert "There is no sample 'mnist'" in result.err
    assert "digits" in result.err


def test_that_the_schema_is_one_json_document_that_describes_projects(call: Call) -> None:
    for words in (("schema",), ("schema", "--json")):
        schema = json.loads(call(*words).out)
        assert schema["$defs"]["Project"]["properties"].keys() >= {"version", "data", "model", "training"}


def test_that_runs_are_listed_newest_first(call: Call, tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "p", Project())
    assert "no runs yet" in call("runs", folder.path).out
    folder.create_run(record("20250101-000000-000-aaaa", reason="completed", epochs_done=9, last={"val_accuracy": 0.5}))
    folder.create_run(record("20250102-000000-000-bbbb", status="running", epochs_done=4, pid=2**22 + 1))
    listed = call("runs", folder.path, "--json").json(RunsDocument)
    assert isinstance(listed, RunsDocument)
    assert [run.id[:8] for run in listed.runs] == ["20250102", "20250101"]
    text = call("runs", folder.path).out
    assert "val_accuracy 0.5000" in text
    assert "4/9" in text
    assert "interrupted" in text


def test_that_a_folder_without_a_project_gets_a_sentence(call: Call, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        result = call("runs", path, "--json")
        assert result.code == 1
        assert str(path) in result.err
        assert result.out == ""


def test_that_a_damaged_project_is_told_and_left_as_it_is(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "project.json"
    file.write_text('{"version": 1, "model": {')
    result = call("runs", tmp_path)
    assert result.code == 1
    assert "is damaged" in result.err
    assert file.read_text() == '{"version": 1, "model": {'


def test_that_resume_needs_a_run_that_was_not_finished(call: Call, tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "p", Project())
    plan = Plan("graph", 8, 1)
    folder.create_run(record("20250101-000000-000-aaaa", reason="completed", epochs_done=9, plan=plan))
    result = call("train", folder.path, "--resume")
    assert result.code == 1
    assert "no run to go on with" in result.err


def test_that_what_nobody_expected_is_told_in_a_sentence_and_logged(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object) -> None:
        raise KeyError("surprise")

    folder = ProjectFolder.create(tmp_path / "p", Project())
    monkeypatch.setattr(ProjectFolder, "list_runs", fail)
    result = call("runs", folder.path)
    assert result.code == 1
    assert "surprise" in result.err
    assert "Traceback" not in result.err
    assert "Traceback" in (log_folder() / "command-line.log").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are others there")
def test_that_a_place_where_nothing_can_be_written_is_told(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = call("new", "iris", tmp_path / "file" / "p")
    assert result.code == 1
    assert str(tmp_path / "file") in result.err


def test_that_an_unknown_run_is_told(call: Call, tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "p", Project())
    assert "no runs yet" in call("evaluate", folder.path).err
    result = call("evaluate", folder.path, "--run", "../../etc")
    assert result.code == 1
    assert "There is no run '../../etc'" in result.err


def test_that_a_run_is_compared_with_the_project_as_it_is_now(call: Call, tmp_path: Path) -> None:
    assert call("new", "iris", tmp_path / "p").code == 0
    folder = ProjectFolder(tmp_path / "p")
    project = folder.load()
    folder.create_run(record("20250102-030405-000-aaaaaaaa"), {"project.json": project_file.encode(project)})
    assert "the same network" in call("compare", folder.path).out
    folder.save(msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, epochs=3)))
    assert "~ epochs: 60 → 3" in call("compare", folder.path).out
    listed = call("compare", folder.path, "--json").json(CompareDocument)
    assert isinstance(listed, CompareDocument)
    assert [each.what for each in listed.differences] == ["epochs"]


def test_that_unused_weights_are_told_and_removed_only_when_asked_for(call: Call, tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "p", Project(name="p"))
    file = keep(folder.path, b"x" * 1_500_000)
    told = call("clean", folder.path)
    assert "not needed any more: 1 of 1 files, 1.5 MB" in told.out
    assert "--remove" in told.out
    assert (folder.path / "weights" / file).is_file()
    removed = call("clean", folder.path, "--remove", "--json").json(CleanDocument)
    assert removed.unused == {file: 1_500_000}
    assert (folder.trash_folder / "weights" / file).is_file()
    assert not (folder.path / "weights" / file).exists()
    assert call("clean", folder.path, "--json").json(CleanDocument).trash is None
