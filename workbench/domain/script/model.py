"""The network as source: `keras.Sequential` where it is one chain, the functional style otherwise.

Layers are made in the order of `graph.layout`, so that under the same seed they draw the same weights as the engine's.
"""

import builtins
from dataclasses import replace
from itertools import pairwise

from workbench.domain.dataset import DatasetInfo
from workbench.domain.entries import entry_shape
from workbench.domain.graph import Graph, GraphStep, layout
from workbench.domain.heads import outputs_of
from workbench.domain.naming import title
from workbench.domain.project import Project
from workbench.domain.projection import with_projections
from workbench.domain.script.notes import layer_note
from workbench.domain.script.objects import at_call, entry_of, object_doc
from workbench.domain.script.outputs import Outputs, states_item
from workbench.domain.script.phases import changed_names
from workbench.domain.script.sealed import keras_params, output_key
from workbench.domain.script.source import (
    Brackets,
    Doc,
    Item,
    call,
    comment,
    is_identifier,
    keyword_item,
    listing,
    quoted,
    render,
)
from workbench.domain.script.start import has_starts
from workbench.domain.sealed import is_sealed
from workbench.domain.summary import ModelSummary
from workbench.domain.tree import AnyNode, Base, Block, Branches, Repeat, Residual, children_of, walk
from workbench.domain.values import ObjectSpec

