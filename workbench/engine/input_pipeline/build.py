"""Builds the datasets of `tf.data` that a pipeline consists of, one for each stage."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from workbench.domain.input_pipeline import AUTO, ENTRIES, NONE, SOURCE, InputPipeline, Stage
from workbench.domain.input_pipeline_code import is_scaling_left
from workbench.domain.values import Value
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import complete
from workbench.engine.data.raw import AnyArray
from workbench.engine.data.scaling import Scaler

MOST_BYTES = 256 << 20


@dataclass(frozen=True)
class Feed:
    """The first samples of the training part: inputs `x` (n, …) behind the steps of preparation, which `scaler` scales,
    targets `y` (n, …) as the network learns them; `total` counts the whole part. Where something is done with inputs
    that are scaled, `x` is that already, and `scaler` does nothing."""

    x: AnyArray
    y: AnyArray
    scaler: Scaler
    total: int

    def first(self, count: int) -> "Feed":
        """Only so many samples."""
        return Feed(self.x[:count], self.y[:count], self.scaler, self.total)

    def __len__(self) -> int:
        return len(self.x)


def feed_of(dataset: Dataset) -> Feed:
    """The training part, or as much of it as fits into 256 MB. Raises DataError for inputs that are no numbers."""
    x, y = dataset.x["train"], dataset.y["train"]
    each = max(1, x[:1].nbytes + y[:1].nbytes) * 2
    count = max(1, min(len(x), MOST_BYTES // each))
    if not is_scaling_left(dataset.info):
        return Feed(x[:count], y[:count], Scaler("none", None, 1.0), len(x))
    unscaled = dataset.unscaled(dataset.inputs("train", range(count)))
    if unscaled.dtype.kind not in "biuf":
        raise DataError("These inputs are no numbers, so there is no pipeline for them. Add a step that makes numbers.")
    return Feed(unscaled, y[:count], dataset.scaler, len(x))


def checked(pipeline: InputPipeline) -> InputPipeline:
    """The pipeline with all parameters complete. Raises DataError where a stage stands twice or a value is wrong."""
    kinds = [stage.kind for stage in pipeline.stages]
    if len(set(kinds)) < len(kinds):
        raise DataError("A stage stands twice in the pipeline. Remove one of them.")
    stages = tuple(Stage(each.kind, each.on, complete(ENTRIES[each.kind], each.params)) for each in pipeline.stages)
    for name in ("read_ms", "map_ms", "step_ms"):
        if not 0 <= getattr(pipeline.costs, name) <= 1000:
            raise DataError("The waiting times must lie between 0 and 1,000 milliseconds. Correct them.")
    return InputPipeline(stages, pipeline.costs)


def chain(
    pipeline: InputPipeline, source: Any, prepare: Callable[..., Any] | None = None, upto: int | None = None
) -> list[tuple[str, Any]]:
    """The name and the dataset of each stage, `source` first; of the first `upto` stages behind it, all where None.
    `prepare` is what `map` does, None for nothing, also where costs are waited for."""
    costs = pipeline.costs
    dataset = source
    if prepare is not None and costs.read_ms:
        dataset = dataset.map(_slowly(costs.read_ms))
    found = [(SOURCE, dataset)]
    for stage in pipeline.used[:upto]:
        dataset = _with_stage(dataset, stage, prepare, costs.map_ms)
        found.append((stage.kind, dataset))
    return found


def scaling(scaler: Scaler) -> Callable[[Any, Any], tuple[Any, Any]]:
    """What `map` does with a sample or a batch of them: the scaler's arithmetic, bit for bit."""

    def prepare(x: Any, y: Any) -> tuple[Any, Any]:
        if scaler.shift is not None:
            x = (tf.cast(x, tf.float64) - scaler.shift) / scaler.divisor
        elif scaler.kind != "none":
            x = (x if x.dtype.is_floating else tf.cast(x, tf.float64)) / scaler.divisor
        return tf.cast(x, tf.float32), y

    return prepare


def source_of(feed: Feed) -> Any:
    """The samples one by one. As many threads as the machine has cores work on what follows, as TensorFlow does where
    nobody says otherwise; the workbench's own number suits its training, which needs none of this. TensorFlow adds no
    stages of its own, such as a prefetch at the end: what is measured is what the person put together."""
    options = tf.data.Options()
    options.experimental_optimization.apply_default_optimizations = False
    options.experimental_optimization.inject_prefetch = False
    options.threading.private_threadpool_size = max(2, os.cpu_count() or 1)
    return tf.data.Dataset.from_tensor_slices((feed.x, feed.y)).with_options(options)


def _with_stage(dataset: Any, stage: Stage, prepare: Callable[..., Any] | None, wait_ms: float) -> Any:
    def of(name: str) -> Any:
        return stage.params[name]

    match stage.kind:
        case "map":
            return _mapped(dataset, stage, prepare, wait_ms)
        case "cache":
            return dataset.cache()
        case "shuffle":
            again = of("reshuffle_each_iteration")
            return dataset.shuffle(of("buffer_size"), seed=of("seed"), reshuffle_each_iteration=again)
        case "batch":
            return dataset.batch(of("batch_size"), drop_remainder=of("drop_remainder"))
        case "repeat":
            return dataset.repeat(of("count"))
        case "prefetch":
            return dataset.prefetch(_number(of("buffer_size")))


def _mapped(dataset: Any, stage: Stage, prepare: Callable[..., Any] | None, wait_ms: float) -> Any:
    if prepare is None:
        return dataset
    calls = stage.params["num_parallel_calls"]
    parallel = {}
    if calls != NONE:
        parallel = {"num_parallel_calls": _number(calls), "deterministic": stage.params["deterministic"]}
    if wait_ms:
        dataset = dataset.map(_slowly(wait_ms), **parallel)
    return dataset.map(prepare, **parallel)


def _number(value: Value) -> int:
    return int(tf.data.AUTOTUNE) if value == AUTO else int(str(value))


def _slowly(milliseconds: float) -> Callable[[Any, Any], tuple[Any, Any]]:
    """Waits at each element, as a slow disk or a slow preparation would; the interpreter is free meanwhile."""

    def wait(x: Any, y: Any) -> tuple[Any, Any]:
        tf.numpy_function(lambda: time.sleep(milliseconds / 1000), [], [])
        return x, y

    return wait
