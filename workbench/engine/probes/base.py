"""What a probe is: prepared once for a network and a sample, it looks as often as wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.project import Project
from workbench.domain.values import Value
from workbench.engine.data.dataset import Dataset
from workbench.engine.entries import Entries
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.events import Probed


@dataclass(frozen=True)
class Subject:
    """A network with its project and the data it learned from."""

    model: Any
    project: Project
    dataset: Dataset

    def fed(self, x: Any) -> Any:
        """What the network takes of samples (n, …) ready for it."""
        return Entries(self.model, self.dataset.info.inputs)(x)


@dataclass
class Seen:
    """What a look found: arrays and facts by the names in `protocol.probes`."""

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    facts: dict[str, Value] = field(default_factory=dict)


Look: TypeAlias = Callable[[], Seen]


class Kind(Protocol):
    """A plug-in module."""

    NAME: str

    def prepare(self, subject: Subject, params: Mapping[str, Value], sample: Sample | None) -> Look:
        """Raises EngineError or DataError, with a sentence, on what it cannot look at."""
        ...


def forward(model: Any) -> Callable[[Any], Any]:
    """A compiled forward pass for inference. It changes nothing: no seed, no statistic, no weight."""
    import tensorflow as tf

    return tf.function(lambda x: model(x, training=False), autograph=False, reduce_retracing=True)  # type: ignore[no-any-return]


def to_event(ticket: int, probe: str, seen: Seen, step: int | None) -> Probed:
    """A look as it travels."""
    arrays = {name: _array(array) for name, array in seen.arrays.items()}
    return Probed(ticket=ticket, probe=probe, arrays=arrays, facts=seen.facts, step=step)


def _array(array: NDArray[Any]) -> Array:
    plain = np.ascontiguousarray(array)
    return Array(plain.dtype.name, array.shape, plain.tobytes())
