"""Sealed SavedModels in a project: where they are kept, what is wrong with them, how another endpoint is chosen."""

from pathlib import Path

import msgspec
import pytest
from samples_of_info import pictures

from workbench.domain import sealed
from workbench.domain.catalogue import load_catalogue
from workbench.domain.checks import find_problems
from workbench.domain.edits import set_endpoint
from workbench.domain.files import StoreError
from workbench.domain.graph import layout
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.sealed import SealedEndpoint, SealedFacts, SealedTensor
from workbench.domain.store import ProjectFolder
from workbench.domain.summary import LayerSummary, ModelSummary, NodeError
from workbench.domain.tree import Input, Layer, ModelTree, Start

PATH = "saved_models/" + "0123456789abcdef" * 2
PICTURE = SealedTensor("x", (8, 8, 1), "float32")
TWO = SealedEndpoint("two", (PICTURE,), (SealedTensor("a", (3,), "float32"), SealedTensor("b", (1,), "float32")), 9)
ONE = SealedEndpoint("serving_default", (PICTURE,), (SealedTensor("output_0", (6,), "float32"),), 9)
OTHER = SealedEndpoint("drawing", refusal="It draws by chance.")
FACTS = SealedFacts((ONE, OTHER, TWO), 1000, 20)


def project(endpoint: str = "serving_default", output: str = "output_0", **more: object) -> Project:
    params = {"filepath": PATH, "call_endpoint": endpoint, "output": output, "source": "mine"}
    node = msgspec.structs.replace(Layer(id="s", class_name="TFSMLayer", params=params), **more)
    return Project(model=ModelTree((Input(id="i", shape=(8, 8, 1)), node, Layer(id="d", class_name="Flatten"))))


def problem(made: Project, code: str, summary: ModelSummary | None = None) -> Problem:
    known = summary or ModelSummary(sealed={PATH: FACTS})
    return next(each for each in find_problems(made, None, known) if each.code == code)


def saved(place: Path, graph: bytes = b"graph") -> Path:
    (place / "variables").mkdir(parents=True)
    (place / "saved_model.pb").write_bytes(graph)
    (place / "variables" / "variables.index").write_bytes(b"index")
    (place / "variables" / "variables.data-00000-of-00001").write_bytes(b"weights")
    return place


def test_that_a_good_one_has_no_problem_and_never_learns_nor_starts_with_weights() -> None:
    made = project(trainable=True, start=Start("f.npz", ("s",)))
    layers = (
        LayerSummary("s", "tfsm_layer", "TFSMLayer", (8, 8, 1), (6,), 9, 0),
        LayerSummary("d", "flatten", "Flatten", (6,), (6,), 0, 0),
    )
    known = ModelSummary(layers, 79, 70, 9, sealed={PATH: FACTS})  # something else learns: it is no random layer
    assert not [each for each in find_problems(made, None, known) if each.node_id == "s"]
    step = next(each for each in layout(made.model).steps if each.node_id == "s")
    assert (step.name, step.trainable, step.start) == ("tfsm_layer", False, None)


def test_that_a_network_of_nothing_else_is_told_to_learn_behind_it() -> None:
    layers = (LayerSummary("s", "tfsm_layer", "TFSMLayer", (8, 8, 1), (6,), 9, 0),)
    known = ModelSummary(layers, 9, 0, 9, output_shape=(6,), sealed={PATH: FACTS})
    made = project()
    found = [each for each in find_problems(made, pictures(), known) if each.code in ("all_sealed", "all_frozen")]
    assert [each.code for each in found] == ["all_sealed"]
    (repair,) = found[0].repairs
    assert getattr(repair.edit(made).model.nodes[-1], "class_name", "") == "Dense"


def test_that_nobody_can_choose_the_class_from_the_palette() -> None:
    assert load_catalogue().entry("layers", "TFSMLayer") is sealed.ENTRY
    assert "TFSMLayer" not in {entry.name for entry in load_catalogue().of("layers")}


