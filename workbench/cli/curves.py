"""A picture of a run's curves, drawn with Pillow, for machines without a window."""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFont

from workbench.cli.axes import Axis, linear_axis, logarithmic_axis
from workbench.domain.resources import resource
from workbench.protocol.history import History

SCALE = 2  # drawn this much larger and then reduced, which smooths all edges
WIDTH, HEIGHT = 1200, 540
MARGIN, GAP, TOP = 24, 20, 68
LEFT, RIGHT, ABOVE, BELOW = 64, 20, 76, 52  # between a panel's edge and its plot
GROUND, PANEL, LINE, TEXT, MUTED = "#f4f5f7", "#ffffff", "#dde1e6", "#1d2329", "#66707b"
TRAINING, VALIDATION, BATCHES = "#2f6fde", "#d9731a", "#c9d9f5"
LOGARITHMIC_FROM = 30.0  # a loss whose largest value is this many times the smallest gets a logarithmic axis

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Series:
    """A line of a plot: points (epochs done, value). A faint one stands behind and does not set the scale."""

    name: str
    colour: str
    points: tuple[Point, ...]
    faint: bool = False


def curves_picture(history: History, title: str, subtitle: str) -> bytes:
    """A PNG of the loss and the first metric: training, validation, and each batch's loss behind them."""
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUND)
    pen = _Pen(ImageDraw.Draw(picture))
    pen.text((MARGIN, 18), title, 20, TEXT)
    pen.text((MARGIN, 44), subtitle, 13, MUTED)
    names = _metric_names(history)
    panels = ["loss", *names[:1]]
    width = (WIDTH - 2 * MARGIN - GAP * (len(panels) - 1)) / len(panels)
    for place, name in enumerate(panels):
        left = MARGIN + place * (width + GAP)
        _draw_panel(pen, (left, TOP, left + width, HEIGHT - MARGIN), name, _series(history, name))
    data = io.BytesIO()
    picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(data, "PNG", optimize=True)
    return data.getvalue()


def _metric_names(history: History) -> list[str]:
    """Metrics besides the loss, in the order in which they were given."""
    names = history.epochs[0].metrics if history.epochs else {}
    return [name for name in names if name != "loss" and not name.startswith("val_")]


def _series(history: History, name: str) -> list[Series]:
    found: list[Series] = []
    if name == "loss" and history.batches_per_epoch:
        losses = _envelope(history.losses, 1 / history.batches_per_epoch)
        found.append(Series("each batch", BATCHES, losses, faint=True))
    for key, label, colour in ((name, "training", TRAINING), (f"val_{name}", "validation", VALIDATION)):
        points = tuple((event.epoch + 1.0, event.metrics[key]) for event in history.epochs if key in event.metrics)
        points = tuple(point for point in points if math.isfinite(point[1]))
        if points:
            found.append(Series(label, colour, points))
    return found


def _envelope(values: Sequence[float], step: float, most: int = 1500) -> tuple[Point, ...]:
    """All values where they are few; else the smallest and largest of each group, so that no peak is lost."""
    group = max(1, math.ceil(2 * len(values) / most))
    points: list[Point] = []
    for start in range(0, len(values), group):
        part = [(value, (start + i + 1) * step) for i, value in enumerate(values[start : start + group])]
        finite = [pair for pair in part if math.isfinite(pair[0])]
        if finite:
            ends = {min(finite), max(finite)} if group > 1 else set(finite)
            points += [(x, value) for value, x in sorted(ends, key=lambda pair: pair[1])]
    return tuple(points)


def _draw_panel(pen: "_Pen", box: Box, name: str, series: list[Series]) -> None:
    left, top, right, bottom = box
    pen.panel(box)
    pen.text((left + 18, top + 14), name, 15, TEXT)
    if not any(not line.faint for line in series):
        pen.text((left + 18, top + 44), "No epoch was finished.", 13, MUTED)
        return
    plot = (left + LEFT, top + ABOVE, right - RIGHT, bottom - BELOW)
    x_axis, y_axis = _axes(series, logarithmic=name == "loss")
    _draw_axes(pen, plot, x_axis, y_axis)
    for line in series:
        places = [_place(plot, x_axis, y_axis, point) for point in line.points]
        pen.line(places, line.colour, 1.2 if line.faint else 2.4)
        if not line.faint and len(places) <= 60:
            pen.dots(places, line.colour)
    _draw_legend(pen, (left + 18, top + 44), series)


