"""A project with parts of its own on the command line: off without `--trust`, trained and exported with it."""

from pathlib import Path

from calling import Call

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.parts.spec import PartSpec
from workbench.domain.parts.templates import TEMPLATES
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec


def test_that_own_parts_run_only_in_a_call_that_trusts_them(tmp_path: Path, call: Call) -> None:
    wanted = Project(
        data=DatasetSpec(SourceSpec("sine", {"samples": 60})),
        parts=tuple(PartSpec(template.name, template.source) for template in TEMPLATES),
        model=ModelTree(nodes=(Layer(id="a", class_name="Linear", params={"units": 1}),)),
        training=TrainingSpec(epochs=1, loss=ObjectSpec("SmoothHuber"), callbacks=(ObjectSpec("RateSteps"),)),
    )
    folder = ProjectFolder.create(tmp_path / "p", wanted)
    for verb in ("summary", "train"):
        refused = call(verb, folder.path)
        assert refused.code == 1
        assert "only once you allow it" in refused.err
        assert "--trust" in refused.err
    assert "2 parameters" in call("summary", folder.path, "--trust").out
    assert call("train", folder.path, "--trust").code == 0
    assert call("evaluate", folder.path).code == 1
    assert call("evaluate", folder.path, "--trust").code == 0
    done = call("export", folder.path, tmp_path / "out" / "own.keras", "--to", "keras", "--trust")
    assert "import parts.smooth_huber, parts.linear, parts.rate_steps" in done.out
    assert (tmp_path / "out" / "parts" / "linear.py").is_file()
    assert (tmp_path / "out" / "own.keras").is_file()
