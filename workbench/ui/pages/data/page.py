"""The Data page: it only assembles its three columns."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from workbench.ui.context import Context
from workbench.ui.pages.data.learned import LearnedPanel
from workbench.ui.pages.data.seeing import AUGMENTATION, SeeingStack
from workbench.ui.pages.data.sources import SourcesPanel
from workbench.ui.theme.tokens import GAP


class DataPage(QSplitter):
    """Sources at the left, samples in the middle, what is learned at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHandleWidth(GAP)
        self.setChildrenCollapsible(False)
        self.sources = SourcesPanel(context)
        self.seeing = SeeingStack(context)
        self.samples = self.seeing.samples
        self.learned = LearnedPanel(context)
        self.learned.add_to_head(self.seeing.report)
        self.seeing.looked.connect(lambda kind: self.learned.show_augmentation() if kind == AUGMENTATION else None)
        for widget, least, stretch in ((self.sources, 236, 0), (self.seeing, 372, 1), (self.learned, 250, 0)):
            self.addWidget(widget)
            self.setStretchFactor(self.count() - 1, stretch)
            widget.setMinimumWidth(least)
        self.setSizes([276, 606, 310])
