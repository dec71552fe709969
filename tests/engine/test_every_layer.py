"""Every layer of the catalogue, from its form's defaults or from the sample below: described, built, trained one step,
saved, opened again and written as a script. The table of them is printed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from networks import info

from workbench.domain.catalogue import ClassEntry, load_catalogue
from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import new_node
from workbench.domain.project import Project
from workbench.domain.script.model import model_lines
from workbench.domain.tree import AnyNode, Block, Branches, Input, Layer, ModelTree, Wrapper
from workbench.domain.tree_tools import params_of, with_params
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.build import BuildError, build_model
from workbench.engine.describe import describe
from workbench.engine.model_files import save_model

SHAPES = ((6,), (6, 6), (8, 8, 3), (6, 6, 6, 3), (3, 4, 6, 6, 2))
WORDS: tuple[Value, ...] = ("a", "b", "c")


@dataclass(frozen=True)
class Case:
    """What a layer needs that its defaults do not give: parameters, a shape, the type of what goes in, two inputs."""

    params: dict[str, Value] | None = None
    shape: tuple[int, ...] | None = None
    dtype: str = "float32"
    inputs: tuple[str, ...] = ()


SAMPLES = {
    "GroupNormalization": Case({"groups": 3}, (8, 8, 3)),
    "RandomCrop": Case({"height": 8, "width": 8}, (8, 8, 3)),
    "STFTSpectrogram": Case({"frame_length": 4, "frame_step": 2, "fft_length": 4}, (16, 1)),
    "MelSpectrogram": Case({"fft_length": 64, "sequence_stride": 32}, (256,)),
    "Embedding": Case({"input_dim": 4, "output_dim": 3}, (5,), "int32"),
    "ReversibleEmbedding": Case({"input_dim": 4, "output_dim": 3}, (5,), "int32"),
    "CategoryEncoding": Case({"num_tokens": 4}, (5,), "int32"),
    "IntegerLookup": Case({"vocabulary": (1, 2, 3)}, (5,), "int32"),
    "Hashing": Case({"num_bins": 4}, (5,), "int32"),
    "HashedCrossing": Case({"num_bins": 4}, (1,), "int32", ("left", "right")),
    "StringLookup": Case({"vocabulary": WORDS}, (5,), "string"),
    "TextVectorization": Case({"vocabulary": WORDS, "output_sequence_length": 4}, (1,), "string"),
    "Discretization": Case({"bin_boundaries": (0.2, 0.5, 0.8)}, (5,)),
    "Normalization": Case({"mean": 0.5, "variance": 0.25}, (6,)),
}
# Cells take a state besides their input: they stand in an RNN.
CELLS = ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells")


def cases(entry: ClassEntry) -> list[tuple[Case, AnyNode]]:
    """What to try for a class, the first that is described counts."""
    if entry.name in CELLS:
        cell = ObjectSpec(entry.name, params_of(new_node(entry)))
        return [(Case(shape=(6, 4)), Layer(id="it", class_name="RNN", params={"cell": cell}))]
    node = msgspec.structs.replace(new_node(entry), id="it")
    sample = SAMPLES.get(entry.name)
    if sample is not None:
        return [(sample, with_params(node, {**params_of(node), **(sample.params or {})}))]
    made: AnyNode = node
    if entry.merges and isinstance(node, Layer):
        sides = (Block(id="one"), Block(id="two"))
        made = Branches(id="it", branches=sides, merge=ObjectSpec(entry.name, node.params))
    return [(Case(shape=shape), made) for shape in SHAPES]


def network(case: Case, node: AnyNode) -> Project:
    """The layer between an input of its type and a head that gives one number."""
    entry: tuple[AnyNode, ...] = ()
    if case.inputs:
        entry = tuple(Input(id=name, dtype=case.dtype) for name in case.inputs)
        node = msgspec.structs.replace(node, inputs=case.inputs)
    elif case.dtype != "float32":
        entry = (Input(id="in", dtype=case.dtype),)
    head = (
        Layer(id="number", class_name="Rescaling", params={"scale": 1.0}),
        Layer(id="flat", class_name="Flatten"),
        Layer(id="end", class_name="Dense", params={"units": 1}),
    )
    return Project(model=ModelTree((*entry, node, *head)))


def arrays(case: Case, shape: tuple[int, ...]) -> Any:
    """One batch for each input."""
    if case.inputs:
        return [_batch(case, shape) for _ in case.inputs]
    return _batch(case, shape)


def _batch(case: Case, shape: tuple[int, ...]) -> Any:
    rng = np.random.default_rng(0)
    if case.dtype == "string":
        return keras.ops.convert_to_tensor(rng.choice(["a", "b", "d"], (4, *shape)))
    if case.dtype == "int32":
        return rng.integers(1, 4, (4, *shape)).astype("int32")
    return rng.random((4, *shape)).astype("float32")


def data_of(case: Case) -> DatasetInfo:
    assert case.shape is not None
    data = info(shape=case.shape, task="regression")
    whole = {"integer_input": True, "input_low": 1.0, "input_high": 3.0, "scaling": "none"}
    return msgspec.structs.replace(data, **whole) if case.dtype == "int32" else data


def outcome(entry: ClassEntry, folder: Path) -> tuple[str, str]:
    """The shape that was used with the parameters that the layer has, and where it failed, empty for nowhere."""
    told = ""
    for case, node in cases(entry):
        assert case.shape is not None
        data, made = data_of(case), network(case, node)
        summary = describe(made, data)
        wrong = [each.message for each in find_problems(made, data, summary, 2**40) if each.node_id == "it"]
        if summary.error is None and not wrong:
            return f"{case.shape}, {summary.total_params:,}", _the_rest(case, made, data, summary.total_params, folder)
        told = told or f"described: {summary.error.message if summary.error else wrong[0]}"
    return "", told


def _the_rest(case: Case, made: Project, data: DatasetInfo, params: int, folder: Path) -> str:
    assert case.shape is not None
    x, y = arrays(case, case.shape), np.ones((4, 1), np.float32)
    try:
        model = build_model(made, data, seed=1)
    except BuildError as error:
        return f"built: {error}"
    steps: dict[str, Callable[[], bool]] = {
        "built": lambda: model.count_params() == params,
        "trained": lambda: _trained(model, x, y),
        "saved and opened": lambda: _saved(model, made, folder, x),
        "script": lambda: _scripted(model, made, data, x),
    }
    for name, step in steps.items():
        try:
            if not step():
                return f"{name}: not the same"
        except Exception as error:  # noqa: BLE001 - what went wrong stands in the table
            return f"{name}: {type(error).__name__}: {str(error)[-200:]}"
    return ""


def _trained(model: Any, x: Any, y: Any) -> bool:
    model.compile(keras.optimizers.SGD(0.01), "mse", jit_compile=False)
    return bool(np.isfinite(model.train_on_batch(x, y)))


def _saved(model: Any, made: Project, folder: Path, x: Any) -> bool:
    save_model(model, made, folder / "it.keras")
    again = keras.saving.load_model(folder / "it.keras", safe_mode=True)
    return np.array_equal(_said(model, x), _said(again, x), equal_nan=True)


def _scripted(model: Any, made: Project, data: DatasetInfo, x: Any) -> bool:
    keras.utils.set_random_seed(1)
    scope: dict[str, Any] = {"keras": keras}
    exec("\n".join(model_lines(made, data, describe(made, data))), scope)
    scope["model"].set_weights(model.get_weights())
    return np.array_equal(_said(model, x), _said(scope["model"], x), equal_nan=True)


def _said(model: Any, x: Any) -> Any:
    return keras.ops.convert_to_numpy(model(x, training=False))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("ignore:.*does not support masking:UserWarning")  # the mask that Masking makes ends here
def test_that_every_layer_is_built_trained_saved_opened_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = load_catalogue().of("layers")
    table = {}
    for entry in entries:
        table[entry.name] = outcome(entry, tmp_path)
        keras.backend.clear_session()
    with capsys.disabled():
        print(f"\n{len(table)} layers\n{'layer':28} {'input, parameters':32} outcome")  # noqa: T201
        for name, (what, failed) in table.items():
            print(f"{name:28} {what:32} {failed or 'ok'}")  # noqa: T201
    assert {name: failed for name, (_, failed) in table.items() if failed} == {}


def test_that_the_samples_are_of_layers_that_there_are() -> None:
    names = {entry.name for entry in load_catalogue().of("layers")}
    assert set(SAMPLES) | set(CELLS) <= names
    assert isinstance(cases(load_catalogue().entry("layers", "Bidirectional"))[0][1], Wrapper)
