"""The middle of the Data page: the samples themselves, or one of the ways of looking at all of them."""

from functools import cached_property
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from workbench.domain.catalogue import AnalysisEntry
from workbench.protocol.commands import ReportData
from workbench.protocol.events import AnyEvent, DataReported, Failed
from workbench.ui.context import Context
from workbench.ui.pages.data.analyses import AnalysisPanel
from workbench.ui.pages.data.augmentation_view import AugmentationPanel
from workbench.ui.pages.data.pipeline_panel import PipelinePanel
from workbench.ui.pages.data.samples import SamplesPanel
from workbench.ui.pages.data.tensor_panel import TensorPanel
from workbench.ui.widgets.ask_path import ask_to_save
from workbench.ui.widgets.flow import FlowLayout
from workbench.ui.widgets.segment import Segment

CORRELATIONS = "correlations"
TENSOR, PIPELINE, AUGMENTATION = ":tensor", ":pipeline", ":augmentation"  # no analysis has such names


class SeeingStack(QWidget):
    """A strip to choose from, and below it what was chosen. `looked(kind)` follows a choice. The button `report` is for
    the page to place."""

    looked = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._told = ""
        self.samples = SamplesPanel(context)
        self.analysis = AnalysisPanel(context)
        self.augmentation = AugmentationPanel(context)
        self.samples.gallery.picked.connect(self.augmentation.choose)
        self._group = QButtonGroup(self)
        self.strip = QWidget()
        self._row = FlowLayout(self.strip, 2)
        self.buttons: dict[str, Segment] = {}
        self._button("", self.tr("Samples"), self.tr("The samples of each part")).setChecked(True)
        for entry in context.catalogue.analyses:
            self._button(entry.kind, entry.title, entry.summary)
        tip = self.tr("What random changes make of a picture while training")
        self._button(AUGMENTATION, self.tr("Augmentation"), tip)
        self._button(TENSOR, self.tr("Tensor"), self.tr("Shape, type and memory of any part of the data"))
        self._button(PIPELINE, self.tr("Pipeline"), self.tr("What tf.data does with the samples, stage by stage"))
        self.report = QPushButton(self.tr("Report…"), self)
        self.report.setProperty("role", "link")
        self.report.hide()
        self.report.setToolTip(self.tr("Write all that is known of these data as one HTML page"))
        self.report.clicked.connect(self._ask_report)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.samples)
        self.stack.addWidget(self.analysis)
        self.stack.addWidget(self.augmentation)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.strip)
        column.addWidget(self.stack, 1)
        context.data.info_changed.connect(self._show_what_suits)
        context.data.changed.connect(self._show_what_went_wrong)
        self._show_what_suits()

    @cached_property
    def tensor(self) -> TensorPanel:
        """An array of the data as it lies in memory; made when it is first looked at."""
        panel = TensorPanel(self._context)
        self.stack.addWidget(panel)
        return panel

    @cached_property
    def pipeline(self) -> PipelinePanel:
        """What `tf.data` does with the samples; made when it is first looked at."""
        panel = PipelinePanel(self._context)
        self.stack.addWidget(panel)
        return panel

    def look(self, kind: str) -> None:
        """Look in this way; empty for the samples themselves."""
        self.buttons[kind].setChecked(True)
        entry = self._entry(kind)
        if kind == AUGMENTATION:
            self.stack.setCurrentWidget(self.augmentation)
            self.augmentation.look()
        elif entry is None:
            self.stack.setCurrentWidget(
                self.tensor if kind == TENSOR else self.pipeline if kind == PIPELINE else self.samples
            )
        else:
            self.stack.setCurrentWidget(self.analysis)
            self.analysis.show_entry(entry)
        self.looked.emit(kind)

    def _show_what_went_wrong(self) -> None:
        """Why data could not be loaded stands above the samples; so nobody looks for it."""
        error = self._context.data.error
        if error and error != self._told:
            self.buttons[""].click()
        self._told = error

    def _ask_report(self) -> None:
        info = self._context.data.info
        if info is None:
            return
        start = Path.home() / f"{info.title}.html".replace("/", "-")
        title = self.tr("Write a data report")
        ask_to_save(self, title, start, self.write_report, names="HTML (*.html)", suffix="html")

    def write_report(self, path: Path) -> None:
        """Write the report; a notice says how it went. The dialog has asked whether a file may be replaced."""
        spec, folder = self._context.data.loaded_spec, str(self._context.document.path)
        if spec is None:
            return
        self.report.setEnabled(False)
        self._context.client.ask(
            lambda ticket: ReportData(ticket, spec, str(path), folder, overwrite=True), self._reported
        )

    def _reported(self, event: AnyEvent) -> None:
        match event:
            case DataReported(path=path):
                self._context.notice(self.tr("The report was written to {0}.").format(path), "good")
            case Failed(message=message):
                self._context.notice(message, "bad")
            case _:
                return
        self.report.setEnabled(True)

    def _button(self, kind: str, title: str, tip: str) -> Segment:
        button = Segment(title)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.look(kind))
        self._group.addButton(button)
        self._row.addWidget(button)
        self.buttons[kind] = button
        return button

    def _entry(self, kind: str) -> AnalysisEntry | None:
        return next((entry for entry in self._context.catalogue.analyses if entry.kind == kind), None)

    def _show_what_suits(self) -> None:
        info = self._context.data.info
        self.strip.setVisible(info is not None)
        self.report.setVisible(info is not None)
        for entry in self._context.catalogue.analyses:
            suits = info is not None and info.form in entry.forms
            has_columns = info is not None and len(info.input_shape) == 1
            self.buttons[entry.kind].setVisible(suits and (has_columns or entry.kind != CORRELATIONS))
        self.buttons[AUGMENTATION].setVisible(info is not None and info.form == "pictures")
        chosen = next((kind for kind, button in self.buttons.items() if button.isChecked()), "")
        if chosen and self.buttons[chosen].isHidden():
            self.look("")
