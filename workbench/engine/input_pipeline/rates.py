"""Measures how many samples a second come out of each stage of a pipeline, within a bounded time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import tensorflow as tf

from workbench.domain.input_pipeline import InputPipeline, StageRate, set_stage_param
from workbench.engine.data.raw import AnyArray
from workbench.engine.input_pipeline.build import Feed, chain, scaling, source_of

FIRST_SHARE = 0.4  # of the seconds of a stage, for its first epoch
_CHUNK_SECONDS = 0.03
_FEWEST, _TRIAL = 16, 2_000
_LARGEST_GROUP = 64

Check = Callable[[], None]


@dataclass(frozen=True)
class Bench:
    """What is measured: a pipeline over `feed`. Single samples are taken in groups of `group`, as taking each by itself
    would cost far more than the stages do. The taking is no work of any stage: `taking_single` and `taking_batched` are
    the seconds a sample that it costs."""

    feed: Feed
    pipeline: InputPipeline
    group: int
    taking_single: float
    taking_batched: float


def bench(feed: Feed, pipeline: InputPipeline, seconds: float) -> Bench:
    """As many samples as can be read and prepared one after another in the time for a first epoch; batch and buffer are
    no larger than these."""
    costs = pipeline.costs
    once = (costs.read_ms + costs.map_ms) / 1000
    trial = feed.first(_TRIAL if not once else max(_FEWEST, int(seconds / once)))
    group = 1 if once else min(_LARGEST_GROUP, len(trial))
    plain = tuple(stage for stage in pipeline.used if stage.kind == "map")
    dataset = chain(msgspec.structs.replace(pipeline, stages=plain), source_of(trial), scaling(feed.scaler))[-1][1]
    each = _seconds_a_sample(_Pull(dataset.repeat().batch(group)), seconds / 5)
    some = feed.first(max(_FEWEST, int(seconds * FIRST_SHARE / each)))
    group = max(1, min(_LARGEST_GROUP, len(some) // 4, int(_CHUNK_SECONDS / each)))
    pipeline = _fitted(pipeline, len(some))
    batch = some.first(pipeline.whole("batch", "batch_size"))
    single = tf.data.Dataset.from_tensors((some.x[0], some.y[0])).repeat().batch(group)
    batched = tf.data.Dataset.from_tensors((batch.x, batch.y)).repeat()
    taking = [_seconds_a_sample(_Pull(same), seconds / 5) for same in (single, batched)]
    return Bench(some, pipeline, group, *taking)


def _fitted(pipeline: InputPipeline, count: int) -> InputPipeline:
    kinds = {stage.kind for stage in pipeline.stages}
    if "batch" in kinds:
        size = min(count, pipeline.whole("batch", "batch_size"))
        pipeline = set_stage_param(pipeline, "batch", "batch_size", size)
    if "shuffle" in kinds:
        buffer = min(count, pipeline.whole("shuffle", "buffer_size"))
        pipeline = set_stage_param(pipeline, "shuffle", "buffer_size", buffer)
    return pipeline


class StageBench:
    """Measures the stage at one place, 0 for the source. Everything is built anew, so that no cache is full yet.
    `check` is called often and raises to cancel."""

    def __init__(self, on: Bench, place: int, check: Check) -> None:
        self.kind, dataset = chain(on.pipeline, source_of(on.feed), scaling(on.feed.scaler), place)[-1]
        batched = any(stage.kind == "batch" for stage in on.pipeline.used[:place])
        endless = dataset.repeat()
        self._pull = _Pull(endless if batched else endless.batch(on.group))
        self._size = on.pipeline.whole("batch", "batch_size") if batched else on.group
        self._epoch = _epoch(on, batched)
        self._taking = on.taking_batched if batched else on.taking_single
        self._check = check
        self._steps = 1
        self._first = self._round(0)
        self._later = float("inf")

    def go_on(self, seconds: float) -> None:
        """Measure the later epochs for so long. What counts is the quickest of all rounds: whatever else the machine
        does can only make one slower."""
        end = time.perf_counter() + seconds
        while self._later == float("inf") or time.perf_counter() < end:
            self._later = min(self._later, self._round(_CHUNK_SECONDS))

    @property
    def rate(self) -> StageRate:
        """Samples a second: in the first epoch, and in those that follow."""
        each = [max(seconds - self._taking, seconds / 10) for seconds in (self._first, self._later)]
        return StageRate(self.kind, 1 / each[0], 1 / each[1])

    def _round(self, least: float) -> float:
        """Seconds a sample over an epoch, or as many as fill the least number of seconds."""
        taken, start = 0, time.perf_counter()
        while taken < self._epoch or time.perf_counter() - start < least:
            left = -(-(self._epoch - taken) // self._size) if taken < self._epoch else self._steps
            count = min(self._steps, left)
            before = time.perf_counter()
            taken += self._pull(count)
            if count == self._steps and time.perf_counter() - before < _CHUNK_SECONDS:
                self._steps *= 2
            self._check()
        return (time.perf_counter() - start) / taken


def trained_rate(on: Bench, seconds: float, check: Check) -> float:
    """Samples a second of the later epochs, when after each element a training step is waited for."""
    pipeline = on.pipeline
    dataset = chain(pipeline, source_of(on.feed), scaling(on.feed.scaler))[-1][1].repeat()
    batched = pipeline.place("batch") is not None
    pull = _Pull(dataset if batched else dataset.batch(1))
    epoch = _epoch(on, batched)
    taken = 0
    while taken < epoch:  # fills a cache, and lets TensorFlow find its numbers
        taken += pull(1)
        check()
    taken, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < max(seconds, 8 * pipeline.costs.step_ms / 1000):
        taken += pull(1)
        time.sleep(pipeline.costs.step_ms / 1000)
        check()
    return taken / spent


def own_rate(x: AnyArray, y: AnyArray, batch: int, seconds: float, check: Check) -> float:
    """Samples a second of the workbench's own way: prepared once, held as tensors, each batch gathered by index in the
    graph (see `training.plans`)."""
    inputs, targets = tf.constant(x), tf.constant(y)
    batch = min(batch, len(x))
    order = tf.constant(np.random.default_rng(0).permutation(len(x)).astype(np.int32))
    full = len(x) // batch

    def run(count: Any) -> Any:
        def body(number: Any, seen: Any) -> Any:
            chosen = tf.slice(order, [(number % full) * batch], [batch])
            # Something of what is gathered must be used, or TensorFlow would leave the gathering out.
            taken = [tf.reshape(tf.gather(array, chosen), [-1])[0] for array in (inputs, targets)]
            return number + 1, seen + sum(tf.cast(each, tf.float32) for each in taken)

        return tf.while_loop(lambda number, _: number < count, body, (tf.constant(0), tf.constant(0.0)))[1]

    function = tf.function(run, autograph=False)
    function(tf.constant(1))
    best, steps = 0.0, 1
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        function(tf.constant(steps)).numpy()
        spent = time.perf_counter() - start
        best = max(best, steps * batch / spent)
        steps = 2 * steps if spent < _CHUNK_SECONDS else steps
        check()
    return best


class _Pull:
    """Takes elements out of an endless dataset within the graph, where Python costs nothing: `pull(count)` gives how
    many samples they held."""

    def __init__(self, dataset: Any) -> None:
        self._iterator = iter(dataset)

        def run(iterator: Any, count: Any) -> Any:
            def body(number: Any, samples: Any) -> Any:
                x, _ = iterator.get_next()
                return number + 1, samples + tf.shape(x)[0]

            start = (tf.constant(0), tf.constant(0))
            return tf.while_loop(lambda number, _: number < count, body, start)[1]

        self._run = tf.function(run, autograph=False)
        self._run(self._iterator, tf.constant(0))

    def __call__(self, count: int) -> int:
        return int(self._run(self._iterator, tf.constant(count)))


def _seconds_a_sample(pull: _Pull, seconds: float) -> float:
    pull(1)
    taken, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        taken += pull(4 if spent else 1)
    return spent / taken


def _epoch(on: Bench, batched: bool) -> int:
    """How many samples an epoch has."""
    if not batched or not on.pipeline.value("batch", "drop_remainder"):
        return len(on.feed)
    return len(on.feed) - len(on.feed) % on.pipeline.whole("batch", "batch_size")
