"""Icons: those that the program names are there, in the colours asked for."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from workbench.domain.catalogue import load_catalogue
from workbench.ui.theme import icons

RED, BLUE = "#ff0000", "#0000ff"
UI = Path(icons.__file__).parents[1]


def picture(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal, size: int = 24) -> QImage:
    return icon.pixmap(QSize(size, size), 1.0, mode).toImage()


def strongest(image: QImage) -> QColor:
    """The colour of the most opaque pixel."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha)


@pytest.mark.parametrize(("mode", "color"), [(QIcon.Mode.Normal, RED), (QIcon.Mode.Disabled, BLUE)])
def test_that_an_icon_has_the_color_of_its_state(qapp: QApplication, mode: QIcon.Mode, color: str) -> None:
    seen = strongest(picture(icons.icon("play", RED, BLUE), mode))
    assert seen.alpha() > 200
    assert seen.rgb() == QColor(color).rgb()


def test_that_different_names_give_different_pictures(qapp: QApplication) -> None:
    play, stop = (picture(icons.icon(name, RED, BLUE)) for name in ("play", "mdi6.stop"))
    assert play != stop


def test_that_an_icon_without_a_size_is_nothing(qapp: QApplication) -> None:
    assert picture(icons.icon("play", RED, BLUE), size=0).isNull()


def test_that_an_icon_fits_into_its_size(qapp: QApplication) -> None:
    image = picture(icons.icon("square", RED, BLUE), size=64)
    edges = [image.pixelColor(n, edge).alpha() for n in range(64) for edge in (0, 63)]
    assert max(edges) == 0
    assert image.pixelColor(32, 32).alpha() == 255


def test_that_an_unknown_name_is_told(qapp: QApplication) -> None:
    with pytest.raises(KeyError, match="no-such-icon"):
        icons.icon("no-such-icon", RED, BLUE)


def test_that_every_icon_named_in_the_window_is_there(qapp: QApplication) -> None:
    named = {entry.icon for entry in load_catalogue().classes if entry.icon}
    for file in UI.rglob("*.py"):
        named |= set(re.findall(r"""\bicon(?:=|\()"([a-z0-9-]+)\"""", file.read_text(encoding="utf-8")))
    assert len(named) > 20
    for name in named:
        assert not icons.icon(name, RED, BLUE).isNull(), name


def test_that_an_icon_without_room_is_empty() -> None:
    assert icons.icon("play", "#000000", "#888888").pixmap(QSize(0, 16)).isNull()
