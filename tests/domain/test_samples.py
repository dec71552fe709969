"""The samples and the first networks: sound, and without a problem."""

from pathlib import Path

import msgspec
import pytest
from samples_of_info import pictures, table

from workbench.domain.catalogue import load_catalogue
from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import resolve
from workbench.domain.ending import ending
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.project_file import decode, encode
from workbench.domain.samples import SampleEntry, first_network, sample, samples
from workbench.domain.tree import Layer, walk

TOKENS = {
    "form": "text",
    "scaling": "none",
    "integer_input": True,
    "input_low": 0,
    "input_high": 150,
    "vocabulary_size": 200,
    "raw_shape": (),
}
BAG = {**TOKENS, "vocabulary_size": None, "input_high": 1}


def info_of(entry: SampleEntry) -> DatasetInfo:
    """What the engine would say of the data, from the catalogue."""
    source = load_catalogue().source(entry.project.data.source.kind)
    count = source.samples or 0
    if source.group == "keras" and "text" in entry.tags:
        is_binary = source.task == "binary"
        labels = {} if is_binary else {"labels": "one_hot", "target_shape": (46,)}
        known = table(source.task, 10_000, 2, train=int(count * 0.3), **BAG, **labels)
        return msgspec.structs.replace(known, form="arrays", classes=tuple(map(str, range(2 if is_binary else 46))))
    if "text" in entry.tags:
        bag = entry.project.data.steps[0].params.get("output", "int") != "int"
        vocabulary = entry.project.data.steps[0].params["vocabulary_size"]
        known = BAG if bag else {**TOKENS, "vocabulary_size": vocabulary, "input_high": 38}
        names = tuple(map(str, range(2 if source.task == "binary" else 36)))
        return msgspec.structs.replace(table(source.task, 24, 2, train=int(count * 0.7), **known), classes=names)
    if entry.files:
        return pictures(4, (48, 48, 3), 100)
    many = {"shapes": 4, "photographs": 8}.get(source.kind, 10 if "pictures" in entry.tags else 3)
    classes = {"binary": 2, "multiclass": many}.get(source.task, 0)
    known = table(source.task, source.shape[0], classes, train=int(count * 0.7))
    if "series" in entry.tags:
        return msgspec.structs.replace(known, form="series", input_shape=source.shape)
    return pictures(classes, source.shape, int(count * 0.7)) if "pictures" in entry.tags else known


def test_that_there_are_the_samples_of_the_design() -> None:
    ids = [entry.id for entry in samples()]
    assert ids[0] == "digits"
    assert sample("digits").title == "Handwritten digits"
    assert {"fashion", "fashion_dense", "iris", "wine", "breast_cancer", "diabetes"} <= set(ids)
    assert {"moons", "circles", "spirals", "xor", "blobs", "sine"} <= set(ids)
    assert len(set(ids)) == len(ids)


def test_that_a_sample_brings_its_files_along(tmp_path: Path) -> None:
    entry = sample("pictures_folder")
    entry.unpack(tmp_path)
    folder = tmp_path / str(entry.project.data.source.params["path"])
    assert {path.name: len(list(path.iterdir())) for path in folder.iterdir()} == {
        "circle": 100,
        "cross": 101,
        "square": 100,
        "triangle": 100,
    }
    assert len(list((tmp_path / "try").iterdir())) == 4
    sample("digits").unpack(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_that_an_unknown_sample_is_told_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="There are: digits"):
        sample("digitz")


# Only the engine knows what their data are like: tests/engine/test_problems.py.
ENGINE_KNOWS = {
    "eight_clothes",
    "reuse",
    "denoising",
    "autoencoder_reuse",
    "multi_head",
    "wide_and_deep",
    "unet",
    "siamese",
    "attention",
    "features",
}
TOLD = [entry for entry in samples() if entry.id not in ENGINE_KNOWS]


@pytest.mark.parametrize("entry", TOLD, ids=lambda entry: entry.id)
def test_that_a_sample_is_sound_and_without_a_problem(entry: SampleEntry) -> None:
    assert entry.description.endswith((".", "!", "?"))
    assert decode(encode(entry.project), "sample") == entry.project
    assert entry.project.data.source.kind in {source.kind for source in load_catalogue().sources}
    assert layout(entry.project.model).outputs
    assert find_problems(entry.project, info_of(entry)) == ()
    assert resolve(entry.project, info_of(entry)).loss


INFOS = {
    "digits": pictures(),
    "photographs": pictures(shape=(224, 224, 3)),
    "thin pictures": pictures(shape=(2, 40, 1)),
    "large but flat": pictures(shape=(8, 512, 1)),
    "table": table(),
    "points": table("binary", 2, 2, form="points"),
    "one hot": pictures(labels="one_hot", target_shape=(10,)),
    "binary one hot": table("binary", 4, 2, labels="one_hot", target_shape=(2,)),
    "regression": table("regression"),
    "several numbers": table("regression", target_shape=(3,)),
    "pictures to learn": table("regression", target_shape=(4, 4, 1)),
    "unscaled table": table(scaling="none", input_low=0.0, input_high=5000.0),
    "texts": table(features=40, form="arrays", scaling="none", integer_input=True, input_low=0, input_high=4999),
    "tokens": table("binary", 40, 2, **TOKENS),
    "many tokens": table("multiclass", 400, 5, **TOKENS),
    "bags of words": table("regression", 400, 0, **BAG),
    "sequences": table(input_shape=(50, 3), form="arrays"),
    "long sequences": table(input_shape=(5000, 3), form="arrays"),
    "volumes": table(input_shape=(16, 16, 16, 1), form="arrays"),
    "thin volumes": table(input_shape=(2, 16, 16, 1), form="arrays"),
    "five axes": table(input_shape=(2, 2, 2, 2, 2), form="arrays"),
    "one number": table(input_shape=(), form="arrays"),
}


@pytest.mark.parametrize("name", INFOS)
def test_that_the_first_network_has_no_problem(name: str) -> None:
    tree = first_network(INFOS[name])
    assert find_problems(Project(model=tree), INFOS[name]) == ()
    nodes = list(walk(tree.nodes))
    assert len({node.id for node in nodes}) == len(nodes)
    assert len(layout(tree).steps) == len(tree.nodes) + 1


@pytest.mark.parametrize(
    ("mean", "std", "rescaling"),
    [
        (212_345.0, 98_765.0, {"scale": 99_000.0, "offset": 210_000.0}),
        (0.0, 0.0012, {"scale": 0.0012, "offset": 0.0}),
        (0.5, 1.5, None),
        (7.0, 0.0, None),
        (None, None, None),
    ],
)
def test_that_a_first_network_for_prices_speaks_in_prices(
    mean: float | None, std: float | None, rescaling: dict[str, float] | None
) -> None:
    info = table("regression", target_mean=mean, target_std=std)
    tree = first_network(info)
    last = tree.nodes[-1]
    assert isinstance(last, Layer)
    assert (last.params if last.class_name == "Rescaling" else None) == rescaling
    found = ending(tree)
    assert (found.units, found.activation) == (1, "linear")
    assert not [problem for problem in find_problems(Project(model=tree), info) if problem.severity == "error"]


def test_that_the_first_network_ends_as_the_task_asks() -> None:
    def end(name: str) -> tuple[int | None, str | None]:
        found = ending(first_network(INFOS[name]))
        return found.units, found.activation

    assert end("digits") == (10, "softmax")
    assert end("points") == (1, "sigmoid")
    assert end("binary one hot") == (2, "softmax")
    assert end("regression") == (1, "linear")
    assert end("several numbers") == (3, "linear")
