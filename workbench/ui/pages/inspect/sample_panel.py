"""The left of the Inspect page: which run, which weights, which sample."""

import random

import numpy as np
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.dataset import PARTS, DatasetInfo
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import AnyEvent, SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.forms.base import ComboBox
from workbench.ui.pages.inspect.pad import DrawingPad
from workbench.ui.pages.inspect.state import InspectState
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import Panel, label, line
from workbench.ui.widgets.parts import part_title
from workbench.ui.widgets.spin import fitted

RANGE_COUNT = 64
WRITING_HEIGHT = 120
LONGEST_TEXT = 100_000
PICTURES = "*.png *.jpg *.jpeg *.bmp *.gif *.webp *.tif *.tiff"


class SamplePanel(Panel):
    """Chooses; what is chosen lives in the state."""

    def __init__(self, context: Context, state: InspectState, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Look at"), parent)
        self._context = context
        self._state = state
        self._highest = 255.0
        self.body.addLayout(self._run_form())
        self.body.addWidget(line())
        self.body.addWidget(label(self.tr("Sample"), "title"))
        self.body.addLayout(self._sample_form())
        self.body.addLayout(self._walk_row())
        self.open_picture = QPushButton(self.tr("Open picture…"))
        self.open_picture.setToolTip(self.tr("Show the network a picture file of your own"))
        self.open_picture.clicked.connect(self._ask_picture)
        self.body.addWidget(self.open_picture)
        self.drawing = self._drawing()
        self.body.addWidget(self.drawing)
        self.writing = self._writing()
        self.body.addWidget(self.writing)
        self.body.addStretch(1)
        state.runs_changed.connect(self._show_runs)
        context.document.opened.connect(self._forget_the_drawing)
        context.data.info_changed.connect(self._info_changed)
        context.theme.changed.connect(self._refresh_icons)
        self._refresh_icons()
        self._info_changed()
        self._show_runs()

    def _run_form(self) -> QFormLayout:
        form = _form()
        self.runs = ComboBox()
        self.runs.activated.connect(lambda: self._state.choose_run(self.runs.currentData()))
        _row(form, self.tr("Run"), self.runs)
        self.weights = ComboBox()
        self.weights.addItem(self.tr("Last"), "last")
        self.weights.addItem(self.tr("Best"), "best")
        self.weights.activated.connect(lambda: self._state.choose_weights(self.weights.currentData()))
        _row(form, self.tr("Weights"), self.weights)
        return form

    def _sample_form(self) -> QFormLayout:
        form = _form()
        self.part = ComboBox()
        for part in PARTS:
            self.part.addItem(part_title(part), part)
        self.part.setCurrentIndex(PARTS.index("test"))
        self._last_part = self.part.currentIndex()
        self.part.activated.connect(self._part_changed)
        _row(form, self.tr("Part"), self.part)
        self.number = fitted(QSpinBox())
        self.number.valueChanged.connect(self._choose)
        _row(form, self.tr("Number"), self.number)
        return form

    def _walk_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.previous = self._tool(self.tr("The sample before"), lambda: self._walk(-1))
        self.next = self._tool(self.tr("The next sample"), lambda: self._walk(1))
        self.random = self._tool(self.tr("Any sample"), self._choose_any)
        for button in (self.previous, self.next, self.random):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _tool(self, tip: str, call: "object") -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: call())  # type: ignore[operator]
        return button

    def _drawing(self) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, GAP, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Draw"), "title"))
        head.addStretch(1)
        self.wipe = QPushButton(self.tr("Clear"))
        self.wipe.clicked.connect(self._clear_pad)
        head.addWidget(self.wipe)
        column.addLayout(head)
        self.pad = DrawingPad(self._context.theme)
        self.pad.drawn.connect(self._choose_drawing)
        column.addWidget(self.pad)
        return widget

    def _writing(self) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, GAP, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self.tr("Write"), "title"))
        self.own_text = QPlainTextEdit()
        self.own_text.setProperty("role", "field")
        self.own_text.setPlaceholderText(self.tr("A text of your own; the prediction follows as you type."))
        self.own_text.setAccessibleName(self.tr("A text of your own"))
        self.own_text.setTabChangesFocus(True)
        self.own_text.setFixedHeight(WRITING_HEIGHT)
        self.own_text.textChanged.connect(self._choose_text)
        column.addWidget(self.own_text)
        return widget

    def _choose_text(self) -> None:
        text = self.own_text.toPlainText()
        if text.strip():
            self._state.choose_sample(Sample(text=text[:LONGEST_TEXT]))
        else:
            self._choose()

    def _refresh_icons(self) -> None:
        theme = self._context.theme
        self.previous.setIcon(theme.icon("chevron-left"))
        self.next.setIcon(theme.icon("chevron-right"))
        self.random.setIcon(theme.icon("dice-5-outline"))

    def _show_runs(self) -> None:
        self.runs.clear()
        for record in self._state.runs:
            self.runs.addItem(record.name or record.id, record.id)
        self.runs.setCurrentIndex(self.runs.findData(self._state.run))
        self.runs.setEnabled(self.runs.count() > 0)

    def _forget_the_drawing(self) -> None:
        self.pad.clear()
        self._state.sample = Sample()

    def _info_changed(self) -> None:
        info = self._context.data.info
        if info is None:
            return
        pictures = info.form == "pictures"
        self.open_picture.setVisible(pictures)
        self.drawing.setVisible(pictures and info.sample_shape[-1] == 1)
        self.writing.setVisible(info.form == "text")
        self._part_changed()
        if pictures:
            self._ask_range()

    def _part_changed(self) -> None:
        self._show_data_are_looked_at()
        info = self._context.data.info
        size = 0 if info is None else info.sizes.get(self.part.currentData(), 0)
        self.number.setRange(0, max(0, size - 1))
        self._choose()

    def _choose(self) -> None:
        self._show_data_are_looked_at()
        self._state.choose_sample(Sample(part=self.part.currentData(), index=self.number.value()))

    def _walk(self, steps: int) -> None:
        self._walk_to(self.number.value() + steps)

    def _choose_any(self) -> None:
        self._walk_to(random.randint(0, self.number.maximum()))

    def _walk_to(self, number: int) -> None:
        """Look at a sample of the data, also when it is the one that was looked at before a picture of one's own."""
        was_own = self.part.currentIndex() < 0
        before = self.number.value()
        self.number.setValue(number)
        if was_own and self.number.value() == before:
            self._choose()

    def _show_own_is_looked_at(self, what: str) -> None:
        """No part and no number of the data while the network sees a picture of the person's own."""
        if self.part.currentIndex() >= 0:
            self._last_part = self.part.currentIndex()
        self.part.setPlaceholderText(what)
        self.part.setCurrentIndex(-1)
        self.number.setEnabled(False)
        self.number.clear()

    def _show_data_are_looked_at(self) -> None:
        if self.part.currentIndex() < 0:
            self.part.setCurrentIndex(self._last_part)
        if not self.number.isEnabled():
            self.number.setEnabled(True)
            self.number.setValue(self.number.value())  # writes the number that was cleared

    def _ask_picture(self) -> None:
        dialog = QFileDialog(self, self.tr("Open picture"), "", self.tr("Pictures ({0})").format(PICTURES))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._look_at_picture)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _look_at_picture(self, path: str) -> None:
        self._show_own_is_looked_at(self.tr("Own picture"))
        self._state.choose_sample(Sample(path=path))

    def _clear_pad(self) -> None:
        self.pad.clear()
        self._choose()

    def _choose_drawing(self) -> None:
        info = self._context.data.info
        if info is None or self.pad.is_empty:
            return
        self._show_own_is_looked_at(self.tr("Drawing"))
        self._state.choose_sample(Sample(array=drawing_array(self.pad, info, self._highest)))

    def _ask_range(self) -> None:
        """The drawing is to have the data's own range, so look how bright they get."""
        spec, folder = self._context.data.loaded_spec, str(self._context.document.path)
        if spec is not None:
            self._context.client.ask(
                lambda ticket: ShowSamples(ticket, spec, "train", 0, RANGE_COUNT, folder=folder), self._range_known
            )

    def _range_known(self, event: AnyEvent) -> None:
        if isinstance(event, SamplesShown) and event.inputs is not None and event.inputs.data:
            self._highest = float(to_numpy(event.inputs).max())


def drawing_array(pad: DrawingPad, info: DatasetInfo, highest: float) -> Array:
    """The drawing as a raw sample of the data: their shape, from 0 to their brightest value, as float32."""
    height, width = info.sample_shape[:2]
    picture = (pad.picture(height, width) * highest).astype(np.float32).reshape(info.sample_shape)
    return Array("float32", tuple(picture.shape), picture.tobytes())


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(8)
    return form


def _row(form: QFormLayout, title: str, widget: QWidget) -> None:
    text = label(title, "muted")
    text.setBuddy(widget)
    widget.setAccessibleName(title)
    form.addRow(text, widget)
