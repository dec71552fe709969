"""Shows in which order samples leave the stages of a pipeline, by running it over a few numbered ones."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import tensorflow as tf

from workbench.domain.input_pipeline import InputPipeline, set_stage_param
from workbench.engine.input_pipeline.build import chain

COUNT = 24
EPOCHS = 2


@dataclass(frozen=True)
class Order:
    """The numbers of the samples in each element that comes out, and the epoch of each; `batched` says that an element
    may hold several."""

    elements: tuple[tuple[int, ...], ...]
    epochs: tuple[tuple[int, ...], ...]
    batched: bool


def few(pipeline: InputPipeline, samples: int) -> tuple[InputPipeline, tuple[int, int, int]]:
    """The pipeline for few samples, and how many those are, in batches and with a buffer of which size. What matters is
    kept: whether the last batch is full, and whether the buffer holds everything."""
    size, buffer = pipeline.whole("batch", "batch_size"), pipeline.whole("shuffle", "buffer_size")
    batch = _few_in_a_batch(size, samples)
    elements = -(-samples // size) if pipeline.is_before("batch", "shuffle") else samples
    small = COUNT if buffer >= elements else min(buffer, max(4, min(COUNT - 4, COUNT * buffer // elements)))
    kinds = {stage.kind for stage in pipeline.stages}
    if "batch" in kinds:
        pipeline = set_stage_param(pipeline, "batch", "batch_size", batch)
    if "shuffle" in kinds:
        pipeline = set_stage_param(pipeline, "shuffle", "buffer_size", small)
    return pipeline, (COUNT, batch, small)


def _few_in_a_batch(size: int, samples: int) -> int:
    if size < 4:
        return size
    if size >= samples:
        return COUNT + (size > samples)
    return 6 if samples % size == 0 else 5


def orders(pipeline: InputPipeline) -> list[Order]:
    """The order behind each stage, the source first, for `COUNT` samples: of one epoch, and of two where it repeats."""
    found: list[Order] = []
    batched = repeated = False
    for place in range(len(pipeline.used) + 1):
        # Built anew for each stage: taken from twice, a dataset would be shuffled otherwise the second time.
        kind, dataset = chain(pipeline, tf.data.Dataset.range(COUNT), upto=place)[-1]
        batched = batched or kind == "batch"
        repeated = repeated or kind == "repeat"
        found.append(_order(dataset, batched, COUNT * (EPOCHS if repeated else 1)))
    return found


def _order(dataset: Any, batched: bool, most: int) -> Order:
    seen: Counter[int] = Counter()
    elements: list[tuple[int, ...]] = []
    epochs: list[tuple[int, ...]] = []
    taken = 0
    for element in islice(dataset.as_numpy_iterator(), most):
        numbers = tuple(int(number) for number in np.ravel(element)[: most - taken])
        if not numbers:
            break
        elements.append(numbers)
        epochs.append(tuple(_times_before(seen, number) for number in numbers))
        taken += len(numbers)
    return Order(tuple(elements), tuple(epochs), batched)


def _times_before(seen: "Counter[int]", number: int) -> int:
    """How often a number came before: which epoch it is from, as equal samples cannot be told apart otherwise."""
    seen[number] += 1
    return seen[number] - 1
