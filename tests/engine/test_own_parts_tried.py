"""The trial of a part: what it tells of each kind, and that neither a crash nor a loop costs more than its process."""

from pathlib import Path
from typing import Any

import pytest

from workbench.domain import trust
from workbench.domain.parts.read import read_part
from workbench.domain.parts.spec import PartSpec
from workbench.domain.parts.templates import TEMPLATES, Template
from workbench.engine.errors import EngineError
from workbench.engine.objects import BuildError, short_message
from workbench.engine.parts import trial
from workbench.engine.parts.trial_child import Order
from workbench.engine.parts.trials import Findings, try_in
from workbench.protocol.commands import TryPart


def order(source: str, name: str = "part", **more: Any) -> Order:
    part = PartSpec(name, source)
    entry = read_part(part).parts[0].entry
    params = {param.name: param.default for param in entry.params if param.required}
    return Order((part,), entry.category, entry.name, params, **more)


def tried(wanted: Order, folder: Path) -> dict[str, str]:
    found = Findings(lambda text, facts: None)
    try_in(wanted, folder, found)
    return found.facts


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.file)
def test_that_each_template_works_and_is_the_same_after_saving(template: Template, tmp_path: Path) -> None:
    facts = tried(order(template.source, template.name), tmp_path)
    assert template.file == "callback" or facts["Saved and opened"] == "same outputs"


def test_that_a_layer_tells_shapes_parameters_and_what_differs_in_training(tmp_path: Path) -> None:
    facts = tried(order(TEMPLATES[1].source, shape=(None, 5)), tmp_path)
    assert (facts["Input"], facts["Output"], facts["Parameters"]) == ("4 × 5", "4 × 32", "192, all trained")
    assert facts["In training"] == "gives the same"
    assert tried(order(TEMPLATES[2].source), tmp_path)["In training"] == "gives something else"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (TEMPLATES[0].source.replace('"delta": self.delta', '"delta": 1.0').replace("= 1.0", "= 0.3"), "get_config"),
        (
            TEMPLATES[0]
            .source.replace("ops.mean(ops", "(ops")
            .replace(", axis=-1)", ")")
            .replace("ops.abs", "ops.nope"),
            "line 19",
        ),
        (TEMPLATES[5].source.replace(", shape)", ", (count,))"), "Give the shape"),
    ],
)
def test_that_what_is_wrong_is_told(source: str, told: str, tmp_path: Path) -> None:
    with pytest.raises((BuildError, EngineError, AttributeError)) as caught:
        tried(order(source), tmp_path)
    error = caught.value
    assert told in (error.message if isinstance(error, BuildError | EngineError) else short_message(error))


def test_that_a_crash_costs_only_the_process_of_the_trial(tmp_path: Path) -> None:
    source = TEMPLATES[4].source.replace("return x", "import os\n    os._exit(3)\n    return x")
    parts = (PartSpec("part", source),)
    command = TryPart(1, parts, str(tmp_path), "activations", "soft_square")
    with pytest.raises(EngineError, match="only once you allow it"):
        trial.try_part(command, lambda *_: None)
    trust.allow_parts(parts, tmp_path)
    told = trial.try_part(command, lambda *_: None)
    assert "died (calling it)" in told.message


@pytest.mark.slow
def test_that_an_endless_loop_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", 1.0)
    source = TEMPLATES[4].source.replace("return x", "while True:\n        pass\n    return x")
    parts = (PartSpec("part", source),)
    trust.allow_parts(parts, tmp_path)
    told = trial.try_part(TryPart(1, parts, str(tmp_path), "activations", "soft_square"), lambda *_: None)
    assert "did not end within 1 seconds (calling it)" in told.message
