"""The random changes of training pictures in their order: added from a menu, each with its form."""

import msgspec
from PySide6.QtWidgets import QWidget

from workbench.domain.augmentation import (
    change,
    changes,
    choices,
    dot_targets,
    in_network,
    moves,
    new_change,
    refusal,
    suits,
    value_range,
)
from workbench.domain.catalogue import StepEntry
from workbench.domain.dataset import MIXING, DatasetInfo, StepSpec
from workbench.domain.edits import add_change, move_change, remove_change, set_change_params
from workbench.domain.project import Project
from workbench.domain.values import ObjectSpec
from workbench.ui.context import Context
from workbench.ui.pages.data.card_list import CardEdits, CardList, Offer


class AugmentationList(CardList):
    """One card a layer, and a button that adds another. Hidden where the data are no pictures."""

    edits = CardEdits(remove_change, move_change, set_change_params)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, self.tr("Random changes while training"), self.tr("Add a change…"), parent)

    def _items(self) -> list[tuple[StepSpec, StepEntry]]:
        data, info = self._context.document.project.data, self._context.data.info
        return [(StepSpec(spec.class_name, spec.params), _entry(spec, info)) for spec in data.augmentation]

    def _offers(self) -> list[Offer]:
        info = self._context.data.info
        if info is None:
            return []
        entries = [entry for entry in changes() if suits(entry, info)]
        return [Offer(entry.name, entry.summary, add_change(new_change(entry, info))) for entry in entries]

    def _show_words(self) -> None:
        info, specs = self._context.data.info, self._context.document.project.data.augmentation
        refused = None if info is None or self._is_loading else refusal(specs, info)
        self.message.setText("" if refused is None else refused[1])
        self.message.setVisible(refused is not None)
        self.hint.setText(" ".join(self._words(specs, refused is None)))

    def _words(self, specs: tuple[ObjectSpec, ...], works: bool) -> list[str]:
        """What becomes of the pictures, by these changes and by those that stand in the network."""
        found = in_network(self._context.document.project.model)
        mixed = next((spec.class_name for spec in specs if spec.class_name in MIXING), None)
        names = ", ".join(found)
        if not specs and found:
            return [self.tr("None here. The network itself changes each picture at random: {0}.").format(names)]
        if not specs:
            return [self.tr("None. Each picture is learned as it is.")]
        words = [self._drawn(specs)]
        if mixed is not None and works:
            text = self.tr("{0} mixes the labels too, so they become one-hot, and the usual loss a categorical one.")
            words = [text.format(mixed)]
        if found:
            words.append(self.tr("The network itself then changes them too: {0}.").format(names))
        return words

    def _drawn(self, specs: tuple[ObjectSpec, ...]) -> str:
        """When the changes are drawn, and what they take along."""
        info = self._context.data.info
        if info is None or dot_targets(info) is None or not any(map(moves, specs)):
            return self.tr("Drawn anew for each batch. Validation, test and predictions stay without.")
        if info.classes:
            return self.tr(
                "Drawn anew for each batch; masks move along. Validation, test and predictions stay without."
            )
        return self.tr("Drawn anew for each batch; what is learned moves along. Other parts stay without.")

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self.refresh()
        elif before.model is not after.model:
            self._show_words()


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
