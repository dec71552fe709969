"""One stage of an input pipeline as a card: what it does, what comes out, how fast, and its form."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.catalogue import ParamEntry
from workbench.domain.dataset import DatasetInfo
from workbench.domain.input_pipeline_advice import Hint
from workbench.domain.values import Value
from workbench.protocol.payloads import ElementSpec, StageShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.forms import ParameterForm
from workbench.ui.pages.data.order_strip import OrderStrip
from workbench.ui.plots.colors import as_pixels, image_of
from workbench.ui.plots.names import number
from workbench.ui.widgets.panel import label

ICON, THUMB, MOST_VALUES = 16, 28, 3
BAR_WIDTH, BAR_HEIGHT = 44, 6


class StageCard(QFrame):
    """`switched(on)`, `moved(by)`, `changed(name, value)` and `reset(name)` say what the person wants of the stage. A
    card that is `fixed` can be neither switched nor moved."""

    switched = Signal(bool)
    moved = Signal(int)
    changed = Signal(str, object)
    reset = Signal(str)

    def __init__(
        self, title: str, summary: str, context: Context, *, fixed: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.name = title
        self.is_open = self._has_form = False
        self._params: tuple[tuple[ParamEntry, ...], dict[str, Value]] = ((), {})
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(self._head(title, fixed))
        self.body = QWidget()
        self._body = QVBoxLayout(self.body)
        self._body.setContentsMargins(2, 0, 2, 0)
        self._body.setSpacing(4)
        column.addWidget(self.body)
        self.code = label("", wrap=True, selectable=True)
        self.code.setFont(context.theme.monospace(11))
        self._body.addWidget(self.code)
        self.summary = label(summary, "small", wrap=True)
        self._body.addWidget(self.summary)
        self.spec = label("", "small", wrap=True, selectable=True)
        self.spec.setToolTip(self.tr("Shape and type of inputs → targets; None is a length not known before"))
        self._body.addWidget(self.spec)
        self._body.addWidget(self._make_outcome())
        self.cautions = label("", "warning", wrap=True)
        self.hints = label("", "muted", wrap=True)
        self._body.addWidget(self.cautions)
        self._body.addWidget(self.hints)
        self.form = ParameterForm(context.catalogue, context.theme)
        self.form.value_changed.connect(self.changed)
        self.form.value_reset.connect(self.reset)
        self.form.hide()
        column.addWidget(self.form)
        context.theme.changed.connect(self._refresh_icons)
        self._refresh_icons()

    def show_params(self, entries: tuple[ParamEntry, ...], values: dict[str, Value]) -> None:
        """Show the form of these parameters, which is made when the card is first opened."""
        self._params = entries, values
        if self.is_open:
            self.form.show_entries(*self._params)
        self._has_form = bool(entries)
        self.form.setVisible(self._has_form and self.is_open and not self.body.isHidden())
        self._refresh_icons()

    def show_place(self, on: bool, *, is_first: bool, is_last: bool) -> None:
        """Show whether the stage is switched on, and where it can be moved."""
        self.switch.setChecked(on)
        self.up.setEnabled(not is_first)
        self.down.setEnabled(not is_last)
        self.body.setVisible(on)
        self.form.setVisible(on and self.is_open and self._has_form)

    def show_text(self, code: str, hints: tuple[Hint, ...]) -> None:
        """Show the line of Python, and what the stage's place brings about."""
        self.code.setText(code)
        self.code.setVisible(bool(code))
        for widget, caution in ((self.cautions, True), (self.hints, False)):
            texts = [hint.text for hint in hints if hint.caution == caution]
            widget.setText("\n".join(texts))
            widget.setVisible(bool(texts))

    def show_stage(self, stage: StageShown | None, info: DatasetInfo | None) -> None:
        """Show what comes out; nothing while it is not known."""
        self.outcome.setVisible(stage is not None)
        self.spec.setText(" → ".join(spec_text(each) for each in stage.spec) if stage is not None else "")
        self.spec.setVisible(stage is not None)
        if stage is None:
            return
        self.strip.show_order(stage.order, stage.epochs, stage.batched)
        self._show_first(stage, info)

    def show_rate(self, text: str, tip: str, share: float | None, is_bottleneck: bool) -> None:
        """Show how fast the samples come, and which share of the time the stage takes."""
        self.rate.setText(text)
        self.rate.setToolTip(tip)
        self.bar.show_share(share, is_bottleneck)

    def set_narrow(self, on: bool) -> None:
        """Where there is little room, the first samples stand below the order and not beside it."""
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight)
        side = Qt.AlignmentFlag.AlignLeft if on else Qt.AlignmentFlag.AlignRight
        self.first.setAlignment(side | Qt.AlignmentFlag.AlignTop)

    def set_open(self, on: bool) -> None:
        """Show or hide the form."""
        self.is_open = on
        if on:
            self.form.show_entries(*self._params)
        self.fold.setChecked(on)
        self.form.setVisible(on and self._has_form and not self.body.isHidden())
        self._refresh_icons()

    def _head(self, title: str, fixed: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.switch = QCheckBox()
        self.switch.setChecked(True)
        self.switch.setAccessibleName(self.tr("Use {0}").format(title))
        self.switch.setToolTip(self.tr("Switch this stage on or off"))
        self.switch.clicked.connect(self.switched)
        self.switch.setVisible(not fixed)
        row.addWidget(self.switch)
        self.fold = QPushButton(title)
        self.fold.setProperty("role", "fold")
        self.fold.setCheckable(True)
        self.fold.setToolTip(self.tr("Show how it is set"))
        self.fold.clicked.connect(self.set_open)
        row.addWidget(self.fold)
        row.addStretch(1)
        self.rate = label("", "heading")
        row.addWidget(self.rate)
        self.bar = ShareBar(self._context)
        row.addWidget(self.bar)
        self.up = self._button(self.tr("Earlier"), lambda: self.moved.emit(-1))
        self.down = self._button(self.tr("Later"), lambda: self.moved.emit(1))
        for button in (self.up, self.down):
            button.setVisible(not fixed)
            row.addWidget(button)
        return row

    def _make_outcome(self) -> QWidget:
        self.outcome = QWidget()
        self._row = row = QHBoxLayout(self.outcome)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(8)
        self.strip = OrderStrip(self._context.theme)
        row.addWidget(self.strip, 1)
        self.first = QLabel()
        self.first.setProperty("role", "small")
        row.addWidget(self.first)
        return self.outcome

    def _show_first(self, stage: StageShown, info: DatasetInfo | None) -> None:
        """The first samples that come out: pictures as such, of films the middle frames, else the numbers of the
        first."""
        self.first.setVisible(stage.inputs is not None)
        if stage.inputs is None:
            return
        values = to_numpy(stage.inputs)
        self.first.setToolTip(self.tr("The first samples that come out"))
        if info is not None and info.form == "volumes" and values.ndim == 5:
            values = values[:, values.shape[1] // 2]
        if info is not None and info.form in ("pictures", "volumes") and values.ndim in (3, 4):
            if info.scaling == "divide_max":  # few grey levels: spread them, all alike
                values = values.astype(np.float32) / max(1.0, float(np.max(values.astype(np.float32))))
            self.first.setPixmap(thumbnails(values))
            self.first.setAccessibleDescription(self.tr("{0} pictures").format(len(values)))
        else:
            self.first.setText(values_text(values[0]))

    def _button(self, tip: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(f"{tip}: {self.name}")
        button.setIconSize(QSize(ICON, ICON))
        button.clicked.connect(act)
        return button

    def _refresh_icons(self) -> None:
        theme = self._context.theme
        fold = theme.icon("chevron-down" if self.is_open else "chevron-right")
        self.fold.setIcon(fold if self._has_form else QIcon())
        self.fold.setCheckable(self._has_form)
        self.fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._has_form else Qt.FocusPolicy.NoFocus)
        self.up.setIcon(theme.icon("arrow-up"))
        self.down.setIcon(theme.icon("arrow-down"))


class ShareBar(QWidget):
    """Which share of the time a stage takes, as a short bar."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._share: float | None = None
        self._is_bottleneck = False
        self.setFixedSize(BAR_WIDTH, BAR_HEIGHT)
        self.setAccessibleName(self.tr("Share of the time"))
        context.theme.changed.connect(self.update)

    def show_share(self, share: float | None, is_bottleneck: bool) -> None:
        """Show a share from 0 to 1; None where nothing was measured."""
        self._share, self._is_bottleneck = share, is_bottleneck
        text = "" if share is None else self.tr("{0} % of the time").format(round(share * 100))
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.setVisible(share is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._context.theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(self.rect(), BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        if self._share:
            painter.setBrush(QColor(tokens.warning if self._is_bottleneck else tokens.accent))
            width = max(BAR_HEIGHT, round(self.width() * self._share))
            painter.drawRoundedRect(0, 0, width, BAR_HEIGHT, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        painter.end()


def spec_text(spec: ElementSpec) -> str:
    """As TensorFlow writes it: "(None, 8, 8, 1) float32"."""
    sizes = ", ".join("None" if size is None else str(size) for size in spec.shape)
    comma = "," if len(spec.shape) == 1 else ""
    return f"({sizes}{comma}) {spec.dtype}"


def values_text(sample: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> str:
    """The first numbers of a sample."""
    flat = np.ravel(sample)
    shown = ", ".join(number(float(value)) for value in flat[:MOST_VALUES])
    return shown + (" …" if len(flat) > MOST_VALUES else "")


def thumbnails(pictures: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> QPixmap:
    """Pictures side by side."""
    ratio, gap = 2, 3
    strip = QPixmap(len(pictures) * (THUMB + gap) * ratio - gap * ratio, THUMB * ratio)
    strip.fill(Qt.GlobalColor.transparent)
    painter = QPainter(strip)
    for place, pixels in enumerate(as_pixels(pictures)):
        image = image_of(pixels).scaled(
            THUMB * ratio, THUMB * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
        )
        painter.drawImage(place * (THUMB + gap) * ratio, (THUMB * ratio - image.height()) // 2, image)
    painter.end()
    strip.setDevicePixelRatio(ratio)
    return strip
