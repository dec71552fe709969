"""What the command line says of phases and of stored features while it trains."""

import io
import json
from dataclasses import dataclass, field

from workbench.cli.progress import Lines
from workbench.domain.run import Plan, StoredFeatures
from workbench.protocol.codec import to_json
from workbench.protocol.events import PhaseBegan, PlanChosen


@dataclass
class Noted:
    """An output that keeps its notes."""

    notes: list[str] = field(default_factory=list)
    err: io.StringIO = field(default_factory=io.StringIO)

    def note(self, text: str) -> None:
        self.notes.append(text)


BEGAN = PhaseBegan("r", 1, "Fine-tuning", 4, 80, 10, 0.0001)


def test_that_phases_and_features_are_told_in_lines() -> None:
    output = Noted()
    lines = Lines(output)  # type: ignore[arg-type]
    lines.show(PlanChosen("r", Plan("graph", 8, 1, features=StoredFeatures("conv", 3, 1200, 99, 2.0))))
    lines.show(BEGAN)
    lines.show(PlanChosen("r", Plan("graph", 8, 1), 1))
    assert output.notes == [
        "What the frozen layers up to conv give was computed once, for 1,200 samples in 2.0 s.",
        "Phase 2, Fine-tuning: learning rate 0.0001.",
    ]


def test_that_a_program_reads_where_a_phase_began() -> None:
    line = json.loads(to_json(BEGAN))
    assert (line["event"], line["phase"], line["epoch"], line["learning_rate"]) == ("phase_began", 1, 4, 0.0001)
