"""A line above the network to search its layers in, shown while it is used."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from workbench.domain.summary import ModelSummary
from workbench.domain.tree import ModelTree, walk
from workbench.ui.pages.model.rows import Row
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label


def found_nodes(text: str, tree: ModelTree, rows: Mapping[str, Row], summary: ModelSummary | None) -> tuple[str, ...]:
    """The ids of the nodes that have all words of a text in what their row says, or in the name that Keras gives their
    layer; from top to bottom. None for no words."""
    words = text.lower().split()
    built: dict[str, list[str]] = {}
    for layer in summary.layers if summary else ():
        built.setdefault(layer.node_id, []).append(layer.name)

    def says(node_id: str) -> str:
        row = rows.get(node_id)
        told = (row.title, row.whole or row.detail, row.shape) if row else ()
        return " ".join((*told, *built.get(node_id, ()))).lower()

    if not words:
        return ()
    return tuple(node.id for node in walk(tree.nodes) if all(word in says(node.id) for word in words))


class FindBar(QWidget):
    """Shows one hit after another: `chosen(ids)` wants them selected; `left` says that the search is over.

    `find(text)` gives the ids of the nodes that are found, `here()` those that are selected.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        find: Callable[[str], tuple[str, ...]],
        here: Callable[[], tuple[str, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._find, self._here = theme, find, here
        self._began_at: tuple[str, ...] = ()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the network: name, class, size"))
        self.search.setAccessibleName(self.tr("Search the network"))
        self.search.setClearButtonEnabled(True)
        self._icon = self.search.addAction(theme.icon("magnify"), QLineEdit.ActionPosition.LeadingPosition)
        self.count: QLabel = label(role="small")
        self.buttons = {
            "arrow-up": self._button(self.tr("Previous hit"), "Shift+F3", lambda: self.step(-1)),
            "arrow-down": self._button(self.tr("Next hit"), "F3", lambda: self.step(1)),
            "select-all": self._button(self.tr("Select all hits"), "Ctrl+Enter", self.choose_all),
            "close": self._button(self.tr("End the search"), "Esc", self.leave),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.search, 1)
        row.addWidget(self.count)
        for button in self.buttons.values():
            row.addWidget(button)
        self.search.textChanged.connect(self._searched)
        self.search.installEventFilter(self)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self.hide()

    def begin(self) -> None:
        """Show the line and type into it."""
        self._began_at = self._here()
        self.show()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
        self.refresh()

    def leave(self) -> None:
        """Put the line away."""
        self.hide()
        self.left.emit()

    def step(self, by: int) -> None:
        """Choose the next hit below what is selected (1), or the next above it (-1), around the end of the network."""
        hits = self._find(self.search.text())
        if not self.isVisible():
            self.begin()
        if hits:
            here = [hits.index(node_id) for node_id in self._here() if node_id in hits]
            place = (here[0] + by if here else (0 if by > 0 else -1)) % len(hits)
            self._began_at = (hits[place],)
            self.chosen.emit(self._began_at)
        self.refresh()

    def choose_all(self) -> None:
        """Choose all hits, to change them together."""
        hits = self._find(self.search.text())
        if hits:
            self.chosen.emit(hits)
        self.refresh()

    def refresh(self) -> None:
        """Say how many hits there are, and which of them is selected."""
        text = self.search.text().strip()
        hits = self._find(text)
        here = [place for place, node_id in enumerate(hits) if node_id in set(self._here())]
        if not text:
            told = ""
        elif not hits:
            told = self.tr("Not found")
        elif len(here) == 1:
            told = self.tr("{0} of {1}").format(here[0] + 1, len(hits))
        elif here:
            told = self.tr("{0} of {1} selected").format(len(here), len(hits))
        else:
            told = self.tr("{0} found").format(len(hits))
        self.count.setText(told)
        for name in ("arrow-up", "arrow-down", "select-all"):
            self.buttons[name].setEnabled(bool(hits))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next hit, with Shift to the one before, with Ctrl to all; Escape ends the search."""
        if watched is not self.search or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        modifiers = event.modifiers()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                self.choose_all()
            else:
                self.step(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1)
            return True
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return super().eventFilter(watched, event)

    def _searched(self, text: str) -> None:
        """While one types, what was selected before stays where it is found too; else the first hit is shown, and
        without any what was selected before."""
        hits = self._find(text)
        kept = tuple(node_id for node_id in self._began_at if node_id in hits)
        wanted = kept or hits[:1] or self._began_at
        if wanted != self._here():
            self.chosen.emit(wanted)
        self.refresh()

    def _button(self, text: str, keys: str, handler: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setAccessibleName(text)
        button.setToolTip(f"{text}  ({keys})")
        button.clicked.connect(lambda _checked=False: handler())
        return button

    def _draw_icons(self) -> None:
        self._icon.setIcon(self._theme.icon("magnify"))
        for name, button in self.buttons.items():
            button.setIcon(self._theme.icon(name))
