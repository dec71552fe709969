"""Bars: the probabilities of classes, and the activations of a layer without space."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

ROW = 26
NUMBER_WIDTH = 44
NAME_SHARE = 0.4
AXIS = 46
FOOT = 16
WIDEST_BAR = 90  # a unit alone is a bar too, not a wall


class ProbabilityBars(QWidget):
    """The most probable classes, one a row. The right class, where it is known, is drawn in the colour of "good"."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, most: int = 5) -> None:
        super().__init__(parent)
        self._theme = theme
        self._most = most
        self._rows: list[tuple[str, float, bool]] = []
        self.setAccessibleName(self.tr("Probabilities of the classes"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_values(
        self, names: Sequence[str], values: Sequence[float], truth: int | Collection[int] | None = None
    ) -> None:
        """Show the largest of these values (from 0 to 1) with their names; `truth` is the index of the right class, or
        those of all right labels."""
        right = (truth,) if isinstance(truth, int) else truth or ()
        order = sorted(range(len(values)), key=lambda index: -values[index])[: self._most]
        self._rows = [(self._name(names, index), values[index], index in right) for index in order]
        self.setAccessibleDescription(", ".join(f"{name} {value:.0%}" for name, value, _ in self._rows))
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.show_values((), ())

    def sizeHint(self) -> QSize:
        return QSize(180, max(1, len(self._rows)) * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name, _, _ in self._rows), default=0)
        name_width = min(widest + 10, int(self.width() * NAME_SHARE))
        for index, (name, value, is_truth) in enumerate(self._rows):
            top = index * ROW
            painter.setPen(QColor(tokens.text))
            place = QRectF(0, top, name_width - 8, ROW)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            track = QRectF(name_width, top + ROW / 2 - 4, self.width() - name_width - NUMBER_WIDTH, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.raised))
            painter.drawRoundedRect(track, 4, 4)
            share = min(max(value, 0.0), 1.0)
            if share > 0:
                painter.setBrush(QColor(tokens.good if is_truth else tokens.accent))
                painter.drawRoundedRect(QRectF(track.left(), track.top(), max(3.0, track.width() * share), 8), 4, 4)
            painter.setPen(QColor(tokens.muted))
            place = QRectF(self.width() - NUMBER_WIDTH, top, NUMBER_WIDTH, ROW)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{value:.2f}")
        painter.end()

    def _name(self, names: Sequence[str], index: int) -> str:
        return names[index] if index < len(names) else self.tr("class {0}").format(index)


class ActivationBars(QWidget):
    """One bar a unit of a layer, up for positive and down for negative values. `hovered(text)` tells its value."""

    hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: NDArray[np.float64] = np.empty(0)
        self._names: Sequence[str] = ()
        self.setMouseTracking(True)
        self.setMinimumSize(120, 90)
        self.setAccessibleName(self.tr("Activations of the layer"))
        theme.changed.connect(self.update)

    def show_values(self, values: NDArray[Any], names: Sequence[str] = ()) -> None:
        """Show these values (n,), each with its name where there are names."""
        self._values = np.nan_to_num(np.asarray(values, dtype=np.float64).ravel())
        self._names = names
        if len(self._values):
            text = self.tr("{0} units, from {1} to {2}").format(
                len(self._values), number(float(self._values.min())), number(float(self._values.max()))
            )
            self.setAccessibleDescription(text)
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self.show_values(np.empty(0))

    def value_text(self, index: int) -> str:
        """A unit and its value, in words."""
        name = self._names[index] if index < len(self._names) else self.tr("unit {0}").format(index)
        return f"{name} · {number(float(self._values[index]))}"

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._values):
            return
        painter = QPainter(self)
        tokens = self._theme.tokens
        font = QFont(self.font())
        font.setPixelSize(SMALL)
        painter.setFont(font)
        area = self._area()
        low, high = self._limits()
        zero = area.bottom() - (0 - low) / (high - low) * area.height()
        step = area.width() / len(self._values)
        gap = min(2.0, step * 0.2)
        painter.setPen(Qt.PenStyle.NoPen)
        for index, value in enumerate(self._values):
            top = area.bottom() - (value - low) / (high - low) * area.height()
            painter.setBrush(QColor(tokens.series[0] if value >= 0 else tokens.series[1]))
            left = area.left() + index * step
            painter.drawRect(QRectF(left, min(top, zero), max(step - gap, 0.5), abs(zero - top)))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(int(area.left()), int(zero), int(area.right()), int(zero))
        painter.setPen(QColor(tokens.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, area.top() - 8, area.left() - 6, 16), right, number(high))
        painter.drawText(QRectF(0, area.bottom() - 8, area.left() - 6, 16), right, number(low))
        self._paint_names(painter, area, step)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().x())
        text = self.value_text(index) if index >= 0 else ""
        self.hovered.emit(text)
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit("")

    def _area(self) -> QRectF:
        font = QFont(self.font())
        font.setPixelSize(SMALL)
        metrics = QFontMetrics(font)
        ends = self._limits() if len(self._values) else ()
        widest = max((metrics.horizontalAdvance(number(value)) for value in ends), default=0)
        left = max(AXIS, widest + 8)
        width = min(self.width() - left - 4, max(1, len(self._values)) * WIDEST_BAR)
        return QRectF(left, 10, max(1, width), max(1, self.height() - 12 - FOOT))

    def _limits(self) -> tuple[float, float]:
        low, high = min(0.0, float(self._values.min())), max(0.0, float(self._values.max()))
        return (low, high) if high > low else (0.0, 1.0)

    def _index_at(self, x: float) -> int:
        area = self._area()
        if not len(self._values) or not area.left() <= x < area.right():
            return -1
        return min(int((x - area.left()) / area.width() * len(self._values)), len(self._values) - 1)

    def _paint_names(self, painter: QPainter, area: QRectF, step: float) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        if self._names and step >= 24:
            for index, name in enumerate(self._names[: len(self._values)]):
                place = QRectF(area.left() + index * step, area.bottom() + 3, step, FOOT)
                text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(step - 2))
                painter.drawText(place, centre, text)
            return
        last = len(self._values) - 1
        painter.drawText(QRectF(area.left(), area.bottom() + 3, 60, FOOT), Qt.AlignmentFlag.AlignLeft, "0")
        if last:
            place = QRectF(area.right() - 60, area.bottom() + 3, 60, FOOT)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, f"{last:,}")
