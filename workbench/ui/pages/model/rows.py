"""What each row of the tree says, worked out from the immutable tree and what is known of it. No widgets here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QCoreApplication

from workbench.domain.arithmetic import explain, explain_wrapped
from workbench.domain.catalogue import Catalogue, ClassEntry, ParamEntry, load_catalogue
from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits.start import has_start
from workbench.domain.edits.states import made_of
from workbench.domain.entries import entry_shape
from workbench.domain.naming import title as title_of
from workbench.domain.problem import Problem
from workbench.domain.reusable import exposed_value
from workbench.domain.sealed import ENDPOINT, OUTPUT, SOURCE, is_sealed
from workbench.domain.summary import LayerSummary, ModelSummary
from workbench.domain.taken import node_in, number_in, outputs_of, shown_outputs
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
    Wrapper,
    children_of,
    walk,
)
from workbench.domain.tree_tools import params_of
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.forms.values import format_number, same
from workbench.ui.pages.model.sizes import brief_count, brief_shape_text, count_text, shape_text

DATA_ROW = ""
NO_TEXT = ""
MOST_PARTS, ALL_PARTS = 4, 99
MORE = " …"
MISSED = ("misfit", "missing")  # what kept weights are that a layer does not start with
ALWAYS = (
    "units",
    "filters",
    "kernel_size",
    "pool_size",
    "rate",
    "target_shape",
    "input_dim",
    "output_dim",
    "num_heads",
)
ICONS = {
    Input: "import",
    Block: "cube-outline",
    Repeat: "repeat",
    Branches: "source-branch",
    Residual: "debug-step-over",
    Base: "package-variant-closed",
    Shared: "link-variant",
}
LAYER_ICONS = {
    "Dense": "dots-grid",
    "Flatten": "view-sequential-outline",
    "Dropout": "water-off-outline",
    "Embedding": "table-row",
}


@dataclass(frozen=True)
class Row:
    """One row as it is shown. `severity` and `problem` mark a problem; `params` are of all inside; `own_detail` is
    the detail without what the node takes; `whole` is the detail with what it leaves out because it is so much;
    `rounds` is what Keras says of a layer, each time that it is laid.

    What is brief is shown where there is no room for all digits. `is_output` marks what a tree names as its outputs,
    `starts` what begins the training with kept weights.
    """

    title: str
    detail: str
    icon: str
    shape: str = ""
    params: str = ""
    brief_shape: str = ""
    brief_params: str = ""
    enabled: bool = True
    frozen: bool = False
    is_output: bool = False
    starts: bool = False
    severity: Literal["", "warning", "error"] = ""
    problem: str = ""
    own_detail: str = ""
    whole: str = ""
    rounds: tuple[LayerSummary, ...] = ()

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = [" ".join(part for part in (self.title, self.whole or self.detail) if part)]
        if self.shape:
            parts.append(QCoreApplication.translate("ModelRows", "output {0}").format(self.shape))
        if self.params:
            parts.append(QCoreApplication.translate("ModelRows", "{0} parameters").format(self.params))
        if not self.enabled:
            parts.append(QCoreApplication.translate("ModelRows", "disabled"))
        if self.frozen:
            parts.append(QCoreApplication.translate("ModelRows", "frozen"))
        if self.starts:
            parts.append(QCoreApplication.translate("ModelRows", "starts with kept weights"))
        if self.is_output:
            parts.append(QCoreApplication.translate("ModelRows", "an output of the network"))
        if self.problem:
            parts.append(self.problem)
        return ", ".join(parts)


def rows_of(
    tree: ModelTree,
    catalogue: Catalogue,
    info: DatasetInfo | None,
    summary: ModelSummary | None,
    problems: Sequence[Problem],
) -> dict[str, Row]:
    """The row of each node by its id, and that of the data (`DATA_ROW`) where the tree has no input of its own."""
    return _Rows(tree, catalogue, info, summary, problems).all()


def has_input(tree: ModelTree) -> bool:
    """Whether the tree says itself where it begins."""
    return any(isinstance(node, Input) for node in walk(tree.nodes))


class _Rows:
    def __init__(
        self,
        tree: ModelTree,
        catalogue: Catalogue,
        info: DatasetInfo | None,
        summary: ModelSummary | None,
        problems: Sequence[Problem],
    ) -> None:
        self._tree, self._catalogue, self._info = tree, catalogue, info
        self._titles = {node.id: node for node in walk(tree.nodes)}
        self._layers: dict[str, list[LayerSummary]] = {}
        for layer in summary.layers if summary else ():
            self._layers.setdefault(layer.node_id, []).append(layer)
        self._order = {id(layer): place for place, layer in enumerate(summary.layers)} if summary else {}
        self._problems: dict[str, Problem] = {}
        for problem in problems:
            if problem.node_id and (problem.node_id not in self._problems or problem.severity == "error"):
                self._problems[problem.node_id] = problem

    def all(self) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        if not has_input(self._tree):
            rows[DATA_ROW] = self._data_row()
        for node in self._tree.nodes:
            self._add(node, rows, enabled=True, frozen=False)
        return rows

    def _add(self, node: AnyNode, rows: dict[str, Row], enabled: bool, frozen: bool) -> list[LayerSummary]:
        """The row of a node and those inside; gives the layers that it stands for."""
        enabled = enabled and node.enabled
        frozen = frozen or not getattr(node, "trainable", True) or is_sealed(node)
        layers = list(self._layers.get(node.id, ()))
        rows[node.id] = Row("", "", "")  # parents before children
        for child in children_of(node):
            layers += self._add(child, rows, enabled, frozen)
        title, own_detail = title_and_detail(node, self._catalogue, self._titles)
        if isinstance(node, Residual) and len(self._layers.get(node.id, ())) > 1:
            skip = QCoreApplication.translate("ModelRows", "skip through {0}")
            own_detail = f"{own_detail}, {skip.format(self._layers[node.id][0].class_name)}"
        taken = self._taken(node)
        whole = _whole_detail(node, self._catalogue, self._titles) if own_detail.endswith(MORE) else own_detail
        problem = self._problems.get(node.id)
        last = max(layers, key=lambda layer: self._order[id(layer)], default=None)
        shape = self._shape(node, last)
        count = None if last is None or isinstance(node, Input) else sum(each.params for each in layers)
        rows[node.id] = Row(
            title,
            _joined(own_detail, taken),
            icon_of(node, self._catalogue),
            shape="" if shape is None else shape_text(shape),
            params="" if count is None else count_text(count),
            brief_shape="" if shape is None else brief_shape_text(shape),
            brief_params="" if count is None else brief_count(count),
            enabled=enabled,
            frozen=frozen and enabled,
            is_output=any(node_in(name) == node.id for name in self._tree.outputs),
            starts=enabled and has_start((node,)) and not any(each.start in MISSED for each in layers),
            severity=problem.severity if problem else "",
            problem=problem.message if problem else "",
            own_detail=own_detail,
            whole=_joined(whole, taken),
            rounds=tuple(self._layers.get(node.id, ())),
        )
        return layers

    def _taken(self, node: AnyNode) -> str:
        """What a node takes that names its inputs, and so does not take what stands above it."""
        names, before = [], ""
        for name in node.inputs:
            node_id, number = node_in(name), number_in(name)
            layers, origin = self._layers.get(node_id, ()), self._titles.get(node_id)
            text = layers[-1].name if layers else title_of(origin) if origin is not None else "?"
            if number and origin is not None:
                output = shown_outputs(output_names(origin, layers[-1] if layers else None), number + 1)[number]
                text = output if before == node_id else f"{text}: {output}"
            before = node_id if number else ""
            names.append(text)
        return f"← {', '.join(names)}" if names else ""

    def _shape(self, node: AnyNode, last: LayerSummary | None) -> Sequence[int | None] | None:
        if last is not None:
            return last.output_shape
        if isinstance(node, Input) and node.enabled:
            taken = entry_shape(node.name, self._info) if self._info else None
            return node.shape if node.shape is not None else taken
        return None

    def _data_row(self) -> Row:
        forms = {
            "pictures": QCoreApplication.translate("ModelRows", "pictures"),
            "table": QCoreApplication.translate("ModelRows", "table"),
            "points": QCoreApplication.translate("ModelRows", "points"),
            "arrays": QCoreApplication.translate("ModelRows", "arrays"),
            "text": QCoreApplication.translate("ModelRows", "texts"),
            "volumes": QCoreApplication.translate("ModelRows", "films or volumes"),
            "series": QCoreApplication.translate("ModelRows", "time series"),
        }
        detail = (
            forms[self._info.form] if self._info else QCoreApplication.translate("ModelRows", "data are not loaded yet")
        )
        row = Row(QCoreApplication.translate("ModelRows", "Input"), detail, "import", own_detail=detail)
        if self._info is None:
            return row
        shape = self._info.input_shape
        return replace(row, shape=shape_text(shape), brief_shape=brief_shape_text(shape))


def icon_of(node: AnyNode, catalogue: Catalogue) -> str:
    """The icon of a node's kind or class."""
    if isinstance(node, Layer | Wrapper):
        entry = _entry(catalogue, node.class_name)
        return class_icon(entry) if entry else "help-circle-outline"
    return "shape-outline" if isinstance(node, Block) and node.linked else ICONS[type(node)]


