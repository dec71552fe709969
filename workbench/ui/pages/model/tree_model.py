"""The item model over the immutable tree: a new tree is shown by the fewest insertions, moves and removals, so that
selection, expansion and scroll position stay."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeAlias

from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.domain.tree import AnyNode, Input, Layer, ModelTree, Shared, Wrapper, children_of
from workbench.ui.pages.model.mime import Drop, read_drop, write_nodes
from workbench.ui.pages.model.rounds import sums_of_all
from workbench.ui.pages.model.rows import DATA_ROW, Row
from workbench.ui.widgets.tool_tip import tool_tip

Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT = "\0root"  # no node is called so
NO_ROW = Row("", "", "cube-outline")
LEAVES = (Layer, Input, Shared)


class Column(IntEnum):
    """The columns in their order."""

    LAYER = 0
    SHAPE = 1
    PARAMS = 2


ROW_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2


class _Item:
    """A node's place in the model. `key` is the number that model indexes carry."""

    __slots__ = ("children", "key", "node_id", "parent", "row")

    def __init__(self, key: int, node_id: str, parent: "_Item | None") -> None:
        self.key = key
        self.node_id = node_id
        self.parent = parent
        self.children: list[_Item] = []
        self.row = NO_ROW


class NetworkModel(QAbstractItemModel):
    """Shows a tree with the row texts made for it; it never changes the tree itself.

    `rename_wanted(node_id, name)` and `dropped(Drop, parent_id or None, index)` say what the person wants done; the
    index counts the children of the parent in the tree.
    """

    rename_wanted = Signal(str, str)
    dropped = Signal(object, object, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder: Path | None = None  # of the project, which keeps what its layers start with
        self._tree = ModelTree()
        self._root = _Item(0, ROOT, None)
        self._items: dict[int, _Item] = {0: self._root}
        self._by_id: dict[str, _Item] = {}
        self._nodes: dict[str, AnyNode] = {}
        self._next_key = 1

    def show_tree(self, tree: ModelTree, rows: Mapping[str, Row]) -> None:
        """Show a tree; `rows` has a row for each node, and for `DATA_ROW` where the data stand at the top."""
        self._tree = tree
        self._nodes = {}
        first = (DATA_ROW,) if DATA_ROW in rows else ()
        wanted: dict[str, tuple[str, ...]] = {}
        self._collect(tree.nodes, wanted)
        wanted[ROOT] = (*first, *(node.id for node in tree.nodes))
        self._remove_gone(wanted, rows)
        self._arrange(self._root, wanted, rows)
        self._remove_left_over(self._root, wanted)
        self._show_rows(rows)

    def index_of(self, node_id: str) -> QModelIndex:
        """The index of a node in the first column; invalid when it is not in the tree."""
        item = self._by_id.get(node_id)
        return QModelIndex() if item is None else self._index(item)

    def id_at(self, index: Index) -> str:
        """The node id at an index, "" for the row of the data and for no row."""
        return self._item(index).node_id if index.isValid() else ""

    def node_at(self, index: Index) -> AnyNode | None:
        """The node at an index."""
        return self._nodes.get(self.id_at(index))

    def ids(self) -> list[str]:
        """The ids of all nodes from top to bottom."""
        return [item.node_id for item in _below(self._root) if item.node_id != DATA_ROW]

    def takes(self, data: QMimeData) -> bool:
        """Whether data that are dragged can be put anywhere into the network."""
        return read_drop(data, self._tree) is not None

    # --- what Qt asks for

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        children = self._item(parent).children
        if 0 <= row < len(children) and 0 <= column < len(Column) and parent.column() <= 0:
            return self.createIndex(row, column, children[row].key)
        return QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        if not index.isValid():
            return QModelIndex()
        above = self._item(index).parent
        return QModelIndex() if above is None or above is self._root else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.column() > 0 else len(self._item(parent).children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._item(index)
        row = item.row
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (f"{row.title}  {row.detail}".strip(), row.shape, row.params)[index.column()]
            case Qt.ItemDataRole.EditRole if index.column() == Column.LAYER:
                node = self._nodes.get(item.node_id)
                return node.name if node else ""
            case Qt.ItemDataRole.TextAlignmentRole if index.column() == Column.PARAMS:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(row, sums_of_all(self._nodes.get(item.node_id), row.rounds, self._tree))
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == Column.LAYER:
                return row.spoken()
            case _ if role == ROW_ROLE:
                return row
            case _ if role == ID_ROLE:
                return item.node_id
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != Column.LAYER or not index.isValid():
            return False
        node = self.node_at(index)
        if node is None or node.name == str(value).strip():
            return False
        self.rename_wanted.emit(node.id, str(value).strip())
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Layer"), self.tr("Output shape"), self.tr("Parameters"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == Column.PARAMS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        item = self._item(index)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
        node = self._nodes.get(item.node_id)
        if node is None:
            return flags
        if index.column() == Column.LAYER:
            flags |= Qt.ItemFlag.ItemIsEditable
        if not isinstance(self._parent_node(item), Wrapper):
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemNeverHasChildren if isinstance(node, LEAVES) else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return list(Drop.FORMATS)

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        wanted = {self.id_at(index) for index in indexes} - {DATA_ROW}
        return write_nodes(self._tree, tuple(node_id for node_id in self.ids() if node_id in wanted), self.folder)

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        drop = read_drop(data, self._tree)
        if drop is None:
            return False
        parent_id, _ = self._place(row, parent)
        inside = {item.node_id for node_id in drop.moving for item in self._with_below(node_id)}
        return parent_id not in inside

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        drop = read_drop(data, self._tree, copy=action == Qt.DropAction.CopyAction)
        if drop is None:
            return False
        parent_id, place = self._place(row, parent)
        self.dropped.emit(drop, parent_id, place)
        return False  # the tree changes through the document, so the view has nothing to remove

    # --- places

    def _place(self, row: int, parent: Index) -> tuple[str | None, int]:
        """Parent id and index in the tree of a place that Qt names; on a leaf means below it."""
        item = self._item(parent)
        node = self._nodes.get(item.node_id)
        if row < 0 and parent.isValid() and (node is None or isinstance(node, (*LEAVES, Wrapper))):
            above = item.parent or self._root
            row = above.children.index(item) + 1
            item = above
        elif row < 0:
            row = len(item.children)
        if isinstance(self._nodes.get(item.node_id), Wrapper):
            above = item.parent or self._root
            row, item = above.children.index(item) + 1, above
        if item is self._root:
            return None, max(0, row - sum(child.node_id == DATA_ROW for child in self._root.children))
        return item.node_id, row

    def _with_below(self, node_id: str) -> Iterator[_Item]:
        item = self._by_id.get(node_id)
        if item is not None:
            yield item
            yield from _below(item)

    def _parent_node(self, item: _Item) -> AnyNode | None:
        return self._nodes.get(item.parent.node_id) if item.parent else None

    def _item(self, index: Index) -> _Item:
        return self._items[index.internalId()] if index.isValid() else self._root

    def _index(self, item: _Item, column: int = 0) -> QModelIndex:
        if item is self._root or item.parent is None:
            return QModelIndex()
        return self.createIndex(item.parent.children.index(item), column, item.key)

    # --- from one tree to the next

    def _collect(self, nodes: Sequence[AnyNode], wanted: dict[str, tuple[str, ...]]) -> None:
        for node in nodes:
            self._nodes[node.id] = node
            children = children_of(node)
            wanted[node.id] = tuple(child.id for child in children)
            self._collect(children, wanted)

    def _remove_gone(self, wanted: Mapping[str, Sequence[str]], rows: Mapping[str, Row]) -> None:
        """Remove what is gone with all inside it, so that what follows need not be moved."""
        for item in list(_below(self._root)):
            if item.key not in self._items or item.node_id in rows:
                continue
            if not any(inner.node_id in rows for inner in _below(item)):
                self._remove(item)

    def _arrange(self, parent: _Item, wanted: Mapping[str, Sequence[str]], rows: Mapping[str, Row]) -> None:
        """Make a parent's first children those wanted, in order; what is left over comes behind them."""
        ids = wanted.get(parent.node_id, ())
        place_of = {node_id: place for place, node_id in enumerate(ids)}
        here = [item for item in parent.children if item.node_id in place_of]
        stay = {here[k].node_id for k in _longest_rising([place_of[item.node_id] for item in here])}
        for place, node_id in enumerate(ids):
            while place < len(parent.children) and parent.children[place].node_id != node_id:
                if node_id not in stay or parent.children[place].node_id in stay:
                    break
                self._move(parent.children[place], parent, len(parent.children))
            if place < len(parent.children) and parent.children[place].node_id == node_id:
                continue
            item = self._by_id.get(node_id)
            if item is None:
                self._insert(node_id, parent, place, rows)
            else:
                self._move(item, parent, place)
        for item in parent.children[: len(ids)]:
            self._arrange(item, wanted, rows)

    def _remove_left_over(self, parent: _Item, wanted: Mapping[str, Sequence[str]]) -> None:
        count = len(wanted.get(parent.node_id, ()))
        for item in parent.children[count:][::-1]:
            self._remove(item)
        for item in parent.children:
            self._remove_left_over(item, wanted)

    def _insert(self, node_id: str, parent: _Item, place: int, rows: Mapping[str, Row]) -> None:
        item = _Item(self._next_key, node_id, parent)
        item.row = rows.get(node_id, NO_ROW)
        self._next_key += 1
        self.beginInsertRows(self._index(parent), place, place)
        parent.children.insert(place, item)
        self._items[item.key] = self._by_id[node_id] = item
        self.endInsertRows()

    def _move(self, item: _Item, parent: _Item, place: int) -> None:
        old = item.parent
        if old is None:
            return
        row = old.children.index(item)
        if old is parent and place in (row, row + 1):
            return
        self.beginMoveRows(self._index(old), row, row, self._index(parent), place)
        old.children.pop(row)
        parent.children.insert(place - 1 if old is parent and place > row else place, item)
        item.parent = parent
        self.endMoveRows()

    def _remove(self, item: _Item) -> None:
        parent = item.parent
        if parent is None:
            return
        row = parent.children.index(item)
        self.beginRemoveRows(self._index(parent), row, row)
        parent.children.pop(row)
        for gone in (item, *_below(item)):
            del self._items[gone.key]
            self._by_id.pop(gone.node_id, None)
        self.endRemoveRows()

    def _show_rows(self, rows: Mapping[str, Row]) -> None:
        for item in _below(self._root):
            row = rows.get(item.node_id, NO_ROW)
            if row != item.row:
                item.row = row
                self.dataChanged.emit(self._index(item), self._index(item, Column.PARAMS))


def _below(item: _Item) -> Iterator[_Item]:
    for child in item.children:
        yield child
        yield from _below(child)


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Positions of a longest rising subsequence: what can stay where it is while the rest moves around it."""
    ends: list[int] = []
    positions: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(positions[length - 1] if length else -1)
        if length == len(ends):
            ends.append(value)
            positions.append(position)
        else:
            ends[length], positions[length] = value, position
    chain: list[int] = []
    position = positions[-1] if positions else -1
    while position >= 0:
        chain.append(position)
        position = before[position]
    return chain[::-1]


def _tip(row: Row, sums: Sequence[str]) -> str:
    """All of a row, also where there is no room for it, and how its numbers come about."""
    tr = QCoreApplication.translate
    numbers = [tr("NetworkModel", "Gives {0}").format(row.shape)] if row.shape else []
    if row.params and row.params != "0" and not any("parameters" in line for line in sums):
        numbers.append(tr("NetworkModel", "{0} parameters").format(row.params))
    lines = (*filter(None, (row.problem,)), *numbers, *sums)
    return tool_tip("\n".join(lines), f"{row.title}  {row.whole or row.detail}".strip())
