"""Answers what comes out of each stage of a pipeline, and how fast."""

import secrets
from typing import Any

import msgspec
import numpy as np
import tensorflow as tf

from workbench.domain.input_pipeline import InputPipeline, StageRate, set_stage_param
from workbench.domain.input_pipeline_code import pipeline_code
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Progress
from workbench.engine.data.show import to_array
from workbench.engine.input_pipeline.build import Feed, chain, checked, feed_of, scaling, source_of
from workbench.engine.input_pipeline.order import few, orders
from workbench.engine.input_pipeline.rates import Check, bench, better, own_rate, stage_rate, trained_rate
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowPipeline
from workbench.protocol.events import PipelineShown
from workbench.protocol.payloads import ElementSpec, StageShown

_MOST_SHOWN = 6
_MOST_BYTES = 1 << 20
_STREAMED = "These data are read piece by piece; the pipeline runs over a sample that is held in memory."
_BUSY = "A training is running beside this, so the figures are lower than they would be."
_LEAST_SECONDS, _MOST_SECONDS = 0.05, 5.0


def show_pipeline(dataset: Dataset, command: ShowPipeline, progress: Progress, busy: bool = False) -> PipelineShown:
    """The stages of the pipeline that is asked for over this data set. `busy` says that something else keeps the
    machine at work. Raises DataError, and whatever `progress` raises to cancel."""
    pipeline = checked(command.pipeline)
    progress("Building the pipeline", None)
    feed = feed_of(dataset)
    stages = _stages(pipeline, feed)
    notes: tuple[str, ...] = (_STREAMED,) if dataset.info.stream is not None else ()
    shown = PipelineShown(
        command.ticket,
        feed.total,
        stages,
        few(pipeline, feed.total)[1],
        pipeline_code(pipeline, dataset.info, stages[0].spec[0].dtype),
        notes=notes,
    )
    if not command.measure:
        return shown
    if not stages[-1].order:
        raise DataError("Nothing comes out of this pipeline, so there is nothing to measure. Make the batch smaller.")
    notes += (_BUSY,) if busy else ()
    return msgspec.structs.replace(_measured(shown, dataset, feed, pipeline, command.seconds, progress), notes=notes)


def _stages(pipeline: InputPipeline, feed: Feed) -> tuple[StageShown, ...]:
    """What comes out, without the costs: it is the same, only sooner."""
    quick = _seeded(InputPipeline(pipeline.stages))
    shown = []
    for place, order in enumerate(orders(few(quick, feed.total)[0])):
        kind, dataset = chain(quick, source_of(feed), scaling(feed.scaler), place)[-1]
        spec = tuple(_spec(each) for each in tf.nest.flatten(dataset.element_spec))
        first = _first(dataset, order.batched)
        shown.append(StageShown(kind, spec, first, order.elements, order.epochs, order.batched))
    return tuple(shown)


def _seeded(pipeline: InputPipeline) -> InputPipeline:
    """With a seed drawn where there is none, so that one order is seen to go through all stages."""
    has_none = any(stage.kind == "shuffle" and stage.params["seed"] is None for stage in pipeline.stages)
    return set_stage_param(pipeline, "shuffle", "seed", secrets.randbelow(2**31)) if has_none else pipeline


def _spec(spec: Any) -> ElementSpec:
    return ElementSpec(tuple(spec.shape), spec.dtype.name)


def _first(dataset: Any, batched: bool) -> Array | None:
    """The inputs of the first samples that come out."""
    elements = [x for x, _ in dataset.take(1 if batched else _MOST_SHOWN).as_numpy_iterator()]
    if not elements:
        return None
    several: AnyArray = elements[0] if batched else np.stack(elements)
    each = several[:1].nbytes
    return to_array(several[: min(_MOST_SHOWN, _MOST_BYTES // max(1, each))]) if each <= _MOST_BYTES else None


def _measured(
    shown: PipelineShown,
    dataset: Dataset,
    feed: Feed,
    pipeline: InputPipeline,
    seconds: float,
    progress: Progress,
) -> PipelineShown:
    """The same with the rates."""
    seconds = min(max(seconds, _LEAST_SECONDS), _MOST_SECONDS)
    progress("Measuring the source", 0.0)
    on = bench(feed, pipeline, seconds / 2)
    rates: dict[int, StageRate] = {}
    for number in range(2):  # twice, as the machine may be at other work the first time
        for place, stage in enumerate(shown.stages):
            fraction = 0.4 * (number + place / len(shown.stages))
            check = _check(progress, f"Measuring {stage.kind}", fraction)
            rate = stage_rate(on, place, seconds / 2, check)
            rates[place] = rate if number == 0 else better(rates[place], rate)
    check = _check(progress, "Measuring the training step", 0.8)
    trained = trained_rate(on, seconds, check) if pipeline.costs.step_ms else None
    batch = on.pipeline.whole("batch", "batch_size")
    arrays = dataset.x["train"][: len(feed)], dataset.y["train"][: len(feed)]
    own = own_rate(*arrays, batch, seconds / 2, _check(progress, "Measuring the workbench's own way", 0.9))
    return msgspec.structs.replace(
        shown,
        stages=tuple(msgspec.structs.replace(stage, rate=rates[place]) for place, stage in enumerate(shown.stages)),
        measured=len(on.feed),
        batch=batch,
        trained=trained,
        own=own,
    )


def _check(progress: Progress, text: str, fraction: float) -> Check:
    return lambda: progress(text, fraction)