def class_icon(entry: ClassEntry) -> str:
    """The icon of a layer class."""
    return LAYER_ICONS.get(entry.name, entry.icon.removeprefix("mdi6.") or "cube-outline")


def sums_of(node: AnyNode | None, built: LayerSummary | None) -> tuple[str, ...]:
    """How the numbers of a built layer of Keras come about; empty for other nodes."""
    layer = node.child if isinstance(node, Wrapper) else node
    entry = _entry(load_catalogue(), layer.class_name) if isinstance(layer, Layer) else None
    if layer is None or entry is None or built is None:
        return ()
    values = {param.name: param.default for param in entry.params} | params_of(layer)
    about = values, built.input_shape, built.output_shape, built.params
    if isinstance(node, Wrapper):
        return explain_wrapped(node.class_name, entry.name, *about)
    return explain(entry.name, *about)


def output_names(node: AnyNode, layer: LayerSummary | None) -> tuple[str, ...]:
    """What the outputs of a node are called; `layer` is what Keras says of it, which tells how many an own one has."""
    made = made_of(node)
    names = ("output",) if made is None else outputs_of(*made)
    further = len(layer.further) if layer is not None else 0
    return shown_outputs(names, 1 + further) if further else tuple(filter(None, names))


def title_and_detail(
    node: AnyNode, catalogue: Catalogue, nodes: Mapping[str, AnyNode], most: int = MOST_PARTS
) -> tuple[str, str]:
    """What is set in the text colour (own name, else the class), and what follows it muted, at most so many parts."""
    kind, detail = _kind_and_detail(node, catalogue, nodes, most)
    if not node.name:
        return kind, detail
    return node.name, detail if isinstance(node, Block) else " ".join(part for part in (kind, detail) if part)


