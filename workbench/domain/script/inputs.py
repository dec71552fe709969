"""Several inputs and outputs as source: the functions that make of samples what the network takes and learns."""

from workbench.domain.dataset import DatasetInfo, HeadInfo, InputInfo
from workbench.domain.entries import enters_in_parts, entry
from workbench.domain.graph import GraphError, GraphStep, layout
from workbench.domain.project import Project
from workbench.domain.script.source import plain


def inputs_lines(project: Project, info: DatasetInfo) -> list[str]:
    """The function `inputs_of`; empty where the network takes whole samples."""
    steps = _inputs(project)
    if not enters_in_parts(steps, info):
        return []
    parts = [(step.name, _part(entry(step.name, info.inputs))) for step in steps]
    taken = [f"        {part},  # {name}" for name, part in parts]
    body = ["    return (", *taken, "    )"] if len(parts) > 1 else [f"    return {parts[0][1]}  # {parts[0][0]}"]
    return ["# Each input of the network takes columns of its own.", "def inputs_of(x):", *body]


def targets_lines(info: DatasetInfo) -> list[str]:
    """The function `targets_of`; empty where the network learns one thing."""
    if not info.heads:
        return []
    taken = [f"        {_target(head)},  # {plain(head.target, 60)}" for head in info.heads]
    return [
        "# Each output of the network learns a column of its own.",
        "def targets_of(y):",
        "    return (",
        *taken,
        "    )",
    ]


def told(targets: str, info: DatasetInfo) -> str:
    """The expression for what the network learns of `targets`."""
    return f"targets_of({targets})" if info.heads else targets


def _target(head: HeadInfo) -> str:
    place = head.place
    return f"y[:, {place}:{place + 1}]" if head.task == "regression" else f'y[:, {place}].astype("int32")'


def fed(samples: str, project: Project, info: DatasetInfo) -> str:
    """The expression for what the network takes of `samples`."""
    return f"inputs_of({samples})" if enters_in_parts(_inputs(project), info) else samples


def _inputs(project: Project) -> list[GraphStep]:
    try:
        return [step for step in layout(project.model).steps if step.kind == "input"]
    except GraphError:
        return []  # the script says so where the network would stand


def _part(taken: InputInfo | None) -> str:
    if taken is None:
        return "x"
    places = taken.places
    if len(places) == 1 and len(taken.shape) != 1:
        return f"x[:, {places[0]}]"
    if places == tuple(range(places[0], places[-1] + 1)):
        return f"x[:, {places[0]}:{places[-1] + 1}]"
    return f"x[:, {list(places)}]"
