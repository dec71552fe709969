"""What goes on now, how far it is, and the button that gives it up."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from workbench.ui.widgets.panel import label

STEPS = 1000


class UnderWay(QWidget):
    """Hidden while nothing goes on. `cancelled` follows the button."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = label(role="small", wrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(QCoreApplication.translate("UnderWay", "How far it is"))
        self.cancel = QPushButton(QCoreApplication.translate("UnderWay", "Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.text)
        column.addLayout(row)
        self.hide()

    def show_progress(self, text: str, fraction: float | None = None) -> None:
        """Say what goes on, and which part of it is done, None where that is unknown."""
        if self.isHidden():
            self.cancel.setEnabled(True)
        if self.cancel.isEnabled():
            self.text.setText(text)
        self.bar.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self.bar.setValue(round(fraction * STEPS))
        self.show()

    def end(self) -> None:
        """Nothing goes on any more."""
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.text.setText(QCoreApplication.translate("UnderWay", "Giving it up …"))
        self.cancelled.emit()
