"""What makes up for classes with few training samples, with their counts before and after."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.domain.balance import can_balance, class_weights, oversampled_counts
from workbench.domain.dataset import Balance, DatasetInfo
from workbench.ui.widgets.elided import ElidedLabel
from workbench.ui.widgets.panel import label

MOST = 14


class BalanceTable(QWidget):
    """A row a class: how many training samples it has, and what becomes of it. Hidden where nothing is balanced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.words = label("", "small", wrap=True)
        column.addWidget(self.words)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        column.addWidget(self._table)
        self.rows: list[tuple[str, str, str]] = []
        self.hide()

    def show_balance(self, balance: Balance, info: DatasetInfo | None) -> None:
        """Show what a way of balancing makes of these data."""
        counts = info.class_counts.get("train", ()) if info is not None and can_balance(info) else ()
        if info is None or balance == "none" or not counts:
            self.rows = []
            self.hide()
            return
        if balance == "class_weights":
            weights = class_weights(counts)
            after = [f"× {weights[number]:.3g}" if number in weights else "—" for number in range(len(counts))]
            self.words.setText(
                self.tr(
                    "Each sample counts in the loss with the weight of its class: all training samples, divided by the "
                    "number of classes and by the samples of the class. Then every class counts as much as another."
                )
            )
            title = self.tr("Weight")
        else:
            after = [f"{count:,}" for count in oversampled_counts(counts)]
            self.words.setText(self.tr("Samples of rare classes are drawn again in each epoch, in training only."))
            title = self.tr("After")
        names = [info.classes[number] for number in range(len(counts))]
        self.rows = list(zip(names, (f"{count:,}" for count in counts), after, strict=True))
        self._fill((self.tr("Class"), self.tr("Training"), title))
        self.show()

    def _fill(self, heads: tuple[str, str, str]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, texts in enumerate([heads, *self.rows[:MOST]]):
            for place, text in enumerate(texts):
                cell = label(text) if place else ElidedLabel(text)
                cell.setProperty("role", "muted" if row == 0 or place == 0 else "")
                self._grid.addWidget(cell, row, place, right if place else Qt.AlignmentFlag.AlignLeft)
        if len(self.rows) > MOST:
            more = label(self.tr("and {0} classes more").format(len(self.rows) - MOST), "muted")
            self._grid.addWidget(more, MOST + 1, 0, 1, 3)
