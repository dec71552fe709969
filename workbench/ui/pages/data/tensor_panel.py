"""The view "Tensor" of the Data page: an array of the data as it lies in memory."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.dataset import PARTS
from workbench.domain.defaults import resolve
from workbench.protocol.commands import ShowTensor
from workbench.protocol.events import AnyEvent, Failed, TensorShown
from workbench.ui.context import Context
from workbench.ui.forms.base import ComboBox
from workbench.ui.pages.data.facts import size_text
from workbench.ui.pages.data.tensor_boxes import ROW_HEIGHT, TensorBoxes
from workbench.ui.pages.data.tensor_table import TensorTable
from workbench.ui.plots.names import number
from workbench.ui.theme.tokens import GAP, ROW
from workbench.ui.widgets.flow import FlowLayout
from workbench.ui.widgets.panel import Panel, label
from workbench.ui.widgets.parts import part_title
from workbench.ui.widgets.segment import Segment
from workbench.ui.widgets.spin import fitted

MOST_AXES = 8
LARGEST = 2**31 - 1
SMALLEST_TABLE = 130


class TensorPanel(Panel):
    """What to look at, then its facts, a row for each axis, where the chosen value lies, and the values around it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Tensor"), parent)
        self._context = context
        self._ticket = 0
        self._showing = False
        self._wish: dict[str, Any] = {"part": "train", "index": 0, "what": "batch", "form": "prepared", "look": "as_is"}
        self._place: tuple[int, ...] = ()
        self.shown: TensorShown | None = None
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(GAP)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._inner)
        self.body.addWidget(self.area, 1)
        self._column.addWidget(self._make_kinds())
        self._column.addWidget(self._make_choices())
        self.facts = label("", wrap=True, selectable=True)
        self._column.addWidget(self.facts)
        self.message = label("", "bad", wrap=True, selectable=True)
        self._column.addWidget(self.message)
        self._column.addLayout(self._make_axes())
        self.sum = label("", "mono", wrap=True, selectable=True)
        self.sum.setFont(context.theme.monospace(11))
        self._column.addWidget(self.sum)
        self.value = label("", "heading", wrap=True, selectable=True)
        self._column.addWidget(self.value)
        self.caption = label("", "small")
        self._column.addWidget(self.caption)
        self.table = TensorTable(context.theme)
        self.table.setMinimumHeight(SMALLEST_TABLE)
        self.table.chosen.connect(self._choose_cell)
        self._column.addWidget(self.table, 1)
        self._column.addStretch(0)
        context.data.info_changed.connect(self._data_changed)
        context.client.state_changed.connect(self._link_changed)
        self._data_changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.shown is None:
            self.ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    def ask(self) -> None:
        """Ask the engine for the array and the place in it."""
        spec = self._context.data.loaded_spec
        if spec is None:
            return
        if self._ticket:
            self._context.client.forget(self._ticket)
        folder, place = str(self._context.document.path), self._place
        wish = {**self._wish, "batch_size": self._batch_size}
        self._ticket = self._context.client.ask(
            lambda ticket: ShowTensor(ticket, spec, place=place, folder=folder, **wish), self._answered
        )

    @property
    def _batch_size(self) -> int:
        """As many samples as the training takes at once."""
        info, project = self._context.data.info, self._context.document.project
        return 32 if info is None else resolve(project, info).batch_size

    def choose(self, **wish: Any) -> None:
        """Look at something else: named as the fields of ShowTensor."""
        if not self._showing:
            self._wish.update(wish)
            self.ask()

    def choose_index(self, axis: int, index: int) -> None:
        """Look at another place in the array."""
        if self._showing or self.shown is None:
            return
        place = list(self.shown.place)
        place[axis] = index
        self._place = tuple(place)
        self.ask()

    def _keep_height(self) -> None:
        """What has too little room is scrolled, not squeezed: what wraps is higher than a scroll area believes."""
        self._inner.setMinimumHeight(self._column.totalMinimumHeightForWidth(self.area.viewport().width()))

    # What there is to choose

    def _make_kinds(self) -> QWidget:
        kinds = QWidget()
        row = FlowLayout(kinds)
        whole = (
            ("sample", self.tr("A sample"), self.tr("One sample alone")),
            ("batch", self.tr("A batch"), self.tr("As many samples as are trained at once, the chosen one among them")),
            ("part", self.tr("The whole part"), self.tr("All samples of the part")),
        )
        forms = (
            ("raw", self.tr("As it comes"), self.tr("Before the preparation")),
            ("prepared", self.tr("Prepared"), self.tr("As the network gets it: behind the steps, scaled")),
        )
        self.kinds = self._segments(row, "what", whole)
        between = QWidget()
        between.setFixedSize(GAP, ROW)
        row.addWidget(between)
        self.forms = self._segments(row, "form", forms)
        return kinds

    def _segments(self, row: FlowLayout, field: str, choices: Sequence[tuple[str, str, str]]) -> dict[str, Segment]:
        group = QButtonGroup(self)
        buttons: dict[str, Segment] = {}
        for value, text, tip in choices:
            button = Segment(text)
            button.setToolTip(tip)
            button.setChecked(self._wish[field] == value)
            button.clicked.connect(lambda _checked=False, value=value: self.choose(**{field: value}))
            group.addButton(button)
            row.addWidget(button)
            buttons[value] = button
        return buttons

    def _make_choices(self) -> QWidget:
        choices = QWidget()
        row = FlowLayout(choices, spacing=12)
        self.part = ComboBox()
        for part in PARTS:
            self.part.addItem(part_title(part), part)
        self.part.activated.connect(lambda: self.choose(part=self.part.currentData()))
        self.index = fitted(QSpinBox())
        self.index.setRange(0, LARGEST)
        self.index.valueChanged.connect(lambda value: self.choose(index=value))
        self.look = ComboBox()
        looks = {
            "as_is": self.tr("As it lies in memory"),
            "transposed": self.tr("Transposed: .T"),
            "every_second": self.tr("Every second: [::2]"),
            "reversed": self.tr("Backwards: [::-1]"),
            "flat": self.tr("Flat: reshape(-1)"),
        }
        for look, text in looks.items():
            self.look.addItem(text, look)
        self.look.setToolTip(self.tr("The same memory looked at otherwise: nothing is copied, only the strides differ"))
        self.look.activated.connect(lambda: self.choose(look=self.look.currentData()))
        for title, widget, width in (
            (self.tr("Part"), self.part, 106),
            (self.tr("Sample"), self.index, 84),
            (self.tr("Seen"), self.look, 176),
        ):
            widget.setFixedWidth(width)
            row.addWidget(_titled(title, widget))
        return choices

    def _make_axes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        self.names = [label("", wrap=False) for _ in range(MOST_AXES)]
        self.spins: list[QSpinBox] = []
        for axis, name in enumerate(self.names):
            name.setTextFormat(Qt.TextFormat.PlainText)
            name.setFixedHeight(ROW_HEIGHT)
            spin = fitted(QSpinBox())
            spin.setMinimumWidth(66)
            spin.valueChanged.connect(lambda value, axis=axis: self.choose_index(axis, value))
            self.spins.append(spin)
            grid.addWidget(name, axis, 0)
            grid.addWidget(spin, axis, 2, Qt.AlignmentFlag.AlignVCenter)
        self.boxes = TensorBoxes(self._context.theme)
        self.boxes.chosen.connect(self.choose_index)
        grid.addWidget(self.boxes, 0, 1, MOST_AXES, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _choose_cell(self, indices: dict[int, int]) -> None:
        if self.shown is not None:
            self._place = tuple(indices.get(axis, at) for axis, at in enumerate(self.shown.place))
            self.ask()

    # What is shown

    def _data_changed(self) -> None:
        info = self._context.data.info
        self.shown, self._place = None, ()
        self._show_axes(None)
        for widget in (self.facts, self.message, self.sum, self.value, self.caption, self.table):
            widget.hide()
        for place, part in enumerate(PARTS):
            has_any = info is not None and info.sizes.get(part, 0) > 0
            self.part.model().item(place).setEnabled(has_any)  # type: ignore[attr-defined]
            if not has_any and self._wish["part"] == part:
                self._wish["part"] = "train"
                self.part.setCurrentIndex(0)
        if self.isVisible():
            self.ask()

    def _link_changed(self, state: str) -> None:
        if state == "ready" and self.isVisible() and self.shown is None:
            self.ask()

    def _answered(self, event: AnyEvent) -> None:
        match event:
            case TensorShown():
                self._ticket = 0
                self.shown, self._place = event, event.place
                self.message.hide()
                self._show(event)
            case Failed(message=message):
                self._ticket = 0
                self.message.setText(message)
                self.message.show()

    def _show(self, event: TensorShown) -> None:
        self._showing = True
        info = self._context.data.info
        size = info.sizes.get(self._wish["part"], 0) if info is not None else 0
        self.index.setMaximum(max(0, size - 1))
        self.index.setEnabled(self._wish["what"] != "part")
        self.facts.setText(self._facts_text(event))
        self._show_axes(event)
        self.sum.setText(self._sum_text(event))
        self.value.setText(self._value_text(event))
        self.table.show_tensor(event)
        self.caption.setText(self._caption_text(event))
        self.caption.setVisible(event.window is not None)
        self.facts.show()
        self.value.show()
        self.sum.setVisible(bool(event.shape))
        self._showing = False
        self._keep_height()

    def _facts_text(self, event: TensorShown) -> str:
        piece = self.tr("contiguous") if event.contiguous else self.tr("not contiguous")
        shape = "(" + ", ".join(map(str, event.shape)) + ("," if len(event.shape) == 1 else "") + ")"
        text = self.tr("rank {0} · shape {1} · {2}, {3} bytes a value · {4} in all · {5}").format(
            len(event.shape), shape, event.dtype, event.item_size, size_text(event.bytes), piece
        )
        return "\n".join((text, *event.notes))

    def _show_axes(self, event: TensorShown | None) -> None:
        shape = event.shape if event is not None else ()
        for axis, (name, spin) in enumerate(zip(self.names, self.spins, strict=True)):
            is_there = event is not None and axis < len(shape)
            name.setVisible(is_there)
            spin.setVisible(is_there)
            if event is None or not is_there:
                continue
            title = self._axis_title(event.axes[axis])
            name.setText(
                self.tr("{0} · {1}\n{2} bytes apart").format(title, f"{shape[axis]:,}", f"{event.strides[axis]:,}")
            )
            spin.setRange(0, shape[axis] - 1)
            spin.setValue(event.place[axis])
            spin.setAccessibleName(self.tr("Index along the axis {0}").format(title))
        self.boxes.show_place(shape[:MOST_AXES], event.place[:MOST_AXES] if event is not None else ())
        self.boxes.setVisible(bool(shape))

    def _sum_text(self, event: TensorShown) -> str:
        """Where the value lies: Σ index · stride."""
        terms = " + ".join(f"{at} · {stride}" for at, stride in zip(event.place, event.strides, strict=True))
        return self.tr("offset = Σ index · stride = {0} = {1} bytes").format(terms, f"{event.offset:,}")

    def _value_text(self, event: TensorShown) -> str:
        value = event.value if isinstance(event.value, str) else number(event.value)
        at = event.place[-1] if event.place else 0
        if at < len(event.names):
            return self.tr("The value there: {0} ({1})").format(value, event.names[at])
        return self.tr("The value there: {0}").format(value)

    def _caption_text(self, event: TensorShown) -> str:
        titles = [self._axis_title(event.axes[axis]) for axis in event.window_axes]
        if len(titles) == 2:
            return self.tr("Rows: {0}, columns: {1}").format(*titles)
        return self.tr("Columns: {0}").format(*titles) if titles else ""

    def _axis_title(self, name: str) -> str:
        titles = {
            "sample": self.tr("sample"),
            "frame": self.tr("frame"),
            "height": self.tr("height"),
            "width": self.tr("width"),
            "channel": self.tr("channel"),
            "step": self.tr("step"),
            "feature": self.tr("feature"),
            "token": self.tr("token"),
            "word": self.tr("word"),
            "position": self.tr("position"),
        }
        return titles.get(name, name)


def _titled(title: str, field: QWidget) -> QWidget:
    """A field with its title before it."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    text = label(title, "muted")
    text.setBuddy(field)
    field.setAccessibleName(title)
    row.addWidget(text)
    row.addWidget(field)
    return both
