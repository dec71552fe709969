"""Answers what a person asks about a network whose weights they change, and remembers the last state of it."""

from collections.abc import Mapping
from pathlib import Path

from workbench.domain.dataset import PARTS, Part
from workbench.domain.surgery import MOST_OPERATIONS, Operation
from workbench.engine.errors import EngineError
from workbench.engine.evaluation import ProgressTo, metrics_on
from workbench.engine.fitting import fits
from workbench.engine.probes.base import Subject
from workbench.engine.surgery.keep import keep
from workbench.engine.surgery.operate import operated
from workbench.engine.surgery.show import shown_weights
from workbench.protocol.commands import Operate
from workbench.protocol.events import Operated


class OperatingTable:
    """Has one network with its last operations, so that looking at another layer computes nothing again."""

    def __init__(self) -> None:
        self._subject: Subject | None = None
        self._part: Part = "test"
        self._before: dict[str, float] = {}
        self._operations: tuple[Operation, ...] = ()
        self._changed: Subject | None = None
        self._after: dict[str, float] = {}

    def operate(self, command: Operate, subject: Subject, progress: ProgressTo) -> Operated:
        """Do what is asked for; the subject itself stays as it is. Raises EngineError on what cannot be done."""
        if len(command.operations) > MOST_OPERATIONS:
            raise EngineError(f"More than {MOST_OPERATIONS:,} changes cannot be done at once. Keep the result first.")
        part = _part(subject, command.part)
        if subject is not self._subject or part != self._part:
            before = _metrics(subject, part, progress)
            self._subject, self._part, self._before = subject, part, before
            self._operations, self._changed, self._after = (), None, before
        if command.operations != self._operations:
            changed = operated(subject, command.operations, progress) if command.operations else None
            after = _metrics(changed, part, progress) if changed is not None else self._before
            self._operations, self._changed, self._after = command.operations, changed, after
        made = self._changed or subject
        kept = "" if command.keep is None else self._keep(command, command.keep, made, progress)
        return Operated(
            ticket=command.ticket,
            run=command.run,
            part=part,
            before=self._before,
            after=self._after,
            params_before=subject.model.count_params(),
            params_after=made.model.count_params(),
            layers=tuple(layer.name for layer in made.model.layers if layer.weights),
            weights=shown_weights(made, command.layer, command.unit, command.array),
            kept=kept,
        )

    def _keep(self, command: Operate, name: str, made: Subject, progress: ProgressTo) -> str:
        if not command.operations:
            raise EngineError("Nothing was changed, so there is nothing to keep. Change a weight first.")
        metrics: Mapping[str, float] = {}
        if made.dataset.info.sizes.get("validation"):
            found = _metrics(made, "validation", progress)
            metrics = {f"val_{each}": value for each, value in found.items()}
        return keep(Path(command.folder), command.run, name, made, command.operations, metrics)


def _metrics(subject: Subject, part: Part, progress: ProgressTo) -> dict[str, float]:
    """None where the data do not fit the network: its weights can be changed all the same."""
    return metrics_on(subject, part, progress) if fits(subject) else {}


def _part(subject: Subject, wanted: Part) -> Part:
    """The part that was asked for, or where the data have none of it the last that they have."""
    sizes = subject.dataset.info.sizes
    return wanted if sizes.get(wanted) else next(part for part in reversed(PARTS) if sizes.get(part))