def _whole_detail(node: AnyNode, catalogue: Catalogue, nodes: Mapping[str, AnyNode]) -> str:
    return title_and_detail(node, catalogue, nodes, most=ALL_PARTS)[1]


def _joined(detail: str, taken: str) -> str:
    return "  ".join(part for part in (detail, taken) if part)


def _kind_and_detail(node: AnyNode, catalogue: Catalogue, nodes: Mapping[str, AnyNode], most: int) -> tuple[str, str]:
    match node:
        case Layer() if is_sealed(node):
            return node.class_name, sealed_text(node)
        case Layer() | Wrapper():
            entry = _entry(catalogue, node.class_name)
            return node.class_name, params_text(
                entry.params, node.params, most
            ) if entry else QCoreApplication.translate("ModelRows", "unknown class")
        case Block():
            return QCoreApplication.translate("ModelRows", "Block"), _block_detail(node)
        case Repeat():
            times = f"{node.times} ×"
            return QCoreApplication.translate("ModelRows", "Repeat"), f"{times} · {node.grow}" if node.grow else times
        case Branches():
            detail = f"{len(node.branches)} · {node.merge.class_name}"
            return QCoreApplication.translate("ModelRows", "Branches"), detail
        case Residual():
            return QCoreApplication.translate("ModelRows", "Residual"), node.merge.class_name
        case Shared():
            other = nodes.get(node.layer)
            return QCoreApplication.translate("ModelRows", "Shared"), (
                other.name or getattr(other, "class_name", "")
            ) if other else QCoreApplication.translate("ModelRows", "no layer")
        case Base():
            learned = node.source.rsplit(", ", 1)[-1]  # "keras.applications, ImageNet" is too long for a line
            return QCoreApplication.translate("ModelRows", "Base"), learned
        case Input():
            return QCoreApplication.translate("ModelRows", "Input"), node.dtype or ""


def sealed_text(node: Layer) -> str:
    """What tells a sealed SavedModel from others: where it comes from, its endpoint and output."""
    told = (node.params.get(name) for name in (SOURCE, ENDPOINT, OUTPUT))
    return " · ".join((QCoreApplication.translate("ModelRows", "sealed"), *(str(each) for each in told if each)))


def _block_detail(node: Block) -> str:
    if not node.linked:
        return "" if node.children else QCoreApplication.translate("ModelRows", "empty")
    values = (value for each in node.exposed if (value := exposed_value(node, each)) is not None)
    told = (value.class_name if isinstance(value, ObjectSpec) else str(value) for value in values)
    return " · ".join((QCoreApplication.translate("ModelRows", "reusable"), *told))


def params_text(entries: Sequence[ParamEntry], params: Mapping[str, Value], most: int = MOST_PARTS) -> str:
    """The parameters that tell a layer from others of its class, at most so many: "32 · 3×3 · relu"."""
    parts = []
    for entry in entries:
        value = params.get(entry.name, entry.default)
        changed = entry.name in params and not same(value, entry.default)
        if (entry.name in ALWAYS or (changed and not entry.advanced)) and value is not None:
            parts.append(_part(entry, value))
    shown = [part for part in parts if part]
    return " · ".join(shown[:most]) + (MORE if len(shown) > most else "")


def _part(entry: ParamEntry, value: Value) -> str:
    if isinstance(value, bool):
        words = entry.name.replace("_", " ")
        return (
            words.removeprefix("use ")
            if value
            else QCoreApplication.translate("ModelRows", "no {0}").format(words.removeprefix("use "))
        )
    if isinstance(value, ObjectSpec):
        return value.class_name
    if isinstance(value, int | float):
        text = format_number(value)
        if entry.kind == "ints" and entry.dimensions and entry.dimensions > 1:
            return "×".join([text] * entry.dimensions)
        return text if entry.name in ALWAYS or entry.kind == "ints" else f"{entry.name.replace('_', ' ')} {text}"
    if isinstance(value, tuple):
        if all(isinstance(item, int) or item is None for item in value):
            return "×".join("?" if item is None else str(item) for item in value)
        return ""
    return str(value)


def _entry(catalogue: Catalogue, class_name: str) -> ClassEntry | None:
    try:
        return catalogue.entry("layers", class_name)
    except KeyError:
        return None
