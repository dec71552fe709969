"""The samples on reusing what was learned: with it networks learn better, as their notes say."""

from pathlib import Path

import msgspec
import pytest
from trainings import new_folder, talk

from workbench.domain.edits import clear_start, unfreeze
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.samples import sample
from workbench.domain.weights import files_of
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.protocol.commands import Evaluate
from workbench.protocol.events import Evaluated


def trained(path: Path, name: str, made: Project) -> tuple[dict[str, float], RunRecord]:
    """The metrics on the test part after the whole training, and the run."""
    folder = new_folder(path, made)
    sample(name).unpack(folder.path)
    with talk() as engine:
        run = engine.train(folder, made).run
        return engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics, folder.read_run(run)


def afresh(made: Project) -> Project:
    """The same network without what was learned before, trained for as many epochs."""
    layers = [node.id for node in made.model.nodes[0].children]  # type: ignore[union-attr]
    made = unfreeze(layers)(clear_start(layers)(made))
    epochs = made.training.epochs + sum(phase.epochs for phase in made.training.phases)
    training = msgspec.structs.replace(made.training, epochs=epochs, phases=())
    return msgspec.structs.replace(made, training=training)


@pytest.mark.parametrize("name", ["reuse", "autoencoder_reuse"])
def test_that_the_weights_to_reuse_come_with_the_sample_and_fit(tmp_path: Path, name: str) -> None:
    entry = sample(name)
    entry.unpack(tmp_path)
    (file,) = files_of(entry.project.model)
    assert (tmp_path / "weights" / file).is_file()
    summary = describe(entry.project, load_dataset(entry.project.data).info, folder=tmp_path)
    below = {layer.name: layer.start for layer in summary.layers if layer.params}
    assert list(below.values()) == ["kept"] * 3 + [""], below


@pytest.mark.slow
def test_that_sandals_and_shirts_are_told_apart_better_on_what_was_learned_before(tmp_path: Path) -> None:
    made = sample("reuse").project
    reused, record = trained(tmp_path / "with", "reuse", made)
    assert reused["accuracy"] == pytest.approx(0.99, abs=0.01)
    assert record.plan is not None
    assert record.plan.features is not None, "the first phase is trained on stored features"
    plain, _ = trained(tmp_path / "without", "reuse", afresh(made))
    assert plain["accuracy"] < reused["accuracy"]
    assert plain["loss"] > 2 * reused["loss"]


@pytest.mark.slow
def test_that_the_network_to_reuse_knows_eight_kinds_of_clothes(tmp_path: Path) -> None:
    known, _ = trained(tmp_path / "p", "eight_clothes", sample("eight_clothes").project)
    assert known["accuracy"] == pytest.approx(0.895, abs=0.015)


@pytest.mark.slow
def test_that_few_labels_teach_more_on_the_lower_layers_of_an_autoencoder(tmp_path: Path) -> None:
    made = sample("autoencoder_reuse").project
    reused, _ = trained(tmp_path / "with", "autoencoder_reuse", made)
    assert reused["accuracy"] == pytest.approx(0.66, abs=0.03)
    plain, _ = trained(tmp_path / "without", "autoencoder_reuse", afresh(made))
    assert plain["accuracy"] < reused["accuracy"] - 0.03
    assert plain["loss"] > reused["loss"] + 0.2


@pytest.mark.slow
def test_that_the_autoencoder_takes_noise_away(tmp_path: Path) -> None:
    made, _ = trained(tmp_path / "p", "denoising", sample("denoising").project)
    assert made["mae"] == pytest.approx(0.081, abs=0.01)
