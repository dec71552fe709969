"""A problem of a project, told to the person with repairs that are edits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from workbench.domain.project import Project

Edit = Callable[[Project], Project]


@dataclass(frozen=True)
class Repair:
    """A way out by one click. `title` names what it does ("Set units to 10"); `preview` says what changes."""

    title: str
    edit: Edit
    preview: str


@dataclass(frozen=True)
class Problem:
    """What is wrong, in a sentence a learner understands, and where. Errors stop training, warnings do not.

    `code` is a stable name of the check ("units_against_classes"); `node_id` None means the project as a whole;
    `field` is the parameter or hyperparameter to look at; `detail` explains why it matters.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    detail: str = ""
    node_id: str | None = None
    field: str | None = None
    repairs: tuple[Repair, ...] = ()
