"""The project's own callbacks, called by the loop as Keras' `fit` calls them."""

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from workbench.domain.values import ObjectSpec
from workbench.engine.objects import BuildError, make
from workbench.engine.parts.scope import current

Logs: TypeAlias = dict[str, float]
State: TypeAlias = dict[str, Any]

_MOST_BYTES = 256 * 1024
_NOT_KEPT = frozenset({"model", "_model", "params", "validation_data"})
_TRAIN_HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")
_TEST_HOOKS = ("on_test_batch_begin", "on_test_batch_end")


class Callbacks:
    """Any number of callbacks of one training, called one after another. None at all is possible."""

    def __init__(self, made: Sequence[Any] = (), model: Any = None, steps: int = 0) -> None:
        self._made = tuple(made)
        self._model = model
        self._steps = steps
        self.of_train_batches = self._defines(_TRAIN_HOOKS)
        self.of_test_batches = self._defines(_TEST_HOOKS)

    @property
    def stop(self) -> bool:
        """Whether one of them asked to end the training."""
        return bool(self._made) and bool(self._model.stop_training)

    def begin(self, epochs: int, states: Sequence[State] = ()) -> None:
        """A training up to so many epochs begins, or goes on after another start: then with what they had noted."""
        if not self._made:
            return
        self._model.stop_training = False
        for callback in self._made:
            callback.set_params({"verbose": 0, "epochs": epochs, "steps": self._steps})
            callback.set_model(self._model)
        self.call("on_train_begin", {})
        if len(states) == len(self._made):
            for callback, state in zip(self._made, states, strict=True):
                vars(callback).update({name: value for name, value in state.items() if name not in _NOT_KEPT})

    def call(self, hook: str, *arguments: Any) -> None:
        """Call a hook of each, with logs of its own that it may change."""
        for callback in self._made:
            copied = [dict(each) if isinstance(each, dict) else each for each in arguments]
            getattr(callback, hook)(*copied)

    def states(self) -> tuple[State, ...]:
        """What each has noted in attributes that are plain values, so that it can go on after another start."""
        return tuple(_plain_attributes(callback) for callback in self._made)

    def _defines(self, hooks: Sequence[str]) -> bool:
        """Whether one of them does something at such a hook, which then has to be called for each batch."""
        import keras

        base = keras.callbacks.Callback
        return any(getattr(type(each), hook) is not getattr(base, hook) for each in self._made for hook in hooks)


def make_callbacks(specs: Sequence[ObjectSpec], model: Any, steps: int) -> Callbacks:
    """The callbacks of a training, which must be own parts that this thread knows. Raises BuildError."""
    own = current()
    for spec in specs:
        known = ("callbacks", spec.class_name)
        if known not in own.classes and known not in own.refusals:
            name = spec.class_name[:60]
            raise BuildError("", f"The project has no callback of its own called “{name}”. Remove it, or write it.")
    return Callbacks([make("callbacks", spec) for spec in specs], model, steps)


def _plain_attributes(callback: Any) -> State:
    found: State = {}
    for name, value in vars(callback).items():
        if name not in _NOT_KEPT and _is_plain(value) and len(msgspec.json.encode(value)) <= _MOST_BYTES:
            found[name] = value
    return found


def _is_plain(value: Any, depth: int = 0) -> bool:
    """Whether JSON gives the value back as it was."""
    if value is None or isinstance(value, bool | str):
        return True
    if isinstance(value, int | float) and not isinstance(value, bool):
        return type(value) in (int, float) and math.isfinite(value) and abs(value) < 2**63
    if isinstance(value, list) and depth < 8:
        return all(_is_plain(item, depth + 1) for item in value)
    if isinstance(value, dict) and depth < 8:
        return all(isinstance(key, str) and _is_plain(item, depth + 1) for key, item in value.items())
    return False
