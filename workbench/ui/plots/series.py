"""Series that grow while they are drawn: points by the million, thinned out without losing a single extreme."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
FACTOR = 4
FIRST_ROOM = 256
SAMPLE = 200


class Growing:
    """A float64 array that grows at its end at little cost."""

    def __init__(self) -> None:
        self._room = np.empty(FIRST_ROOM, dtype=np.float64)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> Floats:
        """A view of what is there; it is stale after the next `extend`."""
        return self._room[: self._size]

    def extend(self, values: Floats) -> None:
        """Put values at the end."""
        size = self._size + len(values)
        if size > len(self._room):
            room = np.empty(max(size, 2 * len(self._room)), dtype=np.float64)
            room[: self._size] = self.values
            self._room = room
        self._room[self._size : size] = values
        self._size = size


class Pyramid:
    """Values with the smallest and largest of every 4, 16, 64 … of them. NaN counts for nothing."""

    def __init__(self) -> None:
        self.base = Growing()
        self._lows: list[Growing] = []
        self._highs: list[Growing] = []

    def __len__(self) -> int:
        return len(self.base)

    def extend(self, values: Floats) -> None:
        """Put values at the end and bring all levels up to date."""
        self.base.extend(values)
        low = high = self.base
        level = 0
        while len(low) >= FACTOR:
            if level == len(self._lows):
                self._lows.append(Growing())
                self._highs.append(Growing())
            above_low, above_high = self._lows[level], self._highs[level]
            new = slice(len(above_low) * FACTOR, len(low) // FACTOR * FACTOR)
            if new.start == new.stop:
                break
            above_low.extend(np.fmin.reduce(low.values[new].reshape(-1, FACTOR), axis=1))
            above_high.extend(np.fmax.reduce(high.values[new].reshape(-1, FACTOR), axis=1))
            low, high = above_low, above_high
            level += 1

    def view(self, start: int, stop: int, buckets: int) -> tuple[Floats, Floats, Floats]:
        """The values from `start` to `stop` as `buckets` to 4 × `buckets` pairs: places (indices), lows, highs."""
        level, size = 0, 1
        while level < len(self._lows) and (stop - start) >= buckets * size * FACTOR:
            level, size = level + 1, size * FACTOR
        places: list[Floats] = []
        lows: list[Floats] = []
        highs: list[Floats] = []
        at = start // size * size
        while at < stop:
            low = self._lows[level - 1] if level else self.base
            high = self._highs[level - 1] if level else self.base
            first, last = at // size, min(-(-stop // size), len(low))
            places.append(np.arange(first, last, dtype=np.float64) * size + (size - 1) / 2)
            lows.append(low.values[first:last])
            highs.append(high.values[first:last])
            if level == 0:
                break
            at = max(last, first) * size
            level, size = level - 1, size // FACTOR
        if not places:
            return (np.empty(0),) * 3
        return np.concatenate(places), np.concatenate(lows), np.concatenate(highs)

    def extent(self) -> tuple[float, float] | None:
        """The smallest and the largest value, None when there is none."""
        _, lows, highs = self.view(0, len(self), 1)
        if not np.isfinite(lows).any():
            return None
        return float(np.nanmin(lows)), float(np.nanmax(highs))


class Series:
    """Points (x, y) with x never falling. What is not finite is kept as NaN, a gap in the line."""

    def __init__(self) -> None:
        self._x = Growing()
        self._y = Pyramid()

    def __len__(self) -> int:
        return len(self._x)

    @property
    def x(self) -> Floats:
        """All places."""
        return self._x.values

    @property
    def y(self) -> Floats:
        """All values."""
        return self._y.base.values

    def extend(self, x: ArrayLike, y: ArrayLike) -> None:
        """Put points at the end."""
        values = np.asarray(y, dtype=np.float64)
        self._x.extend(np.asarray(x, dtype=np.float64))
        self._y.extend(np.where(np.isfinite(values), values, np.nan))

    def shown(self, low: float, high: float, width: int) -> tuple[Floats, Floats]:
        """What to draw between two places on `width` pixels, with one point beyond each edge so that lines go on.

        Where there are more than two points a pixel, each pixel gets the smallest and the largest of its points.
        """
        start = max(int(np.searchsorted(self.x, low)) - 1, 0)
        stop = min(int(np.searchsorted(self.x, high, side="right")) + 1, len(self))
        if stop - start <= 2 * width:
            return self.x[start:stop], self.y[start:stop]
        places, lows, highs = self._y.view(start, stop, width)
        x = self.x[places.astype(np.int64)]
        columns = np.floor((x - x[0]) * (width / max(x[-1] - x[0], 1e-300)))
        firsts = np.flatnonzero(np.diff(columns, prepend=-1.0))
        lows, highs = np.fmin.reduceat(lows, firsts), np.fmax.reduceat(highs, firsts)
        return np.repeat(x[firsts], 2), np.column_stack((lows, highs)).ravel()

    def nearest(self, x: float) -> int | None:
        """The index of the point nearest to a place, None when there is no point."""
        if not len(self):
            return None
        right = min(int(np.searchsorted(self.x, x)), len(self) - 1)
        left = max(right - 1, 0)
        return left if x - self.x[left] <= self.x[right] - x else right

    def extent(self) -> tuple[float, float] | None:
        """The smallest and the largest value, None when there is none."""
        return self._y.extent()

    def calm_extent(self, logarithmic: bool = False) -> tuple[float, float] | None:
        """The extent without lonely spikes, in powers of ten when `logarithmic`; None when there is no value.

        A spike is one of the outermost 2 % that lies four times further from the median than these begin.
        """
        _, lows, highs = self._y.view(0, len(self), SAMPLE)
        lows, highs = lows[np.isfinite(lows)], highs[np.isfinite(highs)]
        if logarithmic:
            lows, highs = np.log10(lows[lows > 0]), np.log10(highs[highs > 0])
        if not len(lows) or not len(highs):
            return None
        return -_without_spikes(-lows), _without_spikes(highs)

    def smallest_positive(self) -> float | None:
        """The smallest value above zero, for a logarithmic axis."""
        extent = self.extent()
        if extent is None or extent[1] <= 0:
            return None
        if extent[0] > 0:
            return extent[0]
        return float(self.y[self.y > 0].min())


def _without_spikes(values: Floats) -> float:
    ordered = np.sort(values)
    last, highest = len(ordered) - 1, ordered[-1]
    # Percentiles as numpy's own function gives them; that one imports a large module in the midst of a training.
    middle, edge = np.interp((0.5 * last, 0.98 * last), np.arange(last + 1), ordered)
    return float(highest if highest - middle <= 4 * (edge - middle) else edge + (edge - middle))
