"""What each of several targets is learned as, by an output of its own."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.domain.dataset import DatasetInfo, DatasetSpec, HeadInfo
from workbench.ui.forms.base import ComboBox
from workbench.ui.plots.names import number
from workbench.ui.widgets.field_form import TITLE_WIDTH
from workbench.ui.widgets.panel import label

MOST = 12


class HeadTable(QWidget):
    """A row a target: its name, what it is learned as, and what is known of it. `chosen(column, task)` follows every
    choice by the person; the task is None for what is inferred."""

    chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.boxes: dict[str, ComboBox] = {}
        self._shown: tuple[object, ...] = ()
        self.hide()

    def show_heads(self, spec: DatasetSpec, info: DatasetInfo | None) -> None:
        """Show the targets of these data; nothing where there is one output."""
        heads = () if info is None else info.heads
        self.setVisible(bool(heads))
        shown = (heads, tuple(spec.target_tasks.items()))
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        for head in heads[:MOST]:
            self._add(head, spec)
        if len(heads) > MOST:
            self._add_line(label(self.tr("and {0} more").format(len(heads) - MOST), "small"))

    def _clear(self) -> None:
        self.boxes = {}
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, head: HeadInfo, spec: DatasetSpec) -> None:
        row = self._grid.rowCount()
        name = label("", "muted")
        name.setText(name.fontMetrics().elidedText(head.target, Qt.TextElideMode.ElideMiddle, TITLE_WIDTH))
        name.setMinimumWidth(TITLE_WIDTH)
        name.setToolTip(self.tr("“{0}”: the output “{1}” of the network learns it").format(head.target, head.name))
        box = ComboBox()
        box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setAccessibleName(self.tr("What “{0}” is learned as").format(head.target))
        words = {
            "binary": self.tr("Two classes"),
            "multiclass": self.tr("Several classes"),
            "regression": self.tr("A number"),
        }
        inferred = self.tr("Auto: {0}").format(words[head.task][0].lower() + words[head.task][1:])
        box.addItem(inferred if head.target not in spec.target_tasks else self.tr("Auto"), None)
        for task, word in words.items():
            box.addItem(word, task)
        box.setCurrentIndex(max(0, box.findData(spec.target_tasks.get(head.target))))
        box.activated.connect(lambda: self.chosen.emit(head.target, box.currentData()))
        self.boxes[head.target] = box
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(box, row, 1)
        self._add_line(label(self._facts(head), "small", wrap=True))

    def _add_line(self, line: QWidget) -> None:
        line.setContentsMargins(0, 0, 0, 4)
        self._grid.addWidget(line, self._grid.rowCount(), 0, 1, 2)

    def _facts(self, head: HeadInfo) -> str:
        """How the training samples spread over the classes, or which numbers there are."""
        if not head.classes:
            ends = (number(each) for each in (head.low, head.high) if each is not None)
            return self.tr("{0}, mean {1}").format(" … ".join(ends), number(head.mean))
        counts = zip(head.classes, head.class_counts.get("train", ()), strict=False)
        told = [f"{name}: {count:,}" for name, count in counts]
        return ", ".join(told[:6]) + (" …" if len(told) > 6 else "")
