"""The view of the network."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from workbench.domain.tree import Base
from workbench.ui.pages.model.row_painter import RowPainter
from workbench.ui.pages.model.tree_model import Column, NetworkModel
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import INDENT
from workbench.ui.widgets.dragging import drag_rows

SHAPE_WIDTH, PARAMS_WIDTH = 130, 100
EDGE = 6  # pixels at the end of a row that are the place below it
NARROW, NARROW_SHAPE, NARROW_PARAMS = 420, 84, 76  # below that width names of layers need the room

Drop = TypeVar("Drop", QDropEvent, QDragMoveEvent)


class NetworkView(QTreeView):
    """Tree with several columns; the first takes what room there is.

    `chosen_changed` follows the selection; `form_wanted` is Enter: on to the form of the layer.
    """

    chosen_changed = Signal()
    form_wanted = Signal()

    def __init__(self, model: NetworkModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.network = model
        self.setModel(model)
        self.setItemDelegate(RowPainter(theme, self))
        self.setAccessibleName(self.tr("Network"))
        self.setUniformRowHeights(True)
        self.setIndentation(INDENT)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAutoExpandDelay(500)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._set_up_header()
        model.rowsInserted.connect(self._expand_inserted)
        theme.changed.connect(self.viewport().update)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)

    def chosen(self) -> tuple[str, ...]:
        """The ids of the selected nodes from top to bottom."""
        selected = {self.network.id_at(index) for index in self.selectionModel().selectedRows()} - {""}
        return tuple(node_id for node_id in self.network.ids() if node_id in selected) if selected else ()

    def choose(self, node_ids: Iterable[str]) -> None:
        """Select nodes and show them, the last as the current one; those that are not there are left out."""
        selection = QItemSelection()
        last = QModelIndex()
        for node_id in node_ids:
            index = self.network.index_of(node_id)
            if index.isValid():
                last = index
                selection.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
        if last.isValid():
            self.selectionModel().setCurrentIndex(last, flags.NoUpdate)
            self.scrollTo(last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.state() != QAbstractItemView.State.EditingState:
                self.form_wanted.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What the person made of the columns stays as long as there is about as much room."""
        super().resizeEvent(event)
        if self._is_narrow != (event.size().width() < NARROW):
            self._share_room(is_narrow=not self._is_narrow)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leaves to the window what is nothing for a network, such as a file."""
        if self.network.takes(event.mimeData()):
            super().dragEnterEvent(event)
        else:
            event.ignore()

    def startDrag(self, actions: Qt.DropAction) -> None:
        drag_rows(self, actions)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """A place that takes nothing shows no mark; Qt would leave that of the place before."""
        self._at_place(event, QDragMoveEvent, super().dragMoveEvent)
        if event.isAccepted() != self.showDropIndicator():
            self.setDropIndicatorShown(event.isAccepted())
            if event.isAccepted():  # Qt has not worked out where the mark stands while it was not to be shown
                self._at_place(event, QDragMoveEvent, super().dragMoveEvent)

    def dropEvent(self, event: QDropEvent) -> None:
        self._at_place(event, QDropEvent, super().dropEvent)
        self.setDropIndicatorShown(True)

    def _at_place(self, event: Drop, kind: type[Drop], call: Callable[[Drop], None]) -> None:
        """Below the row of an opened block begins what is in it. Qt would take that for the place behind the whole
        block, which stands much further down."""
        place = event.position().toPoint()
        index = self.indexAt(place).siblingAtColumn(0)
        edge = self.visualRect(index).bottom()
        if not self.isExpanded(index) or not self.network.rowCount(index) or edge - place.y() >= EDGE:
            call(event)
            return
        where = QPoint(place.x(), edge + 2)
        moved = kind(where, event.possibleActions(), event.mimeData(), event.buttons(), event.modifiers())
        moved.setDropAction(event.dropAction())
        call(moved)
        event.setDropAction(moved.dropAction())
        event.setAccepted(moved.isAccepted())

    def _set_up_header(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(60)
        header.setSectionResizeMode(Column.LAYER, QHeaderView.ResizeMode.Stretch)
        for column in (Column.SHAPE, Column.PARAMS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self._share_room(is_narrow=False)

    def _share_room(self, *, is_narrow: bool) -> None:
        self._is_narrow = is_narrow
        self.header().resizeSection(Column.SHAPE, NARROW_SHAPE if is_narrow else SHAPE_WIDTH)
        self.header().resizeSection(Column.PARAMS, NARROW_PARAMS if is_narrow else PARAMS_WIDTH)

    def _expand_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        """Show what is new; a base stays folded, as it has hundreds of layers."""
        places = [self.network.index(row, 0, parent) for row in range(first, last + 1)]
        for place in (*places, parent):
            if place.isValid() and not isinstance(self.network.node_at(place), Base):
                self.expand(place)
