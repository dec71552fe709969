"""The sample “Features from EfficientNet-Lite0”: it finds its weights, and the base beats what starts from nothing."""

from pathlib import Path

import msgspec
import pytest
from trainings import new_folder, talk

from workbench.domain.checks import find_problems
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.tree import Layer, ModelTree
from workbench.engine.data.load import load_dataset
from workbench.engine.describe import describe
from workbench.protocol.commands import Evaluate
from workbench.protocol.events import Evaluated

ENTRY = sample("features")


def of_its_own() -> Project:
    """A small network of convolutions on the same tiles."""
    nodes: list[Layer] = []
    for filters in (32, 64, 128):
        params = {"filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu"}
        nodes.append(Layer(id=f"conv-{filters}", class_name="Conv2D", params=params))  # type: ignore[arg-type]
        nodes.append(Layer(id=f"pool-{filters}", class_name="MaxPooling2D"))
    project = ENTRY.project
    return msgspec.structs.replace(
        project,
        model=ModelTree((*nodes, *project.model.nodes[-2:])),
        data=msgspec.structs.replace(project.data, scaling="auto"),
        training=msgspec.structs.replace(project.training, epochs=40, optimizer=None),
    )


def test_that_the_sample_brings_its_weights_and_has_no_problems(tmp_path: Path) -> None:
    ENTRY.unpack(tmp_path)
    info = load_dataset(ENTRY.project.data, tmp_path).info
    assert (info.input_shape, len(info.classes), info.sizes["train"]) == ((96, 96, 3), 8, 50)
    summary = describe(ENTRY.project, info, tmp_path)
    assert not find_problems(ENTRY.project, info, summary)
    assert summary.trainable_params == 10_248
    assert {each.start for each in summary.layers if each.params and not each.trainable_params} == {"kept"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_the_base_beats_a_network_that_starts_from_nothing(tmp_path: Path) -> None:
    accuracies = []
    with talk() as engine:
        for name, project in (("base", ENTRY.project), ("own", of_its_own())):
            folder = new_folder(tmp_path / name, project)
            ENTRY.unpack(folder.path)
            run = engine.train(folder, project).run
            accuracies.append(engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics["accuracy"])
    assert accuracies == [pytest.approx(0.92, abs=0.04), pytest.approx(0.67, abs=0.12)]
