"""Pictures of four shapes in many colours, places, sizes and turns."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

CLASSES = ("circle", "square", "triangle", "cross")
MOST_DOTS = 12_000_000
ENTRY = SourceEntry(
    kind="shapes",
    title="Shapes",
    group="generated",
    summary="Circles, squares, triangles and crosses in colour: made for convolution, and to see what turning, moving "
    "and recolouring of the pictures does to learning.",
    params=(
        ParamEntry("samples", "int", 2000, low=20, high=20_000, help="How many pictures to draw."),
        ParamEntry("size", "int", 32, low=12, high=128, help="Height and width of a picture in dots."),
        ParamEntry("turn", "float", 180.0, low=0.0, high=180.0, help="The most that a shape is turned, in degrees."),
        ParamEntry("shift", "float", 0.35, low=0.0, high=0.6, help="How far a shape lies off the middle at most."),
        ParamEntry("noise", "float", 0.05, low=0.0, high=0.5, help="The standard deviation of what is added to a dot."),
        ParamEntry(
            "learn",
            "choice",
            "class",
            choices=("class", "mask"),
            choice_titles=("Which shape it is", "The dots of the shape"),
            title="To learn",
            help="Which of the four shapes a picture shows, or which of its dots belong to it.",
        ),
        generated.SEED,
    ),
    task="multiclass",
    samples=2000,
    shape=(32, 32, 3),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
y = np.arange({samples}) % 4  # circle, square, triangle, cross
centre = rng.uniform(-{shift}, {shift}, ({samples}, 2))
radius = rng.uniform(0.25, 0.55, ({samples}, 1, 1))
angle = np.radians(rng.uniform(-{turn}, {turn}, {samples}))[:, None, None]
paper = rng.uniform(0.0, 0.35, ({samples}, 1, 1, 3))
ink = rng.uniform(0.45, 1.0, ({samples}, 1, 1, 3))
axis = (np.arange({size}) + 0.5) / {size} * 2 - 1
across, down = axis[None, None, :] - centre[:, :1, None], axis[None, :, None] - centre[:, 1:, None]
u = (across * np.cos(angle) + down * np.sin(angle)) / radius
v = (down * np.cos(angle) - across * np.sin(angle)) / radius
circle = np.hypot(u, v) < 1
square = np.maximum(np.abs(u), np.abs(v)) < 0.85
triangle = (v < 0.5) & (v > 1.732 * np.abs(u) - 1)
cross = (np.minimum(np.abs(u), np.abs(v)) < 0.3) & (np.maximum(np.abs(u), np.abs(v)) < 1)
kind = y[:, None, None]
inside = np.where(kind == 0, circle, np.where(kind == 1, square, np.where(kind == 2, triangle, cross)))
x = np.where(inside[..., None], ink, paper) + rng.normal(0, {noise}, ({samples}, {size}, {size}, 3))
x = (np.clip(x, 0, 1) * 255).round().astype("uint8")
"""
_MASKS = "y = np.where(inside, kind + 1, 0)  # 0 is the background\n"


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures of four classes, or with a mask each."""
    samples, size, seed = whole(params, "samples"), whole(params, "size"), whole(params, "seed")
    if samples * size * size > MOST_DOTS:
        raise DataError(f"{samples:,} pictures of {size}×{size} dots are too many. Draw fewer, or smaller ones.")
    progress("Drawing the shapes", None)
    turn, shift, noise = number(params, "turn"), number(params, "shift"), number(params, "noise")
    x, y, inside = _drawn(samples, size, turn, shift, noise, seed)
    script = _SCRIPT.format(samples=samples, size=size, turn=turn, shift=shift, noise=noise, seed=seed)
    marks = params["learn"] == "mask"
    return RawData(
        title=ENTRY.title,
        form="pictures",
        x=x,
        y=np.where(inside, y[:, None, None] + 1, 0) if marks else y,
        classes=("background", *CLASSES) if marks else CLASSES,
        target="mask" if marks else "shape",
        task="segmentation" if marks else "multiclass",
        full_scale=255.0,
        script=script + _MASKS if marks else script,
    )


def _drawn(
    samples: int, size: int, turn: float, shift: float, noise: float, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
    """The very lines of the script: pictures (samples, size, size, 3), their classes, and which dots are inside."""
    rng = np.random.default_rng(seed)
    y = np.arange(samples) % 4
    centre = rng.uniform(-shift, shift, (samples, 2))
    radius = rng.uniform(0.25, 0.55, (samples, 1, 1))
    angle = np.radians(rng.uniform(-turn, turn, samples))[:, None, None]
    paper = rng.uniform(0.0, 0.35, (samples, 1, 1, 3))
    ink = rng.uniform(0.45, 1.0, (samples, 1, 1, 3))
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    across, down = axis[None, None, :] - centre[:, :1, None], axis[None, :, None] - centre[:, 1:, None]
    u = (across * np.cos(angle) + down * np.sin(angle)) / radius
    v = (down * np.cos(angle) - across * np.sin(angle)) / radius
    circle = np.hypot(u, v) < 1
    square = np.maximum(np.abs(u), np.abs(v)) < 0.85
    triangle = (v < 0.5) & (v > 1.732 * np.abs(u) - 1)
    cross = (np.minimum(np.abs(u), np.abs(v)) < 0.3) & (np.maximum(np.abs(u), np.abs(v)) < 1)
    kind = y[:, None, None]
    inside = np.where(kind == 0, circle, np.where(kind == 1, square, np.where(kind == 2, triangle, cross)))
    x = np.where(inside[..., None], ink, paper) + rng.normal(0, noise, (samples, size, size, 3))
    return (np.clip(x, 0, 1) * 255).round().astype("uint8"), y, inside


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the pictures are drawn."""
    return generated.no_files()
