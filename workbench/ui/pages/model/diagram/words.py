"""What the diagram says of each box and frame, from the rows of the tree."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from workbench.domain.catalogue import Catalogue, ClassEntry
from workbench.domain.diagram import Diagram, Shape
from workbench.domain.tree import AnyNode, Layer, Residual, Shared, Wrapper
from workbench.domain.values import ObjectSpec
from workbench.ui.pages.model.rows import DATA_ROW, Row, class_icon
from workbench.ui.pages.model.sizes import brief_shape_text, shape_text
from workbench.ui.pages.model.tree_model import NO_ROW
from workbench.ui.theme.tokens import Tokens

LONG_LABEL = 24
# Which of the colours of series stands for a group of the catalogue; groups that do alike share one.
GROUP_COLORS = {
    "Core": 0,
    "Convolution": 1,
    "Pooling": 2,
    "Recurrent": 3,
    "Recurrent cells": 3,
    "Wrappers": 3,
    "Attention": 4,
    "Normalisation": 5,
    "Regularisation": 6,
    "Reshaping": 7,
    "Activation": 8,
    "Merging": 10,
    "Preprocessing": 11,
    "Augmentation": 11,
}


@dataclass(frozen=True)
class Words:
    """What one box or frame says. `group` is that of the catalogue, "" for what is no layer."""

    row: Row
    title: str
    detail: str
    icon: str
    group: str = ""
    counts: bool = True

    @property
    def shape(self) -> str:
        """What it gives, brief."""
        return self.row.brief_shape or self.row.shape

    @property
    def params(self) -> str:
        """How many parameters, in words; empty where there are none."""
        if not self.counts or self.row.params in ("", "0"):
            return ""
        return QCoreApplication.translate("Diagram", "{0} parameters").format(self.row.params)

    @property
    def brief_params(self) -> str:
        """The same for where there is little room."""
        return self.row.brief_params if self.params else ""

    def color(self, tokens: Tokens) -> str:
        """The colour of its group."""
        place = GROUP_COLORS.get(self.group)
        return tokens.muted if place is None else tokens.series[place % len(tokens.series)]


@dataclass(frozen=True)
class Texts:
    """All that is written: in boxes and at the head of frames by their node, on arrows by where they come from."""

    boxes: dict[str, Words]
    frames: dict[str, Words]
    labels: dict[str, str]


def texts_of(
    drawn: Diagram,
    nodes: Mapping[str, AnyNode],
    rows: Mapping[str, Row],
    shapes: Mapping[str, Shape],
    catalogue: Catalogue,
) -> Texts:
    """The texts of a diagram; `rows` and `shapes` are what is known of each node."""
    boxes: dict[str, Words] = {}
    for box in drawn.boxes:
        node, row = nodes.get(box.node_id), rows.get(box.node_id, NO_ROW)
        if box.node_id == DATA_ROW and DATA_ROW not in rows:  # all inputs of the tree are disabled
            row = Row(QCoreApplication.translate("ModelRows", "Input"), "", "import")
        if box.kind == "merge" and node is not None:
            boxes[box.node_id] = _merge(node, row, catalogue)
        else:
            boxes[box.node_id] = _words(node, nodes, row, catalogue)
    frames = {
        frame.node_id: _words(nodes.get(frame.node_id), nodes, rows.get(frame.node_id, NO_ROW), catalogue)
        for frame in drawn.frames
    }
    labels: dict[str, str] = {}
    for link in drawn.links:
        shape = shapes.get(link.origin)
        if shape is not None:
            text = shape_text(shape)
            labels.setdefault(link.source, text if len(text) <= LONG_LABEL else brief_shape_text(shape))
        elif link.origin == DATA_ROW and DATA_ROW in rows and rows[DATA_ROW].shape:
            labels.setdefault(link.source, rows[DATA_ROW].shape)
    return Texts(boxes, frames, labels)


def _words(node: AnyNode | None, nodes: Mapping[str, AnyNode], row: Row, catalogue: Catalogue) -> Words:
    made = nodes.get(node.layer) if isinstance(node, Shared) else node
    entry = _entry(catalogue, made.class_name) if isinstance(made, Layer | Wrapper) else None
    detail = row.own_detail
    if isinstance(node, Residual):  # how it joins stands in a box of its own
        detail = detail.removeprefix(node.merge.class_name).removeprefix(", ")
    return Words(row, row.title, detail, row.icon, entry.group if entry else "")


def _merge(node: AnyNode, row: Row, catalogue: Catalogue) -> Words:
    """The layer that joins the ends of a container; what the container counts is that of all layers in it."""
    merge = getattr(node, "merge", None)
    name = merge.class_name if isinstance(merge, ObjectSpec) else ""
    entry = _entry(catalogue, name)
    icon = class_icon(entry) if entry else "help-circle-outline"
    return Words(row, name, "", icon, entry.group if entry else "", counts=False)


def _entry(catalogue: Catalogue, class_name: str) -> ClassEntry | None:
    try:
        return catalogue.entry("layers", class_name)
    except KeyError:
        return None
