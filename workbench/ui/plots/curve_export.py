"""Curves as PNG, SVG and CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from workbench.ui.plots.lines import Look
from workbench.ui.plots.series import Floats
from workbench.ui.theme.tokens import PADDING, SMALL, TITLE, Tokens

HEAD = 44
PNG_SCALE = 2


@dataclass(frozen=True)
class Picture:
    """What goes into a picture: the plot as it is shown, a title, and the legend."""

    plot: Any
    title: str
    legend: tuple[tuple[str, Look], ...]
    tokens: Tokens

    @property
    def size(self) -> QSize:
        """Width and height without scaling."""
        return self.plot.size() + QSize(2 * PADDING, HEAD + PADDING)  # type: ignore[no-any-return]


def as_png(picture: Picture) -> bytes:
    """A PNG file at twice the size on the screen."""
    image = QImage(picture.size * PNG_SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(PNG_SCALE, PNG_SCALE)
    _paint(painter, picture)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def as_svg(picture: Picture) -> bytes:
    """An SVG file: lines stay lines, text stays text."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(picture.size)
    generator.setViewBox(QRectF(0, 0, picture.size.width(), picture.size.height()))
    generator.setTitle(picture.title)
    painter = QPainter(generator)
    _paint(painter, picture)
    painter.end()
    return bytes(buffer.data().data())


Columns = Sequence[tuple[Floats, Floats]]


def as_csv(columns: Columns, per_epoch: int) -> bytes:
    """All numbers of a curve's columns (see `MetricCurves.columns`), a row for every batch that has a value.

    The header is step, epoch, batch, smoothed, running_mean, training, validation; cells without a value are empty.
    """
    columns = [_without_gaps(x, y) for x, y in columns]
    steps = [np.rint(x * per_epoch).astype(np.int64) for x, _ in columns]
    every = np.unique(np.concatenate(steps))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", "epoch", "batch", "smoothed", "running_mean", "training", "validation"])
    cells: list[list[object]] = []
    for step, (_, y) in zip(steps, columns, strict=True):
        column = np.full(len(every), "", dtype=object)
        column[np.searchsorted(every, step)] = y.tolist()
        cells.append(column.tolist())
    writer.writerows(zip(every.tolist(), (every / per_epoch).tolist(), *cells, strict=True))
    return text.getvalue().encode()


def _without_gaps(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Without the places that only break the line: a second point at the same place."""
    kept = np.concatenate(([True], np.diff(x) > 0))[: len(x)]
    return x[kept], y[kept]


def _paint(painter: QPainter, picture: Picture) -> None:
    tokens, size = picture.tokens, picture.size
    painter.fillRect(0, 0, size.width(), size.height(), QColor(tokens.panel))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont()
    font.setPixelSize(TITLE)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    painter.drawText(QPointF(PADDING, 20), picture.title)
    _paint_legend(painter, picture)
    target = QRectF(PADDING, HEAD, picture.plot.width(), picture.plot.height())
    axes = [picture.plot.getPlotItem().getAxis(name) for name in ("left", "bottom")]
    for axis in axes:  # what is kept of them for the screen is neither text nor sharp
        axis.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    picture.plot.render(painter, target, picture.plot.rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
    for axis in axes:
        axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)


def _paint_legend(painter: QPainter, picture: Picture) -> None:
    font = QFont()
    font.setPixelSize(SMALL)
    painter.setFont(font)
    x = float(PADDING)
    for name, look in picture.legend:
        pen = look.pen()
        pen.setWidthF(max(pen.widthF(), 2.0))
        painter.setPen(pen)
        painter.drawLine(QPointF(x, 33), QPointF(x + 14, 33))
        painter.setPen(QColor(picture.tokens.muted))
        painter.drawText(QPointF(x + 19, 37), name)
        x += 19 + painter.fontMetrics().horizontalAdvance(name) + 14