# These draw random seeds when they are built, not when they are made: a list of ready-made layers, as Sequential takes
# them, would draw in another order.
_DRAWS_WHEN_BUILT = frozenset({"SpectralNormalization", "MultiHeadAttention", "GroupQueryAttention"})
# These have no weights, and their constructors do not know the word.
_CANNOT_BE_FROZEN = frozenset(
    {"SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "Discretization", "Pipeline"}
)
_TAKEN_NAMES = frozenset(
    {"keras", "np", "math", "csv", "Path", "Image", "DATA", "SEED", "EPOCHS", "BATCH_SIZE", "Batches", "batches"}
    | {"model", "x", "y", "x_train", "y_train", "x_validation", "y_validation", "x_test", "y_test", "callbacks"}
    | {"history", "done", "results", "print", "labels", "counts", "chosen", "random", "class_weight"}
    | {"parts", "inputs_of", "targets_of", "random_layers", "mix_up", "cut_mix", "changed", "start_with"}
)


def model_lines(project: Project, info: DatasetInfo, summary: ModelSummary | None = None) -> list[str]:
    """Statements that make `model`; `summary` says which residuals project their skips.

    Raises GraphError where the tree cannot be laid out, ValueError on a name that cannot stand in Python.
    """
    graph = layout(project.model)
    if summary is not None:
        graph = replace(graph, steps=with_projections(graph.steps, summary.layers))
    writer = _Writer(graph, project, info, Outputs(graph, summary))
    return writer.sequential() if writer.is_chain() else writer.functional()


class _Writer:
    def __init__(self, graph: Graph, project: Project, info: DatasetInfo, outputs: Outputs) -> None:
        self._graph = graph
        self._outputs = outputs
        self._info = info
        self._project = project
        # Weights are given to layers by name, so then all are named: Keras could give another one the same name.
        all_named = has_starts(graph)
        named = {node.id for node in walk(project.model.nodes) if node.name or all_named}
        changed = changed_names(project)
        made = [each for step in graph.steps for each in (step, step.inner) if each is not None]
        # Keras numbers the layers of a class that it has to name, and passes over those that have a name.
        classes = {step.class_name for step in graph.steps if step.name in changed}
        self._named = {step.name for step in made if step.node_id in named or step.class_name in classes}
        self._headings = _headings(project.model.nodes)
        self._noted: set[str] = set()

    def is_chain(self) -> bool:
        """Whether each layer takes just the one above it, so that a list says it all."""
        steps = self._graph.steps
        if len(steps) < 2 or self._graph.outputs != (steps[-1].name,) or steps[0].kind != "input":
            return False
        chained = all(
            step.inputs == (above.name,) and step.kind in ("layer", "wrapper") for above, step in pairwise(steps)
        )
        return chained and not any(_needs_call(step) or self._outputs.are_several(step) for step in steps[1:])

    def sequential(self) -> list[str]:
        items: list[Item] = []
        shown: tuple[str, ...] = ()
        for step in self._graph.steps:
            doc = self._input(step) if step.kind == "input" else self._layer(step)
            notes, shown = self._comments(step, shown)
            items.append(Item(doc, comments=notes))
        return render(call("keras.Sequential", listing(*items)), "model = ")

    def functional(self) -> list[str]:
        lines: list[str] = []
        shown: tuple[str, ...] = ()
        values = _variables(self._graph)
        shared = {step.shares for step in self._graph.steps if step.shares}
        for step in self._graph.steps:
            if step.kind == "output":
                continue
            notes, shown = self._comments(step, shown)
            lines += notes
            prefix = f"{self._outputs.left_of(step, values)} = "
            if step.kind == "input":
                lines += render(self._input(step), prefix)
                continue
            arguments = _call_arguments(step, values)
            if step.shares is not None:
                called = call(_layer_name(step.shares, values), *arguments, tail=output_key(step))
                lines += render(self._outputs.made_flat(step, called), prefix)
            elif step.name in shared:
                layer = _layer_name(step.name, values)
                lines += render(self._layer(step), f"{layer} = ")
                called = call(layer, *arguments, tail=output_key(step))
                lines += render(self._outputs.made_flat(step, called), prefix)
            else:
                made = self._layer(step, call("", *arguments, tail=output_key(step)))
                lines += render(self._outputs.made_flat(step, made), prefix)
        return [*lines, *self._model(values)]

    def _model(self, values: dict[str, str]) -> list[str]:
        inputs = [values[step.name] for step in self._graph.steps if step.kind == "input"]
        outputs = [values[name] for name in outputs_of(self._graph, self._info)]
        return render(call("keras.Model", _one_or_list(inputs), _one_or_list(outputs)), "model = ")

    def _input(self, step: GraphStep) -> Brackets:
        shape = entry_shape(step.name, self._info) if step.shape is None else step.shape
        items = [Item(_shape(shape))]
        if step.dtype is not None:
            items.append(keyword_item("dtype", quoted(step.dtype)))
        if step.name in self._named:
            items.append(keyword_item("name", quoted(step.name)))
        return call("keras.Input", *items)

    def _layer(self, step: GraphStep, tail: Brackets | None = None) -> Brackets:
        spec = ObjectSpec(step.class_name, keras_params(step))
        extra: list[Item] = []
        if not step.trainable and step.class_name not in _CANNOT_BE_FROZEN:
            extra.append(keyword_item("trainable", "False"))
        if step.name in self._named:
            extra.append(keyword_item("name", quoted(step.name)))
        doc = object_doc(spec, "layers", extra, tail)
        if step.inner is None:
            return doc
        return Brackets(doc.head, doc.opening, (Item(self._layer(step.inner)), *doc.items), doc.closing, doc.tail)

    def _comments(self, step: GraphStep, shown: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The comments above a step: titles of blocks that begin here, and what a layer is good for, said once."""
        titles = self._headings.get(step.node_id, ())
        notes = [comment(" / ".join(titles))] if titles and titles != shown else []
        note = layer_note(step.class_name)
        if note and step.class_name not in self._noted:
            self._noted.add(step.class_name)
            notes.append(comment(note))
        return tuple(notes), titles


def _needs_call(step: GraphStep) -> bool:
    """Whether a list of layers would not do: the order of random draws, or the way the layer is called, differ."""
    entry = entry_of("layers", step.class_name)
    is_plain = (entry is None or entry.call in ("one", "states")) and not is_sealed(step)
    return not is_plain or bool(at_call(ObjectSpec(step.class_name, step.params))) or _draws_when_built(step)


def _draws_when_built(step: GraphStep) -> bool:
    entry = entry_of("layers", step.class_name)
    own = entry is not None and bool(entry.own)  # its code may draw whenever it likes
    return own or step.class_name in _DRAWS_WHEN_BUILT or (step.inner is not None and _draws_when_built(step.inner))


def _headings(nodes: tuple[AnyNode, ...], above: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """For each node id the titles of the blocks around it, outermost first."""
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        inside = above
        if isinstance(node, Block | Repeat | Residual | Branches | Base) and (node.name or not isinstance(node, Block)):
            inside = (*above, title(node))
        found[node.id] = inside if isinstance(node, Residual | Branches) else above
        found |= _headings(children_of(node), inside)
    return found


def _shape(shape: tuple[int | None, ...]) -> str:
    return f"({shape[0]!r},)" if len(shape) == 1 else f"({', '.join(repr(size) for size in shape)})"


def _one_or_list(names: list[str]) -> Doc:
    return names[0] if len(names) == 1 else listing(*names)


def _call_arguments(step: GraphStep, values: dict[str, str]) -> list[Item | Doc]:
    """What a layer is called on and with, passed the way its class takes it."""
    return [*_called_on(step, values), *at_call(ObjectSpec(step.class_name, step.params))]


def _called_on(step: GraphStep, values: dict[str, str]) -> list[Item | Doc]:
    """What a layer is called on; one input stands for both of a pair."""
    taken = [values[name] for name in step.inputs]
    entry = entry_of("layers", step.class_name)
    pair = taken * 2 if len(taken) == 1 else taken
    match entry.call if entry else "one":
        case "pair" if len(taken) == 4 and entry is not None and not entry.own:
            return [*taken[:3], keyword_item("attention_mask", taken[3])]
        case "pair":
            return list(pair)
        case "pair_list":
            return [listing(*pair)]
        case "list":
            return [listing(*taken)]
        case "states" if len(taken) > 1:
            return [taken[0], states_item(step, taken[1:])]
        case _:
            return [_one_or_list(taken)]


def _layer_name(step_name: str, values: dict[str, str]) -> str:
    return f"{values[step_name]}_layer"


def _variables(graph: Graph) -> dict[str, str]:
    """A variable for each step's output: `x` for what only the next step takes, a name of its own otherwise."""
    takers: dict[str, list[int]] = {}
    makers = {step.shares for step in graph.steps if step.shares}
    steps = [step for step in graph.steps if step.kind != "output"]
    for place, step in enumerate(steps):
        for name in step.inputs:
            takers.setdefault(name, []).append(place)
    values: dict[str, str] = {}
    used = set(dir(builtins)) | _TAKEN_NAMES
    for step in graph.steps:
        if step.kind == "output":
            values[step.name] = _fresh(step, graph.outputs, used)
    for place, step in enumerate(steps):
        passing = takers.get(step.name) == [place + 1] and step.name not in graph.outputs and step.kind != "input"
        values[step.name] = "x" if passing and step.name not in makers else _fresh(step, graph.outputs, used)
    return values


def _fresh(step: GraphStep, outputs: tuple[str, ...], used: set[str]) -> str:
    stem = "outputs" if outputs == (step.name,) else step.name
    stem = "inputs" if step.kind == "input" and "inputs" not in used else stem
    stem = stem if is_identifier(stem) else f"layer_{stem}"
    name, number = stem, 2
    while name in used or not is_identifier(name):
        name, number = f"{stem}_{number}", number + 1
    used.add(name)
    return name
