"""What is done with a part to see whether it works: built, called, trained on where it can, saved and opened again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.trust import allowed_here
from workbench.domain.values import ObjectSpec
from workbench.engine.errors import EngineError
from workbench.engine.objects import BuildError, make
from workbench.engine.parts.scope import own_parts, tell_keras
from workbench.engine.parts.trial_child import Order

BATCH = 4
_SHAPES: tuple[tuple[int, ...], ...] = ((8,), (12, 12, 3), (10, 6))
_MANY = 1 << 22
_SAME = "same outputs"


@dataclass
class Findings:
    """What was found so far; `going` tells what is done next."""

    tell: Callable[[str, dict[str, str]], None]
    facts: dict[str, str] = field(default_factory=dict)

    def going(self, text: str) -> None:
        """Say what is done next."""
        self.tell(text, self.facts)


def try_in(order: Order, folder: Path, found: Findings) -> None:
    """Try the part, with files in a folder. Raises what it raises, and BuildError where something does not fit."""
    spec = ObjectSpec(order.name, order.params)
    # Named as a callback, it counts as used, whatever it is.
    project = Project(parts=order.parts, training=TrainingSpec(callbacks=(spec,)))
    with allowed_here(), own_parts(project, None) as own:
        tell_keras()
        key = (order.category, order.name)
        if key in own.refusals:
            raise BuildError("", own.refusals[key])
        found.going("Making it")
        made = make(order.category, spec)
        if order.category == "layers":
            _try_layer(order, made, folder, found)
        else:
            _TRIALS[order.category](made, folder, found)


def _try_layer(order: Order, layer: Any, folder: Path, found: Findings) -> None:
    given = tuple(size or 4 for size in order.shape) if order.shape is not None else None
    if given is not None and int(np.prod(given)) > _MANY:
        given = None
    shape, model = _built(order, layer, (given,) if given is not None else _SHAPES)
    found.facts["Input"] = _shown(shape)
    found.facts["Output"] = ", ".join(_shown(tuple(output.shape[1:])) for output in model.outputs)
    trained = sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)
    found.facts["Parameters"] = _counts(layer.count_params(), trained)
    found.going("Calling it")
    x = [np.random.default_rng(0).random((BATCH, *shape), np.float32) for _ in model.inputs]
    outputs = _answers(model, x)
    in_training = keras.tree.flatten(model([keras.ops.convert_to_tensor(each) for each in x], training=True))
    differs = any(not np.array_equal(np.asarray(one), two) for one, two in zip(in_training, outputs, strict=True))
    found.facts["In training"] = "gives something else" if differs else "gives the same"
    _check_saved(model, x, outputs, folder, found)


def _counts(all_of_them: int, trained: int) -> str:
    return (
        f"{all_of_them:,}, all trained" if trained == all_of_them else f"{all_of_them:,}, {trained:,} of them trained"
    )


def _built(order: Order, layer: Any, shapes: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], Any]:
    """The first shape that the layer takes, and a model of it alone."""
    failed: BaseException | None = None
    pair = _takes_pair(order)
    for shape in shapes:
        inputs = [keras.Input(shape) for _ in range(2 if pair else 1)]
        try:
            outputs = layer(*inputs)
        except Exception as error:  # noqa: BLE001 - the next shape may do; the first failure is told
            failed = failed or error
            layer = make("layers", ObjectSpec(order.name, order.params))
            continue
        return shape, keras.Model(inputs, outputs)
    assert failed is not None
    raise failed


def _takes_pair(order: Order) -> bool:
    from workbench.domain.parts.read import read_parts

    part = read_parts(order.parts).find("layers", order.name)
    return part is not None and part.entry.call == "pair"


def _try_activation(function: Any, folder: Path, found: Findings) -> None:
    x = np.linspace(-2.0, 2.0, 5, dtype=np.float32)
    found.going("Calling it")
    values = np.asarray(function(keras.ops.convert_to_tensor(x)))
    found.facts["From −2, −1, 0, 1, 2"] = _numbers(values)
    _check_in_network(found, folder, activation=function)


def _try_loss(loss: Any, folder: Path, found: Findings) -> None:
    random = np.random.default_rng(0)
    truth, given = random.random((BATCH, 3), np.float32), random.random((BATCH, 3), np.float32)
    found.going("Calling it")
    value = np.asarray(loss(truth, given))
    if value.shape != ():
        raise BuildError("", f"The loss gives {_shown(value.shape)} instead of one number. Let call give one a sample.")
    found.facts["For 4 random samples"] = _numbers(value)
    found.facts["Where all is right"] = _numbers(np.asarray(loss(truth, truth)))
    again = _again(loss)
    found.facts["Saved and opened"] = _agree(value, np.asarray(again(truth, given)))


def _try_metric(metric: Any, folder: Path, found: Findings) -> None:
    random = np.random.default_rng(0)
    batches = [(random.random((BATCH, 3), np.float32), random.random((BATCH, 3), np.float32)) for _ in range(2)]
    found.going("Calling it")

    def value(of: Any) -> Any:
        of.reset_state()
        for truth, given in batches:
            of.update_state(truth, given)
        return np.asarray(of.result())

    first = value(metric)
    found.facts["After two random batches"] = _numbers(first)
    found.facts["After a reset, once more"] = _agree(first, value(metric))
    found.facts["Saved and opened"] = _agree(first, value(_again(metric)))


def _try_initializer(initializer: Any, folder: Path, found: Findings) -> None:
    found.going("Calling it")
    values = np.asarray(initializer((8, 4), dtype="float32"))
    if values.shape != (8, 4):
        raise BuildError(
            "", f"Asked for 8 × 4 weights, it gives {_shown(values.shape)}. Give the shape that is asked for."
        )
    found.facts["Weights of 8 × 4"] = f"from {values.min():.4g} to {values.max():.4g}"
    _check_in_network(found, folder, kernel_initializer=initializer)


def _try_regularizer(regularizer: Any, folder: Path, found: Findings) -> None:
    weights = np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
    found.going("Calling it")
    value = np.asarray(regularizer(keras.ops.convert_to_tensor(weights)))
    if value.shape != ():
        raise BuildError("", f"It gives {_shown(value.shape)} instead of one number. Sum it up.")
    found.facts["For 8 × 4 random weights"] = _numbers(value)
    _check_in_network(found, folder, kernel_regularizer=regularizer)


def _try_constraint(constraint: Any, folder: Path, found: Findings) -> None:
    weights = np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32) * 3
    found.going("Calling it")
    values = np.asarray(constraint(keras.ops.convert_to_tensor(weights)))
    if values.shape != (8, 4):
        raise BuildError("", f"Given 8 × 4 weights, it gives {_shown(values.shape)}. Give back as many as it gets.")
    found.facts["Weights before"] = f"from {weights.min():.4g} to {weights.max():.4g}"
    found.facts["Weights after"] = f"from {values.min():.4g} to {values.max():.4g}"
    _check_in_network(found, folder, kernel_constraint=constraint)


def _try_callback(callback: Any, folder: Path, found: Findings) -> None:
    found.going("Training two epochs with it")
    x, y = np.random.default_rng(0).random((16, 4), np.float32), np.zeros((16, 1), np.float32)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(x, y, validation_data=(x, y), batch_size=4, epochs=2, verbose=0, callbacks=[callback])
    found.facts["Epochs trained"] = f"{len(history.epoch)} of 2"
    found.facts["Learning rate at the end"] = f"{float(model.optimizer.learning_rate):.4g}"


_TRIALS: dict[str, Callable[[Any, Path, Findings], None]] = {
    "activations": _try_activation,
    "losses": _try_loss,
    "metrics": _try_metric,
    "initializers": _try_initializer,
    "regularizers": _try_regularizer,
    "constraints": _try_constraint,
    "callbacks": _try_callback,
}


def _check_in_network(found: Findings, folder: Path, **params: Any) -> None:
    """Train a layer that has the part for one step, save it and open it again."""
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4, **params), keras.layers.Dense(1)])
    x, y = np.random.default_rng(0).random((BATCH, 8), np.float32), np.ones((BATCH, 1), np.float32)
    found.going("Training a step with it")
    model.compile("sgd", "mse")
    loss = model.train_on_batch(x, y)
    found.facts["Loss of a training step"] = _numbers(np.asarray(loss))
    _check_saved(model, [x], _answers(model, [x]), folder, found)


def _check_saved(model: Any, x: list[Any], outputs: list[Any], folder: Path, found: Findings) -> None:
    found.going("Saving and opening it")
    path = folder / "tried.keras"
    model.save(path)
    opened = keras.models.load_model(path, safe_mode=True)
    agree = all(np.array_equal(one, two) for one, two in zip(_answers(opened, x), outputs, strict=True))
    if not agree:
        raise BuildError("", "Saved and opened again it gives other outputs. Let get_config tell every argument.")
    found.facts["Saved and opened"] = _SAME


def _answers(model: Any, x: list[Any]) -> list[Any]:
    given = model.predict(x if len(x) > 1 else x[0], verbose=0)
    return [np.asarray(each) for each in keras.tree.flatten(given)]


def _again(made: Any) -> Any:
    return keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(made))


def _agree(first: Any, second: Any) -> str:
    if not np.array_equal(first, second):
        raise BuildError(
            "", f"It gives {_numbers(second)} instead of {_numbers(first)}. Let get_config tell every argument."
        )
    return _SAME


def _shown(shape: tuple[Any, ...]) -> str:
    return " × ".join("?" if size is None else str(size) for size in shape) or "one number"


def _numbers(values: Any) -> str:
    flat = np.asarray(values, np.float64).reshape(-1)[:8]
    if not np.isfinite(flat).all():
        raise EngineError("It gives values that are not numbers. Look for a division by zero or a logarithm of zero.")
    return ", ".join(f"{value:.4g}" for value in flat)
