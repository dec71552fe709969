"""The decision surface: what a network says at every point of a plane, or along a line."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workbench.domain.values import Value
from workbench.engine.errors import EngineError
from workbench.engine.outputs import probabilities
from workbench.engine.probes.base import Look, Seen, Subject, forward
from workbench.protocol.arrays import Sample
from workbench.protocol.probes import DECISION_SURFACE, DEFAULT_RESOLUTION, HIGHEST_RESOLUTION

NAME = DECISION_SURFACE
_MARGIN = 0.1


def prepare(subject: Subject, params: Mapping[str, Value], sample: Sample | None) -> Look:
    """A look at a grid over the training points; it needs no sample."""
    shape = subject.dataset.raw_shape
    if shape not in ((1,), (2,)):
        raise EngineError("Only data with one or two coordinates have a decision surface. Look at the feature maps.")
    if subject.dataset.info.task == "reconstruction":
        raise EngineError("Where the input itself is learned, nothing is decided. Look at the feature maps.")
    wanted = params.get("resolution")
    resolution = DEFAULT_RESOLUTION if not isinstance(wanted, (int, float)) else int(wanted)
    axes = _axes(subject, max(2, min(HIGHEST_RESOLUTION, resolution)))
    if len(axes) == 1:
        return _curve(subject, axes[0])
    return _surface(subject, axes[0], axes[1])


def _axes(subject: Subject, resolution: int) -> list[NDArray[np.float32]]:
    points = subject.dataset.inputs("train", range(len(subject.dataset.x["train"])))
    lows, highs = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    margins = _MARGIN * np.maximum(highs - lows, 1e-6)
    return [
        np.linspace(low - margin, high + margin, resolution, dtype=np.float32)
        for low, high, margin in zip(lows, highs, margins, strict=True)
    ]


def _curve(subject: Subject, x: NDArray[np.float32]) -> Look:
    inputs, run = subject.fed(subject.dataset.prepare(x[:, None])), forward(subject.model)

    def look() -> Seen:
        values = probabilities(subject.project, subject.dataset.info, np.asarray(run(inputs), np.float32))
        return Seen({"x": x, "curve": values[:, -1]}, _facts(subject))

    return look


def _surface(subject: Subject, x: NDArray[np.float32], y: NDArray[np.float32]) -> Look:
    info = subject.dataset.info
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    inputs, run = subject.fed(subject.dataset.prepare(grid)), forward(subject.model)

    def look() -> Seen:
        values = probabilities(subject.project, info, np.asarray(run(inputs), np.float32))
        if info.task == "binary":
            values = values[:, -1:]
        surface = values.reshape(len(y), len(x), -1)
        return Seen({"x": x, "y": y, "surface": surface}, _facts(subject))

    return look


def _facts(subject: Subject) -> dict[str, Value]:
    return {"classes": subject.dataset.info.classes, "task": subject.dataset.info.task}
