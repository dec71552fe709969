"""Plans: the ways in which a chunk of batches can be trained, all over Keras' own `train_step`.

What costs time in `fit` on small networks is Python between the batches. Here one call of a TensorFlow function trains
a whole chunk: it gathers each batch by index from data held as tensors and returns every batch's loss.
"""

from collections.abc import Callable
from typing import Any, Literal, Protocol, Self, TypeAlias

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.domain.dataset import HeadInfo, InputInfo
from workbench.engine.entries import Entries
from workbench.engine.targets import Targets
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

    @property
    def inputs(self) -> tuple[InputInfo, ...]:
        """The parts of a sample that the network can take by inputs of their own."""
        ...

    @property
    def heads(self) -> tuple[HeadInfo, ...]:
        """What of a target each output learns, empty where there is one for the whole."""
        ...

    def entries(self, model: Any) -> Callable[[Any], Any]:
        """What makes of samples what a network takes."""
        ...

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
    """Inputs and targets of one part, held as tensors; the first axis is the sample. `positions` (samples,) say which
    of them an epoch has, some several times; None: each once."""

    def __init__(
        self,
        x: Any,
        y: Any,
        samples: int,
        positions: NDArray[np.int32] | None = None,
        inputs: tuple[InputInfo, ...] = (),
        heads: tuple[HeadInfo, ...] = (),
    ) -> None:
        self.x = x
        self.y = y
        self.samples = samples
        self.inputs = inputs
        self.heads = heads
        self._positions = positions
        self._order = tf.range(samples, dtype=tf.int32) if positions is None else tf.constant(positions)

    @classmethod
    def of(
        cls,
        x: NDArray[Any],
        y: NDArray[Any],
        positions: NDArray[np.int32] | None = None,
        inputs: tuple[InputInfo, ...] = (),
        heads: tuple[HeadInfo, ...] = (),
    ) -> Self:
        """Hold arrays as tensors."""
        samples = len(x if positions is None else positions)
        return cls(tf.constant(x), tf.constant(y), samples, positions, inputs, heads)

    def entries(self, model: Any) -> Callable[[Any], Any]:
        """Hands each input of a network its part of the samples."""
        return Entries(model, self.inputs)

    def begin(self, seed: int, epoch: int, shuffle: bool) -> None:
        """From now on the samples come in the order of this epoch."""
        order = epoch_order(seed, epoch, self.samples, shuffle)
        self._order = tf.constant(order if self._positions is None else self._positions[order])

    def reach(self, first: int) -> int:
        """All that follow."""
        return self.samples - first

    def chunk(self, first: int, count: int) -> tuple[Any, Any, Any, int]:
        """All samples and their order; where in it the chunk begins."""
        return self.x, self.y, self._order, first

    def close(self) -> None:
        """Nothing is left open."""


class Change(Protocol):
    """What is done to each batch of a training, and to no other."""

    @property
    def variables(self) -> list[Any]:
        """The random state, which belongs to a checkpoint."""
        ...

    def begin(self, epoch: int) -> None:
        """Set the random state to that of the beginning of an epoch."""
        ...

    def draws(self, epoch: int, samples: int, batch: int) -> tuple[tuple[NDArray[Any], ...], ...]:
        """What is drawn for all samples of an epoch, in the order of training: arrays with the samples first."""
        ...

    def __call__(self, x: Any, y: Any, draws: Any) -> tuple[Any, ...]:
        """What a step takes in the place of inputs and targets. Can be traced."""
        ...


