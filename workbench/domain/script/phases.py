"""The phases behind the first one as source: other layers learn, the model is compiled again, and `fit` goes on."""

from workbench.domain.dataset import DatasetInfo
from workbench.domain.graph import layout
from workbench.domain.phases import learning_by_phase, phase_projects
from workbench.domain.project import Project
from workbench.domain.projection import with_projections
from workbench.domain.script.source import Item, call, comment, keyword_item, quoted, render
from workbench.domain.script.training import compile_lines, fit_call
from workbench.domain.summary import ModelSummary
from workbench.domain.training import PhaseSpec

_ANEW = "compile makes a new optimizer, which begins anew."


def changed_names(project: Project) -> frozenset[str]:
    """The names of the layers that do not learn in all phases alike, by which the script finds them again. Raises
    GraphError."""
    if not project.training.phases:
        return frozenset()
    phases = learning_by_phase(project)
    return frozenset(name for name, learns in phases[0].items() if any(each[name] != learns for each in phases))


def phases_lines(project: Project, info: DatasetInfo, summary: ModelSummary | None = None) -> list[list[str]]:
    """A section of statements for each phase; `summary` says which residuals project their skips. Raises GraphError or
    ValueError as the parts of the script do."""
    if not project.training.phases:
        return []
    steps = layout(project.model).steps
    made = {step.name for step in (steps if summary is None else with_projections(steps, summary.layers))}
    learning = [{name: on for name, on in each.items() if name in made} for each in learning_by_phase(project)]
    projects = phase_projects(project)
    return [
        _phase_lines(project, info, phase, learning[place], learning[place + 1], projects[place + 1])
        for place, phase in enumerate(project.training.phases)
    ]


def _phase_lines(
    project: Project,
    info: DatasetInfo,
    phase: PhaseSpec,
    before: dict[str, bool],
    after: dict[str, bool],
    alone: Project,
) -> list[str]:
    lines = [comment(f"{phase.name or 'The next phase'}. {_ANEW}")]
    for learns in (True, False):
        names = [name for name, now in after.items() if now is learns and before[name] is not learns]
        lines += _set_trainable(names, learns)
    lines += compile_lines(alone, info)
    # Early stopping may have ended the phase before; the epochs are counted on.
    lines.append("done = history.epoch[-1] + 1")
    epochs = (keyword_item("initial_epoch", "done"), keyword_item("epochs", f"done + {phase.epochs!r}"))
    return [*lines, *render(call("model.fit", *fit_call(project, info, "batches", epochs)), "history = ")]


def _set_trainable(names: list[str], learns: bool) -> list[str]:
    if not names:
        return []
    if len(names) == 1:
        return [f"model.get_layer({quoted(names[0])}).trainable = {learns}"]
    listed = call("", *(Item(quoted(name)) for name in names))
    return [*render(listed, "for name in ", suffix=":"), f"    model.get_layer(name).trainable = {learns}"]
