"""The text of a sample with its tokens marked, as the Data page shows it."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.protocol.arrays import Sample
from workbench.protocol.events import SamplesShown
from workbench.protocol.payloads import TextShown
from workbench.ui.context import Context
from workbench.ui.pages.data.text_row import laid_out
from workbench.ui.pages.inspect.asked_sample import AskedSample

MOST_CHARACTERS = 500


class SampleText(QWidget):
    """A paragraph as high as it needs; hidden where the data are no texts or the sample is not one of theirs."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = AskedSample(context, self._arrived)
        self.text = TextShown("")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("The sample"))
        context.theme.changed.connect(self.update)

    def look_at(self, sample: Sample) -> None:
        """Show a sample of the project's data."""
        info = self._context.data.info
        if info is None or info.form != "text" or sample.is_own:
            self._asked.forget()
            self.hide()
            return
        self._asked.ask(sample)

    def _arrived(self, event: SamplesShown) -> None:
        if not event.texts:
            return
        self.text = event.texts[0]
        self.setAccessibleDescription(self.text.text)
        self.setToolTip(self.text.text)
        self.show()
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = laid_out(self.text, width, self.font(), self._context.theme.tokens, MOST_CHARACTERS)
        return round(layout.boundingRect().height()) + 4

    def sizeHint(self) -> QSize:
        width = max(200, self.width())
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._context.theme.tokens
        painter = QPainter(self)
        painter.setPen(QColor(tokens.muted))
        laid_out(self.text, self.width(), self.font(), tokens, MOST_CHARACTERS).draw(painter, QPointF(0, 0))
