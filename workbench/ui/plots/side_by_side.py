"""What went into an autoencoder, what came out, and how far that is off, side by side."""

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
    """Input, output and difference; where the input had noise, the clean one too. Maps that are no pictures are
    coloured by their numbers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, largest: int = 120) -> None:
        super().__init__(theme, parent, largest=largest)
        self._side = largest
        self.setAccessibleName(self.tr("Input, output and difference"))

    def show_parts(self, x: NDArray[Any], output: NDArray[Any], clean: NDArray[Any]) -> bool:
        """Show arrays of one shape: (height, width, channels) or (steps, features); of volumes the middle slice. False
        where the shape cannot be drawn or the shapes differ."""
        while x.ndim > 3 and x.shape == output.shape == clean.shape:
            x, output, clean = (each[len(each) // 2] for each in (x, output, clean))
        if x.ndim not in (2, 3) or not x.shape == output.shape == clean.shape:
            self.clear()
            return False
        off = np.abs(output.astype(np.float32) - clean)
        low, high = float(clean.min()), float(clean.max())
        if low >= 0 and high <= 1:
            low, high = 0.0, 1.0
        noisy = not np.array_equal(x, clean)
        shown = [(self.tr("Input"), x), (self.tr("Output"), output)]
        if noisy:
            shown.append((self.tr("Clean"), clean))
        pixels = [_pixels(values, low, high) for _, values in shown]
        gaps = off if off.ndim == 2 else off.mean(axis=-1)
        pixels.append(colored(gaps, 0.0, max(1e-6, SHOWN_OFF * (high - low))))
        values = [each if each.ndim == 2 else each.mean(axis=-1) for _, each in shown] + [gaps]
        titles = [title for title, _ in shown] + [self.tr("Difference")]
        self.show_drawn(np.stack(values), np.stack(pixels), titles)
        self.updateGeometry()
        return True

    def sizeHint(self) -> QSize:
        rows = 1 if self.count <= 3 else 2
        return QSize(3 * self._side, rows * (self._side + TITLE + SPACE))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 90)


def _pixels(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """One picture as (h, w, 4) on the scale of the clean one."""
    shares = np.clip((values.astype(np.float32) - low) / max(1e-6, high - low), 0, 1)
    if shares.ndim == 2 or shares.shape[-1] not in (1, 3):
        return colored(shares if shares.ndim == 2 else shares.mean(axis=-1), 0.0, 1.0)
    drawn: NDArray[np.uint8] = as_pixels(shares[None])[0]
    return drawn
