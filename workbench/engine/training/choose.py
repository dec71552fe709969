"""Choosing the plan by timing a few chunks of the very network at hand, without leaving a trace in its state."""

import logging
import time
from typing import Any, Literal

import tensorflow as tf

from workbench.domain.run import Plan
from workbench.engine.training.plans import LONGEST_CHUNK, Change, Feed, Kind, StepRunner, runner
from workbench.engine.training.state import capture, restore

CHUNK_SECONDS = 0.05
_TRIAL_SECONDS = 0.06
# XLA takes about so many times as long to compile a chunk as Python took to trace it.
_COMPILE_TO_TRACE = 3.5
_SLOWEST_STEP_TO_COMPILE = 0.02
# A recurrent network spends its time between many small operations, so that XLA helps it in slow steps as well. It then
# wins less than it does in fast ones, and so needs a longer training to win back its compilation.
_SLOWEST_RECURRENT_STEP_TO_COMPILE = 0.2
_COMPILATIONS_IN_SLOW_TRAINING = 3
# Compiled for a CPU, these are an order of magnitude slower than TensorFlow's own kernels.
_SLOW_ON_CPU = ("Conv", "DepthwiseConv")

_log = logging.getLogger(__name__)


def chunk_length(seconds_a_step: float) -> int:
    """How many steps make a chunk of about 50 ms, so that Pause and the pictures stay quick."""
    return max(1, min(LONGEST_CHUNK, round(CHUNK_SECONDS / max(seconds_a_step, 1e-6))))


def choose_plan(
    model: Any,
    data: Feed,
    batch: int,
    wanted: Literal["fastest", "exact"],
    steps: int,
    threads: int,
    change: Change | None = None,
) -> tuple[Plan, StepRunner]:
    """The plan for a training of `steps` steps, and its runner. The model's state is afterwards what it was before.

    "exact" holds to Keras' own arithmetic. XLA is tried when its compilation is likely to pay within the training.
    """
    changing = [] if change is None else change.variables
    saved = capture(model, changing)
    data.chunk(0, min(batch, data.samples))  # what reads its samples first does so now, and not while it is timed
    try:
        kind, chosen, seconds = _fastest(model, data, batch, wanted, steps, change)
    finally:
        restore(model, saved, changing)
    return Plan(kind=kind, chunk=chunk_length(seconds), threads=threads), chosen


def runner_of(plan: Plan, model: Any, data: Feed, batch: int, change: Change | None = None) -> StepRunner:
    """The runner of a plan chosen before, for a run that goes on."""
    return runner(model, data, batch, "train_step", plan.kind, change)


def _fastest(
    model: Any, data: Feed, batch: int, wanted: Literal["fastest", "exact"], steps: int, change: Change | None
) -> tuple[Kind, StepRunner, float]:
    graph = runner(model, data, batch, "train_step", "graph", change)
    start = time.perf_counter()
    try:
        concrete = graph.trace()
    except (TypeError, ValueError, NotImplementedError, AttributeError, tf.errors.OpError) as error:
        _log.warning("The network cannot be traced as a chunk: %s", error)
        fallback = runner(model, data, batch, "train_step", "keras", change)
        return "keras", fallback, _time(fallback)
    compilation = _COMPILE_TO_TRACE * (time.perf_counter() - start)
    graph_seconds = _time(graph)
    if wanted == "exact" or not _worth_compiling(concrete, graph_seconds, steps, compilation):
        return "graph", graph, graph_seconds
    compiled = runner(model, data, batch, "train_step", "xla", change)
    try:
        compiled.compile()
        xla_seconds = _time(compiled)
    except (TypeError, ValueError, NotImplementedError, tf.errors.OpError) as error:
        _log.info("XLA does not compile this network: %s", error)
        return "graph", graph, graph_seconds
    _log.info("A step takes %.0f µs as graph, %.0f µs compiled.", graph_seconds * 1e6, xla_seconds * 1e6)
    if xla_seconds < 0.9 * graph_seconds:
        return "xla", compiled, xla_seconds
    return "graph", graph, graph_seconds


def _worth_compiling(concrete: Any, seconds_a_step: float, steps: int, compilation: float) -> bool:
    """Whether XLA is likely to win back most of the seconds that it takes to compile: a step then takes a third."""
    nodes = [node.op for function in concrete.graph.as_graph_def().library.function for node in function.node_def]
    on_cpu = not tf.config.list_logical_devices("GPU")
    if on_cpu and any(op.startswith(_SLOW_ON_CPU) for op in nodes):
        return False
    training = seconds_a_step * steps
    if seconds_a_step <= _SLOWEST_STEP_TO_COMPILE:
        return training > compilation
    recurrent = "While" in nodes or "StatelessWhile" in nodes  # the loop over the steps is not within a function
    return (
        recurrent
        and seconds_a_step <= _SLOWEST_RECURRENT_STEP_TO_COMPILE
        and training > _COMPILATIONS_IN_SLOW_TRAINING * compilation
    )


def _time(candidate: StepRunner) -> float:
    """Seconds a step, measured on full batches where the data have any, within a bounded time."""
    first = time.perf_counter()
    candidate.run(0, 1)
    once = time.perf_counter() - first
    if once > 1:
        return once
    steps = 1
    best = float("inf")
    end = time.perf_counter() + _TRIAL_SECONDS
    most = max(1, candidate.data.samples // candidate.batch)
    while time.perf_counter() < end:
        start = time.perf_counter()
        candidate.run(0, steps)
        best = min(best, (time.perf_counter() - start) / steps)
        steps = min(most, 2 * steps)
    return best