def test_that_one_pasted_from_another_project_is_told_of_and_can_be_removed() -> None:
    error = NodeError("s", "The sealed SavedModel “mine” is not in the project's folder. Import the SavedModel again.")
    found = problem(project(), "sealed_missing", ModelSummary(error=error))
    assert found.message == error.message
    assert [repair.edit(project()).model.nodes[1].id for repair in found.repairs] == ["d"]
    assert [each.code for each in find_problems(project(), None, ModelSummary(error=error))].count("build") == 0


@pytest.mark.parametrize(("endpoint", "why"), [("lost", "no such endpoint"), ("drawing", "draws by chance")])
def test_that_an_endpoint_that_cannot_be_called_is_exchanged_by_a_click(endpoint: str, why: str) -> None:
    made = project(endpoint)
    found = problem(made, "sealed_endpoint")
    assert why in found.message
    assert [repair.title for repair in found.repairs] == ["Call serving_default", "Call two"]
    node = found.repairs[1].edit(made).model.nodes[1]
    assert isinstance(node, Layer)
    assert (node.params["call_endpoint"], node.params["output"], node.params["source"]) == ("two", "a", "mine")
    assert not [each for each in find_problems(found.repairs[1].edit(made), None, None) if each.node_id == "s"]


def test_that_an_output_that_is_not_given_is_exchanged_by_a_click() -> None:
    found = problem(project("two", "output_0"), "sealed_output")
    assert [repair.title for repair in found.repairs] == ["Give a", "Give b"]
    assert set_endpoint("s", TWO, "b")(project()).model.nodes[1].params["output"] == "b"  # type: ignore[union-attr]


def test_that_a_copy_is_kept_once_called_by_its_content_and_holds_nothing_else(tmp_path: Path) -> None:
    source = saved(tmp_path / "m")
    (source / "fingerprint.pb").write_bytes(b"other")
    (source / "assets").mkdir()
    path = sealed.keep(source, tmp_path / "p")
    assert sealed.keep(source, tmp_path / "p") == path
    kept = tmp_path / "p" / path
    assert sorted(str(each.relative_to(kept)) for each in kept.rglob("*") if each.is_file()) == [
        "saved_model.pb",
        "variables/variables.data-00000-of-00001",
        "variables/variables.index",
    ]
    assert kept.name == sealed.content_hash(kept)
    assert [each.name for each in kept.parent.iterdir()] == [kept.name]  # nothing half written is left
    (kept / "saved_model.pb").write_bytes(b"GRAPH")
    assert kept.name != sealed.content_hash(kept)


def test_that_saving_elsewhere_takes_the_copies_along(tmp_path: Path) -> None:
    folder = ProjectFolder.create(tmp_path / "p", project())
    path = sealed.keep(saved(tmp_path / "m"), folder.path)
    copy = folder.copy_to(tmp_path / "q", project())
    assert sealed.content_hash(copy.path / path) == path.split("/")[1]
    assert sealed.paths_of(project().model) == (PATH,)


@pytest.mark.parametrize("path", ["../secrets", "/etc", "saved_models/../..", "saved_models/abc", ""])
def test_that_no_other_place_is_ever_looked_at(path: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not the place of a kept SavedModel"):
        sealed.folder_of(tmp_path, path)
    assert sealed.paths_of(ModelTree((Layer(id="s", class_name="TFSMLayer", params={"filepath": path}),))) == ()


def test_that_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    source = saved(tmp_path / "m")
    data = source / "variables" / "variables.data-00000-of-00001"
    data.unlink()
    data.symlink_to("/etc/hostname")
    with pytest.raises(StoreError, match="no plain file"):
        sealed.keep(source, tmp_path / "p")
    weights = source / "variables"
    weights.rename(tmp_path / "elsewhere")
    weights.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="is a link"):
        sealed.keep(source, tmp_path / "p")
    assert not list((tmp_path / "p" / "saved_models").iterdir())
