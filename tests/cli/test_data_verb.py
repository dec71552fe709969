"""`workbench data`: all that is known of a project's data; and `--trust`, without which its code does not run."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from calling import Call

from workbench.cli.data_document import MOST_ROWS, DataDocument
from workbench.cli.documents import NewDocument
from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split, StepSpec
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.values import ObjectSpec
from workbench.engine.data import load_dataset

pytestmark = pytest.mark.engine
CODE = """
import numpy as np

def load():
    return np.arange(90.0).reshape(30, 3), ["low", "high"] * 15
"""


def project(path: Path, spec: DatasetSpec) -> ProjectFolder:
    return ProjectFolder.create(path, Project(name="mine", data=spec))


@pytest.fixture
def coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectFolder:
    """A project that brings code, on a machine where nothing is allowed yet."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    folder = project(tmp_path / "coded", DatasetSpec(SourceSpec("python", {"path": "data.py"})))
    (folder.path / "data.py").write_text(CODE, encoding="utf-8")
    return folder


def test_that_all_is_told_as_one_document(tmp_path: Path, call: Call) -> None:
    spec = DatasetSpec(SourceSpec("iris"), steps=(StepSpec("powers"), StepSpec("clip")))
    dataset = load_dataset(spec)
    told = call("data", project(tmp_path / "p", spec).path, "--json").json(DataDocument)
    assert told.parts == {part: len(dataset.x[part]) for part in PARTS}
    assert told.input.shape == dataset.x["train"].shape[1:]
    assert told.input.type == dataset.x["train"].dtype.name
    assert told.target.type == dataset.y["train"].dtype.name
    for place, each in enumerate(told.classes):
        assert each.counts == {part: int((dataset.y[part] == place).sum()) for part in PARTS}
    assert [each.name for each in told.classes] == ["setosa", "versicolor", "virginica"]
    assert [step.kind for step in told.steps] == [None, "powers", "clip"]
    assert [step.stage.shape for step in told.steps] == [(4,), *[dataset.x["train"].shape[1:]] * 2]
    rows = dataset.raw("train", range(104)), dataset.raw("validation", range(23)), dataset.raw("test", range(23))
    mean = np.mean([row[0] for part in rows for row in part])
    assert told.columns[0].mean == pytest.approx(float(mean))
    assert any("in another part too" in finding.text for finding in told.findings)
    assert told.fingerprint == dataset.info.fingerprint


def test_that_people_see_tables(tmp_path: Path, call: Call) -> None:
    told = call("data", project(tmp_path / "p", DatasetSpec(SourceSpec("diabetes"))).path)
    assert told.code == 0
    lines = told.out.splitlines()
    assert "442 samples" in lines[0]
    assert "a number" in lines[0]
    heads = [line.split()[0] for before, line in pairwise(lines) if not before and line.split()]
    assert heads[:3] == ["part", "shape", "column"]
    assert "\n\n\n" not in told.out
    rows = [
        line for line in lines if line.startswith(load_dataset(DatasetSpec(SourceSpec("diabetes"))).info.features[2])
    ]
    assert len(rows) == 1
    assert "feature" in rows[0]


def test_that_texts_have_their_first_step_and_many_rows_are_cut(tmp_path: Path, call: Call) -> None:
    told = call("data", project(tmp_path / "p", DatasetSpec(SourceSpec("reviews", {"samples": 60}))).path)
    assert "tokenize" in told.out
    wide = tmp_path / "wide.csv"
    names = [f"c{place}" for place in range(MOST_ROWS + 20)]
    rows = [",".join(str((row * place) % 7) for place in range(len(names))) for row in range(30)]
    wide.write_text("\n".join([",".join(names), *rows]), encoding="utf-8")
    told = call("data", project(tmp_path / "w", DatasetSpec(SourceSpec("csv", {"path": str(wide)}))).path)
    assert "… and 20 more, which --json has." in told.out


def test_that_code_runs_for_the_call_that_trusts_it_alone(coded: ProjectFolder, call: Call) -> None:
    for words in (("data", coded.path), ("data", coded.path, "--trust"), ("data", coded.path, "--json")):
        told = call(*words)
        assert told.code == (0 if "--trust" in words else 1)
        if "--trust" in words:
            assert "30 samples" in told.out
            (coded.path / "data.py").write_text(CODE + "\n", encoding="utf-8")  # so that it must run again
        else:
            assert "To allow it for this one call, give --trust." in told.err
            assert "data.py" in told.err


def test_that_a_project_is_made_from_code_that_is_trusted(coded: ProjectFolder, tmp_path: Path, call: Call) -> None:
    code = coded.path / "data.py"
    refused = call("new", "--data", code, tmp_path / "no")
    assert refused.code == 1
    assert "--trust" in refused.err
    made = call("new", "--data", code, tmp_path / "yes", "--trust", "--json").json(NewDocument)
    assert made.classes == ("high", "low")
    assert call("summary", tmp_path / "yes", "--trust").code == 0


@pytest.mark.parametrize("verb", ["samples", "runs", "schema"])
def test_that_verbs_that_load_no_data_have_nothing_to_trust(call: Call, verb: str) -> None:
    assert call(verb, "--trust").code == 2


def test_that_folds_random_changes_and_balance_are_told(tmp_path: Path, call: Call) -> None:
    spec = DatasetSpec(
        SourceSpec("digits"),
        split=Split(folds=3, repeats=2, fold=2),
        augmentation=(ObjectSpec("RandomFlip", {"mode": "horizontal"}), ObjectSpec("RandomRotation", {"factor": 0.1})),
        balance="class_weights",
    )
    path = project(tmp_path / "p", spec).path
    told = call("data", path, "--json").json(DataDocument)
    pool = told.parts["train"] + told.parts["validation"]
    assert [fold.train + fold.validation for fold in told.folds] == [pool] * 6
    assert told.split == spec.split
    assert told.augmentation == spec.augmentation
    counts = np.array([each.counts["train"] for each in told.classes])
    weights = [each.weight for each in told.balance.classes]
    assert weights == pytest.approx((counts.sum() / (10 * counts)).tolist())
    text = call("data", path).out
    assert "cut into 3 folds in 2 different cuts; the parts are those of fold 2." in text
    assert "at random: RandomFlip(mode=horizontal), RandomRotation(factor=0.1)." in text
    assert "count in the loss with the weight of their class" in text
    page = tmp_path / "report.html"
    assert call("report", path, page).code == 0
    html = page.read_text(encoding="utf-8")
    assert "those of fold 2" in html
    assert "RandomRotation(factor=0.1)" in html
    assert f">{weights[0]:.4g}<" in html
