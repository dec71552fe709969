"""The palette: all that a network can be made from, in groups, to search, drag and add."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QTreeView, QWidget

from workbench.domain.parts.read import GROUP
from workbench.domain.tree import AnyNode
from workbench.ui.context import Context
from workbench.ui.pages.model.mime import PALETTE, write_keys
from workbench.ui.pages.model.my_blocks import PREFIX, MyBlocks
from workbench.ui.pages.model.palette_entries import NEW_PART, PaletteEntry, palette_entries
from workbench.ui.theme.tokens import INDENT, ROW
from workbench.ui.widgets.dragging import drag_rows
from workbench.ui.widgets.panel import Panel, label
from workbench.ui.widgets.tool_tip import tool_tip
from workbench.ui.widgets.undoing import undone_by_window

KEY_ROLE = Qt.ItemDataRole.UserRole + 1
OPEN_AT_FIRST = 5
LONGEST = 23
LINE = 16
SCROLL_GAP = 6


class _PaletteModel(QStandardItemModel):
    def mimeTypes(self) -> list[str]:
        return [PALETTE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return write_keys(tuple(index.data(KEY_ROLE) for index in indexes if index.data(KEY_ROLE)))


class _PaletteView(QTreeView):
    """Enter adds, also where the style would only open the row; Delete takes a block of the person's own out."""

    add_wanted = Signal(QModelIndex)
    remove_wanted = Signal(QModelIndex)

    def startDrag(self, actions: Qt.DropAction) -> None:
        drag_rows(self, actions)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.data(KEY_ROLE):
            self.add_wanted.emit(index)
            return
        if event.key() == Qt.Key.Key_Delete and str(index.data(KEY_ROLE) or "").startswith(PREFIX):
            self.remove_wanted.emit(index)
            return
        super().keyPressEvent(event)


