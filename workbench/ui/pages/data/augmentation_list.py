"""The random changes of training pictures in their order: added from a menu, each with its form."""

from functools import partial

import msgspec
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from workbench.domain.augmentation import (
    change,
    changes,
    choices,
    dot_targets,
    moves,
    new_change,
    refusal,
    suits,
    value_range,
)
from workbench.domain.catalogue import ClassEntry, StepEntry
from workbench.domain.dataset import MIXING, DatasetInfo, StepSpec
from workbench.domain.edits import NamedEdit, add_change, move_change, remove_change, set_change_params
from workbench.domain.project import Project
from workbench.domain.values import ObjectSpec
from workbench.ui.context import Context
from workbench.ui.pages.data.steps import StepCard
from workbench.ui.widgets.panel import label


class AugmentationList(QWidget):
    """One card a layer, and a button that adds another. Hidden where the data are no pictures."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cards: list[StepCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self.tr("Random changes while training"), "heading"))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(6)
        column.addLayout(self._cards)
        self.hint = label("", "small", wrap=True)
        column.addWidget(self.hint)
        self.message = label("", "bad", wrap=True, selectable=True)
        column.addWidget(self.message)
        self.add = QPushButton(self.tr("Add a change…"))
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.add.clicked.connect(lambda: self.menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft())))
        column.addWidget(self.add)
        context.document.changed.connect(self._document_changed)
        context.data.info_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the changes of the project as they are now."""
        specs = self._context.document.project.data.augmentation
        info = self._context.data.info
        entries = [_entry(spec, info) for spec in specs]
        if [card.entry for card in self.cards] != entries:
            self._rebuild(entries)
        for place, (card, spec) in enumerate(zip(self.cards, specs, strict=True)):
            shown = StepSpec(spec.class_name, spec.params)
            card.show_step(shown, None, is_first=place == 0, is_last=place == len(specs) - 1)
        self._fill_menu(info)
        self._show_words(info, specs)
        self.setVisible(bool(specs) or not self.menu.isEmpty())

    def _show_words(self, info: DatasetInfo | None, specs: tuple[ObjectSpec, ...]) -> None:
        refused = None if info is None or self._is_loading else refusal(specs, info)
        self.message.setText("" if refused is None else refused[1])
        self.message.setVisible(refused is not None)
        mixed = [spec.class_name for spec in specs if spec.class_name in MIXING]
        if not specs:
            self.hint.setText(self.tr("None. Each picture is learned as it is."))
        elif mixed and refused is None:
            self.hint.setText(
                self.tr("{0} mixes the labels too. They are one-hot, and the loss must be a categorical one.").format(
                    mixed[0]
                )
            )
        elif info is not None and dot_targets(info) is not None and any(map(moves, specs)):
            self.hint.setText(
                self.tr("Drawn anew for each batch; masks move along. Validation, test and predictions stay without.")
                if info.classes
                else self.tr("Drawn anew for each batch; what is learned moves along. Other parts stay without.")
            )
        else:
            self.hint.setText(self.tr("Drawn anew for each batch. Validation, test and predictions stay without."))

    @property
    def _is_loading(self) -> bool:
        """Whether what is known of the data is about to change."""
        return self._context.data.loaded_spec != self._context.document.project.data

    def _rebuild(self, entries: list[StepEntry]) -> None:
        was_open = {card.entry.kind for card in self.cards if card.is_open}
        is_one_more = len(entries) == len(self.cards) + 1
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._card(place, entry) for place, entry in enumerate(entries)]
        for place, card in enumerate(self.cards):
            self._cards.addWidget(card)
            is_new = is_one_more and place == len(entries) - 1
            if is_new or card.entry.kind in was_open:
                card.set_open(True)

    def _card(self, place: int, entry: StepEntry) -> StepCard:
        card = StepCard(entry, self._context)
        apply = self._context.document.apply
        name = entry.title
        card.removed.connect(lambda: apply(self.tr("Remove {0}").format(name), remove_change(place, name)))
        card.moved.connect(lambda by: apply(self.tr("Move {0}").format(name), move_change(place, place + by, name)))
        card.changed.connect(lambda key, params: self._change(set_change_params(place, params, name, key), name))
        return card

    def _change(self, edit: NamedEdit, name: str) -> None:
        self._context.document.apply(self.tr("Change {0}").format(name), edit, edit.merge_key)

    def _fill_menu(self, info: DatasetInfo | None) -> None:
        self.menu.clear()
        for entry in changes():
            if info is not None and suits(entry, info):
                action = self.menu.addAction(entry.name, partial(self._add, entry))
                action.setToolTip(entry.summary)
        self.add.setVisible(not self.menu.isEmpty())

    def _add(self, entry: ClassEntry) -> None:
        edit = add_change(new_change(entry, self._context.data.info))
        self._context.document.apply(self.tr("Add {0}").format(entry.name), edit)

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self.refresh()


def _entry(spec: ObjectSpec, info: DatasetInfo | None) -> StepEntry:
    """What a card needs to know of a layer; the range of the pictures is that of these data."""
    found = change(spec.class_name)
    if found is None:
        return StepEntry(spec.class_name, spec.class_name[:40], "", ("pictures",))
    params = choices(found)
    if info is not None:
        low, high = value_range(info)
        params = tuple(
            msgspec.structs.replace(param, default=(low, high), advanced=True) if param.name == "value_range" else param
            for param in params
        )
    return StepEntry(found.name, found.name, found.summary, ("pictures",), params)
