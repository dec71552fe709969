"""Says that the code of a project is off, and asks whether it may run."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from workbench.ui.widgets.panel import label


class PartsConsent(QFrame):
    """A strip above the code. `allowed` tells that the person lets it run."""

    allowed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        sentence = self.tr(
            "This project brings Python code of its own, which is off. Read all of it first: it can do on this machine "
            "whatever you can. It runs when the network is checked, tested and trained. When it changes, you are asked "
            "again."
        )
        row.addWidget(label(sentence, wrap=True), 1)
        self.button = QPushButton(self.tr("Allow"))
        self.button.setProperty("role", "primary")
        self.button.setToolTip(self.tr("Let the code of all files on the left run"))
        self.button.clicked.connect(self.allowed)
        row.addWidget(self.button)
