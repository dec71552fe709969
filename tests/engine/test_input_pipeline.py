"""Input pipelines run over real data: what comes out, in which order, how fast, and the same as a script."""

import dataclasses

import msgspec
import numpy as np
import pytest
import tensorflow as tf

from workbench.domain.dataset import DatasetSpec, SourceSpec, StepSpec
from workbench.domain.input_pipeline import (
    Costs,
    InputPipeline,
    Stage,
    complete_stages,
    move_stage,
    set_stage_param,
    switch,
)
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import Cancelled, DataError
from workbench.engine.data.raw import no_progress
from workbench.engine.input_pipeline import show_pipeline
from workbench.engine.input_pipeline.build import chain, checked, feed_of, scaling, source_of
from workbench.protocol.commands import ShowPipeline

USUAL = InputPipeline()
DIGITS = DatasetSpec(SourceSpec("digits"))


def only(*kinds, costs=None):
    """A pipeline of these stages alone, in this order."""
    return complete_stages(InputPipeline(tuple(Stage(kind) for kind in kinds), costs or Costs()))


def shown(pipeline=USUAL, spec=DIGITS, **wish):
    return show_pipeline(load_dataset(spec), ShowPipeline(3, spec, pipeline, **wish), no_progress)


def by_kind(event):
    return {stage.kind: stage for stage in event.stages}


@pytest.mark.parametrize("scaling_kind", ["none", "standardize", "min_max", "auto"])
@pytest.mark.parametrize("kind", ["digits", "iris", "moons"])
def test_that_map_prepares_bit_for_bit_as_training_does_alone_and_in_batches(kind, scaling_kind):
    dataset = load_dataset(DatasetSpec(SourceSpec(kind), scaling=scaling_kind))
    feed = feed_of(dataset)
    for kinds in (("map", "batch"), ("batch", "map")):
        made = chain(checked(only(*kinds)), source_of(feed), scaling(feed.scaler))[-1][1]
        x, y = (np.concatenate(parts) for parts in zip(*made.as_numpy_iterator(), strict=True))
        assert x.dtype == np.float32
        assert np.array_equal(x, dataset.x["train"])
        assert np.array_equal(y, dataset.y["train"])


def test_that_the_steps_of_preparation_are_done_before_the_pipeline():
    spec = DatasetSpec(SourceSpec("iris"), steps=(StepSpec("clip"), StepSpec("log")))
    dataset = load_dataset(spec)
    feed = feed_of(dataset)
    made = chain(checked(only("map")), source_of(feed), scaling(feed.scaler))[-1][1]
    assert np.array_equal(np.stack([x for x, _ in made.as_numpy_iterator()]), dataset.x["train"])


def test_that_inputs_with_which_more_is_done_behind_the_scaling_come_prepared():
    dataset = load_dataset(DIGITS)
    more = dataset.info.preparation + "x_train = x_train[:, ::-1]\n"
    flipped = dataclasses.replace(
        dataset,
        info=msgspec.structs.replace(dataset.info, preparation=more),
        x={**dataset.x, "train": dataset.x["train"][:, ::-1]},
    )
    event = show_pipeline(flipped, ShowPipeline(1, DIGITS, only("map", "batch")), no_progress)
    assert event.stages[0].spec[0].dtype == "float32"
    variables = {}
    exec(event.code, variables)
    x = np.concatenate([x for x, _ in variables["dataset"].as_numpy_iterator()])
    assert np.array_equal(x, flipped.x["train"])
    first = event.stages[-1].inputs
    assert np.array_equal(np.frombuffer(first.data, first.dtype).reshape(first.shape), flipped.x["train"][:6])


