"""Noise on the inputs that are to be learned without it: its kind and its amount."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from workbench.domain.dataset import Noise, NoiseKind
from workbench.ui.forms.base import ComboBox
from workbench.ui.widgets.spin import fitted

LARGEST = {"gaussian": 10.0, "salt_and_pepper": 1.0, "masking": 1.0}


class NoiseFields(QWidget):
    """`chosen(Noise | None)` follows every choice by the person."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noise: Noise | None = None
        self._showing = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.kind = ComboBox()
        self.kind.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        kinds: dict[NoiseKind | None, str] = {
            None: self.tr("None"),
            "gaussian": self.tr("Gaussian"),
            "salt_and_pepper": self.tr("Salt and pepper"),
            "masking": self.tr("Masked dots"),
        }
        for value, text in kinds.items():
            self.kind.addItem(text, value)
        self.kind.setAccessibleName(self.tr("Noise on the inputs"))
        self.kind.setToolTip(
            self.tr("The network gets the inputs with this noise and learns to give them without; drawn once a sample")
        )
        self.kind.activated.connect(self._kind_chosen)
        self.amount = fitted(QDoubleSpinBox())
        self.amount.setDecimals(2)
        self.amount.setSingleStep(0.05)
        self.amount.setKeyboardTracking(False)
        self.amount.setFixedWidth(68)
        self.amount.setAccessibleName(self.tr("Amount of noise"))
        self.amount.valueChanged.connect(self._amount_chosen)
        row.addWidget(self.kind, 1)
        row.addWidget(self.amount)

    def show_noise(self, noise: Noise | None) -> None:
        """Show what the project says."""
        self._showing = True
        self._noise = noise
        self.kind.setCurrentIndex(self.kind.findData(noise.kind if noise is not None else None))
        self.amount.setVisible(noise is not None)
        if noise is not None:
            self.amount.setRange(0, LARGEST[noise.kind])
            self.amount.setValue(noise.amount)
            deviation = self.tr("The standard deviation of what is added, where the inputs are scaled")
            share = self.tr("The share of the dots that are changed")
            self.amount.setToolTip(deviation if noise.kind == "gaussian" else share)
        self._showing = False

    def _kind_chosen(self) -> None:
        kind = self.kind.currentData()
        if kind is None:
            self.chosen.emit(None)
            return
        before = self._noise or Noise()
        self.chosen.emit(msgspec.structs.replace(before, kind=kind, amount=min(before.amount, LARGEST[kind])))

    def _amount_chosen(self, amount: float) -> None:
        if not self._showing and self._noise is not None:
            self.chosen.emit(msgspec.structs.replace(self._noise, amount=round(amount, 2)))
