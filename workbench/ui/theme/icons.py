"""The Material Design icons in any colour and size, drawn from the font that QtAwesome brings.

QtAwesome itself is not imported: it loads a dozen fonts and takes a third of the time to the first paint.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap

if TYPE_CHECKING:
    import qtawesome  # noqa: F401 - says to those who freeze the program that its files are needed

_FILES = "materialdesignicons6-webfont-*.ttf"
_CHARACTERS = "materialdesignicons6-webfont-charmap-*.json"
_PREFIX = "mdi6."
# A glyph of this share of the height leaves the margin that the font was drawn for.
_SHARE = 0.875


def icon(name: str, color: str, disabled: str) -> QIcon:
    """The icon with this name ("play", or "mdi6.play") in a colour; in another where what it stands on is disabled.

    Raises KeyError with the name where the set has none such.
    """
    return QIcon(_Glyph(_characters()[name.removeprefix(_PREFIX)], QColor(color), QColor(disabled)))


class _Glyph(QIconEngine):
    """Draws one character of the font."""

    def __init__(self, character: str, color: QColor, disabled: QColor) -> None:
        super().__init__()
        self._character = character
        self._color = color
        self._disabled = disabled
        self._pixmaps: dict[tuple[int, int, QIcon.Mode], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(_SHARE * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._disabled if mode == QIcon.Mode.Disabled else self._color)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        key = size.width(), size.height(), mode
        if key not in self._pixmaps:
            self._pixmaps[key] = self._drawn(size, mode, state)
        return self._pixmaps[key]

    def _drawn(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if size.isEmpty():
            return pixmap  # of a button that has no room yet
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


@cache
def _family() -> str:
    """The family name of the font, which is loaded for it."""
    number = QFontDatabase.addApplicationFont(str(_file(_FILES)))
    return QFontDatabase.applicationFontFamilies(number)[0]


@cache
def _characters() -> dict[str, str]:
    """The character of each icon by its name."""
    codes = json.loads(_file(_CHARACTERS).read_text(encoding="utf-8"))
    return {name: chr(int(code, 16)) for name, code in codes.items()}


def _file(pattern: str) -> Path:
    spec = find_spec("qtawesome")
    places = spec.submodule_search_locations if spec is not None else None
    found = [path for place in places or () for path in Path(place, "fonts").glob(pattern)]
    if not found:
        raise FileNotFoundError(f"The icons ({pattern}) are not there. Install the program again.")
    return found[0]


@cache
def outline(name: str, size: int) -> QPainterPath:
    """An icon as a shape, for what is painted at any scale; its middle is the origin. Raises KeyError like `icon`."""
    font = QFont(_family())
    font.setPixelSize(max(1, round(_SHARE * size)))
    path = QPainterPath()
    path.addText(0, 0, font, _characters()[name.removeprefix(_PREFIX)])
    middle = path.boundingRect().center()
    return path.translated(-middle)
