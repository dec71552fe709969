"""Whether the data of a run fit its network. Those of a model that was opened from a file may not: they stand in."""

from collections.abc import Sequence

from workbench.domain.entries import entry_shape
from workbench.engine.errors import EngineError
from workbench.engine.probes.base import Subject


def fits(subject: Subject) -> bool:
    """Whether every input of the network can take what the data have for it."""
    return _misfit(subject) is None


def check_fits(subject: Subject) -> None:
    """Raises EngineError where the data cannot be fed to the network."""
    found = _misfit(subject)
    if found is not None:
        takes, given = (_words(shape) for shape in found)
        raise EngineError(
            f"This run has no data that fit its network: it takes {takes}, and they are {given}. Choose others on the "
            "Data page and train; the new run has them."
        )


def _misfit(subject: Subject) -> tuple[Sequence[int | None], Sequence[int | None]] | None:
    """The first shape that an input takes, and what it would get instead."""
    for tensor in subject.model.inputs:
        takes, given = tuple(tensor.shape[1:]), entry_shape(tensor.name, subject.dataset.info)
        if not (_alike(takes, given) or _alike((*takes, 1), given) or _alike(takes, (*given, 1))):  # as Keras does
            return takes, given
    return None


def _alike(takes: Sequence[int | None], given: Sequence[int | None]) -> bool:
    pairs = zip(takes, given, strict=False)
    return len(takes) == len(given) and all(one is None or other is None or one == other for one, other in pairs)


def _words(shape: Sequence[int | None]) -> str:
    return "×".join("?" if size is None else str(size) for size in shape) or "one number"
