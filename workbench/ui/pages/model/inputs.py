"""What a layer takes: the one above, or layers further up that are named here."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import Catalogue, ClassEntry
from workbench.domain.summary import LayerSummary
from workbench.domain.tree import AnyNode, Input, ModelTree, children_of, walk
from workbench.ui.forms.base import ComboBox
from workbench.ui.pages.model.rows import icon_of, title_and_detail
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

Built = Mapping[str, Sequence[LayerSummary]]


def has_inputs_to_choose(node: AnyNode, entry: ClassEntry | None) -> bool:
    """Whether the choice belongs into the form: for what joins several layers, and where layers are named already."""
    return bool(node.inputs) or (entry is not None and entry.call != "one" and not isinstance(node, Input))


def candidates(tree: ModelTree, node_id: str) -> list[AnyNode]:
    """The nodes above one that it could take, the nearest first; not those that hold it."""
    above: list[AnyNode] = []
    for node in walk(tree.nodes):
        if node.id == node_id:
            break
        above.append(node)
    return [node for node in reversed(above) if not any(inner.id == node_id for inner in walk(children_of(node)))]


class InputsEditor(QWidget):
    """`edited(ids)` carries what the layer shall take; none means what stands above it."""

    edited = Signal(object)

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue, self._theme = catalogue, theme
        self._shown: tuple[object, ...] = ()
        self._ids: tuple[str, ...] = ()
        self.boxes: list[ComboBox] = []
        self._hint = label(self.tr("What stands above it. Add the layers to join, the nearest is first."), wrap=True)
        self._hint.setProperty("role", "small")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.adder = ComboBox()
        self.adder.setPlaceholderText(self.tr("Add a layer to take…"))
        self.adder.setAccessibleName(self.tr("Add a layer to take"))
        self.adder.activated.connect(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label(self.tr("Takes"), role="heading"))
        layout.addWidget(self._hint)
        layout.addLayout(self._rows)
        layout.addWidget(self.adder)

    def show_node(self, node: AnyNode, tree: ModelTree, built: Built) -> None:
        """Show what a node takes and what it could take."""
        nodes = {each.id: each for each in walk(tree.nodes)}
        options = [(each.id, self._text(each, nodes, built), each) for each in candidates(tree, node.id)]
        shown = (node.id, node.inputs, tuple((node_id, text) for node_id, text, _ in options))
        if shown == self._shown:
            return
        self._shown, self._ids = shown, node.inputs
        self._hint.setVisible(not node.inputs)
        self._clear()
        for place, node_id in enumerate(node.inputs):
            self._rows.addWidget(self._row(place, node_id, options))
        self.adder.clear()
        self._fill(self.adder, [option for option in options if option[0] not in node.inputs])
        self.adder.setCurrentIndex(-1)
        self.adder.setEnabled(self.adder.count() > 0)

    def _text(self, node: AnyNode, nodes: Mapping[str, AnyNode], built: Built) -> str:
        title, detail = title_and_detail(node, self._catalogue, nodes)
        layers = built.get(node.id, ())
        name = layers[-1].name if layers and not node.name else ""
        return "  ·  ".join(part for part in (title, detail, name) if part)

    def _fill(self, box: ComboBox, options: Sequence[tuple[str, str, AnyNode]]) -> None:
        for node_id, text, node in options:
            box.addItem(self._theme.icon(icon_of(node, self._catalogue)), text, node_id)

    def _row(self, place: int, node_id: str, options: Sequence[tuple[str, str, AnyNode]]) -> QWidget:
        box = ComboBox()
        self._fill(box, [option for option in options if option[0] == node_id or option[0] not in self._ids])
        index = box.findData(node_id)
        if index < 0:
            box.addItem(self.tr("a layer that is not above it"), node_id)
            index = box.count() - 1
        box.setCurrentIndex(index)
        box.setAccessibleName(self.tr("Takes, number {0}").format(place + 1))
        box.activated.connect(lambda chosen: self._replace(place, (str(box.itemData(chosen)),)))
        remove = QToolButton()
        remove.setIcon(self._theme.icon("close"))
        remove.setToolTip(self.tr("Do not take it"))
        remove.setAccessibleName(self.tr("Do not take number {0}").format(place + 1))
        remove.clicked.connect(lambda: self._replace(place, ()))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(box, 1)
        layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignVCenter)
        self.boxes.append(box)
        return row

    def _clear(self) -> None:
        self.boxes = []
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()

    def _replace(self, place: int, ids: tuple[str, ...]) -> None:
        self.edited.emit((*self._ids[:place], *ids, *self._ids[place + 1 :]))

    def _add(self, index: int) -> None:
        node_id = str(self.adder.itemData(index))
        before = self._ids
        if not before and (nearest := self.adder.itemData(0)) is not None and nearest != node_id:
            before = (str(nearest),)  # joining begins with what it took so far
        self.edited.emit((*before, node_id))