def _axes(series: list[Series], logarithmic: bool) -> tuple[Axis, Axis]:
    epochs = max(point[0] for line in series for point in line.points)
    shown = [value for line in series if not line.faint for _, value in line.points]
    behind = sorted(value for line in series if line.faint for _, value in line.points)
    if behind:  # rare peaks of single batches shall not press the curves flat
        shown += [behind[len(behind) // 50], behind[-1 - len(behind) // 50]]
    low, high = min(shown), max(shown)
    if logarithmic and low > 0 and high / low >= LOGARITHMIC_FROM:
        return linear_axis(0, epochs, 8, whole=True), logarithmic_axis(low / 1.15, high * 1.15)
    pad = 0.06 * (high - low)
    floor = max(0.0, low - pad) if low >= 0 else low - pad
    return linear_axis(0, epochs, 8, whole=True), linear_axis(floor, high + pad, 6)


def _draw_axes(pen: "_Pen", plot: Box, x_axis: Axis, y_axis: Axis) -> None:
    left, top, right, bottom = plot
    for value, label in y_axis.ticks:
        y = bottom - (bottom - top) * y_axis.place(value)
        pen.line([(left, y), (right, y)], LINE, 1)
        pen.text((left - 8, y), label, 12, MUTED, "rm")
    for value, label in x_axis.ticks:
        x = left + (right - left) * x_axis.place(value)
        pen.line([(x, bottom), (x, bottom + 4)], LINE, 1)
        pen.text((x, bottom + 8), label, 12, MUTED, "ma")
    pen.line([(left, bottom), (right, bottom)], LINE, 1)
    pen.text(((left + right) / 2, bottom + 26), "epochs", 12, MUTED, "ma")


def _place(plot: Box, x_axis: Axis, y_axis: Axis, point: Point) -> Point:
    left, top, right, bottom = plot
    share = min(1.0, max(0.0, y_axis.place(point[1])))
    return left + (right - left) * x_axis.place(point[0]), bottom - (bottom - top) * share


def _draw_legend(pen: "_Pen", at: Point, series: list[Series]) -> None:
    x, y = at
    for line in series:
        pen.line([(x, y + 8), (x + 18, y + 8)], line.colour, 3)
        text = line.name if line.faint else f"{line.name} {line.points[-1][1]:.4g}"
        x = pen.text((x + 24, y + 8), text, 12, MUTED if line.faint else TEXT, "lm") + 22


class _Pen:
    """Draws in the picture's own units."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw
        self._fonts: dict[int, ImageFont.FreeTypeFont | ImageFont.ImageFont] = {}

    def text(self, at: Point, text: str, size: int, colour: str, anchor: str = "la") -> float:
        """Write, and give back where the text ends."""
        font = self._fonts.setdefault(size, _font(size * SCALE))
        self._draw.text(_scaled(at), text, colour, font, anchor=anchor)
        return at[0] + self._draw.textlength(text, font) / SCALE

    def panel(self, box: Box) -> None:
        corners = [_scaled(box[:2]), _scaled(box[2:])]
        self._draw.rounded_rectangle(corners, 8 * SCALE, PANEL, LINE, SCALE)

    def line(self, points: Iterable[Point], colour: str, width: float) -> None:
        self._draw.line([_scaled(point) for point in points], colour, round(width * SCALE), joint="curve")

    def dots(self, points: Iterable[Point], colour: str) -> None:
        for point in points:
            self._draw.circle(_scaled(point), 3 * SCALE, colour)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The window's font; Pillow's own where the installation lost it."""
    try:
        return ImageFont.truetype(resource("fonts/Inter-Regular.otf"), size)
    except OSError:
        return ImageFont.load_default(size)


def _scaled(point: Point) -> Point:
    return point[0] * SCALE, point[1] * SCALE
