"""Plans: the ways in which a chunk of batches can be trained, all over Keras' own `train_step`.

What costs time in `fit` on small networks is Python between the batches. Here one call of a TensorFlow function trains
a whole chunk: it gathers each batch by index from data held as tensors and returns every batch's loss.
"""

from collections.abc import Callable
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.engine.training.order import epoch_order

Kind: TypeAlias = Literal["graph", "xla", "keras"]
Losses: TypeAlias = NDArray[np.float32]

# The vector of losses that a chunk returns has this fixed length, as XLA needs; a chunk may be any shorter.
LONGEST_CHUNK = 1024


class Feed(Protocol):
    """What a training takes its samples from. `x` and `y` are some of them, `samples` how many an epoch has."""

    x: Any
    y: Any
    samples: int

    def begin(self, seed: int, epoch: int, shuffle: bool) -> None:
        """From now on the samples come in the order of this epoch."""
        ...

    def reach(self, first: int) -> int:
        """How many samples of the epoch from `first` on can be had in one chunk."""
        ...

    def chunk(self, first: int, count: int) -> tuple[Any, Any, Any, int]:
        """Inputs and targets that hold `count` samples of the epoch from `first` on, the order to take them in, and
        where in it they begin. The shapes are always the same, as XLA needs."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


class Data:
    """Inputs and targets of one part, held as tensors; the first axis is the sample."""

    def __init__(self, x: Any, y: Any, samples: int) -> None:
        self.x = x
        self.y = y
        self.samples = samples
        self._order = tf.range(samples, dtype=tf.int32)

    @classmethod
    def of(cls, x: NDArray[Any], y: NDArray[Any]) -> "Data":
        """Hold arrays as tensors."""
        return cls(tf.constant(x), tf.constant(y), len(x))

    def begin(self, seed: int, epoch: int, shuffle: bool) -> None:
        """From now on the samples come in the order of this epoch."""
        self._order = tf.constant(epoch_order(seed, epoch, self.samples, shuffle))

    def reach(self, first: int) -> int:
        """All that follow."""
        return self.samples - first

    def chunk(self, first: int, count: int) -> tuple[Any, Any, Any, int]:
        """All samples and their order; where in it the chunk begins."""
        return self.x, self.y, self._order, first

    def close(self) -> None:
        """Nothing is left open."""


def batches(samples: int, batch: int) -> int:
    """How many batches an epoch has, the last partial one included."""
    return -(-samples // batch)


class _LossKept:
    """Keeps what `compute_loss` gave in the last step: Keras itself only returns the epoch's running mean."""

    def __init__(self, model: Any, step: str) -> None:
        self._model = model
        self._step = getattr(model, step)

    def __call__(self, x: Any, y: Any) -> Any:
        kept: list[Any] = []
        compute_loss = self._model.compute_loss

        def keep(*args: Any, **kwargs: Any) -> Any:
            kept.append(compute_loss(*args, **kwargs))
            return kept[-1]

        self._model.compute_loss = keep
        try:
            self._step((x, y))
        finally:
            del self._model.compute_loss
        return tf.cast(kept[-1], tf.float32)


def chunk_function(model: Any, step: str, *, xla_batch: int | None = None) -> Callable[..., Any]:
    """A TensorFlow function (x, y, order, first, count, batch) -> (losses (LONGEST_CHUNK,), metrics so far).

    It runs `count` steps of the model's `step` on batches of `batch` samples, the first of which begins at position
    `first` of `order`. The size of a batch stays unknown while tracing, as it is in `fit`: with a known one TensorFlow
    simplifies divisions and the last bit differs. XLA needs a known size, `xla_batch`.
    """
    one = _LossKept(model, step)

    def run(x: Any, y: Any, order: Any, first: Any, count: Any, batch: Any) -> Any:
        size = batch if xla_batch is None else xla_batch

        def chosen_samples(number: Any) -> Any:
            start = first + number * size
            # XLA takes the beginning of a slice for a constant, and would compile anew for each place of the epoch.
            return tf.slice(order, [start], [size]) if xla_batch is None else tf.gather(order, start + tf.range(size))

        def body(number: Any, losses: Any) -> Any:
            chosen = chosen_samples(number)
            loss = one(tf.gather(x, chosen), tf.gather(y, chosen))
            return number + 1, tf.tensor_scatter_nd_update(losses, [[number]], [loss])

        start = (tf.constant(0), tf.zeros((LONGEST_CHUNK,), tf.float32))
        _, losses = tf.while_loop(lambda number, _: number < count, body, start)
        return losses, model.get_metrics_result()

    return tf.function(run, jit_compile=xla_batch is not None, autograph=False)  # type: ignore[no-any-return]


