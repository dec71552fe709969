"""What all checks look at, worked out once: the project, its graph, its ending, the data and Keras' summary."""

from dataclasses import dataclass, replace

import msgspec

from workbench.domain.catalogue import Category, ClassEntry, load_catalogue
from workbench.domain.dataset import DatasetInfo, HeadInfo
from workbench.domain.defaults import resolve
from workbench.domain.ending import SHAPING, Ending, graph_ending
from workbench.domain.graph import Graph, GraphError, GraphStep, layout
from workbench.domain.heads import head_info, outputs_of
from workbench.domain.naming import title
from workbench.domain.project import Project
from workbench.domain.summary import LayerSummary, ModelSummary
from workbench.domain.training import HeadSpec, ResolvedTraining
from workbench.domain.tree import AnyNode, walk

Shape = tuple[int | None, ...]
_AT_THE_END = 1_000_000_000


@dataclass(frozen=True)
class Case:
    """A project to check. `info`, `summary` and `memory` (bytes) are None where they are not known yet.

    `nodes` are all nodes by id, `steps` the steps of the graph by node (the last one of a repeated node), `by_name`
    by name; `layers` what Keras says of a node. `graph` is None when the tree cannot be laid out: then `graph_error`.

    Where the data have several heads, `parts` are one case for each, with the output that learns it as if there were
    no other; empty where outputs and heads do not fit. In those `head` says which it is, and `output` is the name of
    the output's step.
    """

    project: Project
    info: DatasetInfo | None
    summary: ModelSummary | None
    memory: int | None
    graph: Graph | None
    graph_error: GraphError | None
    end: Ending
    training: ResolvedTraining | None
    nodes: dict[str, AnyNode]
    places: dict[str, int]
    steps: dict[str, GraphStep]
    by_name: dict[str, GraphStep]
    layers: dict[str, LayerSummary]
    output: str = ""
    head: HeadInfo | None = None
    parts: tuple["Case", ...] = ()

    def place(self, node_id: str | None) -> int:
        """Where a node stands, counted from the top; the project as a whole comes last."""
        return _AT_THE_END if node_id is None else self.places.get(node_id, _AT_THE_END - 1)

    def name(self, node_id: str) -> str:
        """What a person calls a node: its own name, else that of its layer."""
        node = self.nodes.get(node_id)
        if node is not None and node.name:
            return node.name
        if node_id in self.steps:
            return self.steps[node_id].name
        return title(node) if node is not None else "the network"

    @property
    def outputs(self) -> int | None:
        """How many numbers come out of the network for a sample (or for each place of it); None when not known."""
        if self.end.units is not None and not any(step.class_name in SHAPING for step in self.end.behind):
            return self.end.units
        shape = self.output_shape
        return shape[-1] if shape else None

    @property
    def output_shape(self) -> Shape | None:
        """The shape of the output as Keras says, without the batch."""
        return None if self.summary is None or self.summary.error is not None else self.summary.output_shape

    @property
    def expected_rank(self) -> int | None:
        """How many axes the output of the network must have, without the batch."""
        if self.info is None:
            return None
        return max(1, len(self.info.target_shape)) if self.info.learns_numbers else 1

    @property
    def wanted_shape(self) -> tuple[tuple[int, ...], ...] | None:
        """The shapes of output that fit, the best first, where something is learned for each place of a sample; None
        for all else."""
        info = self.info
        if info is None or not info.learns_places:
            return None
        if info.task != "segmentation" or info.labels == "one_hot":
            return (info.target_shape,)
        counts = (1, 2) if len(info.classes) == 2 else (len(info.classes),)
        return tuple((*info.target_shape[:-1], count) for count in counts)

    @property
    def has_layers(self) -> bool:
        """Whether there is any layer that is switched on."""
        return any(step.is_layer for step in self.by_name.values())

    def taken(self, step: GraphStep) -> tuple[GraphStep, ...]:
        """The steps that a step takes."""
        return tuple(self.by_name[name] for name in step.inputs if name in self.by_name)


def make_case(project: Project, info: DatasetInfo | None, summary: ModelSummary | None, memory: int | None) -> Case:
    """Work out what the checks need."""
    graph, graph_error = None, None
    try:
        graph = layout(project.model)
    except GraphError as error:
        graph_error = error
    steps = graph.steps if graph is not None else ()
    nodes = list(walk(project.model.nodes))
    case = Case(
        project=project,
        info=info,
        summary=summary,
        memory=memory,
        graph=graph,
        graph_error=graph_error,
        end=Ending() if graph is None else graph_ending(graph),
        training=None if info is None else resolve(project, info),
        nodes={node.id: node for node in nodes},
        places={node.id: place for place, node in enumerate(nodes)},
        steps={step.node_id: step for step in steps if step.node_id},  # the tree's own input is no node
        by_name={step.name: step for step in steps},
        layers={} if summary is None else {layer.node_id: layer for layer in summary.layers},
        output=graph.outputs[0] if graph is not None and graph.outputs else "",
    )
    return replace(case, parts=_parts(case))


def _parts(case: Case) -> tuple[Case, ...]:
    if case.info is None or case.graph is None or case.training is None:
        return ()
    heads, outputs = case.info.heads, outputs_of(case.graph, case.info)
    if not heads or len(outputs) != len(heads):
        return ()
    return tuple(_part(case, head, output) for head, output in zip(heads, outputs, strict=True))


def _part(case: Case, head: HeadInfo, output: str) -> Case:
    """The case of one output alone: what the person chose for it stands where there is one for all otherwise."""
    assert case.info is not None
    assert case.graph is not None
    chosen = next((each for each in case.project.training.heads if each.name == head.name), HeadSpec(head.name))
    training = msgspec.structs.replace(case.project.training, loss=chosen.loss, metrics=chosen.metrics, heads=())
    return replace(
        case,
        project=msgspec.structs.replace(case.project, training=training),
        info=head_info(case.info, head),
        summary=_summary_of(case.summary, head, output),
        end=graph_ending(case.graph, output),
        output=output,
        head=head,
    )


def _summary_of(summary: ModelSummary | None, head: HeadInfo, output: str) -> ModelSummary | None:
    if summary is None:
        return None
    shape = next((layer.output_shape for layer in summary.layers if layer.name == output), None)
    known = shape if summary.output_shape is not None else None
    return msgspec.structs.replace(summary, output_shape=known, loss_error=summary.loss_errors.get(head.name))


def entry_of(class_name: str, category: Category = "layers") -> ClassEntry | None:
    """The catalogue's entry of a class, None when it does not have it."""
    try:
        return load_catalogue().entry(category, class_name)
    except KeyError:
        return None


def names_of(category: Category) -> tuple[str, ...]:
    """The names of all classes of a category."""
    return tuple(entry.name for entry in load_catalogue().of(category))


def shown_shape(shape: Shape) -> str:
    """A shape as a person reads it: "8×8×1", or "64 numbers"."""
    if len(shape) == 1:
        return "any number of numbers" if shape[0] is None else f"{shape[0]:,} number{'s' * (shape[0] != 1)}"
    return "×".join("?" if size is None else f"{size:,}" for size in shape) or "one number"
