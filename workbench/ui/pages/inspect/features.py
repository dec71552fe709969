"""The numbers of a sample that is no picture: its features by name, as the person knows them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.domain.dataset import DatasetInfo
from workbench.protocol.arrays import Sample
from workbench.protocol.events import SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.inspect.asked_sample import AskedSample
from workbench.ui.widgets.tool_tip import plain_tip

MOST_ROWS = 400
MOST_OF_WIDTH = 0.6  # that the values take


class FeatureTable(QTreeWidget):
    """Name and value of every feature of a sample; what is to be learned is left out, the prediction tells it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = AskedSample(context, self._arrived)
        self.setHeaderLabels([self.tr("Feature"), self.tr("Value")])
        self.setAccessibleName(self.tr("Features of the sample"))
        self.setProperty("role", "table")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def look_at(self, sample: Sample) -> None:
        """Show a sample of the project's data; hidden where these are pictures or the sample is not one of theirs."""
        data = self._context.data
        if (
            data.info is None
            or data.loaded_spec is None
            or data.info.form in ("pictures", "text", "volumes")
            or data.info.task == "reconstruction"
            or sample.is_own
            or not sample.part
        ):
            self._asked.forget()
            self.hide()
            return
        self._asked.ask(sample)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """The values as wide as they are, but that a long text leaves room for the names."""
        widest = max(self.sizeHintForColumn(1), self.header().sectionSizeHint(1))
        self.header().resizeSection(1, min(widest, round(self.viewport().width() * MOST_OF_WIDTH)))

    def rows(self) -> list[tuple[str, str]]:
        """What is shown."""
        items = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        return [(item.text(0), item.text(1)) for item in items if item is not None]

    def _arrived(self, event: SamplesShown) -> None:
        info = self._context.data.info
        if info is None:
            return
        pairs = _pairs(info, event)
        self.clear()
        for name, value in pairs[:MOST_ROWS]:
            item = QTreeWidgetItem(self, [name, value])
            item.setToolTip(0, plain_tip(name))
            item.setToolTip(1, plain_tip(value))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setVisible(bool(pairs))
        self._share_width()


def _pairs(info: DatasetInfo, event: SamplesShown) -> list[tuple[str, str]]:
    if event.rows:
        cells = zip(info.columns, event.rows[0], strict=False)
        return [(column.name, _text(value)) for column, value in cells if column.role == "feature"]
    if event.inputs is None or len(event.inputs.shape) != 2 or not event.inputs.shape[0]:
        return []
    values = to_numpy(event.inputs)[0].tolist()
    names = info.sample_names
    if len(names) != len(values):
        names = tuple(f"x{n + 1}" for n in range(len(values)))
    return [(name, _text(value)) for name, value in zip(names, values, strict=True)]


def _text(value: object) -> str:
    if value is None:
        return "—"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