class StepRunner:
    """Runs chunks of `train_step` or `test_step` over data in a given order, the partial last batch included.

    With `xla` only full batches are compiled: one partial batch an epoch is not worth a second compilation.
    """

    def __init__(self, model: Any, data: Feed, batch: int, step: str, kind: Kind) -> None:
        self.data = data
        self.batch = batch
        self.kind = kind
        self.batches = batches(data.samples, batch)
        self._full = data.samples // batch
        self._model = model
        self._step = step
        self._functions: dict[bool, Callable[..., Any]] = {}

    def run(self, first: int, count: int) -> tuple[Losses, dict[str, float]]:
        """Run `count` batches from batch `first` of the epoch on: each one's true loss, and Keras' running metrics."""
        last = min(first + count, self.batches)
        parts: list[Losses] = []
        metrics: dict[str, Any] = {}
        while first < last:
            full = first < self._full
            size = self.batch if full else self.data.samples % self.batch
            within = self.data.reach(first * self.batch) // self.batch
            steps = min(last - first, LONGEST_CHUNK, self._full - first, within) if full else 1
            losses, metrics = self._call(size, first * self.batch, steps)
            parts.append(losses)
            first += steps
        return np.concatenate(parts), {name: float(value) for name, value in metrics.items()}

    def trace(self) -> Any:
        """Trace the function for full batches and return its concrete graph."""
        return self._function(self.batch).get_concrete_function(*self._arguments(self.batch, 0, 0))  # type: ignore[attr-defined]

    def compile(self) -> None:
        """Make the function for full batches ready without training anything."""
        self._call(self.batch, 0, 0)

    def warm_up(self) -> None:
        """Make everything ready, so that no step of the training waits for a trace."""
        for size in {self.batch if self._full else 0, self.data.samples % self.batch} - {0}:
            self._call(size, 0, 0)

    def _call(self, size: int, first: int, steps: int) -> tuple[Losses, dict[str, Any]]:
        losses, metrics = self._function(size)(*self._arguments(size, first, steps))
        return losses.numpy()[:steps], metrics

    def _arguments(self, size: int, first: int, steps: int) -> tuple[Any, ...]:
        x, y, order, start = self.data.chunk(first, steps * size)
        return x, y, order, tf.constant(start), tf.constant(steps), tf.constant(size)

    def _function(self, size: int) -> Callable[..., Any]:
        xla = self.kind == "xla" and size == self.batch
        if xla not in self._functions:
            self._functions[xla] = chunk_function(self._model, self._step, xla_batch=size if xla else None)
        return self._functions[xla]


class KerasRunner(StepRunner):
    """One step at a time, for networks whose chunk TensorFlow cannot trace."""

    def compile(self) -> None:
        """Nothing to make ready."""

    def warm_up(self) -> None:
        """Nothing to make ready."""

    def _call(self, size: int, first: int, steps: int) -> tuple[Losses, dict[str, Any]]:
        one = _LossKept(self._model, self._step)
        losses = np.empty(steps, np.float32)
        x, y, order, start = self.data.chunk(first, steps * size)
        for number in range(steps):
            chosen = order[start + number * size : start + (number + 1) * size]
            losses[number] = float(one(tf.gather(x, chosen), tf.gather(y, chosen)))
        return losses, self._model.get_metrics_result()


def runner(model: Any, data: Feed, batch: int, step: str, kind: Kind) -> StepRunner:
    """The runner of a plan; `step` is "train_step" or "test_step"."""
    return (KerasRunner if kind == "keras" else StepRunner)(model, data, batch, step, kind)


def prepare(model: Any, data: Feed, batch: int) -> None:
    """Make the variables of optimizer, loss and metrics, as `fit` does before its first step."""
    count = min(batch, data.samples)
    model._symbolic_build(data_batch=(data.x[:count], data.y[:count]))
