"""Takes weights from a saved model for the layers of a network: matched by name or in their order, and kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import clear_start
from workbench.domain.graph import GraphStep, layout
from workbench.domain.naming import snake
from workbench.domain.project import Project
from workbench.domain.tree import Start
from workbench.domain.weights_report import MatchBy, Taken, WeightsReport
from workbench.engine.build import build_model
from workbench.engine.donors import Donor, Donors, fits, read_donors
from workbench.engine.errors import EngineError, disk_sentence
from workbench.engine.kept_weights import keep_weights, shapes_of, shown_shapes
from workbench.engine.parts.of_run import parts_of_run

Array: TypeAlias = NDArray[Any]


def take_weights(
    project: Project, info: DatasetInfo, folder: Path, path: Path, by: MatchBy, title: str
) -> tuple[dict[str, Start], WeightsReport]:
    """What layers of the project, by the ids of their nodes, are to start with, kept in its folder, and the report.

    Raises EngineError on a file that cannot be read, BuildError where the network cannot be built.
    """
    with parts_of_run(path):
        donors = read_donors(path)
    bare = clear_start([node.id for node in project.model.nodes])(project)
    model = build_model(bare, info)
    layers = {step.name: model.get_layer(step.name) for step in layout(project.model).steps if _has_own(step)}
    layers = {layer.name: layer for layer in model.layers if layer.name in layers and layer.weights}
    pairs = _by_name(layers, donors) if by == "name" else _by_order(model, layers, donors)
    taken: dict[str, tuple[str, list[Array]]] = {}
    misfits: list[Taken] = []
    for name, donor in pairs.items():
        arrays = donor.take(layers[name])
        if arrays is not None and fits(layers[name], arrays):
            taken[name] = donor.name, arrays
        else:
            misfits.append(Taken(name, donor.name, _why(layers[name], arrays)))
    used = {donor.name for donor in pairs.values()}
    report = WeightsReport(
        title=title,
        by=by,
        taken=tuple(Taken(name, source) for name, (source, _) in taken.items()),
        misfits=tuple(misfits),
        missing=tuple(name for name in layers if name not in pairs),
        unused=tuple(donor.name for donor in donors.layers if donor.name not in used and not donor.is_inner),
    )
    return _kept(project, folder, taken), report


def _has_own(step: GraphStep) -> bool:
    return step.kind in ("layer", "wrapper")


def _by_name(layers: Mapping[str, Any], donors: Donors) -> dict[str, Donor]:
    found: dict[str, Donor] = {}
    for donor in donors.layers:
        if donor.name in layers:
            found.setdefault(donor.name, donor)
    return found


def _by_order(model: Any, layers: Mapping[str, Any], donors: Donors) -> dict[str, Donor]:
    """Each layer with weights and the one at its place in the source: of the same number, or, where the source keeps
    no order, of the same number among those of its kind."""
    if donors.ordered:
        return dict(zip(layers, [donor for donor in donors.layers if not donor.is_inner], strict=False))
    known = {donor.place: donor for donor in donors.layers if donor.place}
    counts: dict[str, int] = {}
    found: dict[str, Donor] = {}
    for layer in model.layers:
        kind = snake(type(layer).__name__)
        number = counts[kind] = counts.get(kind, -1) + 1
        place = f"{kind}_{number}" if number else kind
        if layer.name in layers and place in known:
            found[layer.name] = known[place]
    return found


def _why(layer: Any, arrays: list[Array] | None) -> str:
    wanted = shown_shapes(shapes_of(layer))
    if arrays is None:
        return f"the layer needs {wanted}"
    return f"has {shown_shapes(tuple(array.shape for array in arrays))}; the layer needs {wanted}"


def _kept(project: Project, folder: Path, taken: Mapping[str, tuple[str, list[Array]]]) -> dict[str, Start]:
    """Keep the weights; gives what each node is to start with, a repeated one with a name for each round."""
    if not taken:
        return {}
    names: dict[str, str] = {}
    for name, (source, _) in taken.items():
        kept = source.replace("/", "_")[:200]
        names[name] = kept if kept not in names.values() else f"{kept} for {name}"
    try:
        file = keep_weights(folder, {names[name]: arrays for name, (_, arrays) in taken.items()})
    except OSError as error:
        raise EngineError(disk_sentence(error), str(error)) from error
    rounds: dict[str, list[str]] = {}
    for step in layout(project.model).steps:
        if _has_own(step):
            rounds.setdefault(step.node_id, []).append(names.get(step.name, ""))
    return {node_id: Start(file, tuple(each)) for node_id, each in rounds.items() if any(each)}
