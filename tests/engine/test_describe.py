"""The summary of a network: Keras' own numbers, without its memory."""

import math
import random
import resource
import sys
import threading

import keras
import numpy as np
import pytest
from networks import HUGE, frozen, info, layer, project, resnet50, vgg16, wrapper

from workbench.domain.catalogue import ClassEntry, load_catalogue
from workbench.domain.dataset import DatasetInfo
from workbench.domain.project import Project
from workbench.domain.summary import ModelSummary
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import AnyNode, Block, Branches, Input, Layer, Repeat, Residual, Shared, Wrapper
from workbench.domain.values import ObjectSpec
from workbench.engine.build import build_model
from workbench.engine.describe import LARGEST, describe

RANKS: dict[int, tuple[int, ...]] = {
    2: (48,),
    3: (16, 8),
    4: (12, 12, 3),
    5: (8, 8, 8, 3),
    6: (4, 8, 8, 8, 3),
}
# Layers whose defaults ask for more than these small inputs: shape and dtype of one that suits them.
SHAPES = {
    "GroupNormalization": (12, 32),
    "HashedCrossing": (1,),
    "STFTSpectrogram": (2048, 1),
    "MelSpectrogram": (4096,),
    "TextVectorization": (1,),
}
DTYPES = {"TextVectorization": "string", "StringLookup": "string", "HashedCrossing": "int32", "Hashing": "int32"}
USABLE = [entry for entry in load_catalogue().of("layers") if entry.group != "Recurrent cells"]


def agrees(made: Project, data: DatasetInfo) -> ModelSummary:
    """The summary, after comparing all its numbers with the real model's."""
    summary = describe(made, data)
    assert summary.error is None, summary.error
    model = build_model(made, data)
    assert summary.total_params == model.count_params()
    assert summary.trainable_params == sum(math.prod(weight.shape) for weight in model.trainable_weights)
    assert summary.non_trainable_params == summary.total_params - summary.trainable_params
    assert summary.param_bytes == sum(np.asarray(weight).nbytes for weight in model.weights)
    assert summary.output_shape == tuple(model.outputs[0].shape[1:])
    by_name = {one.name: one for one in model.layers}
    for told in summary.layers:
        if not isinstance(by_name.get(told.name), keras.layers.InputLayer) and told.name in by_name:
            real = by_name[told.name]
            assert told.params == real.count_params()
            assert told.trainable_params == sum(math.prod(weight.shape) for weight in real.trainable_weights)
            output = real.output[0] if isinstance(real.output, (list, tuple)) else real.output
            assert told.output_shape == tuple(output.shape[1:])
    return summary


def small_cnn() -> list[AnyNode]:
    return [
        layer("Conv2D", filters=8, kernel_size=3, activation="relu"),
        layer("BatchNormalization"),
        layer("SeparableConv2D", filters=12, kernel_size=3, padding="same"),
        layer("DepthwiseConv2D", kernel_size=3, strides=2),
        layer("MaxPooling2D", pool_size=2),
        layer("Flatten"),
        layer("Dropout", rate=0.3),
        layer("Dense", units=10, activation="softmax"),
    ]


