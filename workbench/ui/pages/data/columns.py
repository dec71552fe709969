"""From which columns of a table is learned: a button that tells it, with a list to tick."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from workbench.ui.theme.tokens import PADDING
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.tool_tip import plain_tip
from workbench.ui.widgets.wheel import steady

MANY = 10
MOST_ROWS = 14


class ColumnChooser(QComboBox):
    """Says how many columns are used and opens the list of them. `chosen(names)` follows when the list is closed with
    other columns ticked; None asks for those that are of use. Escape leaves them as they were."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        steady(self)
        self._used: frozenset[str] = frozenset()
        self._by_hand = False
        self.addItem("")
        self.setToolTip(self.tr("Choose from which columns the network learns"))
        self.list = ColumnList()
        self.popup = _Popup(self)
        self.popup.given_up.connect(lambda: self.list.tick(self._used))
        action = QWidgetAction(self.popup)
        action.setDefaultWidget(self.list)
        self.popup.addAction(action)
        self.popup.aboutToShow.connect(self.list.make_ready)
        self.popup.aboutToHide.connect(self._closed)
        self.list.inferred.clicked.connect(self._infer)

    def show_columns(self, columns: Sequence[str], used: Collection[str], target: str, by_hand: bool) -> None:
        """Offer these columns, but for the target; `by_hand` says that the person chose those that are used."""
        names = [name for name in columns if name != target]
        self._used, self._by_hand = frozenset(used) & frozenset(names), by_hand
        text = self.tr("All {0}") if len(self._used) == len(names) else self.tr("{1} of {0}")
        self.setItemText(0, text.format(f"{len(names):,}", f"{len(self._used):,}"))
        self.list.show_columns(names, self._used)
        self.list.inferred.setEnabled(by_hand)

    def showPopup(self) -> None:
        self.popup.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _closed(self) -> None:
        ticked = self.list.ticked()
        if ticked and frozenset(ticked) != self._used:
            self.chosen.emit(ticked)
        else:
            self.list.tick(self._used)  # without a column there is nothing to learn from

    def _infer(self) -> None:
        self.list.tick(self._used)
        self.popup.close()
        self.chosen.emit(None)


class _Popup(QMenu):
    """A menu that tells when it is left by Escape."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        super().keyPressEvent(event)


class _AsWideAsTheList(QStyledItemDelegate):
    """Rows that never ask for more width than there is, so that long names are elided."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, super().sizeHint(option, index).height())


class ColumnList(QWidget):
    """Names to tick, with a field to search for them where there are many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(8)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search columns"))
        self.search.setAccessibleName(self.tr("Search columns"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("Columns to learn from"))
        self.names.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.names.setMinimumWidth(240)
        self.names.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setItemDelegate(_AsWideAsTheList(self.names))
        row = QHBoxLayout()
        self.every, self.none = QPushButton(self.tr("All")), QPushButton(self.tr("None"))
        self.inferred = QPushButton(self.tr("As inferred"))
        self.inferred.setToolTip(self.tr("All columns that are of use: not empty, not mere row numbers"))
        for button in (self.every, self.none, self.inferred):
            button.setProperty("role", "link")
            row.addWidget(button)
        row.addStretch(1)
        self.every.clicked.connect(lambda: self._tick_shown(True))
        self.none.clicked.connect(lambda: self._tick_shown(False))
        self.warning = label(self.tr("At least one column is needed."), "bad", wrap=True)
        kept = self.warning.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # an open menu does not grow
        self.warning.setSizePolicy(kept)
        self.names.itemChanged.connect(lambda _item: self.warning.setVisible(not self.ticked()))
        for widget in (self.search, self.names, self.warning):
            column.addWidget(widget)
        column.addLayout(row)

    def show_columns(self, names: Sequence[str], used: Collection[str]) -> None:
        """Show these names; those used are ticked."""
        self.names.clear()
        for name in names:
            item = QListWidgetItem(name, self.names)
            item.setToolTip(plain_tip(name))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        self.tick(used)
        self.search.setVisible(len(names) > MANY)
        self._fit()

    def make_ready(self) -> None:
        """Begin with all names in sight."""
        self.search.clear()
        self._fit()
        self.warning.setVisible(not self.ticked())
        (self.names if self.search.isHidden() else self.search).setFocus()

    def _fit(self) -> None:
        """As high as its rows, up to a bound; they have their height only once the style is known."""
        self.names.ensurePolished()
        self.names.doItemsLayout()
        rows = min(max(self.names.count(), 2), MOST_ROWS)
        self.names.setFixedHeight(rows * max(1, self.names.sizeHintForRow(0)) + 2 * self.names.frameWidth() + 2)
        policy = Qt.ScrollBarPolicy
        few = self.names.count() <= MOST_ROWS
        self.names.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if few else policy.ScrollBarAsNeeded)

    def tick(self, used: Collection[str]) -> None:
        """Tick these and no others."""
        for item in self._items():
            item.setCheckState(Qt.CheckState.Checked if item.text() in used else Qt.CheckState.Unchecked)

    def ticked(self) -> tuple[str, ...]:
        """The names that are ticked."""
        return tuple(item.text() for item in self._items() if item.checkState() == Qt.CheckState.Checked)

    def _tick_shown(self, on: bool) -> None:
        for item in self._items():
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.text().casefold() for word in words))

    def _items(self) -> list[QListWidgetItem]:
        return [self.names.item(row) for row in range(self.names.count())]
