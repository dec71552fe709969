"""Masks of class numbers over pictures: each class but the first, which is mostly the background, has a colour."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.ui.plots.colors import Bytes, as_pixels
from workbench.ui.plots.image_grid import GAP, TITLE, ImageGrid
from workbench.ui.theme import Theme

STRENGTH = 0.6
FAINT = 0.35  # of a picture's contrast, where only what is wrong is to be seen


def overlaid(pixels: Bytes, masks: NDArray[Any], colors: Sequence[str]) -> Bytes:
    """Pictures (n, h, w, 4) with the classes of their dots (n, h, w) as colours over them."""
    result = pixels.copy()
    for number in np.unique(masks):
        if number == 0:
            continue
        color = QColor(colors[(int(number) - 1) % len(colors)])
        paint = np.array([color.red(), color.green(), color.blue()], np.float32)
        there = masks == number
        mixed = STRENGTH * paint + (1 - STRENGTH) * pixels[there][:, :3]
        result[there, :3] = mixed.round().astype(np.uint8)
    return result


def beside(pixels: Bytes, learned: NDArray[Any], colors: Sequence[str]) -> Bytes:
    """Pictures with what is learned: masks (n, h, w) over them, pictures (n, h, w, channels) at their right."""
    if learned.ndim == 3:
        return overlaid(pixels, learned, colors)
    gap = np.zeros((*pixels.shape[:2], max(1, pixels.shape[2] // 16), 4), np.uint8)
    return np.concatenate([pixels, gap, as_pixels(learned)], axis=2)


def mask_legend(classes: Sequence[str], colors: Sequence[str]) -> str:
    """Which colour is which class, as rich text."""
    space = "&nbsp;"
    return " &nbsp; ".join(
        f'<span style="color:{colors[number % len(colors)]}">●</span>{space}{escape(name).replace(" ", space)}'
        for number, name in enumerate(classes[1 : len(colors) + 1])
    )


def overlap(mask: NDArray[Any], right: NDArray[Any]) -> float:
    """The mean of intersection over union of all classes that either mask has."""
    shares = []
    for number in np.union1d(mask, right):
        one, other = mask == number, right == number
        shares.append(np.logical_and(one, other).sum() / np.logical_or(one, other).sum())
    return float(np.mean(shares)) if shares else 1.0


class MaskGrid(ImageGrid):
    """A picture, the mask that a network gives it, and where it is known the right one and the dots that are wrong."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, largest: int = 120) -> None:
        super().__init__(theme, parent, largest=largest)
        self._side = largest
        self._classes: Sequence[str] = ()
        self.setAccessibleName(self.tr("Picture, prediction and right mask"))

    def show_masks(
        self, picture: NDArray[Any], mask: NDArray[Any], right: NDArray[Any] | None, classes: Sequence[str]
    ) -> None:
        """Show a picture (height, width, channels), the classes of its dots (height, width), and the right ones."""
        self._classes = classes
        colors = self._theme.tokens.series
        plain = as_pixels(picture[None])
        drawn = [plain, overlaid(plain, mask[None], colors)]
        values = [mask, mask]
        titles = [self.tr("Picture"), self.tr("Prediction")]
        if right is not None:
            wrong = (mask != right).astype(np.uint8)
            faint = plain.copy()
            faint[..., :3] = (plain[..., :3] * FAINT).astype(np.uint8)
            drawn += [overlaid(plain, right[None], colors), overlaid(faint, wrong[None], [self._theme.tokens.bad])]
            values += [right, right]
            titles += [self.tr("Right"), self.tr("Wrong dots")]
        self.show_drawn(np.stack(values), np.concatenate(drawn), titles)
        self.updateGeometry()

    def value_text(self, index: int, row: int, column: int) -> str:
        number = int(self._values[index, row, column])
        name = self._classes[number] if number < len(self._classes) else str(number)
        return self.tr("{0} · row {1}, column {2} · {3}").format(self._titles[index], row, column, name)

    def sizeHint(self) -> QSize:
        return QSize(2 * self._side, (1 if self.count <= 2 else 2) * (self._side + TITLE + GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 90)
