"""What went into a network that gives pictures, what came out, and how far that is off, side by side."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from workbench.ui.plots.colors import as_pixels, colored
from workbench.ui.plots.image_grid import GAP as SPACE
from workbench.ui.plots.image_grid import TITLE, ImageGrid
from workbench.ui.theme import Theme

SHOWN_OFF = 0.5  # of the range of the input, from which on a difference has the brightest colour


class SideBySide(ImageGrid):
    """Input, output and difference; the target too where that is another than the input. Maps that are no pictures are
    coloured by their numbers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, largest: int = 120) -> None:
        super().__init__(theme, parent, largest=largest)
        self._side = largest
        self.setAccessibleName(self.tr("Input, output and difference"))

    def show_parts(self, x: NDArray[Any], output: NDArray[Any], target: NDArray[Any] | None) -> bool:
        """Show arrays of one height and width: (height, width, channels) or (steps, features); of volumes the middle
        slice. False where they cannot be drawn or the output has not the shape of the target, which may be unknown."""
        right = output if target is None else target
        while x.ndim > 3 and x.shape[:-1] == output.shape[:-1] and output.shape == right.shape:
            x, output, right = (each[len(each) // 2] for each in (x, output, right))
        if x.ndim not in (2, 3) or x.shape[:2] != output.shape[:2] or output.shape != right.shape:
            self.clear()
            return False
        low, high = _range(right)
        pixels = [_pixels(x, *(_range(x) if x.shape != right.shape else (low, high))), _pixels(output, low, high)]
        values, titles = [x, output], [self.tr("Input"), self.tr("Output")]
        if target is not None and not np.array_equal(x, right):
            pixels.append(_pixels(right, low, high))
            values.append(right)
            titles.append(self.tr("Target"))
        if target is not None:
            off = np.abs(output.astype(np.float32) - right)
            values.append(off)
            titles.append(self.tr("Difference"))
            pixels.append(colored(_flat(off), 0.0, max(1e-6, SHOWN_OFF * (high - low))))
        values = [_flat(each) for each in values]
        self.show_drawn(np.stack(values), np.stack(pixels), titles)
        self.updateGeometry()
        return True

    def sizeHint(self) -> QSize:
        rows = 1 if self.count <= 3 else 2
        return QSize(3 * self._side, rows * (self._side + TITLE + SPACE))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 90)


def _flat(values: NDArray[Any]) -> NDArray[Any]:
    """One number for each place."""
    return values if values.ndim == 2 else values.mean(axis=-1)


def _range(values: NDArray[Any]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)


def _pixels(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """One picture as (h, w, 4) from a smallest to a largest value."""
    shares = np.clip((values.astype(np.float32) - low) / max(1e-6, high - low), 0, 1)
    if shares.ndim == 2 or shares.shape[-1] not in (1, 3):
        return colored(_flat(shares), 0.0, 1.0)
    drawn: NDArray[np.uint8] = as_pixels(shares[None])[0]
    return drawn
