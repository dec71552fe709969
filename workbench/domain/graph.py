"""The tree laid out as steps in the order in which the layers are made.

Both the engine and the exported script build from these steps, so they draw the same random seeds in the same order.
The diagram is drawn from a sketch of them, which unfinished networks have too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.domain.growth import GrowthError, Rules, grown, rules_of
from workbench.domain.naming import Namer, own_names, title
from workbench.domain.sealed import is_sealed
from workbench.domain.taken import Made, node_in, number_in, outputs_of, shown_outputs
from workbench.domain.tree import (
    AnyNode,
    Base,
    Block,
    Branches,
    Input,
    Layer,
    ModelTree,
    Repeat,
    Residual,
    Shared,
    Start,
    Wrapper,
    children_of,
    walk,
)
from workbench.domain.values import ObjectSpec, Value


@dataclass(frozen=True)
class GraphStep:
    """One layer to make and call. `name` is unique; `inputs` are names of earlier steps; `inner` is the layer that a
    wrapper takes; `shares` names the step whose layer is called again; `start` are the weights that one layer starts
    with, of a wrapper those of all in it. What merges a residual has in `projection` the name of the layer that its
    skip goes through where the two sides differ in shape (`domain/projection.py`).

    `kind` is "input" (`shape` and `dtype` None: those of the data; an empty `node_id`: the tree has none), "layer",
    "wrapper", "shared" or "output". What merges branches or a residual is a "layer" with the id of that node. An
    "output" makes no layer and is of no node: it is output number `output` of the step that it takes, as the state of a
    recurrent layer.
    """

    kind: str
    node_id: str
    name: str
    class_name: str
    params: dict[str, Value] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    trainable: bool = True
    inner: "GraphStep | None" = None
    shares: str | None = None
    projection: str | None = None
    shape: tuple[int | None, ...] | None = None
    dtype: str | None = None
    start: Start | None = None
    output: int = 0

    @property
    def is_layer(self) -> bool:
        """Whether a layer is called in this step."""
        return self.kind not in ("input", "output")


@dataclass(frozen=True)
class Graph:
    """All steps, inputs first where the tree has none of its own, and the names of the outputs."""

    steps: tuple[GraphStep, ...]
    outputs: tuple[str, ...]


def made_in(step: GraphStep) -> tuple[str, dict[str, Value], Made | None]:
    """The class of a step with its parameters, and what a wrapper takes, as `domain.taken` asks for them."""
    inner = None if step.inner is None else (step.inner.class_name, step.inner.params)
    return step.class_name, step.params, inner


def output_name(step: GraphStep, number: int) -> str:
    """What an output of a step is called: "state h", or "output 2" where that is not known."""
    return shown_outputs(outputs_of(*made_in(step)), number + 1)[number]


class GraphError(Exception):
    """The tree cannot be laid out; `node_id` says where, the message why, in a sentence for a person."""

    def __init__(self, node_id: str, message: str) -> None:
        super().__init__(message)
        self.node_id = node_id


MAX_STEPS = 5_000
MAX_DEPTH = 60


def layout(tree: ModelTree) -> Graph:
    """The steps of a tree. Disabled nodes are left out: what takes one takes what that one would have taken.

    Raises GraphError on an input that does not stand above, on an unknown or doubled name, and on a node that this
    version cannot build.
    """
    return _Layout(tree).graph()


def sketch(tree: ModelTree) -> Graph:
    """The steps of a tree as far as they can be told, for a picture of it: what `layout` refuses is left open.

    A repetition is laid once. Two kinds of steps come in addition: "empty", a container in which nothing is laid and
    which gives what it takes, and "open", a node that this version cannot build or whose layer is not known.
    Raises GraphError only for networks too large or too deep to be laid out.
    """
    return _Layout(tree, strict=False).graph()


def layer_count(tree: ModelTree) -> int:
    """How many layers a tree lays out, inputs left out. Raises GraphError like `layout`."""
    return sum(step.is_layer for step in layout(tree).steps)


class _Layout:
    """One pass over the tree. `_values` maps node ids to the names of the steps whose outputs they stand for; inside a
    repetition they are those of the present round, after it those of the last."""

    def __init__(self, tree: ModelTree, *, strict: bool = True) -> None:
        self._tree = tree
        self._strict = strict
        self._namer = Namer(own_names(tree))
        self._steps: list[GraphStep] = []
        self._values: dict[str, tuple[str, ...]] = {}
        self._makers: dict[str, GraphStep] = {}
        self._empty: dict[str, tuple[str, ...]] = {}  # what the empty containers of a sketch take
        self._titles = {node.id: title(node) for node in walk(tree.nodes)}
        self._growing: list[tuple[Rules, int]] = []
        self._started: dict[str, int] = {}  # how many rounds of a layer that starts with weights are laid
        self._off: set[str] = set()  # the nodes that are switched off
        self._further: dict[tuple[str, int], str] = {}  # outputs of steps behind their first

    def graph(self) -> Graph:
        if self._strict:
            _refuse_doubled_names(self._tree)
        current: tuple[str, ...] = ()
        if not _has_input(self._tree.nodes):
            current = (self._add(GraphStep("input", "", self._namer.of_class("InputLayer"), "InputLayer")),)
        current = self._sequence(self._tree.nodes, current, True, 0)
        outputs = tuple(name for node_id in self._tree.outputs for name in self._output(node_id))
        return Graph(tuple(self._steps), outputs or current)

    def _refuse(self, node_id: str, message: str) -> None:
        """What cannot be built; a sketch goes on without it."""
        if self._strict:
            raise GraphError(node_id, message)

    def _output(self, name: str) -> tuple[str, ...]:
        node_id = node_in(name)
        if node_id not in self._values:
            self._refuse("", "An output of the network names a layer that is not there. Choose its outputs again.")
        if number_in(name) and node_id in self._off:
            self._refuse("", f"The network gives {_numbered(name, self._titles)}, which is switched off. Switch it on.")
        return self._given(name)

    def _given(self, name: str) -> tuple[str, ...]:
        """The steps whose outputs a name stands for; none where that is not known."""
        made, number = self._values.get(node_in(name), ()), number_in(name)
        if not number or node_in(name) in self._off:
            return made
        return tuple(self._output_of(step, number) for step in made)

    def _output_of(self, step: str, number: int) -> str:
        """The step for a further output of a step."""
        key = step, number
        if key not in self._further:
            maker = next(each for each in reversed(self._steps) if each.name == step)
            self._further[key] = self._namer.output(step, output_name(maker, number))
            self._add(GraphStep("output", "", self._further[key], "", inputs=(step,), output=number))
        return self._further[key]

    def _add(self, step: GraphStep) -> str:
        if len(self._steps) >= MAX_STEPS:
            raise GraphError(step.node_id, f"The network has more than {MAX_STEPS:,} layers. Repeat fewer of them.")
        self._steps.append(step)
        self._makers[step.node_id] = step
        return step.name

    def _sequence(
        self, nodes: tuple[AnyNode, ...], current: tuple[str, ...], trainable: bool, depth: int
    ) -> tuple[str, ...]:
        if depth > MAX_DEPTH:
            raise GraphError(nodes[0].id if nodes else "", f"Blocks are nested more than {MAX_DEPTH} deep.")
        for node in nodes:
            current = self._node(node, current, trainable, depth)
        return current

    def _node(self, node: AnyNode, above: tuple[str, ...], trainable: bool, depth: int) -> tuple[str, ...]:
        """The outputs of one node that stands below `above`."""
        if _enabled(node):
            taken = self._taken(node) if node.inputs else above
            before = len(self._steps)
            made = self._expand(node, taken, trainable, depth)
            if not self._strict and len(self._steps) == before:
                made = (self._add(GraphStep("empty", node.id, self._namer.of_class("Empty"), "", inputs=taken)),)
                self._empty[made[0]] = taken
        else:
            made = self._bypass(node, above)
            self._values |= {inner.id: made for inner in walk((node,))}
            self._off |= {inner.id for inner in walk((node,))}
        self._values[node.id] = made
        return made

    def _bypass(self, node: AnyNode, above: tuple[str, ...]) -> tuple[str, ...]:
        known = tuple(step for name in node.inputs for step in self._given(name))
        return known if len(known) == 1 else above

    def _taken(self, node: AnyNode) -> tuple[str, ...]:
        steps: list[str] = []
        for name in node.inputs:
            if node_in(name) not in self._values or (number_in(name) and node_in(name) in self._off):
                self._refuse(node.id, self._why_not_taken(node, name))
            steps += self._given(name)
        return tuple(steps)

    def _why_not_taken(self, node: AnyNode, name: str) -> str:
        node_id = node_in(name)
        if node_id not in self._titles:
            return f"“{title(node)}” takes a layer that is not there any more. Choose its inputs again."
        if node_id in self._values:
            return f"“{title(node)}” takes {_numbered(name, self._titles)}, which is switched off. Switch it on."
        return f"“{title(node)}” takes “{self._titles[node_id]}”, which does not stand above it. Move it below."

    def _expand(self, node: AnyNode, taken: tuple[str, ...], trainable: bool, depth: int) -> tuple[str, ...]:
        match node:
            case Input():
                return (self._input(node, depth),)
            case Layer():
                return (self._layer(node, taken, trainable),)
            case Wrapper():
                return (self._wrapper(node, taken, trainable),)
            case Shared():
                return (self._shared(node, taken),)
            case Block() | Base():
                return self._sequence(node.children, taken, trainable and node.trainable, depth + 1)
            case Repeat():
                return self._repeat(node, taken, trainable and node.trainable, depth + 1)
            case Branches():
                return self._branches(node, taken, trainable, depth + 1)
            case Residual():
                return self._residual(node, taken, trainable and node.trainable, depth + 1)

    def _open(self, node: AnyNode, class_name: str, taken: tuple[str, ...]) -> str:
        return self._add(GraphStep("open", node.id, self._name(node, class_name), class_name, inputs=taken))

    def _name(self, node: AnyNode, class_name: str) -> str:
        return self._namer.own(node.name, class_name) if node.name else self._namer.of_class(class_name)

    def _input(self, node: Input, depth: int) -> str:
        if node.inputs:
            self._refuse(node.id, f"“{title(node)}” is an input and takes no other layer. Clear its inputs.")
        if node.id in self._values:
            self._refuse(node.id, f"“{title(node)}” stands in a repeated block. Move it out of there.")
        name = self._name(node, "InputLayer")
        return self._add(GraphStep("input", node.id, name, "InputLayer", shape=node.shape, dtype=node.dtype))

    def _layer(self, node: Layer, taken: tuple[str, ...], trainable: bool) -> str:
        self._needs_input(node, taken)
        name = self._name(node, node.class_name)
        params = self._params(node)
        return self._add(
            GraphStep(
                "layer",
                node.id,
                name,
                node.class_name,
                params,
                taken,
                trainable and node.trainable and not is_sealed(node),
                start=None if is_sealed(node) else self._start(node),
            )
        )

    def _start(self, node: Layer) -> Start | None:
        """The weights that a layer starts with in the present round; rounds with no name start afresh."""
        if node.start is None:
            return None
        number = self._started.get(node.id, 0)
        self._started[node.id] = number + 1
        names = node.start.layers[number : number + 1]
        return Start(node.start.file, names) if any(names) else None

    def _params(self, node: Layer | Wrapper) -> dict[str, Value]:
        """The parameters of a layer in the present round of the repetitions that it stands in."""
        params = node.params
        for rules, number in self._growing:
            params = grown(params, rules, number)
        return params

    def _wrapper(self, node: Wrapper, taken: tuple[str, ...], trainable: bool) -> str:
        self._needs_input(node, taken)
        child = node.child
        free = trainable and node.trainable and child.trainable
        inner_name = self._name(child, child.class_name)
        inner = GraphStep("layer", child.id, inner_name, child.class_name, self._params(child), trainable=free)
        name = self._name(node, node.class_name)
        params = self._params(node)
        start = self._start(child)
        return self._add(GraphStep("wrapper", node.id, name, node.class_name, params, taken, free, inner, start=start))

    def _shared(self, node: Shared, taken: tuple[str, ...]) -> str:
        self._needs_input(node, taken)
        maker = self._makers.get(node.layer)
        if maker is None or maker.kind in ("input", "empty"):
            self._refuse(
                node.id, f"“{title(node)}” has no layer above it whose weights it could share. Choose its layer again."
            )
            return self._open(node, "Shared", taken)
        origin = maker.shares or maker.name
        name = self._name(node, f"{maker.class_name}Shared")
        step = GraphStep(
            "shared", node.id, name, maker.class_name, maker.params, taken, maker.trainable, maker.inner, shares=origin
        )
        return self._add(step)

    def _repeat(self, node: Repeat, taken: tuple[str, ...], trainable: bool, depth: int) -> tuple[str, ...]:
        if node.times < 1:
            self._refuse(node.id, f"“{title(node)}” repeats less than once. Repeat it at least once.")
        if node.times > MAX_STEPS:
            self._refuse(node.id, f"“{title(node)}” repeats more than {MAX_STEPS:,} times. Repeat it fewer times.")
        rules: Rules = {}
        try:
            rules = rules_of(node.grow)
        except GrowthError as error:
            self._refuse(node.id, str(error))
        for number in range(node.times if self._strict else 1):
            before = len(self._steps)
            self._growing.append((rules, number))
            taken = self._sequence(node.children, taken, trainable, depth)
            self._growing.pop()
            if len(self._steps) == before:
                break
        return taken

    def _branches(self, node: Branches, taken: tuple[str, ...], trainable: bool, depth: int) -> tuple[str, ...]:
        made = [(branch.enabled, self._node(branch, taken, trainable, depth)) for branch in node.branches]
        ends = tuple(name for enabled, names in made if enabled for name in names)
        if len(ends) < 2:
            return ends or taken
        return (self._merge(node, node.merge, ends, trainable),)

    def _residual(self, node: Residual, taken: tuple[str, ...], trainable: bool, depth: int) -> tuple[str, ...]:
        if len(taken) != 1:
            self._refuse(node.id, f"“{title(node)}” needs exactly one input, but has {len(taken)}.")
        end = self._sequence(node.children, taken, trainable, depth)
        if self._is_same(end, taken):
            return end
        return (self._merge(node, node.merge, taken + end, trainable, self._namer.of_class("Projection")),)

    def _is_same(self, end: tuple[str, ...], taken: tuple[str, ...]) -> bool:
        """Whether nothing lies between two places but, in a sketch, what is empty."""
        while end != taken and any(name in self._empty for name in end):
            end = tuple(inner for name in end for inner in self._empty.get(name, (name,)))
        return end == taken

    def _merge(
        self, node: AnyNode, merge: ObjectSpec, taken: tuple[str, ...], trainable: bool, projection: str | None = None
    ) -> str:
        name = self._name(node, merge.class_name)
        return self._add(
            GraphStep("layer", node.id, name, merge.class_name, merge.params, taken, trainable, projection=projection)
        )

    def _needs_input(self, node: AnyNode, taken: tuple[str, ...]) -> None:
        if not taken:
            self._refuse(node.id, f"“{title(node)}” has nothing above it. Move it below an input.")


def _numbered(name: str, titles: Mapping[str, str]) -> str:
    return f"output {number_in(name) + 1} of “{titles.get(node_in(name), '')}”"


def _enabled(node: AnyNode) -> bool:
    return node.enabled and (not isinstance(node, Wrapper) or node.child.enabled)


def _has_input(nodes: tuple[AnyNode, ...]) -> bool:
    """Whether an input stands in the tree that is not switched off, by itself or with its block."""
    return any(_enabled(node) and (isinstance(node, Input) or _has_input(children_of(node))) for node in nodes)


def _refuse_doubled_names(tree: ModelTree) -> None:
    seen: set[str] = set()
    for node in walk(tree.nodes):
        if node.name and isinstance(node, Input | Layer | Wrapper | Shared):
            if node.name in seen:
                raise GraphError(node.id, f"Two layers are called “{node.name}”. Rename one of them.")
            seen.add(node.name)
