"""The whole diagram as SVG and PNG, in the light scheme: made for paper and pages, not for the window."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from workbench.domain.diagram import Diagram
from workbench.domain.placing.frames import Placement
from workbench.ui.pages.model.diagram.drawing import Drawing
from workbench.ui.pages.model.diagram.words import Texts
from workbench.ui.theme.tokens import LIGHT

PNG_SCALE = 2.0
MOST_SIDE, MOST_PIXELS = 32_000, 64_000_000  # Qt paints no longer lines than 32,767 pixels


@dataclass(frozen=True)
class Picture:
    """What goes into a file. It can be painted on any thread."""

    diagram: Diagram
    places: Placement
    texts: Texts
    title: str

    @property
    def scale(self) -> float:
        """Pixels of a PNG for one on the screen: 2, or less where it would have too many."""
        width, height = max(1.0, self.places.width), max(1.0, self.places.height)
        return min(PNG_SCALE, MOST_SIDE / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))

    def drawing(self) -> Drawing:
        """A drawing of its own, with nothing selected."""
        made = Drawing(self.diagram, self.places, self.texts, LIGHT)
        made.can_fold = False
        return made


def as_png(picture: Picture) -> bytes:
    """A PNG file of all of it."""
    drawing, scale = picture.drawing(), picture.scale
    size = drawing.bounds.size() * scale
    image = QImage(max(1, int(size.width())), max(1, int(size.height())), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.panel))
    painter = QPainter(image)
    painter.scale(scale, scale)
    drawing.paint(painter, drawing.bounds, 1.0)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def as_svg(picture: Picture) -> bytes:
    """An SVG file: lines stay lines, text stays text."""
    drawing = picture.drawing()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    width, height = int(drawing.bounds.width()), int(drawing.bounds.height())
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setTitle(picture.title)
    painter = QPainter(generator)
    painter.fillRect(drawing.bounds, QColor(LIGHT.panel))
    drawing.paint(painter, drawing.bounds, 1.0)
    painter.end()
    return bytes(buffer.data().data())
