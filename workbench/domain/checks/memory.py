"""A network that does not fit into memory: known from Keras' shapes before anything is allocated."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem, Repair
from workbench.domain.summary import LayerSummary, ModelSummary

# Weights, gradients, and the two averages that Adam keeps.
COPIES = 4
SLOW_FROM = 0.7
ROOM = 0.5


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, on the layer with most parameters or the largest output."""
    summary, memory = case.summary, case.memory
    if summary is None or not memory or not summary.layers or summary.peak_bytes <= SLOW_FROM * memory:
        return
    is_too_large = summary.peak_bytes > memory
    by_weights = COPIES * summary.param_bytes > summary.peak_bytes / 2
    largest = max(summary.layers, key=lambda layer: layer.params if by_weights else _numbers(layer))
    name = case.name(largest.node_id)
    most = "most parameters are" if by_weights else "the largest output is"
    end = "It is not trained, so that nothing is lost" if is_too_large else "Training may become very slow"
    yield Problem(
        "too_large",
        "error" if is_too_large else "warning",
        f"Training needs {_size(summary.peak_bytes)} of memory, and this machine has {_size(memory)}."
        f" In “{name}” {most}: make it smaller.",
        f"{end}. Weights take {_size(summary.param_bytes)}, and training keeps about {COPIES} copies of them"
        " beside what every layer gives for a whole batch.",
        node_id=largest.node_id if largest.node_id in case.nodes else None,
        repairs=tuple(_offers(case, summary, largest, by_weights, memory)),
    )


def _numbers(layer: LayerSummary) -> int:
    count = 1
    for size in layer.output_shape:
        count *= size or 1
    return count


def _size(count: float) -> str:
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1024:
            return f"{count:,.0f} {unit}" if unit == "bytes" else f"{count:,.1f} {unit}"
        count /= 1024
    return f"{count:,.1f} TB" if count < 1_000_000 else "more than a million TB"


def _offers(
    case: Case, summary: ModelSummary, largest: LayerSummary, by_weights: bool, memory: int
) -> Iterator[Repair]:
    batch = case.training.batch_size if case.training is not None else 1
    weights = COPIES * summary.param_bytes
    room = ROOM * memory - weights
    if not by_weights and batch > 1 and room > 0:
        fitting = int(room / max(1, (summary.peak_bytes - weights) / batch))
        smaller = 2 ** max(0, fitting.bit_length() - 1)
        if fitting >= 1 and smaller < batch:
            preview = f"batch size: {batch} → {smaller}"
            yield _repairs.training(case, "batch_size", smaller, f"Set the batch size to {smaller}", preview)
    step = case.steps.get(largest.node_id)
    if step is None or step.node_id not in case.nodes:
        return
    for param in ("units", "filters", "output_dim"):
        value = step.params.get(param)
        if isinstance(value, int) and value > 1:
            fitting = int(value * ROOM * memory / summary.peak_bytes)
            yield _repairs.set_param(case, step.node_id, param, 2 ** max(0, fitting.bit_length() - 1))
    yield _repairs.remove_node(case, step.node_id)
