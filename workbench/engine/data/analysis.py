"""What a way of looking at a whole data set gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.domain.dataset import PARTS, Part
from workbench.domain.values import Value
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.raw import AnyArray, Indices, Progress
from workbench.protocol.payloads import Finding


@dataclass(frozen=True)
class Analysis:
    """Arrays by their names, facts beside them, sentences."""

    arrays: Mapping[str, AnyArray] = field(default_factory=dict)
    facts: Mapping[str, Value] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class Analyst(Protocol):
    """What a plug-in file in `analyses/` has."""

    ENTRY: AnalysisEntry

    def look(self, dataset: Dataset, progress: Progress) -> Analysis:
        """Look at the data. Raises DataError, and whatever `progress` raises to cancel."""
        ...


def chosen(dataset: Dataset, most: int, seed: int = 0) -> list[tuple[Part, Indices]]:
    """At most so many samples over all parts, in proportion, drawn by the seed: for each part its indices, rising."""
    sizes = {part: len(dataset.x[part]) for part in PARTS}
    total = sum(sizes.values())
    rng = np.random.default_rng(seed)
    picked: list[tuple[Part, Indices]] = []
    for part in PARTS:
        count = sizes[part] if total <= most else int(sizes[part] * most / total)
        picked.append((part, np.sort(rng.permutation(sizes[part])[:count])))
    return picked