def test_that_each_stage_tells_the_shape_and_type_of_what_comes_out():
    stages = by_kind(shown(set_stage_param(USUAL, "batch", "drop_remainder", True)))
    told = {kind: [(each.shape, each.dtype) for each in stage.spec] for kind, stage in stages.items()}
    assert told["from_tensor_slices"] == [((8, 8, 1), "uint8"), ((), "int32")]
    assert told["map"] == told["cache"] == told["shuffle"] == [((8, 8, 1), "float32"), ((), "int32")]
    assert told["batch"] == told["prefetch"] == [((32, 8, 8, 1), "float32"), ((32,), "int32")]
    assert by_kind(shown())["batch"].spec[0].shape == (None, 8, 8, 1)


def test_that_the_first_samples_that_come_out_are_shown():
    dataset = load_dataset(DIGITS)
    stages = by_kind(shown())
    first = stages["map"].inputs
    values = np.frombuffer(first.data, first.dtype).reshape(first.shape)
    assert np.array_equal(values, dataset.x["train"][:6])
    assert stages["shuffle"].inputs == stages["batch"].inputs == stages["prefetch"].inputs
    assert stages["shuffle"].inputs != first


def flat(stage):
    return [number for element in stage.order for number in element]


def test_that_the_order_goes_through_the_stages():
    event = shown()
    stages = by_kind(event)
    assert flat(stages["cache"]) == list(range(24))
    assert sorted(flat(stages["shuffle"])) == list(range(24)) != flat(stages["shuffle"])
    assert flat(stages["batch"]) == flat(stages["shuffle"])
    assert [len(element) for element in stages["batch"].order] == [5, 5, 5, 5, 4]
    assert (stages["shuffle"].batched, stages["batch"].batched) == (False, True)
    twice = stages["prefetch"]
    assert sorted(flat(twice)) == sorted([*range(24), *range(24)])
    epochs = [epoch for element in twice.epochs for epoch in element]
    assert epochs == [0] * 24 + [1] * 24
    assert flat(twice)[:24] != flat(twice)[24:]


def test_that_a_shuffle_without_a_seed_is_seen_as_one_order_through_all_stages():
    stages = by_kind(shown(set_stage_param(USUAL, "shuffle", "seed", None)))
    assert flat(stages["shuffle"]) == flat(stages["batch"]) == flat(stages["prefetch"])[:24]


def test_that_a_small_buffer_lets_no_late_sample_come_early():
    event = shown(set_stage_param(USUAL, "shuffle", "buffer_size", 3))
    assert event.few == (24, 5, 3)
    assert all(number <= place + 2 for place, number in enumerate(flat(by_kind(event)["shuffle"])))


def test_that_order_matters_as_it_does_in_tensorflow():
    behind = by_kind(shown(move_stage(USUAL, "shuffle", 1)))["shuffle"]
    assert all(list(element) == list(range(element[0], element[0] + len(element))) for element in behind.order)
    mixed = by_kind(shown(only("repeat", "batch")))["batch"]
    assert (20, 21, 22, 23, 0) in mixed.order
    assert (0, 0, 0, 0, 1) in mixed.epochs
    frozen = by_kind(shown(only("shuffle", "cache", "repeat")))["repeat"]
    assert flat(frozen)[:24] == flat(frozen)[24:]
    anew = by_kind(shown(only("shuffle", "repeat")))["repeat"]
    assert flat(anew)[:24] != flat(anew)[24:]


def test_that_drop_remainder_leaves_out_the_last_samples():
    dropped = by_kind(shown(set_stage_param(only("batch"), "batch", "drop_remainder", True)))["batch"]
    assert [len(element) for element in dropped.order] == [5, 5, 5, 5]


def test_that_the_rates_tell_of_slow_reading_and_of_a_cache_that_saves_it():
    event = shown(switch(only("map", "cache", "batch", costs=Costs(read_ms=2)), "map", True), measure=True, seconds=0.1)
    rates = {stage.kind: stage.rate for stage in event.stages}
    assert 16 <= event.measured < event.samples
    assert rates["from_tensor_slices"].later <= 550  # 500, and what the taking costs was taken off
    assert rates["batch"].first <= 550
    assert rates["cache"].later > 2 * rates["map"].later
    assert rates["batch"].later > 2 * rates["map"].later
    assert event.own > rates["map"].later
    assert event.trained is None


