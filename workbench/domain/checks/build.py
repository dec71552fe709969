"""What else Keras refuses to build, in its own words made short. Said only where no other check says it better."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.edits import set_enabled
from workbench.domain.parts.read import read_parts
from workbench.domain.problem import Problem, Repair
from workbench.domain.trust import OFF

OF_KERAS = "Its parameters are not as this layer takes them. The form beside the network shows what is possible."
OWN = "It is one of the project's own parts, which are written under Own parts on the Model page."


def check(case: Case) -> Iterator[Problem]:
    """At most one problem: Keras' first error."""
    error = None if case.summary is None else case.summary.error
    if error is None or case.graph_error is not None:
        return
    text = error.message.strip().rstrip(".")
    if error.node_id not in case.nodes:
        yield Problem("build", "error", f"The network cannot be built: {text}.", error.detail)
        return
    name = case.name(error.node_id)
    got = "" if error.input_shape is None else f" It gets {shown_shape(error.input_shape)}."
    if OFF in text:
        yield _off(case, error.node_id)
        return
    is_own = _is_own(case, error.node_id)
    disable = Repair("Disable it", set_enabled((error.node_id,), False), f"disable “{name}”")
    yield Problem(
        "own_part" if is_own else "build",
        "error",
        f"“{name}” cannot be built: {text}.{got}",
        _beside(error.detail, text) or (OWN if is_own else OF_KERAS),
        node_id=error.node_id,
        repairs=(disable, _repairs.remove_node(case, error.node_id)),
    )


def _beside(detail: str, text: str) -> str:
    """The detail, where it says more than the sentence above it."""
    return "" if detail.strip().rstrip(".") == text else detail


def _is_own(case: Case, node_id: str) -> bool:
    """Whether it is a layer that the project brings itself."""
    parts, class_name = case.project.parts, getattr(case.nodes[node_id], "class_name", "")
    return bool(parts) and read_parts(parts).find("layers", class_name) is not None


def _off(case: Case, node_id: str) -> Problem:
    """Somebody else's code, which nothing is wrong with as far as one knows."""
    return Problem(
        "own_part",
        "error",
        f"“{case.name(node_id)}” is Python code that came with this project, which {OFF}. Read it first.",
        "It stands under Own parts, where the button Allow lets it run.",
        node_id=node_id,
    )
