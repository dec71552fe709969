"""An ordered list of the project that is edited as cards: steps of preparation, random changes while training."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from workbench.domain.catalogue import StepEntry
from workbench.domain.dataset import StageInfo, StepSpec
from workbench.domain.edits import NamedEdit
from workbench.domain.project import Project
from workbench.ui.context import Context
from workbench.ui.pages.data.step_card import StepCard
from workbench.ui.widgets.panel import label


class CardEdits(NamedTuple):
    """The edits of such a list: `remove(place, title)`, `move(place, to, title)`, `set_params(place, params, title,
    key)`."""

    remove: Callable[..., NamedEdit]
    move: Callable[..., NamedEdit]
    set_params: Callable[..., NamedEdit]


class Offer(NamedTuple):
    """What can be added: its title, what it does, and the edit that adds it."""

    title: str
    summary: str
    edit: NamedEdit


class CardList(QWidget):
    """A heading, one card an item, and a button that adds another from a menu. What the items are, and what is said
    below them, is the list's own: `_items`, `_offers`, `_show_words`. Hidden where there is nothing to show or add."""

    edits: CardEdits

    def __init__(self, context: Context, title: str, add_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cards: list[StepCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(title, "heading"))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(6)
        column.addLayout(self._cards)
        self.hint = label("", "small", wrap=True)
        column.addWidget(self.hint)
        self.message = label("", "bad", wrap=True, selectable=True)
        self.message.hide()
        column.addWidget(self.message)
        self.add = QPushButton(add_text)
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.add.clicked.connect(lambda: self.menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft())))
        column.addWidget(self.add)
        context.document.changed.connect(self._document_changed)
        context.data.info_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the items of the project as they are now."""
        items = self._items()
        entries = [entry for _spec, entry in items]
        if [card.entry for card in self.cards] != entries:
            self._rebuild(entries)
        last = len(items) - 1
        for place, (card, (spec, _entry)) in enumerate(zip(self.cards, items, strict=True)):
            card.show_step(spec, self._around(place), is_first=place == 0, is_last=place == last)
        self._fill_menu()
        self._show_words()
        self.setVisible(bool(items) or not self.menu.isEmpty())

    def _items(self) -> list[tuple[StepSpec, StepEntry]]:
        """What the project lists, each with what a card needs to know of it."""
        raise NotImplementedError

    def _offers(self) -> list[Offer]:
        """What can be added to these data."""
        raise NotImplementedError

    def _show_words(self) -> None:
        """Say below the cards what follows from them."""
        raise NotImplementedError

    def _around(self, place: int) -> tuple[StageInfo, StageInfo] | None:
        """What goes into an item and what comes out; None where that is not known."""
        return None

    @property
    def _is_loading(self) -> bool:
        """Whether what is known of the data is about to change."""
        return self._context.data.loaded_spec != self._context.document.project.data

    def _rebuild(self, entries: list[StepEntry]) -> None:
        """New cards, open where those of the same kind were; one that was just added is open."""
        were_open: dict[str, list[bool]] = {}
        for card in self.cards:
            were_open.setdefault(card.entry.kind, []).append(card.is_open)
        is_one_more = len(entries) == len(self.cards) + 1
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._card(place, entry) for place, entry in enumerate(entries)]
        for card in self.cards:
            self._cards.addWidget(card)
            known = were_open.get(card.entry.kind)
            if known.pop(0) if known else is_one_more:
                card.set_open(True)

    def _card(self, place: int, entry: StepEntry) -> StepCard:
        card = StepCard(entry, self._context)
        apply, edits, title = self._context.document.apply, self.edits, entry.title
        card.removed.connect(lambda: apply(self.tr("Remove {0}").format(title), edits.remove(place, title)))
        card.moved.connect(lambda by: apply(self.tr("Move {0}").format(title), edits.move(place, place + by, title)))
        card.changed.connect(lambda key, params: self._change(edits.set_params(place, params, title, key), title))
        return card

    def _change(self, edit: NamedEdit, title: str) -> None:
        self._context.document.apply(self.tr("Change {0}").format(title), edit, edit.merge_key)

    def _fill_menu(self) -> None:
        self.menu.clear()
        for offer in self._offers():
            action = self.menu.addAction(offer.title, partial(self._add, offer))
            action.setToolTip(offer.summary)
        self.add.setVisible(not self.menu.isEmpty())

    def _add(self, offer: Offer) -> None:
        self._context.document.apply(self.tr("Add {0}").format(offer.title), offer.edit)

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self.refresh()
