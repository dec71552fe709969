"""What is wrong in the project's own parts, each with its file and line."""

from collections.abc import Iterator

from workbench.domain.checks._case import Case
from workbench.domain.parts.read import read_parts
from workbench.domain.parts.used import used_parts
from workbench.domain.problem import Problem

DETAIL = "The parts are written under Own parts on the Model page."


def check(case: Case) -> Iterator[Problem]:
    """Faults of parts that are used stop the training; others are only told. Then the callbacks."""
    project = case.project
    if not project.parts and not project.training.callbacks:
        return
    used = {(part.entry.own, part.entry.name) for part in used_parts(project)}
    reading = read_parts(project.parts)
    for fault in reading.faults:
        is_used = (fault.part, fault.name) in used
        yield Problem("own_part", "error" if is_used else "warning", fault.sentence, DETAIL)
    for callback in project.training.callbacks:
        if reading.find("callbacks", callback.class_name) is None:
            name = callback.class_name[:100]
            message = f"The project has no callback of its own called “{name}”. Remove it, or write it."
            yield Problem("unknown_callback", "error", message, DETAIL, field="callbacks")
