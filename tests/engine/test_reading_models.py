"""Models that were made elsewhere become projects: the same graph, as many parameters, the same outputs to the bit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from keras import layers

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.reading import tree_of
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Block, Branches, Repeat, Residual, Shared, walk
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError
from workbench.engine.model_import import import_model
from workbench.engine.reading.files import read_model_file
from workbench.engine.reading.keras_model import Reading, ReadingError

pytestmark = pytest.mark.engine


def convolutions() -> Any:
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer=keras.regularizers.L2(0.001)),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(3, activation=layers.LeakyReLU(negative_slope=0.1)),
        ]
    )


def recurrent() -> Any:
    x = keras.Input((10,))
    h = layers.Embedding(50, 8, mask_zero=True)(x)
    h = layers.Bidirectional(layers.LSTM(6, return_sequences=True))(h)
    return keras.Model(x, layers.TimeDistributed(layers.Dense(3))(h))


def siamese() -> Any:
    encoder = keras.Sequential([keras.Input((6,)), layers.Dense(4, activation="relu"), layers.Dense(2)], name="encoder")
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    apart = layers.Subtract()([encoder(left), encoder(right)])
    return keras.Model([left, right], [layers.Dense(1)(apart), apart])


def attention() -> Any:
    x = keras.Input((5, 8))
    h = layers.LayerNormalization()(layers.MultiHeadAttention(2, 4)(x, x) + x)
    h = layers.MultiHeadAttention(1, 3)(h, h, use_causal_mask=True)
    h = layers.Attention()([h, h], use_causal_mask=True)
    h = layers.Rescaling(2.0)(h + 3.0) * 0.25
    return keras.Model(x, keras.ops.sigmoid(h))


def residual() -> Any:
    x = keras.Input((8, 8, 3))
    h = layers.Conv2D(3, 3, padding="same", name="block1_conv")(x)
    h = layers.BatchNormalization(name="block1_bn")(h)
    h = layers.Add(name="block1_add")([x, h])
    sides = [layers.Conv2D(2, size, padding="same")(h) for size in (1, 3, 5)]
    return keras.Model(x, layers.GlobalAveragePooling2D()(layers.Concatenate()(sides)))


def repeated() -> Any:
    x = keras.Input((8, 8, 3))
    h = x
    for _ in range(3):
        inner = layers.BatchNormalization()(layers.Conv2D(3, 3, padding="same")(h))
        h = layers.Add()([h, inner])
    h = layers.Flatten()(h)
    for _ in range(4):
        h = layers.Dense(5, activation="relu")(h)
    return keras.Model(x, h)


def growing() -> Any:
    x = keras.Input((8, 8, 3))
    h = x
    for filters in (4, 8, 16):
        for _ in range(3):
            h = layers.Conv2D(filters, 3, padding="same", activation="relu")(h)
        h = layers.MaxPooling2D()(layers.BatchNormalization()(h))
    return keras.Model(x, layers.Dense(2)(layers.Flatten()(h)))


def frozen() -> Any:
    model = convolutions()
    model.layers[0].trainable = False
    return model


MODELS: dict[str, Callable[[], Any]] = {
    made.__name__: made for made in (convolutions, recurrent, siamese, attention, residual, repeated, growing, frozen)
}
# The old format cannot hold the masks of `recurrent`, as Keras itself finds when it opens it.
CASES = [(name, "keras") for name in MODELS] + [
    (name, "h5") for name in MODELS if name not in ("recurrent", "attention")
]


def inputs_of(model: Any) -> Any:
    random = np.random.default_rng(0)
    arrays = [random.integers(0, 9, (4, *tensor.shape[1:])).astype("float32") for tensor in model.inputs]
    return arrays if len(arrays) > 1 else arrays[0]


@pytest.mark.filterwarnings("ignore:.*HDF5.*")
@pytest.mark.parametrize(("name", "ending"), CASES)
def test_that_an_imported_model_gives_the_same_to_the_bit(name: str, ending: str, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    model = MODELS[name]()
    path = tmp_path / f"{name}.{ending}"
    model.save(path)
    made = import_model(path, str(tmp_path / "project"))
    project, run = made.project, made.run
    folder = ProjectFolder(tmp_path / "project")
    ours = keras.models.load_model(folder.run_folder(run) / "model.keras")
    x = inputs_of(model)
    for got, expected in zip(
        keras.tree.flatten(ours.predict(x, verbose=0)), keras.tree.flatten(model.predict(x, verbose=0)), strict=True
    ):
        np.testing.assert_array_equal(got, expected)
    summary = describe(project, load_dataset(project.data).info)
    assert summary.error is None
    assert summary.total_params == model.count_params()
    assert summary.trainable_params == sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert folder.load() == project


def test_that_structure_is_recovered() -> None:
    tree, _ = tree_of(Reading(residual()).calls)
    block = next(node for node in tree.nodes if isinstance(node, Residual | Block) and "block1" in node.name)
    assert isinstance(block, Residual)
    assert [node.name for node in block.children] == ["block1_conv", "block1_bn"]
    assert sum(isinstance(node, Branches) for node in tree.nodes) == 1
    tree, _ = tree_of(Reading(siamese()).calls)
    assert sum(isinstance(node, Shared) for node in walk(tree.nodes)) == 2


def test_that_a_loop_comes_in_as_a_repeat_with_the_weights_of_all_rounds(tmp_path: Path) -> None:
    model = repeated()
    for place, layer in enumerate(model.layers):
        layer.set_weights([np.full(each.shape, 0.01 * place) for each in layer.get_weights()])
    model.save(tmp_path / "m.keras")
    made = import_model(tmp_path / "m.keras", str(tmp_path / "project"))
    repeats = [node for node in made.project.model.nodes if isinstance(node, Repeat)]
    assert [node.times for node in repeats] == [3, 4]
    ours = keras.models.load_model(ProjectFolder(tmp_path / "project").run_folder(made.run) / "model.keras")
    for one, other in zip(ours.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_that_stages_of_a_loop_with_growing_filters_are_one_repeat() -> None:
    tree, _ = tree_of(Reading(growing()).calls, repeats=True)
    stages = [node for node in tree.nodes if isinstance(node, Repeat)]
    assert [(node.times, node.grow) for node in stages] == [(3, "filters *2")]
    inner = [node for node in stages[0].children if isinstance(node, Repeat)]
    assert [(node.times, node.grow) for node in inner] == [(3, "")]


def test_that_an_architecture_has_no_weights_and_no_run(tmp_path: Path) -> None:
    model = residual()
    path = tmp_path / "net.json"
    path.write_text(model.to_json())
    made = import_model(path, str(tmp_path / "project"))
    project, run = made.project, made.run
    assert run == ""
    assert describe(project, load_dataset(project.data).info).total_params == model.count_params()
    assert ProjectFolder(tmp_path / "project").list_runs() == []


def test_that_the_data_that_fit_the_input_are_taken(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])
    (tmp_path / "m.json").write_text(model.to_json())
    made = import_model(tmp_path / "m.json", str(tmp_path / "p"))
    assert made.project.data.source.kind == "fashion_mnist"
    assert not made.has_data  # they stand in for data that the file does not name


KERAS_2 = {
    "class_name": "Sequential",
    "config": {
        "name": "sequential",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {"batch_input_shape": [None, 8], "dtype": "float32", "name": "dense_input", "sparse": False},
            },
            {
                "class_name": "Dense",
                "config": {
                    "name": "dense",
                    "trainable": True,
                    "dtype": "float32",
                    "batch_input_shape": [None, 8],
                    "units": 5,
                    "activation": "relu",
                    "use_bias": True,
                    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
                    "bias_initializer": {"class_name": "Zeros", "config": {}},
                },
            },
            {"class_name": "Dense", "config": {"name": "dense_1", "units": 2, "activation": "softmax"}},
        ],
    },
    "keras_version": "2.11.0",
    "backend": "tensorflow",
}


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
def test_that_an_architecture_of_keras_2_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(msgspec.json.encode(KERAS_2))
    project = import_model(path, str(tmp_path / "project")).project
    assert describe(project, load_dataset(project.data).info).total_params == 8 * 5 + 5 + 5 * 2 + 2


class Own(layers.Layer):
    def call(self, x: Any) -> Any:
        return x


def unreadable() -> dict[str, tuple[Any, str]]:
    x, mask = keras.Input((6, 4)), keras.Input((6,), dtype="bool")
    shared = layers.MultiHeadAttention(1, 2)
    return {
        "own": (keras.Model(x, Own()(x)), "“own” (Own) has no place in the tree"),
        "operation": (keras.Model(x, keras.ops.cumsum(x, axis=1)), "the operation Cumsum"),
        "mask": (keras.Model([x, mask], shared(x, x, query_mask=mask)), "called with query_mask"),
        "causal": (keras.Model(x, [shared(x, x), shared(x, x, use_causal_mask=True)]), "called in several ways"),
        "dtype": (keras.Model(x, layers.Dense(2, dtype="mixed_float16")(x)), "dtype=mixed_float16"),
    }


def test_that_what_a_tree_cannot_say_is_refused_with_all_reasons() -> None:
    for name, (model, words) in unreadable().items():
        with pytest.raises(ReadingError) as refused:
            Reading(model)
        assert words in str(refused.value), (name, str(refused.value))


def test_that_strange_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    lambda_layer = {"class_name": "Lambda", "config": {"function": "x"}}
    foreign = {"module": "os", "class_name": "system", "config": {}}
    cases: dict[str, tuple[bytes, str]] = {
        "empty.json": (b"", "is no JSON file"),
        "list.json": (b"[]", "describes no network"),
        "deep.json": (b'{"a": ' + b"[" * 90 + b"]" * 90 + b"}", "nested too deep"),
        "code.json": (msgspec.json.encode({"class_name": "Sequential", "config": {"layers": [lambda_layer]}}), "code"),
        "foreign.json": (msgspec.json.encode(foreign), "foreign module"),
        "empty.h5": (b"", "damaged or no HDF5"),
        "text.h5": (b"\x89HDF\r\n\x1a\n" + b"0" * 4000, "damaged or no HDF5"),
        "model.onnx": (b"", "is no model"),
    }
    for name, (content, words) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(EngineError, match=words):
            read_model_file(tmp_path / name)


@pytest.mark.filterwarnings("ignore:.*HDF5.*")
def test_that_an_absurd_size_is_refused_before_it_is_allocated(tmp_path: Path) -> None:
    import h5py

    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "r+") as file:
        config = msgspec.json.decode(file.attrs["model_config"])
        config["config"]["layers"][-1]["config"]["units"] = 10**9
        file.attrs["model_config"] = msgspec.json.encode(config).decode()
    with pytest.raises(EngineError, match="its network has 5,000,000,000 weights"):
        read_model_file(tmp_path / "m.h5")
    model.save_weights(tmp_path / "only.weights.h5")
    with pytest.raises(EngineError, match="only weights"):
        read_model_file(tmp_path / "only.weights.h5")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in vars(keras.applications) if name[0].isupper()])
def test_that_every_application_becomes_a_tree_with_as_many_parameters(name: str) -> None:
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None)
        calls = Reading(model).calls
    tree, _ = tree_of(calls)
    project = Project(model=tree)
    summary = describe(project, load_dataset(DatasetSpec(SourceSpec("digits"))).info)
    assert summary.error is None
    assert summary.total_params == model.count_params()
    layers_of_its_own = {each.name for each in model.layers if each.weights and not isinstance(each, keras.Model)}
    assert {step.name for step in layout(tree).steps} >= layers_of_its_own
