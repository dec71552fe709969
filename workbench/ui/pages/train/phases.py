"""The further phases of a training: a card each, and the way to add one."""

from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.domain.edits import add_phase, remove_phase, set_phase
from workbench.domain.phases import total_epochs
from workbench.domain.project import Project
from workbench.domain.training import PhaseSpec
from workbench.ui.context import Context
from workbench.ui.pages.train.phase_card import PhaseCard
from workbench.ui.widgets.counts import epochs
from workbench.ui.widgets.panel import label


class PhaseList(QWidget):
    """`changed(edit)` follows each change by the person; `finished` says that a series of changes is over."""

    changed = Signal(object)
    finished = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.cards: list[PhaseCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self.tr("Phases"), "heading"))
        self.first = label("", "small", wrap=True)
        column.addWidget(self.first)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(6)
        column.addLayout(self._cards)
        self.add = QPushButton()
        self.add.setToolTip(
            self.tr("Go on with a tenth of the learning rate when the epochs are over, and let frozen layers learn too")
        )
        self.add.clicked.connect(self._add)
        column.addWidget(self.add)

    def show_phases(self, project: Project) -> None:
        """Show the phases of a project."""
        phases = project.training.phases
        if len(phases) != len(self.cards):
            self._rebuild(len(phases))
        for card, spec in zip(self.cards, phases, strict=True):
            card.show_phase(project, spec)
        self.add.setText(self.tr("Add another phase") if phases else self.tr("Add fine-tuning"))
        one = self.tr("One phase: {0}, as set above.")
        several = self.tr("1  ·  {0}, as set above. In all {1}. The optimizer begins anew with each phase.")
        count = epochs(project.training.epochs)
        self.first.setText(
            several.format(count, epochs(total_epochs(project.training))) if phases else one.format(count)
        )

    def _rebuild(self, count: int) -> None:
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._card(place) for place in range(count)]

    def _card(self, place: int) -> PhaseCard:
        card = PhaseCard(self._context, place)
        card.changed.connect(partial(self._change, place))
        card.finished.connect(self.finished)
        card.removed.connect(lambda: self._once(remove_phase(place)))
        self._cards.addWidget(card)
        return card

    def _change(self, place: int, fields: dict[str, Any]) -> None:
        self.changed.emit(set_phase(place, **fields))

    def _add(self) -> None:
        usual, first = PhaseSpec(), self._context.document.project.training.epochs
        name = usual.name if not self.cards else self.tr("Phase {0}").format(len(self.cards) + 2)
        self._once(add_phase(PhaseSpec(name=name, epochs=max(1, first // 2))))
        QTimer.singleShot(0, self, self._show_last)  # once it has its place

    def _show_last(self) -> None:
        """Scroll to the phase that was added, as it stands below what was to be seen."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and self.cards:
            area.ensureWidgetVisible(self.add)
            area.ensureWidgetVisible(self.cards[-1])

    def _once(self, edit: object) -> None:
        self.finished.emit()
        self.changed.emit(edit)
        self.finished.emit()