def test_that_parallel_calls_wait_at_the_same_time():
    slow = only("map", costs=Costs(map_ms=10))
    one = shown(slow, measure=True, seconds=0.2).stages[-1].rate
    several = shown(set_stage_param(slow, "map", "num_parallel_calls", "8"), measure=True, seconds=0.2).stages[-1].rate
    assert one.later <= 100
    assert several.later > one.later


@pytest.mark.slow
def test_that_prefetch_reads_while_the_network_trains():
    costs = Costs(read_ms=20, step_ms=20)
    without = shown(only("repeat", costs=costs), measure=True, seconds=0.2)
    ahead = shown(only("repeat", "prefetch", costs=costs), measure=True, seconds=0.2)
    assert without.trained <= 25
    assert ahead.trained > without.trained


def test_that_cancelling_ends_a_measurement():
    reports = []

    def progress(text, fraction):
        reports.append((text, fraction))
        if text == "Measuring cache":
            raise Cancelled

    with pytest.raises(Cancelled):
        show_pipeline(load_dataset(DIGITS), ShowPipeline(1, DIGITS, USUAL, measure=True, seconds=0.05), progress)
    assert dict(reports)["Measuring map"] == pytest.approx(0.4 / 7)


def test_that_a_training_beside_it_is_told():
    command = ShowPipeline(1, DIGITS, only("batch"), measure=True, seconds=0.05)
    event = show_pipeline(load_dataset(DIGITS), command, no_progress, busy=True)
    assert event.notes[0].startswith("A training is running")


def test_that_pipelines_that_give_nothing_or_make_no_sense_are_told_in_a_sentence():
    nothing = only("batch")
    for name, value in (("batch_size", 5000), ("drop_remainder", True)):
        nothing = set_stage_param(nothing, "batch", name, value)
    event = shown(nothing)
    assert event.stages[-1].inputs is None
    assert event.stages[-1].order == ()
    with pytest.raises(DataError, match="Nothing comes out"):
        shown(nothing, measure=True)
    with pytest.raises(DataError, match="at least 1 is needed"):
        shown(set_stage_param(USUAL, "batch", "batch_size", 0))
    with pytest.raises(DataError, match="no parameter"):
        shown(InputPipeline((Stage("cache", params={"file": "x"}),)))
    with pytest.raises(DataError, match="stands twice"):
        shown(InputPipeline((Stage("cache"), Stage("cache"))))
    with pytest.raises(DataError, match="waiting times"):
        shown(InputPipeline(costs=Costs(read_ms=1e9)))


@pytest.mark.parametrize(
    ("source", "pipeline"),
    [
        ("digits", USUAL),
        ("iris", set_stage_param(only("shuffle", "batch", "map", "prefetch"), "map", "num_parallel_calls", "auto")),
        ("sine", only("batch", "map", costs=Costs(read_ms=0.1, map_ms=0.1))),
        ("reviews", only("map", "batch")),
    ],
)
def test_that_the_code_gives_the_same_batches(source, pipeline):
    spec = DatasetSpec(SourceSpec(source))
    dataset = load_dataset(spec)
    tf.random.set_seed(0)
    variables = {}
    exec(shown(pipeline, spec).code, variables)
    feed = feed_of(dataset)
    made = chain(checked(pipeline), source_of(feed), scaling(feed.scaler))[-1][1]
    assert variables["dataset"].element_spec == made.element_spec
    pairs = zip(variables["dataset"].take(3).as_numpy_iterator(), made.take(3).as_numpy_iterator(), strict=True)
    assert all(np.array_equal(a, b) for theirs, ours in pairs for a, b in zip(theirs, ours, strict=True))
