"""Shows the Python code that a project brings, and asks whether it may run."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from workbench.domain.trust import Demand, shown_code
from workbench.ui.context import Context
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.highlighter import PythonHighlighter
from workbench.ui.widgets.panel import label


class CodeConsent(QWidget):
    """The code to read, and a button below it. `allowed(whatever_it_holds)` tells that the person lets it run."""

    allowed = Signal(bool)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: Demand | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.heading = label("", "heading", wrap=True)
        self.sentence = label(
            self.tr(
                "Read it first: it can do on this machine whatever you can. It runs when the data are loaded, in a "
                "process of its own. When it changes, you are asked again."
            ),
            wrap=True,
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("The code that will run"))
        self._highlighter = PythonHighlighter(self.text.document(), context.theme)
        self.mine = QCheckBox(self.tr("The file is mine: do not ask again when it changes"))
        self.button = QPushButton(self.tr("Allow and load"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(lambda: self.allowed.emit(self.mine.isChecked()))
        for widget in (self.heading, self.sentence):
            column.addWidget(widget)
        column.addWidget(self.text, 1)
        column.addWidget(self.mine)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        context.theme.changed.connect(self._refresh_theme)
        self._refresh_theme()

    def show_code(self, demand: Demand) -> None:
        """Show the code that asks to run."""
        if demand == self._shown:
            return
        self._shown = demand
        name = Path(demand.what).name
        self.heading.setText(self.tr("The data come from Python code: {0}").format(name))
        self.heading.setToolTip(demand.what)
        self.text.setPlainText(shown_code(demand.code or b""))
        self.mine.setChecked(False)

    def _refresh_theme(self) -> None:
        font = self._context.theme.monospace()
        self.text.setFont(font)
        self.text.setTabStopDistance(4 * QFontMetricsF(font).horizontalAdvance(" "))