NETWORKS: dict[str, tuple[list[AnyNode], DatasetInfo]] = {
    "cnn": (small_cnn(), info()),
    "frozen block": ([Block(id="b", trainable=False, children=tuple(small_cnn()[:5])), *small_cnn()[5:]], info()),
    "frozen normalisation": ([frozen("BatchNormalization"), layer("Flatten"), layer("Dense", units=2)], info()),
    "recurrent": ([layer("LSTM", units=7, return_sequences=True), layer("GRU", units=5)], info((9, 4))),
    "bidirectional": ([wrapper("Bidirectional", layer("LSTM", units=6)), layer("Dense", units=3)], info((9, 4))),
    "frozen inside": ([wrapper("TimeDistributed", frozen("Dense", units=6)), layer("LSTM", units=3)], info((9, 4))),
    "spectral": ([wrapper("SpectralNormalization", layer("Dense", units=6))], info((4,))),
    "transformer": (
        [
            Residual(id="r", children=(layer("MultiHeadAttention", num_heads=2, key_dim=3),)),
            layer("LayerNormalization"),
            Residual(id="s", children=(layer("Dense", units=16, activation="gelu"), layer("Dense", units=8))),
            layer("GlobalAveragePooling1D"),
        ],
        info((9, 8)),
    ),
    "words": (
        [layer("Embedding", input_dim=50, output_dim=8, mask_zero=True), layer("LSTM", units=4)],
        info((12,)),
    ),
    "branches": (
        [
            Branches(
                id="br",
                branches=(
                    Block(id="l", children=(layer("Conv2D", filters=4, kernel_size=1),)),
                    Block(id="m", children=(layer("Conv2D", filters=6, kernel_size=3, padding="same"),)),
                ),
            ),
            Repeat(id="rep", times=3, children=(layer("Conv2D", filters=10, kernel_size=3, padding="same"),)),
        ],
        info(),
    ),
    "free axes": (
        [Input(id="i", shape=(None, None, 3)), layer("Conv2D", filters=4, kernel_size=3), layer("UpSampling2D")],
        info(),
    ),
    "several states": ([layer("LSTM", units=4, return_state=True), layer("Dense", units=2)], info((5, 3))),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_that_all_numbers_are_those_of_keras(name: str) -> None:
    nodes, data = NETWORKS[name]
    agrees(project(*nodes), data)


def with_one_layer(entry: ClassEntry) -> tuple[Project, DatasetInfo]:
    params = {param.name: param.default for param in entry.params if param.required}
    rank = 3 if entry.call in ("pair", "pair_list") else entry.ranks[0] if entry.ranks else 2
    shape = SHAPES.get(entry.name, RANKS[rank])
    node: AnyNode
    if entry.wraps:
        child = layer("LSTM", units=4) if entry.name == "Bidirectional" else layer("Dense", units=4)
        node = Wrapper(id="node", class_name=entry.name, child=child, params=params)
    else:
        inputs = ("in", "in") if entry.merges else ()
        node = Layer(id="node", class_name=entry.name, params=params, inputs=inputs)
    return project(Input(id="in", shape=shape, dtype=DTYPES.get(entry.name)), node), info(shape)


@pytest.mark.parametrize("entry", USABLE, ids=lambda entry: entry.name)
def test_that_every_layer_of_the_palette_is_described_and_built_alike(entry: ClassEntry) -> None:
    made, data = with_one_layer(entry)
    agrees(made, data)


def test_that_a_shared_layer_counts_once_and_must_fit_both_inputs() -> None:
    dense = layer("Dense", units=5)
    summary = describe(project(dense, Shared(id="again", layer=dense.id)), info((5,)))
    assert [told.params for told in summary.layers] == [30, 0]
    assert summary.total_params == 30
    summary = describe(project(dense, layer("Dense", units=9), Shared(id="again", layer=dense.id)), info((5,)))
    assert summary.error is not None
    assert summary.error.node_id == "again"
    assert "9" in summary.error.message


def test_that_layers_up_to_an_error_are_described_and_the_error_is_at_its_node() -> None:
    bad = layer("Conv2D", filters=2, kernel_size=3)
    summary = describe(project(layer("Flatten"), layer("Dense", units=4), bad, layer("Dense", units=2)), info())
    assert [told.output_shape for told in summary.layers] == [(784,), (4,)]
    assert summary.error is not None
    assert (summary.error.node_id, summary.error.input_shape) == (bad.id, (4,))
    assert "expected min_ndim=4" in summary.error.message
    assert "'None'" not in summary.error.message
    assert summary.output_shape is None
    assert summary.total_params == 784 * 4 + 4


def test_that_what_does_not_depend_on_an_error_is_still_described() -> None:
    bad = Block(id="l", children=(layer("Conv2D", filters=2, kernel_size=3),))
    good = Block(id="m", children=(layer("Dense", units=6),))
    summary = describe(project(Branches(id="b", branches=(bad, good))), info((5,)))
    assert summary.error is not None
    assert [told.class_name for told in summary.layers] == ["Dense"]


def test_that_a_tree_that_cannot_be_laid_out_is_an_error_at_its_node() -> None:
    summary = describe(project(Layer(id="x", class_name="Dense", params={"units": 2}, inputs=("gone",))), info((5,)))
    assert summary.error is not None
    assert summary.error.node_id == "x"


def test_that_an_empty_tree_has_a_summary() -> None:
    summary = describe(project(), info())
    assert (summary.total_params, summary.layers) == (0, ())


@pytest.mark.parametrize("name", HUGE)
def test_that_a_size_which_fits_nowhere_comes_back_as_numbers_without_being_allocated(name: str) -> None:
    nodes, data = HUGE[name]
    describe(project(layer("Flatten"), layer("Dense", units=3)), data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    summary = describe(project(*nodes), data)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    assert summary.error is None, summary.error
    assert summary.peak_bytes > 10**11
    assert summary.peak_bytes <= LARGEST
    assert grown < 100 * 2**20


def test_that_the_parameters_of_a_huge_layer_are_counted_exactly() -> None:
    summary = describe(project(layer("Flatten"), layer("Dense", units=10**12)), info())
    assert summary.total_params == 785 * 10**12
    assert summary.param_bytes == 4 * summary.total_params
    assert summary.layers[-1].output_shape == (10**12,)


def test_that_memory_is_predicted_from_weights_gradients_slots_and_activations() -> None:
    nodes = [layer("Dense", units=1000), layer("Dense", units=10)]
    adam = describe(project(*nodes, training=TrainingSpec(optimizer=ObjectSpec("Adam"))), info((1000,)))
    sgd = describe(project(*nodes, training=TrainingSpec(optimizer=ObjectSpec("SGD"))), info((1000,)))
    assert adam.peak_bytes - sgd.peak_bytes == 2 * adam.param_bytes
    assert sgd.peak_bytes > 2 * sgd.param_bytes
    small = TrainingSpec(optimizer=ObjectSpec("SGD"), batch_size=1)
    large = TrainingSpec(optimizer=ObjectSpec("SGD"), batch_size=1001)
    grown = describe(project(*nodes, training=large), info((1000,))).peak_bytes
    assert grown - describe(project(*nodes, training=small), info((1000,))).peak_bytes >= 1000 * 4 * 2010


@pytest.mark.parametrize("entry", load_catalogue().of("optimizers"), ids=lambda entry: entry.name)
def test_that_memory_is_predicted_for_every_optimizer(entry: ClassEntry) -> None:
    params = {param.name: param.default for param in entry.params if param.required}
    training = TrainingSpec(optimizer=ObjectSpec(entry.name, params))
    summary = describe(project(layer("Dense", units=64), training=training), info((64,)))
    assert summary.peak_bytes >= 2 * summary.param_bytes


@pytest.mark.parametrize(
    ("loss", "units", "target", "labels", "fits"),
    [
        ("SparseCategoricalCrossentropy", 10, (), "integer", True),
        ("CategoricalCrossentropy", 10, (10,), "one_hot", True),
        ("CategoricalCrossentropy", 10, (), "integer", False),
        ("CategoricalCrossentropy", 9, (10,), "one_hot", False),
        ("SparseCategoricalCrossentropy", 10, (10,), "one_hot", False),
        ("MeanSquaredError", 1, (), "number", True),
        ("MeanSquaredError", 3, (2,), "number", False),
        ("BinaryCrossentropy", 1, (), "integer", True),
    ],
)
def test_that_a_loss_that_cannot_take_the_labels_is_told_without_data(
    loss: str, units: int, target: tuple[int, ...], labels: str, fits: bool
) -> None:
    made = project(layer("Dense", units=units), training=TrainingSpec(loss=ObjectSpec(loss)))
    told = describe(made, info((4,), target, labels)).loss_error
    assert (told is None) is fits, told
    if told is not None:
        assert "Compare" not in told
        assert "compute_output_spec" not in told


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        (ObjectSpec("SparseCategoricalAccuracy"), None),
        (ObjectSpec("MeanAbsoluteError"), None),
        (ObjectSpec("F1Score"), "expects 2D inputs"),
        (ObjectSpec("Nothing"), "There is no metric called"),
    ],
)
def test_that_a_metric_that_cannot_take_the_labels_is_told_without_data(metric: ObjectSpec, words: str | None) -> None:
    made = project(layer("Dense", units=10), training=TrainingSpec(metrics=(metric,)))
    told = describe(made, info((4,))).training_error
    assert (told is None) if words is None else (words in (told or "")), told


