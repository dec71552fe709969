"""A small window: what differs between two networks, line by line."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.difference import Difference
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import CELL, ROW
from workbench.ui.widgets.panel import label

WIDTH, HEIGHT = 640, 420
WIDEST = 280
Index = QModelIndex | QPersistentModelIndex
ICONS = {"added": "plus", "removed": "minus", "moved": "swap-vertical", "changed": "pencil-outline"}


class CompareWindow(QDialog):
    """Not modal. `node_wanted(id)` follows a double-click or Enter on what is still in a network."""

    node_wanted = Signal(str)

    def __init__(
        self, theme: Theme, one: str, other: str, found: tuple[Difference, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._found = theme, found
        self.setWindowTitle(self.tr("Compare networks"))
        self.setModal(False)
        self.resize(WIDTH, HEIGHT)
        self.heading = label(self.tr("From {0} to {1}").format(one, other), "heading", wrap=True)
        self.note = label(self.tr("Network, training and data are the same."), "muted", wrap=True)
        self.note.setVisible(not found)
        self.list = self._make_list()
        self.list.setVisible(bool(found))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(self.tr("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self.copy)
        copy.setVisible(bool(found))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        if not found:
            column.addStretch(1)
        column.addWidget(buttons)
        if not found:
            self.resize(WIDTH // 2, self.sizeHint().height())
        theme.changed.connect(self._draw)
        self._draw()

    def text(self) -> str:
        """All lines as plain text."""
        words = self._words()
        lines = (f"{words[each.kind]}: {each.what}{'; ' if each.detail else ''}{each.detail}" for each in self._found)
        return "\n".join((self.heading.text(), *lines))

    def copy(self) -> None:
        """Put the lines on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())

    def _words(self) -> dict[str, str]:
        return {
            "added": self.tr("Added"),
            "removed": self.tr("Removed"),
            "moved": self.tr("Moved"),
            "changed": self.tr("Changed"),
        }

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setColumnCount(3)
        made.setProperty("role", "table")
        made.setHeaderLabels(["", self.tr("What"), self.tr("Difference")])
        made.setRootIsDecorated(False)
        made.setAccessibleName(self.tr("Differences"))
        made.setWordWrap(True)
        made.setItemDelegate(_Wrapping(made))
        header = made.header()
        header.sectionResized.connect(made.scheduleDelayedItemsLayout)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        words = self._words()
        for each in self._found:
            item = QTreeWidgetItem([words[each.kind], each.what, each.detail])
            for column, text in ((1, each.what), (2, each.detail)):
                item.setToolTip(column, text)
            made.addTopLevelItem(item)
        made.itemActivated.connect(self._activated)
        return made

    def _activated(self, item: QTreeWidgetItem) -> None:
        node_id = self._found[self.list.indexOfTopLevelItem(item)].node_id
        if node_id:
            self.node_wanted.emit(node_id)

    def _draw(self) -> None:
        tokens = self._theme.tokens
        colours = {"added": tokens.good, "removed": tokens.bad, "moved": tokens.accent, "changed": tokens.accent}
        for row, each in enumerate(self._found):
            item = self.list.topLevelItem(row)
            if item is not None:
                item.setIcon(0, self._theme.icon(ICONS[each.kind], colours[each.kind]))
                item.setForeground(0, QBrush(QColor(colours[each.kind])))


class _Wrapping(QStyledItemDelegate):
    """As many lines as a text needs in its column."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        hint = super().sizeHint(option, index)
        if index.column() and isinstance(view, QTreeWidget):
            width = WIDEST if index.column() == 1 else view.columnWidth(index.column())
            room = QRect(0, 0, width - 4 * CELL, 0)
            rect = view.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, str(index.data() or ""))
            hint = QSize(min(hint.width(), width), max(ROW - 2, rect.height() + 4 * CELL))
        return hint