class Palette(Panel):
    """`add_wanted(node)` carries a new node to put into the network.

    `added_by_mouse` says that a double-click did it, so that the next keys are for the new layer; who adds by key goes
    on typing here. `left` follows Escape, once nothing is searched. `own_part_wanted` asks for the window in which such
    parts are written.
    """

    add_wanted = Signal(object)
    added_by_mouse = Signal()
    own_part_wanted = Signal()
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Layers"))
        self._theme = context.theme
        self.blocks = MyBlocks(context, self)
        self.blocks.changed.connect(self._read_blocks)
        self._catalogue = context.catalogue
        self._layers = palette_entries(self._catalogue)
        self._entries = self._layers
        self.entries: dict[str, PaletteEntry] = {}
        self._index()
        self._open: set[str] = set()
        self.search = self._make_search()
        self.model = _PaletteModel(self)
        self.view = self._make_view()
        self._nothing = label(wrap=True, role="muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        self.body.setContentsMargins(0, 0, -SCROLL_GAP, 0)
        self.body.addLayout(self._beside(self.search))
        self.body.addWidget(self._stack, 1)
        groups = list(dict.fromkeys(entry.group for entry in self._entries))
        self._open = set(groups[:OPEN_AT_FIRST])
        self._read_blocks()
        context.theme.changed.connect(self._fill)

    def refresh(self) -> None:
        """Offer the project's own parts as they are now."""
        before, self._layers = self._layers, palette_entries(self._catalogue)
        if [_about(entry) for entry in before] != [_about(entry) for entry in self._layers]:
            self._open.add(GROUP)
            self._read_blocks()
        else:  # what is made of them may be another all the same
            self._entries = [*self.blocks.entries, *self._layers]
            self._index()

    def _index(self) -> None:
        self.entries = {entry.key: entry for entry in self._entries if entry.key != NEW_PART}

    def make(self, key: str) -> AnyNode:
        """A new node of an entry. Raises KeyError when there is none with this key."""
        return self.entries[key].make()

    def keep(self, node_id: str) -> None:
        """Keep a reusable block of the network among the person's own."""
        self.blocks.keep(node_id)

    def _read_blocks(self) -> None:
        self.blocks.read()
        self._entries = [*self.blocks.entries, *self._layers]
        self._index()
        self._open |= {entry.group for entry in self.blocks.entries}
        self._fill()

    def focus_search(self) -> None:
        """Begin to search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys walk the hits while the search field keeps the focus."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                self.view.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.search.text():
                    self.search.clear()
                else:
                    self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setPlaceholderText(self.tr("Search layers"))
        search.setToolTip(self.tr("Search {0} layers").format(len(self.entries)))
        search.setAccessibleName(self.tr("Search layers"))
        search.setClearButtonEnabled(True)
        self._search_icon = search.addAction(self._theme.icon("magnify"), QLineEdit.ActionPosition.LeadingPosition)
        search.textChanged.connect(self._fill)
        search.returnPressed.connect(self._add_current)
        self._has_added = False
        search.textEdited.connect(self._typed)
        undone_by_window(search, lambda: self._has_added)
        search.installEventFilter(self)
        return search

    def _typed(self) -> None:
        """From here on undo is for what is typed, before it was for the layer that was added."""
        self._has_added = False

    def _beside(self, widget: QWidget) -> QHBoxLayout:
        """A row that ends where the panel's other contents end; only the list reaches into the margin."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, SCROLL_GAP, 0)
        row.addWidget(widget)
        return row

    def _make_view(self) -> _PaletteView:
        view = _PaletteView()
        view.setModel(self.model)
        view.setHeaderHidden(True)
        view.setUniformRowHeights(False)
        view.setIndentation(INDENT)
        view.setIconSize(QSize(16, 16))
        view.setExpandsOnDoubleClick(False)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setDragEnabled(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.tr("Layers to add"))
        view.doubleClicked.connect(self._double_clicked)
        view.add_wanted.connect(self._add)
        view.remove_wanted.connect(lambda index: self.blocks.remove(str(index.data(KEY_ROLE))))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.clicked.connect(self._clicked)
        view.expanded.connect(lambda index: self._remember(index, is_open=True))
        view.collapsed.connect(lambda index: self._remember(index, is_open=False))
        return view

    def _fill(self) -> None:
        self._search_icon.setIcon(self._theme.icon("magnify"))
        words = self.search.text().lower().split()
        self.model.clear()
        if words:
            self._fill_hits(words)
        else:
            self._fill_groups()
        self._stack.setCurrentIndex(0 if self.model.rowCount() else 1)

    def _fill_groups(self) -> None:
        groups: dict[str, QStandardItem] = {}
        for entry in self._entries:
            if entry.group not in groups:
                item = self._item(entry.group)
                item.setForeground(QColor(self._theme.tokens.muted))
                item.setDragEnabled(False)
                groups[entry.group] = item
                self.model.appendRow(item)
            groups[entry.group].appendRow(self._entry_item(entry))
        for group, item in groups.items():
            if group in self._open:
                self.view.setExpanded(item.index(), True)

    def _fill_hits(self, words: list[str]) -> None:
        ranked = [(entry.rank(words), place, entry) for place, entry in enumerate(self._entries)]
        hits = sorted((rank, place, entry) for rank, place, entry in ranked if rank is not None)
        for _rank, _place, entry in hits:
            self.model.appendRow(self._entry_item(entry))
        if hits:
            self.view.setCurrentIndex(self.model.index(0, 0))
        self._nothing.setText(
            self.tr(
                "No layer is called or described like “{0}”. Try another word, such as “image” or “dropout”."
            ).format(self.search.text().strip())
        )

    def _entry_item(self, entry: PaletteEntry) -> QStandardItem:
        item = self._item(_broken(entry.title))
        item.setAccessibleText(entry.title)
        item.setIcon(self._theme.icon(entry.icon))
        item.setData(entry.key, KEY_ROLE)
        item.setToolTip(tool_tip(entry.summary, entry.title))
        item.setAccessibleDescription(entry.summary)
        item.setDragEnabled(entry.key != NEW_PART)
        return item

    def _item(self, text: str) -> QStandardItem:
        item = QStandardItem(text)
        item.setEditable(False)
        item.setSizeHint(QSize(0, ROW - 2 + (text.count("\n") * LINE)))
        return item

    def _add_current(self) -> None:
        index = self.view.currentIndex()
        if self.search.text().strip() and index.data(KEY_ROLE):
            self._add(index)
            self.search.selectAll()
            self._has_added = True

    def _add(self, index: QModelIndex) -> None:
        key = index.data(KEY_ROLE)
        if key == NEW_PART:
            self.own_part_wanted.emit()
        elif key:
            self.add_wanted.emit(self.make(key))

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.data(KEY_ROLE):
            self._add(index)
            if index.data(KEY_ROLE) != NEW_PART:
                self.added_by_mouse.emit()

    def _clicked(self, index: QModelIndex) -> None:
        if not index.data(KEY_ROLE):
            self.view.setExpanded(index, not self.view.isExpanded(index))

    def _show_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        key = str(index.data(KEY_ROLE) or "")
        if not key:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Add to the network")).triggered.connect(lambda: self.add_wanted.emit(self.make(key)))
        if key.startswith(PREFIX):
            menu.addAction(self.tr("Take out of my blocks")).triggered.connect(lambda: self.blocks.remove(key))
        menu.popup(self.view.viewport().mapToGlobal(place))

    def _remember(self, index: QModelIndex, *, is_open: bool) -> None:
        group = str(index.data())
        if is_open:
            self._open.add(group)
        else:
            self._open.discard(group)


def _about(entry: PaletteEntry) -> tuple[str, str, str]:
    """What is seen of an entry."""
    return entry.key, entry.title, entry.summary


def _broken(title: str) -> str:
    """A very long name on two lines, broken before a word in its middle."""
    if len(title) <= LONGEST:
        return title
    starts = [place for place, letter in enumerate(title) if place and letter.isupper()]
    middle = min(starts, key=lambda place: abs(place - len(title) / 2), default=0)
    return f"{title[:middle]}\n{title[middle:]}" if middle else title