def test_that_a_wrong_optimizer_is_told() -> None:
    training = TrainingSpec(optimizer=ObjectSpec("Adam", {"learning_rate": "fast"}))
    told = describe(project(layer("Dense", units=10), training=training), info((4,))).training_error
    assert told == "learning_rate of Adam cannot be 'fast'; it takes a number or a schedule."


def test_that_describing_leaves_random_numbers_as_they_were() -> None:
    keras.utils.set_random_seed(1)
    state = random.getstate()
    describe(project(layer("Dense", units=next(fresh)), layer("Dropout", rate=0.5)), info((5,)))
    assert random.getstate() == state


def test_that_an_ordinary_scope_afterwards_initialises_nothing_of_ours() -> None:
    """Keras would allocate every variable of the description there."""
    describe(project(layer("Flatten"), layer("Dense", units=10**9 + next(fresh))), info())
    with keras.StatelessScope():
        pass


def test_that_describing_works_while_another_thread_trains() -> None:
    made = project(layer("Dense", units=16, activation="relu"), layer("Dense", units=1))
    data = info((8,), (), "number", "regression")
    model = build_model(made, data, seed=1)
    model.compile("adam", "mse")
    x = np.random.default_rng(0).random((512, 8), dtype="float32")
    done = threading.Event()

    def train() -> None:
        model.fit(x, x[:, 0], epochs=8, verbose=0)
        done.set()

    thread = threading.Thread(target=train)
    thread.start()
    described = 0
    while not done.is_set() or not described:
        summary = describe(project(*small_cnn()[:-1], layer("Dense", units=10 + next(fresh))), info())
        assert summary.error is None
        described += 1
    thread.join()
    assert np.isfinite(model.evaluate(x, x[:, 0], verbose=0))


fresh = iter(range(2, 10**6))


def test_that_resnet50_has_the_parameters_that_keras_says() -> None:
    summary = describe(project(*resnet50()), info((224, 224, 3)))
    assert summary.error is None
    assert summary.total_params == 25_636_712
    assert summary.trainable_params == 25_583_592


def test_that_vgg16_has_the_parameters_that_keras_says() -> None:
    summary = describe(project(*vgg16()), info((224, 224, 3)))
    assert summary.total_params == 138_357_544


def test_that_a_metric_of_endless_size_is_refused_at_once() -> None:
    training = TrainingSpec(metrics=(ObjectSpec("AUC", {"num_thresholds": 10**9}),))
    told = describe(project(layer("Dense", units=10), training=training), info((4,))).training_error
    assert told is not None
    assert "num_thresholds of AUC is 1,000,000,000; at most" in told


def test_that_a_batch_counts_no_more_samples_than_there_are() -> None:
    small, huge = (
        describe(project(layer("Dense", units=10), training=TrainingSpec(batch_size=size)), info((4,))).peak_bytes
        for size in (10**4, 10**12)
    )
    assert small == huge
