"""Axes of a picture: which values have ticks, and where a value lies."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """`place` maps a value to 0 (start) … 1 (end); `ticks` are values with their labels."""

    place: Callable[[float], float]
    ticks: tuple[tuple[float, str], ...]


def linear_axis(low: float, high: float, count: int = 5, whole: bool = False) -> Axis:
    """About `count` ticks at round values; `whole` allows only whole numbers. An empty range is widened."""
    largest = max(abs(low), abs(high))
    if high - low <= 1e-9 * largest or largest < 1e-300:
        pad = largest * 0.1 if largest > 1e-300 else 0.5
        low, high = low - pad, high + pad
    rough = (high - low) / max(count, 1)
    step = _round_step(max(1.0, rough), (1, 2, 5, 10)) if whole else _round_step(rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    ticks = tuple((number * step, _label(number * step, step)) for number in range(first, last + 1))
    return Axis(lambda value: (value - low) / (high - low), ticks)


def logarithmic_axis(low: float, high: float) -> Axis:
    """Ticks at powers of ten, or at 1, 2 and 5 times them where there are few. `low` must be above 0."""
    if not high > low:
        low, high = low / 2, high * 2
    start, end = math.log10(low), math.log10(high)
    factors = (1,) if end - start > 2.5 else (1, 2, 5)
    powers = range(math.floor(start), math.ceil(end) + 1)
    values = [factor * 10.0**power for power in powers for factor in factors]
    ticks = tuple((value, f"{value:g}") for value in values if low <= value <= high)
    return Axis(lambda value: (math.log10(max(value, low)) - start) / (end - start), ticks)


def _round_step(rough: float, factors: tuple[float, ...] = (1, 2, 2.5, 5, 10)) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in factors if rough <= factor * power * (1 + 1e-9))


def _label(value: float, step: float) -> str:
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    if digits > 6 or abs(value) >= 1e6:
        return f"{value:.3g}"
    if digits and not math.isclose(step * 10**digits, round(step * 10**digits)):
        digits += 1
    return f"{value + 0.0:.{digits}f}"
