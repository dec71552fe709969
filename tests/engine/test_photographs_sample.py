"""The sample “Photographs” keeps what its notes say: convolution sees texture, which a dense network does
not, and colour tells most."""

import msgspec
import pytest
from trainings import layer, new_folder, talk

from workbench.domain.dataset import StepSpec
from workbench.domain.samples import sample
from workbench.domain.tree import ModelTree
from workbench.protocol.commands import Evaluate
from workbench.protocol.events import Evaluated

PROJECT = sample("photographs").project
DENSE = ModelTree(
    (layer("Flatten"), layer("Dense", units=64, activation="relu"), layer("Dense", units=8, activation="softmax"))
)


def accuracy(path, project):
    """On the test part, after the whole training."""
    folder = new_folder(path, project)
    with talk() as engine:
        run = engine.train(folder, project).run
        return engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics["accuracy"]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_convolution_wins_over_a_dense_network_and_colour_over_grey(tmp_path):
    assert accuracy(tmp_path / "p", PROJECT) == pytest.approx(0.94, abs=0.035)
    assert accuracy(tmp_path / "dense", msgspec.structs.replace(PROJECT, model=DENSE)) == pytest.approx(0.60, abs=0.08)
    grey = msgspec.structs.replace(PROJECT.data, steps=(StepSpec("grey"),))
    assert accuracy(tmp_path / "grey", msgspec.structs.replace(PROJECT, data=grey)) == pytest.approx(0.73, abs=0.08)
