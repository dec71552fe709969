"""Parts to begin with, one of each kind."""

from dataclasses import dataclass

from workbench.domain.parts.spec import LONGEST_SOURCE
from workbench.domain.resources import resource

FOLDER = "own_parts"


@dataclass(frozen=True)
class Template:
    """`file` names the resource, `title` is what a person chooses, `name` what the new file is called."""

    file: str
    title: str
    name: str

    @property
    def source(self) -> str:
        """The text to begin with."""
        return resource(f"{FOLDER}/{self.file}.py").read_text(encoding="utf-8")[:LONGEST_SOURCE]


TEMPLATES = (
    Template("loss", "Loss: Huber with a parameter", "smooth_huber"),
    Template("layer", "Layer with weights", "linear"),
    Template("training_layer", "Layer that differs in training", "jitter"),
    Template("metric", "Metric with a state", "share_within"),
    Template("activation", "Activation", "soft_square"),
    Template("initializer", "Initializer", "ramp"),
    Template("regularizer", "Regularizer", "sum_to_one"),
    Template("constraint", "Constraint", "between"),
    Template("callback", "Callback", "rate_steps"),
)


def free_name(name: str, taken: tuple[str, ...]) -> str:
    """A name for a new file that no other has: the wanted one, or with a number behind it."""
    if name not in taken:
        return name
    number = 2
    while f"{name[:36]}_{number}" in taken:
        number += 1
    return f"{name[:36]}_{number}"
