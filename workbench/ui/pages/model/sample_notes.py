"""What a sample teaches, as long as no layer is selected."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import label, line


class SampleNotes(QWidget):
    """The notes of the sample that the project was made from; hidden without any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP, 0, 0)
        column.setSpacing(GAP)
        self.text = label("", wrap=True, selectable=True)
        for widget in (line(), label(self.tr("About this sample"), "heading"), self.text):
            column.addWidget(widget)
        self.hide()

    def show_notes(self, notes: str) -> None:
        """Show them."""
        self.text.setText(notes.replace(" %", "\N{NO-BREAK SPACE}%"))
        self.setVisible(bool(notes))
