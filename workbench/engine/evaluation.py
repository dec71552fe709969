"""Loss and metrics of a compiled network on a part of its data."""

from collections.abc import Callable
from contextlib import closing
from typing import TypeAlias

from workbench.domain.dataset import Part
from workbench.domain.defaults import resolve
from workbench.engine.build import compile_model
from workbench.engine.errors import EngineError
from workbench.engine.fitting import check_fits
from workbench.engine.probes.base import Subject
from workbench.engine.training.feed import feed
from workbench.engine.training.plans import LONGEST_CHUNK, prepare, runner

ProgressTo: TypeAlias = Callable[[str, float | None], None]


def metrics_on(subject: Subject, part: Part, progress: ProgressTo) -> dict[str, float]:
    """The numbers of Keras' `evaluate` with the batch size of the run. Raises EngineError where there is no such
    part, and where the data do not fit the network."""
    check_fits(subject)
    batch = resolve(subject.project, subject.dataset.info).batch_size
    model, data = subject.model, feed(subject.dataset, part, batch)
    if data is None:
        raise EngineError(f"The data have no {part} part. Choose another one.")
    if not model.compiled:  # it was opened from a file that says nothing of a loss
        compile_model(model, subject.project, subject.dataset.info)
    prepare(model, data, batch)
    check = runner(model, data, batch, "test_step", "graph")
    model.reset_metrics()
    metrics: dict[str, float] = {}
    step = min(LONGEST_CHUNK, max(1, check.batches // 50))
    with closing(data):
        for first in range(0, check.batches, step):
            progress("Evaluating", first / check.batches)
            _, metrics = check.run(first, step)
    return metrics
