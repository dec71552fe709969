"""Which part of the data each input of a network takes: by its name, else the whole sample."""

from collections.abc import Sequence

from workbench.domain.dataset import DatasetInfo, InputInfo
from workbench.domain.graph import GraphStep


def entry(name: str, inputs: Sequence[InputInfo]) -> InputInfo | None:
    """The part of the data that an input of this name takes; None stands for all of a sample."""
    return next((each for each in inputs if each.name == name), None)


def entry_shape(name: str, info: DatasetInfo) -> tuple[int, ...]:
    """The shape of what an input of this name takes, without the batch."""
    taken = entry(name, info.inputs)
    return info.input_shape if taken is None else taken.shape


def enters_in_parts(steps: Sequence[GraphStep], info: DatasetInfo) -> bool:
    """Whether a network takes anything else than one whole sample."""
    names = [step.name for step in steps if step.kind == "input"]
    return len(names) > 1 or any(entry(name, info.inputs) is not None for name in names)
