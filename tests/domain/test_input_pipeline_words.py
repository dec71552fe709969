"""An input pipeline as a value: changed, checked for what its order brings about, and written as Python."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dataset import DatasetInfo
from workbench.domain.input_pipeline import (
    ENTRIES,
    SOURCE,
    STAGE_KINDS,
    Costs,
    InputPipeline,
    Stage,
    StageRate,
    complete_stages,
    move_stage,
    reset_stage_param,
    set_stage_param,
    switch,
)
from workbench.domain.input_pipeline_advice import bottleneck, hints, shares
from workbench.domain.input_pipeline_code import pipeline_code, stage_code

USUAL = InputPipeline()
INFO = DatasetInfo(
    title="Digits",
    form="pictures",
    task="multiclass",
    input_shape=(8, 8, 1),
    target_shape=(),
    labels="integer",
    sizes={"train": 1000, "validation": 10, "test": 10},
    scaling="divide_255",
    script="import csv\nimport numpy as np\n\nx = np.zeros((3, 2))\n",
    preparation="x_train = x\nx_train = scaled(x_train)\nx_test = scaled(x_test)\n",
)


def rates(**seconds: float) -> list[StageRate]:
    """Rates from microseconds a sample in the later epochs."""
    return [StageRate(kind, 1e6 / each, 1e6 / each) for kind, each in seconds.items()]


def texts(pipeline: InputPipeline, kind: str, samples: int = 1000) -> list[str]:
    return [hint.text for hint in hints(pipeline, samples).get(kind, ())]


def test_that_stages_are_switched_moved_set_and_reset() -> None:
    moved = move_stage(USUAL, "batch", -1)
    assert [stage.kind for stage in moved.stages] == ["map", "cache", "batch", "shuffle", "repeat", "prefetch"]
    assert move_stage(USUAL, "map", -1) == USUAL
    assert move_stage(USUAL, "prefetch", 5) == USUAL
    off = switch(USUAL, "cache", False)
    assert off.place("cache") is None
    assert off.place("shuffle") == 1
    assert switch(off, "cache", True) == USUAL
    larger = set_stage_param(USUAL, "batch", "batch_size", 64)
    assert larger.value("batch", "batch_size") == 64
    assert reset_stage_param(larger, "batch", "batch_size") == USUAL


@given(st.lists(st.sampled_from(STAGE_KINDS)))
def test_that_any_list_of_stages_becomes_one_with_each_kind_once(kinds: list[str]) -> None:
    whole = complete_stages(InputPipeline(tuple(Stage(kind) for kind in kinds)))  # type: ignore[arg-type]
    assert sorted(stage.kind for stage in whole.stages) == sorted(STAGE_KINDS)
    assert [stage.kind for stage in whole.used] == list(dict.fromkeys(kinds))
    assert msgspec.json.decode(msgspec.json.encode(whole), type=InputPipeline) == whole


@pytest.mark.parametrize(
    ("pipeline", "kind", "words"),
    [
        (move_stage(USUAL, "shuffle", 1), "shuffle", "mixes whole batches"),
        (set_stage_param(USUAL, "shuffle", "buffer_size", 100), "shuffle", "holds 100 of 1,000 samples"),
        (set_stage_param(USUAL, "shuffle", "buffer_size", 1), "shuffle", "mixes nothing"),
        (move_stage(USUAL, "repeat", -2), "shuffle", "epochs mix"),
        (move_stage(USUAL, "repeat", -2), "batch", "samples of two epochs"),
        (move_stage(USUAL, "cache", 1), "cache", "order of the first epoch for all"),
        (move_stage(USUAL, "repeat", -3), "cache", "fills the memory"),
        (move_stage(USUAL, "map", 1), "map", "runs again in each epoch"),
        (move_stage(USUAL, "map", 3), "map", "prepares a whole batch"),
        (move_stage(USUAL, "prefetch", -1), "prefetch", "not the last stage"),
        (switch(USUAL, "batch", False), "batch", "single samples"),
        (set_stage_param(USUAL, "batch", "drop_remainder", True), "batch", "last 8 samples of each epoch"),
        (set_stage_param(USUAL, "map", "deterministic", False), "map", "kept anyway"),
    ],
)
def test_that_what_an_order_brings_about_is_said(pipeline: InputPipeline, kind: str, words: str) -> None:
    assert any(words in text for text in texts(pipeline, kind))


def test_that_a_good_pipeline_gets_no_hints() -> None:
    assert hints(USUAL, 1000) == {}


def test_that_shares_leave_out_what_a_full_cache_saves() -> None:
    measured = rates(from_tensor_slices=10, map=90, cache=1, shuffle=2, batch=4)
    assert shares(USUAL, measured) == pytest.approx((0, 0, 0.25, 0.25, 0.5))
    without = rates(from_tensor_slices=10, map=90, shuffle=90, batch=100)
    assert shares(switch(USUAL, "cache", False), without) == pytest.approx((0.1, 0.8, 0, 0.1))


def test_that_the_bottleneck_is_named_with_what_to_do() -> None:
    slow = InputPipeline(switch(USUAL, "cache", False).stages, Costs(map_ms=2))
    found = bottleneck(slow, rates(from_tensor_slices=10, map=88, batch=100), None)
    assert (found.kind, round(found.share, 2), found.waits) == ("map", 0.78, None)
    assert found.sentence == (
        "map takes 78 % of the time: set parallel calls, or put cache behind it, or put it behind batch so that one "
        "call prepares a whole batch."
    )
    parallel = set_stage_param(slow, "map", "num_parallel_calls", "auto")
    assert "put cache behind it" in bottleneck(parallel, rates(from_tensor_slices=10, map=90), None).sentence
    reading = InputPipeline(switch(USUAL, "cache", False).stages, Costs(read_ms=2))
    assert "switch cache on" in bottleneck(reading, rates(from_tensor_slices=90, map=91), None).sentence


def test_that_waiting_for_data_is_told_with_a_training_step() -> None:
    steps = InputPipeline(switch(switch(USUAL, "cache", False), "prefetch", False).stages, Costs(step_ms=16))
    measured = rates(from_tensor_slices=10, map=1000, batch=1010)
    found = bottleneck(steps, measured, 500)
    assert found.waits == pytest.approx(0.75)
    assert found.sentence.startswith("The network waits for data 75 % of the time. map takes 98 %")
    assert found.sentence.endswith("With prefetch the next batch is made while the network trains.")
    fed = bottleneck(steps, measured, 1999)
    assert "the training step is the bottleneck" in fed.sentence


def test_that_each_stage_is_a_line_of_python() -> None:
    pipeline = set_stage_param(USUAL, "map", "num_parallel_calls", "auto")
    pipeline = set_stage_param(pipeline, "map", "deterministic", False)
    pipeline = set_stage_param(pipeline, "shuffle", "seed", None)
    pipeline = set_stage_param(pipeline, "shuffle", "reshuffle_each_iteration", False)
    pipeline = set_stage_param(pipeline, "batch", "drop_remainder", True)
    pipeline = set_stage_param(pipeline, "repeat", "count", 3)
    lines = [stage_code(pipeline, kind) for kind in ENTRIES]
    assert lines == [
        "tf.data.Dataset.from_tensor_slices((x_train, y_train))",
        "dataset.map(prepare, num_parallel_calls=tf.data.AUTOTUNE, deterministic=False)",
        "dataset.cache()",
        "dataset.shuffle(1000, reshuffle_each_iteration=False)",
        "dataset.batch(32, drop_remainder=True)",
        "dataset.repeat(3)",
        "dataset.prefetch(tf.data.AUTOTUNE)",
    ]
    assert stage_code(USUAL, "map") == "dataset.map(prepare)"
    assert stage_code(USUAL, SOURCE) == lines[0]


def test_that_the_code_leaves_the_scaling_of_the_training_part_to_map() -> None:
    code = pipeline_code(InputPipeline(costs=Costs(read_ms=1.5)), INFO, "uint8")
    lines = code.splitlines()
    assert lines[:5] == ["import csv", "import time", "", "import numpy as np", "import tensorflow as tf"]
    assert "x_train = scaled(x_train)" not in lines
    assert "x_test = scaled(x_test)" in lines
    assert "    return tf.cast(tf.cast(x, tf.float64) / 255.0, tf.float32), y" in lines
    assert "dataset = dataset.map(slowly(1.5))  # as from a slow disk" in lines
    assert lines[-1] == "# model.fit(dataset, epochs=10, steps_per_epoch=32)"
    compile(code, "pipeline", "exec")
    assert "    return tf.cast(x / 255.0, tf.float32), y" in pipeline_code(USUAL, INFO, "float32")
    assert pipeline_code(switch(USUAL, "repeat", False), INFO, "uint8").endswith("# model.fit(dataset, epochs=10)\n")


def test_that_data_without_a_script_are_asked_for_in_the_code() -> None:
    code = pipeline_code(USUAL, msgspec.structs.replace(INFO, script="", preparation=""), "float32")
    assert "# Define x_train and y_train here: these data have no script of their own." in code.splitlines()
    assert "    return tf.cast(x, tf.float32), y" in code.splitlines()


def test_that_scaling_stays_where_more_is_done_with_the_inputs_behind_it() -> None:
    more = msgspec.structs.replace(INFO, preparation=INFO.preparation + "y_train = x_train\n")
    code = pipeline_code(USUAL, more, "float32")
    assert "x_train = scaled(x_train)" in code.splitlines()
    assert "    return tf.cast(x, tf.float32), y" in code.splitlines()
