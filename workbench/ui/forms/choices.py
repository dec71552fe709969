"""Editors that choose: yes or no, one of a few words."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from workbench.domain.catalogue import ParamEntry
from workbench.domain.values import Scalar, Value
from workbench.ui.forms.base import ComboBox, Editor

MOST_BESIDE = 84  # the width of a text that is read whole beside its label in the narrowest form


class SwitchEditor(Editor):
    """Yes or no, as a check box."""

    def __init__(self, entry: ParamEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Value = entry.default
        self.box = QCheckBox()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 4, 0, 4)
        layout.addWidget(self.box)
        layout.addStretch(1)
        self.setFocusProxy(self.box)
        self.box.clicked.connect(self._clicked)

    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        self._value = value
        self.box.setTristate(False)
        self.box.setChecked(bool(value))

    def show_mixed(self) -> None:
        self.box.setTristate(True)
        self.box.setCheckState(Qt.CheckState.PartiallyChecked)

    def faces(self) -> list[QWidget]:
        return [self.box]

    def _clicked(self) -> None:
        self.box.setTristate(False)
        self._value = self.box.isChecked()
        self.edited.emit(self._value)
        self.finished.emit()


class ChoiceEditor(Editor):
    """One of the entry's choices, or none where it allows that. A value that is none of them stays as it is."""

    def __init__(self, entry: ParamEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Value = entry.default
        self.box = ComboBox()
        if entry.optional:
            self.box.addItem(QCoreApplication.translate("forms", "none"), None)
        texts = self.options(entry)
        for choice, text in texts:
            self.box.addItem(text, choice)
        metrics = self.box.fontMetrics()
        self.wide = any(metrics.horizontalAdvance(text) > MOST_BESIDE for _choice, text in texts)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._chosen)

    def options(self, entry: ParamEntry) -> list[tuple[Scalar, str]]:
        """The values to choose from and what a person reads."""
        return list(zip(entry.choices, entry.choice_titles or entry.choices, strict=True))

    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        self._value = value
        index = self._index(value)
        if index < 0:
            self.box.addItem(str(value), value)
            index = self.box.count() - 1
        self.box.setCurrentIndex(index)

    def show_mixed(self) -> None:
        self.box.setPlaceholderText(QCoreApplication.translate("forms", "various"))
        self.box.setCurrentIndex(-1)

    def faces(self) -> list[QWidget]:
        return [self.box]

    def _index(self, value: Value) -> int:
        return next((index for index in range(self.box.count()) if self.box.itemData(index) == value), -1)

    def _chosen(self, index: int) -> None:
        self._value = self.box.itemData(index)
        self.edited.emit(self._value)
        self.finished.emit()


class MaybeEditor(ChoiceEditor):
    """Yes, no, or none."""

    def options(self, entry: ParamEntry) -> list[tuple[Scalar, str]]:
        return [
            (True, QCoreApplication.translate("forms", "yes")),
            (False, QCoreApplication.translate("forms", "no")),
        ]
