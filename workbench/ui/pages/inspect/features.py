"""The numbers of a sample that is no picture: its features by name, as the person knows them."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.domain.dataset import DatasetInfo, Part
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import AnyEvent, SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context

MOST_ROWS = 400


class FeatureTable(QTreeWidget):
    """Name and value of every feature of a sample; what is to be learned is left out, the prediction tells it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked: tuple[object, str, Sample] | None = None
        self.setHeaderLabels([self.tr("Feature"), self.tr("Value")])
        self.setAccessibleName(self.tr("Features of the sample"))
        self.setProperty("role", "table")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def look_at(self, sample: Sample) -> None:
        """Show a sample of the project's data; hidden where these are pictures or the sample is not one of theirs."""
        data = self._context.data
        info, spec = data.info, data.loaded_spec
        if info is None or spec is None or info.form in ("pictures", "text") or sample.is_own or not sample.part:
            self._asked = None
            self.hide()
            return
        folder, part, index = str(self._context.document.path), cast("Part", sample.part), sample.index
        if self._asked == (spec, folder, sample):
            return
        self._asked = (spec, folder, sample)
        self._context.client.ask(
            lambda ticket: ShowSamples(ticket, spec, part, index, 1, folder=folder),
            lambda event: self._answered(sample, event),
        )

    def rows(self) -> list[tuple[str, str]]:
        """What is shown."""
        items = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        return [(item.text(0), item.text(1)) for item in items if item is not None]

    def _answered(self, sample: Sample, event: AnyEvent) -> None:
        info = self._context.data.info
        if not isinstance(event, SamplesShown) or info is None or self._asked is None or self._asked[2] != sample:
            return
        pairs = _pairs(info, event)
        self.clear()
        for name, value in pairs[:MOST_ROWS]:
            item = QTreeWidgetItem(self, [name, value])
            item.setToolTip(0, name)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setVisible(bool(pairs))


def _pairs(info: DatasetInfo, event: SamplesShown) -> list[tuple[str, str]]:
    if event.rows:
        cells = zip(info.columns, event.rows[0], strict=False)
        return [(column.name, _text(value)) for column, value in cells if column.role == "feature"]
    if event.inputs is None or len(event.inputs.shape) != 2 or not event.inputs.shape[0]:
        return []
    values = to_numpy(event.inputs)[0].tolist()
    names = info.features if len(info.features) == len(values) else tuple(f"x{n + 1}" for n in range(len(values)))
    return [(name, _text(value)) for name, value in zip(names, values, strict=True)]


def _text(value: object) -> str:
    if value is None:
        return "—"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
