"""What a layer takes: the one above, or layers further up that are named here."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import Catalogue
from workbench.domain.edits import set_inputs, start_with_states
from workbench.domain.edits.states import states_in
from workbench.domain.naming import snake
from workbench.domain.summary import LayerSummary
from workbench.domain.taken import node_in, taken
from workbench.domain.tree import AnyNode, Input, Layer, ModelTree, Shared, Wrapper, children_of, walk
from workbench.ui.forms.base import ComboBox
from workbench.ui.forms.late import LateComboBox
from workbench.ui.pages.model.fields import class_entry
from workbench.ui.pages.model.rows import icon_of, output_names, title_and_detail
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

Built = Mapping[str, Sequence[LayerSummary]]
_PARTS = (  # of attention
    QT_TRANSLATE_NOOP("InputsEditor", "query"),
    QT_TRANSLATE_NOOP("InputsEditor", "value"),
    QT_TRANSLATE_NOOP("InputsEditor", "key"),
    QT_TRANSLATE_NOOP("InputsEditor", "mask"),
)
_STATES_OF = "states of "  # in the data of the choice that takes all states of a layer


@dataclass(frozen=True)
class Option:
    """An output that a layer could take, named as in its inputs, and the node that gives it."""

    name: str
    text: str
    node: AnyNode | None  # None where nothing above the layer gives it


def candidates(tree: ModelTree, node_id: str, wrapped: Collection[str]) -> list[AnyNode]:
    """The nodes above one that it could take, the nearest first; not those that hold it, nor the layers in wrappers."""
    above: list[AnyNode] = []
    for node in walk(tree.nodes):
        if node.id == node_id:
            break
        above.append(node)
    return [
        node
        for node in reversed(above)
        if node.id not in wrapped and not any(inner.id == node_id for inner in walk(children_of(node)))
    ]


@dataclass(frozen=True)
class Source:
    """What the choices are made of: the nodes above a layer, the nearest first, and what is told of all nodes."""

    above: Sequence[AnyNode] = ()
    nodes: Mapping[str, AnyNode] = field(default_factory=dict)
    built: Built = field(default_factory=dict)


class InputsEditor(QWidget):
    """`edited(edit)` carries the edit that lets the layer take something else.

    What takes one layer has one choice; what joins several, and what starts with states, a list of them. A choice lists
    the layers above only once somebody turns to it: a thousand of them take longer than a click may.
    """

    edited = Signal(object)

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue, self._theme = catalogue, theme
        self._shown: tuple[object, ...] = ()
        self._node_id = ""
        self._names: tuple[str, ...] = ()
        self._way = "one"
        self._source = Source()
        self._givers: Sequence[AnyNode] = ()
        self.boxes: list[LateComboBox] = []
        self._hint = label("", wrap=True)
        self._hint.setProperty("role", "small")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.adder = LateComboBox(self._fill_adder)
        self.adder.activated.connect(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(label(self.tr("Takes"), role="heading"))
        layout.addWidget(self._hint)
        layout.addLayout(self._rows)
        layout.addWidget(self.adder)

    def show_node(self, node: AnyNode, tree: ModelTree, wrapped: Collection[str], built: Built) -> bool:
        """Show what a node takes and what it could take; `wrapped` are the ids of layers in wrappers. False where there
        is nothing to choose."""
        if isinstance(node, Input) or node.id in wrapped:
            return False
        above = candidates(tree, node.id, wrapped)
        if not above and not node.inputs:
            return False
        nodes = {each.id: each for each in walk(tree.nodes)}
        made = nodes.get(node.layer, node) if isinstance(node, Shared) else node
        entry = class_entry(made, self._catalogue)
        states = states_in(made)
        self._source = Source(above, nodes, built)
        self._givers = [each for each in above if states and len(states_in(each)) == len(states)]
        self._node_id, self._names, self._way = node.id, node.inputs, "one" if entry is None else entry.call
        chosen = [self._chosen(name) for name in node.inputs]
        roles = _roles(made, self._way, len(node.inputs))
        shown = (node.id, tuple(chosen), roles, self._way)
        if shown == self._shown:
            for box in self.boxes:
                box.outdate()
        else:
            self._shown = shown
            self._show_rows(chosen, roles)
        self._show_adder()
        return True

    def _show_rows(self, chosen: Sequence[Option], roles: Sequence[str]) -> None:
        self._clear()
        if self._way in ("one", "states") and len(chosen) < 2:
            self._rows.addWidget(self._choice(chosen[0] if chosen else None))
            return
        wide = max(self.fontMetrics().horizontalAdvance(role) for role in ("", *roles))
        for place, option in enumerate(chosen):
            self._rows.addWidget(self._row(place, option, roles[place], wide))

    def _show_adder(self) -> None:
        if self._way == "states":
            text = self.tr("Start with the states of…")
            offers = bool(self._givers) and len(self._names) < 2
        else:
            text = self.tr("Add a layer to take…")
            offers = self._way != "one" and any(option.name not in self._names for option in self._all())
        self.adder.outdate()
        self.adder.setPlaceholderText(text)
        self.adder.setAccessibleName(text.removesuffix("…"))
        self.adder.setCurrentIndex(-1)
        self.adder.setVisible(offers)
        self._hint.setText(self.tr("What stands above it. Add the layers to join, the nearest is first."))
        self._hint.setVisible(self._way not in ("one", "states") and not self._names)

    def _fill_adder(self, box: LateComboBox) -> None:
        box.clear()
        if self._way == "states":
            for each in self._givers:
                self._put(box, Option(_STATES_OF + each.id, self._text(each, {}), each))
        else:
            for option in self._all():
                if option.name not in self._names:
                    self._put(box, option)
        box.setCurrentIndex(-1)

    def _all(self) -> Iterator[Option]:
        """All that could be taken, the nearest first."""
        for node in self._source.above:
            yield from self._options(node)

    def _chosen(self, name: str) -> Option:
        """What an input names, found or not."""
        node = next((each for each in self._source.above if each.id == node_in(name)), None)
        options = self._options(node) if node is not None else []
        gone = Option(name, self.tr("a layer that is not above it"), None)
        return next((option for option in options if option.name == name), gone)

    def _options(self, node: AnyNode) -> list[Option]:
        layers = self._source.built.get(node.id, ())
        text = self._text(node, self._source.built)
        further = output_names(node, layers[-1] if layers else None)[1:]
        short = node.name or (layers[-1].name if layers else text)
        named = [Option(taken(node.id, 1 + n), f"{short}  ·  {name}", node) for n, name in enumerate(further)]
        return [Option(node.id, text, node), *named]

    def _text(self, node: AnyNode, built: Built) -> str:
        if isinstance(node, Layer | Wrapper):  # whose details would be worked out for nothing
            title, own = node.name or node.class_name, node.class_name
        else:
            title, own = title_and_detail(node, self._catalogue, self._source.nodes)
        own = own if node.name else ""
        layers = built.get(node.id, ())
        name = layers[-1].name if layers and not node.name and layers[-1].name != snake(title) else ""
        return "  ·  ".join(part for part in (title, own, name) if part)

    def _put(self, box: ComboBox, option: Option) -> None:
        if option.node is None:
            box.addItem(option.text, option.name)
        else:
            box.addItem(self._theme.icon(icon_of(option.node, self._catalogue)), option.text, option.name)

    def _choice(self, chosen: Option | None) -> LateComboBox:
        """The choice of the one layer that is taken."""
        box = LateComboBox(self._fill_choice)
        self._choose(box, chosen or Option("", self.tr("What stands above it"), None))
        box.setAccessibleName(self.tr("Takes"))
        box.activated.connect(lambda index: self._set(tuple(filter(None, (str(box.itemData(index)),)))))
        self.boxes.append(box)
        return box

    def _fill_choice(self, box: LateComboBox) -> None:
        box.clear()
        box.addItem(self.tr("What stands above it"), "")
        for option in self._all():
            self._put(box, option)
        self._choose(box, self._chosen(self._names[0]) if self._names else None)

    def _choose(self, box: ComboBox, option: Option | None) -> None:
        """Make an entry current; add it where it is missing. None stands for the first."""
        index = 0 if option is None else box.findData(option.name)
        if index < 0 and option is not None:
            self._put(box, option)
            index = box.count() - 1
        box.setCurrentIndex(index)
        box.setToolTip(box.currentText())

    def _row(self, place: int, chosen: Option, role: str, wide: int) -> QWidget:
        box = LateComboBox(lambda box: self._fill_row(box, place))
        self._choose(box, chosen)
        box.setAccessibleName(self.tr("Takes, number {0}").format(place + 1) + (f", {role}" if role else ""))
        box.activated.connect(lambda index: self._replace(place, (str(box.itemData(index)),)))
        remove = QToolButton()
        remove.setIcon(self._theme.icon("close"))
        remove.setToolTip(self.tr("Do not take it"))
        remove.setAccessibleName(self.tr("Do not take number {0}").format(place + 1))
        remove.clicked.connect(lambda: self._replace(place, ()))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        if role:
            what = label(role)
            what.setProperty("role", "small")
            what.setFixedWidth(wide + 4)
            layout.addWidget(what)
        layout.addWidget(box, 1)
        layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignVCenter)
        self.boxes.append(box)
        return row

    def _fill_row(self, box: LateComboBox, place: int) -> None:
        name = self._names[place]
        box.clear()
        for option in self._all():
            if option.name == name or option.name not in self._names:
                self._put(box, option)
        self._choose(box, self._chosen(name))

    def _clear(self) -> None:
        self.boxes = []
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()

    def _set(self, names: tuple[str, ...]) -> None:
        self.edited.emit(set_inputs(self._node_id, names))

    def _replace(self, place: int, names: tuple[str, ...]) -> None:
        self._set((*self._names[:place], *names, *self._names[place + 1 :]))

    def _add(self, index: int) -> None:
        name = str(self.adder.itemData(index))
        if name.startswith(_STATES_OF):
            self.edited.emit(start_with_states(self._node_id, name.removeprefix(_STATES_OF)))
            return
        before = self._names
        if not before and (nearest := self.adder.itemData(0)) is not None and nearest != name:
            before = (str(nearest),)  # joining begins with what it took so far
        self._set((*before, name))


def _roles(node: AnyNode, way: str, count: int) -> tuple[str, ...]:
    """What each of several inputs is to a layer; empty where they are all the same to it."""
    tr = QCoreApplication.translate
    known: tuple[str, ...] = ()
    if way == "states":
        known = (tr("InputsEditor", "sequence"), *states_in(node))
    elif way in ("pair", "pair_list") and count > 1:
        known = tuple(tr("InputsEditor", str(part)) for part in _PARTS)
    return (*known[:count], *("",) * (count - len(known)))