def batches(samples: int, batch: int) -> int:
    """How many batches an epoch has, the last partial one included."""
    return -(-samples // batch)


class Handed:
    """Makes of samples and their targets what a model takes and learns."""

    def __init__(self, model: Any, data: Feed) -> None:
        self._fed = data.entries(model)
        self._told = Targets(data.heads)

    def __call__(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Inputs and targets as Keras wants them. Can be traced."""
        return self._fed(x), self._told(y)


class _LossKept:
    """Keeps what `compute_loss` gave in the last step: Keras itself only returns the epoch's running mean."""

    def __init__(self, model: Any, step: str, handed: "Handed") -> None:
        self._model = model
        self._step = getattr(model, step)
        self._handed = handed

    def __call__(self, x: Any, y: Any, *weights: Any) -> Any:
        batch = (*self._handed(x, y), *weights)
        kept: list[Any] = []
        compute_loss = self._model.compute_loss

        def keep(*args: Any, **kwargs: Any) -> Any:
            kept.append(compute_loss(*args, **kwargs))
            return kept[-1]

        self._model.compute_loss = keep
        try:
            self._step(batch)
        finally:
            del self._model.compute_loss
        return tf.cast(kept[-1], tf.float32)


def chunk_function(
    model: Any, step: str, handed: Handed, *, xla_batch: int | None = None, change: Change | None = None
) -> Callable[..., Any]:
    """A TensorFlow function (x, y, order, first, count, batch, draws, drawn) -> (losses (LONGEST_CHUNK,), metrics so
    far).

    It runs `count` steps of the model's `step` on batches of `batch` samples, the first of which begins at position
    `first` of `order`. The size of a batch stays unknown while tracing, as it is in `fit`: with a known one TensorFlow
    simplifies divisions and the last bit differs. XLA needs a known size, `xla_batch`. What `change` needs of `draws`
    begins at position `drawn` of those.
    """
    one = _LossKept(model, step, handed)

    def run(x: Any, y: Any, order: Any, first: Any, count: Any, batch: Any, draws: Any, drawn: Any) -> Any:
        size = batch if xla_batch is None else xla_batch

        def piece(values: Any, start: Any) -> Any:
            # XLA takes the beginning of a slice for a constant, and would compile anew for each place of the epoch.
            if xla_batch is not None:
                return tf.gather(values, start + tf.range(size))
            rest = values.shape[1:]
            return tf.slice(values, [start, *(0 for _ in rest)], [size, *rest])

        def body(number: Any, losses: Any) -> Any:
            chosen = piece(order, first + number * size)
            inputs, targets = tf.gather(x, chosen), tf.gather(y, chosen)
            if change is None:
                loss = one(inputs, targets)
            else:
                needed = tf.nest.map_structure(lambda values: piece(values, drawn + number * size), draws)
                loss = one(*change(inputs, targets, needed))
            return number + 1, tf.tensor_scatter_nd_update(losses, [[number]], [loss])

        start = (tf.constant(0), tf.zeros((LONGEST_CHUNK,), tf.float32))
        _, losses = tf.while_loop(lambda number, _: number < count, body, start)
        return losses, model.get_metrics_result()

    return tf.function(run, jit_compile=xla_batch is not None, autograph=False)  # type: ignore[no-any-return]


class StepRunner:
    """Runs chunks of `train_step` or `test_step` over data in a given order, the partial last batch included.

    With `xla` only full batches are compiled: one partial batch an epoch is not worth a second compilation.
    """

    def __init__(self, model: Any, data: Feed, batch: int, step: str, kind: Kind, change: Change | None = None) -> None:
        self.data = data
        self.change = change
        self.batch = batch
        self.kind = kind
        self.batches = batches(data.samples, batch)
        self._full = data.samples // batch
        self._model = model
        self._step = step
        self._handed = Handed(model, data)
        self._functions: dict[bool, Callable[..., Any]] = {}
        self.begin_epoch(0)

    def begin_epoch(self, epoch: int, anew: bool = False) -> None:
        """Make the changes ready for an epoch; `anew` says that it begins, rather than goes on after a checkpoint."""
        if self.change is not None and anew:
            self.change.begin(epoch)
        drawn = () if self.change is None else self.change.draws(epoch, self.data.samples, self.batch)
        self._draws = tf.nest.map_structure(tf.constant, drawn)

    @property
    def variables(self) -> list[Any]:
        """What a training changes outside of the model."""
        return [] if self.change is None else self.change.variables

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
        place = tf.constant(start), tf.constant(steps), tf.constant(size)
        return x, y, order, *place, self._draws, tf.constant(first)

    def _function(self, size: int) -> Callable[..., Any]:
        xla = self.kind == "xla" and size == self.batch
        if xla not in self._functions:
            fixed = size if xla else None
            self._functions[xla] = chunk_function(
                self._model, self._step, self._handed, xla_batch=fixed, change=self.change
            )
        return self._functions[xla]


class KerasRunner(StepRunner):
    """One step at a time, for networks whose chunk TensorFlow cannot trace."""

    def compile(self) -> None:
        """Nothing to make ready."""

    def warm_up(self) -> None:
        """Nothing to make ready."""

    def _call(self, size: int, first: int, steps: int) -> tuple[Losses, dict[str, Any]]:
        one = _LossKept(self._model, self._step, self._handed)
        losses = np.empty(steps, np.float32)
        x, y, order, start = self.data.chunk(first, steps * size)
        for number in range(steps):
            chosen = order[start + number * size : start + (number + 1) * size]
            inputs, targets = tf.gather(x, chosen), tf.gather(y, chosen)
            if self.change is None:
                losses[number] = float(one(inputs, targets))
                continue
            drawn = slice(first + number * size, first + (number + 1) * size)
            needed = tuple(tuple(each[drawn] for each in draw) for draw in self._draws)
            losses[number] = float(one(*self.change(inputs, targets, needed)))
        return losses, self._model.get_metrics_result()


def runner(model: Any, data: Feed, batch: int, step: str, kind: Kind, change: Change | None = None) -> StepRunner:
    """The runner of a plan; `step` is "train_step" or "test_step"."""
    return (KerasRunner if kind == "keras" else StepRunner)(model, data, batch, step, kind, change)


def prepare(model: Any, data: Feed, batch: int) -> None:
    """Make the variables of optimizer, loss and metrics, as `fit` does before its first step."""
    count = min(batch, data.samples)
    model._symbolic_build(data_batch=Handed(model, data)(data.x[:count], data.y[:count]))
