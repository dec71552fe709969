"""The samples of networks that are no plain sequence keep what their notes say; without what they teach, networks fall
short."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from trainings import new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.tree import AnyNode, Block, Branches, Layer, ModelTree, Residual, Shared, children_of, walk
from workbench.domain.tree_tools import map_nodes
from workbench.engine.data import load_dataset
from workbench.protocol.commands import Evaluate
from workbench.protocol.events import Evaluated


def project(name: str) -> Project:
    return sample(name).project


def with_nodes(name: str, *nodes: AnyNode) -> Project:
    return msgspec.structs.replace(project(name), model=ModelTree(nodes))


def trained(path: Path, made: Project) -> dict[str, float]:
    """The metrics on the test part after the whole training."""
    folder = new_folder(path, made)
    with talk() as engine:
        run = engine.train(folder, made).run
        return engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics


def chain(nodes: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
    """Residuals as plain blocks."""

    def change(node: AnyNode) -> AnyNode:
        return Block(id=node.id, children=node.children) if isinstance(node, Residual) else node

    return map_nodes(nodes, change)


def below_only(node: AnyNode) -> AnyNode:
    """A level of a U-Net without the bridge across."""
    return node.branches[1] if isinstance(node, Branches) else node


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_that_each_sample_reaches_what_its_notes_say(tmp_path: Path) -> None:
    assert trained(tmp_path / "two", project("two_branch"))["accuracy"] == pytest.approx(0.97, abs=0.02)
    heads = trained(tmp_path / "heads", project("multi_head"))
    assert heads["cultivar_accuracy"] == pytest.approx(47 / 53, abs=0.08)
    assert heads["alcohol_mae"] == pytest.approx(0.5, abs=0.1)
    assert trained(tmp_path / "wide", project("wide_and_deep"))["accuracy"] == pytest.approx(0.88, abs=0.015)
    assert trained(tmp_path / "inception", project("inception"))["accuracy"] == pytest.approx(0.88, abs=0.025)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_that_a_deep_network_learns_only_with_residuals(tmp_path: Path) -> None:
    made = project("resnet")
    assert trained(tmp_path / "with", made)["accuracy"] == pytest.approx(0.96, abs=0.03)
    plain = msgspec.structs.replace(made, model=ModelTree(chain(made.model.nodes)))
    assert trained(tmp_path / "without", plain)["accuracy"] < 0.25


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_that_the_bridges_of_a_u_net_tell_where_things_lie(tmp_path: Path) -> None:
    made = project("unet")
    assert trained(tmp_path / "with", made)["mean_iou"] == pytest.approx(0.78, abs=0.07)
    plain = msgspec.structs.replace(made, model=ModelTree(map_nodes(made.model.nodes, below_only)))
    assert trained(tmp_path / "without", plain)["mean_iou"] == pytest.approx(0.63, abs=0.08)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_that_comparing_with_shared_layers_wins_over_seeing_both_at_once(tmp_path: Path) -> None:
    assert trained(tmp_path / "siamese", project("siamese"))["accuracy"] == pytest.approx(0.94, abs=0.02)
    inside = next(node for node in walk(project("siamese").model.nodes) if node.name == "first picture")
    both = (
        Layer(id="turn", class_name="Permute", params={"dims": (2, 3, 1, 4)}),
        Layer(id="flat", class_name="Reshape", params={"target_shape": (8, 8, 2)}),
        *children_of(inside)[2:],
        Layer(id="relu", class_name="Activation", params={"activation": "relu"}),
        Layer(id="out", class_name="Dense", params={"units": 1, "activation": "sigmoid"}),
    )
    assert trained(tmp_path / "both", with_nodes("siamese", *both))["accuracy"] == pytest.approx(0.88, abs=0.03)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_that_attention_lets_a_decoder_look_back(tmp_path: Path) -> None:
    made = project("attention")
    assert trained(tmp_path / "with", made)["accuracy"] > 0.97
    without = tuple(node for node in made.model.nodes if node.id not in ("look", "both"))
    assert trained(tmp_path / "without", with_nodes("attention", *without))["accuracy"] == pytest.approx(0.55, abs=0.1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_that_a_transformer_needs_attention_and_to_know_what_is_near(tmp_path: Path) -> None:
    made = project("transformer")
    nodes = made.model.nodes
    assert trained(tmp_path / "with", made)["accuracy"] == pytest.approx(0.98, abs=0.02)
    without_places = with_nodes("transformer", nodes[0], *nodes[2:])
    assert trained(tmp_path / "places", without_places)["accuracy"] == pytest.approx(0.73, abs=0.08)
    assert trained(tmp_path / "both", with_nodes("transformer", nodes[0], *nodes[3:]))["accuracy"] < 0.68


@pytest.mark.parametrize("name", ["inception", "two_branch", "multi_head", "wide_and_deep", "siamese", "attention"])
def test_that_the_sample_is_of_the_form_that_it_teaches(name: str) -> None:
    nodes = list(walk(project(name).model.nodes))
    wanted = {
        "two_branch": lambda: [len(node.branches) for node in nodes if isinstance(node, Branches)] == [2],
        "inception": lambda: [len(node.branches) for node in nodes if isinstance(node, Branches)] == [4, 4],
        "multi_head": lambda: len(project(name).model.outputs) == 2,
        "wide_and_deep": lambda: len(project(name).data.inputs) == 2,
        "siamese": lambda: sum(isinstance(node, Shared) for node in nodes) == 3,
        "attention": lambda: any(node.inputs for node in nodes),
    }
    assert wanted[name]()


def test_that_pairs_are_half_of_the_same_digit_and_tested_on_others() -> None:
    dataset = load_dataset(DatasetSpec(SourceSpec("digit_pairs", {"samples": 400})))
    digits = load_dataset(DatasetSpec(SourceSpec("digits"), scaling="none"))
    known = {
        picture.tobytes(): int(label)
        for part in digits.x
        for picture, label in zip(digits.x[part], digits.y[part], strict=True)
    }
    for part in dataset.x:
        pairs = (dataset.x[part] * 16).round().astype(np.float32)
        same = [known[left.tobytes()] == known[right.tobytes()] for left, right in pairs]
        assert np.array_equal(np.array(same), dataset.y[part] == 1)
        assert 0.4 < np.mean(same) < 0.6
    seen = {picture.tobytes() for part in ("train", "validation") for pair in dataset.x[part] for picture in pair}
    assert not seen & {picture.tobytes() for pair in dataset.x["test"] for picture in pair}


@pytest.mark.parametrize("order", ["reversed", "sorted"])
def test_that_figures_are_to_come_out_in_their_order(order: str) -> None:
    dataset = load_dataset(DatasetSpec(SourceSpec("sequences", {"samples": 50, "length": 6, "order": order})))
    for part in dataset.x:
        x = dataset.x[part].astype(int)
        wanted = x[:, ::-1] if order == "reversed" else np.sort(x, axis=1)
        assert np.array_equal(dataset.y[part][..., 0], wanted)
