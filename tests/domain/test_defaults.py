"""Which loss, metrics and batch size follow from the data and the last layer."""

import pytest
from samples_of_info import pictures, table

from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import default_monitor, resolve
from workbench.domain.ending import ending
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import AnyNode, Block, Layer, ModelTree
from workbench.domain.values import ObjectSpec


def dense(units: int, activation: object = None, node_id: str = "d") -> Layer:
    params = {"units": units} | ({} if activation is None else {"activation": activation})
    return Layer(id=node_id, class_name="Dense", params=params)  # type: ignore[arg-type]


def layer(class_name: str, **params: object) -> Layer:
    return Layer(id=class_name, class_name=class_name, params=params)  # type: ignore[arg-type]


def chosen(info: DatasetInfo, *nodes: AnyNode) -> tuple[str, bool, str]:
    """Name of the loss, whether from logits, and name of the first metric."""
    resolved = resolve(Project(model=ModelTree(nodes)), info)
    assert set(resolved.reasons) == {"optimizer", "loss", "metrics", "batch_size"}
    assert all(reason.endswith(".") for reason in resolved.reasons.values())
    loss = resolved.loss
    return loss.class_name, bool(loss.params.get("from_logits", False)), resolved.metrics[0].class_name


SPARSE, ONE_HOT = "SparseCategoricalCrossentropy", "CategoricalCrossentropy"
BINARY = table("binary", classes=2)


@pytest.mark.parametrize(
    ("info", "nodes", "expected"),
    [
        (pictures(), (dense(10, "softmax"),), (SPARSE, False, "SparseCategoricalAccuracy")),
        (pictures(), (dense(10),), (SPARSE, True, "SparseCategoricalAccuracy")),
        (pictures(), (dense(10, ObjectSpec("softmax")),), (SPARSE, False, "SparseCategoricalAccuracy")),
        (pictures(), (dense(10), layer("Softmax")), (SPARSE, False, "SparseCategoricalAccuracy")),
        (
            pictures(),
            (layer("Conv2D", filters=10), layer("GlobalAveragePooling2D"), layer("Activation", activation="softmax")),
            (SPARSE, False, "SparseCategoricalAccuracy"),
        ),
        (pictures(labels="one_hot"), (dense(10, "softmax"),), (ONE_HOT, False, "CategoricalAccuracy")),
        (pictures(labels="one_hot"), (dense(10),), (ONE_HOT, True, "CategoricalAccuracy")),
        (BINARY, (dense(1, "sigmoid"),), ("BinaryCrossentropy", False, "BinaryAccuracy")),
        (BINARY, (dense(1),), ("BinaryCrossentropy", True, "BinaryAccuracy")),
        (BINARY, (dense(2, "softmax"),), (SPARSE, False, "SparseCategoricalAccuracy")),
        (table("binary", classes=2, labels="one_hot"), (dense(2, "softmax"),), (ONE_HOT, False, "CategoricalAccuracy")),
        (table("regression"), (dense(1),), ("MeanSquaredError", False, "MeanAbsoluteError")),
        (pictures(), (), (SPARSE, False, "SparseCategoricalAccuracy")),
    ],
)
def test_that_the_loss_fits_labels_and_last_layer(
    info: DatasetInfo, nodes: tuple[AnyNode, ...], expected: tuple[str, bool, str]
) -> None:
    assert chosen(info, *nodes) == expected


def test_that_accuracy_is_called_accuracy_whatever_the_labels() -> None:
    for info, units in ((pictures(), 10), (pictures(labels="one_hot"), 10), (BINARY, 1)):
        resolved = resolve(Project(model=ModelTree((dense(units, "sigmoid"),))), info)
        assert resolved.metrics[0].params["name"] == "accuracy"


def test_that_accuracy_of_one_logit_is_cut_at_zero() -> None:
    resolved = resolve(Project(model=ModelTree((dense(1),))), BINARY)
    assert resolved.metrics[0].params["threshold"] == 0.0


def test_that_what_the_person_chose_stays_and_needs_no_reason() -> None:
    training = TrainingSpec(optimizer=ObjectSpec("SGD"), loss=ObjectSpec("Poisson"), metrics=(), batch_size=7)
    resolved = resolve(Project(training=training), pictures())
    assert (resolved.optimizer, resolved.loss, resolved.metrics, resolved.batch_size) == (
        training.optimizer,
        training.loss,
        (),
        7,
    )
    assert resolved.reasons == {}


@pytest.mark.parametrize(("samples", "batch_size"), [(20, 8), (105, 8), (309, 16), (398, 16), (1257, 32), (60000, 32)])
def test_that_few_samples_get_small_batches(samples: int, batch_size: int) -> None:
    assert resolve(Project(), table(train=samples)).batch_size == batch_size


def test_that_early_stopping_watches_what_is_there() -> None:
    assert default_monitor(pictures()) == "val_loss"
    assert default_monitor(pictures(sizes={"train": 10, "validation": 0, "test": 3})) == "loss"


def test_that_the_ending_is_found_inside_blocks_and_behind_dropout() -> None:
    tree = ModelTree((Block(id="b", children=(dense(3, "relu", "x"), layer("Dropout", rate=0.5))),))
    end = ending(tree)
    assert (end.units_id, end.units_param, end.units, end.activation, end.activation_id) == (
        "x",
        "units",
        3,
        "relu",
        "x",
    )
    assert [step.class_name for step in end.behind] == ["Dropout"]


def test_that_recurrent_layers_end_in_tanh() -> None:
    assert ending(ModelTree((layer("LSTM", units=4),))).activation == "tanh"


def test_that_a_broken_tree_has_no_known_ending() -> None:
    assert ending(ModelTree((Layer(id="a", class_name="Dense", inputs=("gone",)),))).units is None
