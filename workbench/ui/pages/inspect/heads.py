"""What each of several outputs says of a sample: probabilities with the right class, or a number."""

import numpy as np
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.domain.dataset import HeadInfo
from workbench.protocol.events import Probed
from workbench.protocol.probes import head_prediction
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.bars import ProbabilityBars
from workbench.ui.plots.told_heads import told_head, truth_of
from workbench.ui.widgets.panel import label

MOST_CLASSES = 5


class HeadsView(QWidget):
    """A sentence for each output, and below it the bars of its classes."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: tuple[HeadInfo, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.sentences: list[QLabel] = []
        self.bars: list[ProbabilityBars | None] = []
        self.hide()

    def show_result(self, result: Probed) -> bool:
        """Show what an answer says; False where the network has one output."""
        info = self._context.data.info
        heads = (
            () if info is None else tuple(each for each in info.heads if head_prediction(each.name) in result.arrays)
        )
        self.setVisible(bool(heads))
        if heads != self._shown:
            self._rebuild(heads)
        for head, sentence, bars in zip(heads, self.sentences, self.bars, strict=True):
            values = to_numpy(result.arrays[head_prediction(head.name)]).astype(np.float64).ravel().tolist()
            truth = truth_of(result, head)
            sentence.setText(told_head(head, values, truth))
            if bars is not None:
                bars.show_values(head.classes, values, None if truth is None else int(truth))
        return bool(heads)

    def _rebuild(self, heads: tuple[HeadInfo, ...]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._shown = heads
        self.sentences, self.bars = [], []
        for head in heads:
            sentence = label("", "heading", wrap=True, selectable=True)
            sentence.setContentsMargins(0, 4, 0, 0)
            bars = ProbabilityBars(self._context.theme, most=MOST_CLASSES) if head.classes else None
            self.sentences.append(sentence)
            self.bars.append(bars)
            self._column.addWidget(sentence)
            if bars is not None:
                self._column.addWidget(bars)
