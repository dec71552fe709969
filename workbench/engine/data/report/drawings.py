"""Small drawings for a report, as SVG or PNG inside the page: nothing is fetched from anywhere."""

import base64
from collections.abc import Sequence
from html import escape
from io import BytesIO

import numpy as np
from PIL import Image

from workbench.engine.data.raw import AnyArray

COLORS = (
    "#2f6fde", "#d9731a", "#1f9d63", "#8a54d1", "#c2477f", "#12939a",
    "#9a7b0a", "#5f6f80", "#6fa01c", "#b04433", "#3f4aa8", "#8b6a4f",
)  # fmt: skip
PICTURE = 72
CELL, NAMES = 22, 150
MAP_WIDTH, MAP_HEIGHT = 640, 420


def histogram(counts: Sequence[int], width: int = 120, height: int = 28) -> str:
    """Counts over equal bins as bars."""
    highest = max(counts, default=0)
    if not highest:
        return ""
    step = width / len(counts)
    bars = "".join(
        f'<rect x="{place * step:.1f}" y="{height * (1 - count / highest):.1f}" width="{max(1.0, step - 1):.1f}" '
        f'height="{height * count / highest:.1f}"/>'
        for place, count in enumerate(counts)
    )
    return f'<svg class="bars" width="{width}" height="{height}" role="img" aria-label="histogram">{bars}</svg>'


def bar(share: float, width: int = 240) -> str:
    """One bar of a length from 0 to 1."""
    return f'<svg class="bars" width="{width}" height="12"><rect width="{width * share:.1f}" height="12" rx="2"/></svg>'


def heat_map(matrix: AnyArray, names: Sequence[str]) -> str:
    """A matrix from −1 to 1: blue for positive, orange for negative, with each value as a tool tip."""
    count = len(matrix)
    cells = []
    for row in range(count):
        label = escape(names[row][:22])
        middle = row * CELL + CELL / 2 + 4
        cells.append(f'<text x="{NAMES - 6}" y="{middle}" text-anchor="end">{label}</text>')
        for column in range(count):
            value = float(matrix[row, column])
            if not np.isfinite(value):
                continue
            color = COLORS[0] if value >= 0 else COLORS[1]
            tip = f"{names[row]} and {names[column]}: {value:.3f}"
            cells.append(
                f'<rect x="{NAMES + column * CELL}" y="{row * CELL}" width="{CELL - 1}" height="{CELL - 1}" '
                f'fill="{color}" fill-opacity="{0.04 + 0.9 * abs(value):.2f}"><title>{escape(tip)}</title></rect>'
            )
    size = NAMES + count * CELL
    return f'<svg class="words" width="{size}" height="{count * CELL}">{"".join(cells)}</svg>'


def scatter(points: AnyArray, labels: AnyArray, classes: Sequence[str]) -> str:
    """Points (n, 2) of classes, or of numbers from light to dark."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1)
    x = 6 + (points[:, 0] - low[0]) / span[0] * (MAP_WIDTH - 12)
    y = 6 + (high[1] - points[:, 1]) / span[1] * (MAP_HEIGHT - 12)
    if classes:
        looks = [f'fill="{COLORS[int(label) % len(COLORS)]}" fill-opacity="0.75"' for label in labels]
    else:
        width = float(labels.max() - labels.min()) or 1.0
        looks = [f'fill="{COLORS[0]}" fill-opacity="{0.1 + 0.9 * (v - labels.min()) / width:.2f}"' for v in labels]
    dots = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.6" {look}/>' for a, b, look in zip(x, y, looks, strict=True)
    )
    return f'<svg width="{MAP_WIDTH}" height="{MAP_HEIGHT}" role="img" aria-label="map">{dots}</svg>'


def legend(classes: Sequence[str]) -> str:
    """Which colour is which class."""
    dots = [
        f'<span><i style="background:{COLORS[number % len(COLORS)]}"></i>{escape(name)}</span>'
        for number, name in enumerate(classes)
    ]
    return f'<p class="legend">{"".join(dots)}</p>'


def picture(values: AnyArray, title: str) -> str:
    """A picture (height, width, channels) of numbers from 0 to 1, with its name."""
    pixels = (np.clip(values, 0, 1) * 255).round().astype(np.uint8)
    pixels = pixels[..., 0] if pixels.shape[-1] not in (3, 4) else pixels
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode()
    name = escape(title)
    return (
        f'<figure><img alt="{name}" width="{PICTURE}" height="{PICTURE}" src="data:image/png;base64,{data}">'
        f"<figcaption>{name}</figcaption></figure>"
    )
