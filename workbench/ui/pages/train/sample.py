"""Chooses the sample whose feature maps are shown."""

import random

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QToolButton, QWidget

from workbench.domain.dataset import PARTS, DatasetInfo
from workbench.protocol.arrays import Sample
from workbench.ui.theme import Theme
from workbench.ui.widgets.parts import part_title
from workbench.ui.widgets.wheel import steady


class SampleChooser(QWidget):
    """Part and number of a sample. `changed` follows every choice; `sample` is it."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._info: DatasetInfo | None = None
        self._buttons: list[tuple[QToolButton, str]] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.part = steady(QComboBox())
        self.part.setAccessibleName(self.tr("Part of the data"))
        self.part.setToolTip(self.tr("Part of the data"))
        self.part.setMinimumWidth(86)
        self.part.activated.connect(self._part_chosen)
        self.number = steady(QSpinBox())
        self.number.setAccessibleName(self.tr("Number of the sample"))
        self.number.setToolTip(self.tr("Number of the sample"))
        self.number.setKeyboardTracking(False)
        self.number.setMinimumWidth(64)
        self.number.valueChanged.connect(lambda _value: self.changed.emit())
        row.addWidget(self.part, 1)
        self.previous = self._button("chevron-left", self.tr("The sample before"), lambda: self.number.stepBy(-1))
        row.addWidget(self.previous)
        row.addWidget(self.number)
        self.next = self._button("chevron-right", self.tr("The next sample"), lambda: self.number.stepBy(1))
        row.addWidget(self.next)
        self.random = self._button("dice-5-outline", self.tr("Any sample"), self._any)
        row.addWidget(self.random)
        theme.changed.connect(self._refresh_icons)
        self._refresh_icons()

    @property
    def sample(self) -> Sample:
        """The sample that is chosen."""
        return Sample(part=self.part.currentData() or "test", index=self.number.value())

    def show_info(self, info: DatasetInfo | None) -> None:
        """Offer the parts of these data; the choice stays where it is still there."""
        self._info = info
        wanted = self.part.currentData() or "test"
        sizes = info.sizes if info is not None else {}
        self.part.clear()
        for part in PARTS:
            if sizes.get(part, 0):
                self.part.addItem(part_title(part), part)
        self.part.setCurrentIndex(max(0, self.part.findData(wanted)))
        self.setEnabled(self.part.count() > 0)
        self._bound_number()

    def _button(self, icon: str, text: str, call: object) -> QToolButton:
        button = QToolButton()
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(call)
        self._buttons.append((button, icon))
        return button

    def _part_chosen(self) -> None:
        self._bound_number()
        self.changed.emit()

    def _bound_number(self) -> None:
        size = self._info.sizes.get(self.part.currentData(), 0) if self._info is not None else 0
        self.number.blockSignals(True)
        self.number.setRange(0, max(0, size - 1))
        self.number.blockSignals(False)

    def _any(self) -> None:
        if self.number.maximum():
            self.number.setValue(random.randint(0, self.number.maximum()))

    def _refresh_icons(self) -> None:
        for button, icon in self._buttons:
            button.setIcon(self._theme.icon(icon))
