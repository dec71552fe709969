"""The layer that a base ends with: typed, or chosen where the layers of the model are known here."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

MOST_SHOWN = 16


class CutChoice(QComboBox):
    """A line for a name with a list beside it; empty stands for the last layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(MOST_SHOWN)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        line = QLineEdit()
        line.setPlaceholderText(self.tr("the last one"))
        line.setAccessibleName(self.tr("Ends with the layer"))
        self.setLineEdit(line)
        self.setCompleter(completer)
        self.setAccessibleName(self.tr("Ends with the layer"))

    def offer(self, names: Sequence[str]) -> None:
        """Let one of these be chosen, the last first; what was typed for another model goes."""
        self.clear()
        self.addItems(list(reversed(names)))
        self.setCurrentIndex(-1)
        self.clearEditText()

    @property
    def chosen(self) -> str:
        """The name of the layer, empty for the last one."""
        return self.currentText().strip()
