"""The steps of preparation in their order: added from a menu, each with its form and with what it makes of the data."""

from PySide6.QtWidgets import QWidget

from workbench.domain.catalogue import StepEntry
from workbench.domain.dataset import DatasetInfo, StageInfo, StepSpec
from workbench.domain.edits import add_step, move_step, remove_step, set_step_params
from workbench.ui.context import Context
from workbench.ui.pages.data.card_list import CardEdits, CardList, Offer


class StepList(CardList):
    """One card a step, and a button that adds another."""

    edits = CardEdits(remove_step, move_step, set_step_params)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, self.tr("Steps before scaling"), self.tr("Add a step…"), parent)

    def _items(self) -> list[tuple[StepSpec, StepEntry]]:
        steps = self._context.document.project.data.steps
        return [(spec, entry) for spec in steps if (entry := self._entry(spec.kind)) is not None]

    def _entry(self, kind: str) -> StepEntry | None:
        return next((entry for entry in self._context.catalogue.steps if entry.kind == kind), None)

    def _around(self, place: int) -> tuple[StageInfo, StageInfo] | None:
        """What the engine says of these steps; nothing while it still loads the data with them."""
        data = self._context.data
        stages = data.info.stages if data.info is not None and not self._is_loading else ()
        whole = len(stages) == len(self._context.document.project.data.steps) + 1
        return (stages[place], stages[place + 1]) if whole else None

    def _offers(self) -> list[Offer]:
        info = self._context.data.info
        if info is None:
            return []
        entries = [entry for entry in self._context.catalogue.steps if _suits(entry, info)]
        return [Offer(entry.title, entry.summary, add_step(StepSpec(entry.kind), entry.title)) for entry in entries]

    def _show_words(self) -> None:
        self.hint.setText(self.tr("None. The data go to the network as they are, scaled."))
        self.hint.setVisible(not self.cards and not self.menu.isEmpty())


def _suits(entry: StepEntry, info: DatasetInfo) -> bool:
    has_colour = len(info.sample_shape) == 3 and info.sample_shape[-1] > 1
    suits = (has_colour or not entry.colour) and not (has_colour and entry.grey)
    return info.form in entry.forms and suits
