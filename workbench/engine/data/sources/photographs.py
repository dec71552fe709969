"""Tiles cut from eight photographs, to be told apart by what they show."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.bundled import bundled_file
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import whole
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.source_text import list_literal, text_literal

FOLDER = "photographs"
CLASSES = ("bricks", "cat", "coffee", "galaxies", "grass", "gravel", "retina", "rocket")
ENTRY = SourceEntry(
    kind="photographs",
    title="Photographs",
    group="bundled",
    summary="Tiles of eight photographs: bricks, a cat, coffee, galaxies, grass, gravel, the retina of an eye and a "
    "rocket. Which photograph is a tile from? No two tiles share a dot, so no part of the data has seen another.",
    params=(
        ParamEntry("size", "int", 32, low=8, high=128, help="Height and width of a tile in dots."),
        ParamEntry(
            "tiles",
            "int",
            120,
            low=4,
            high=2_000,
            title="Tiles of each",
            help="How many tiles are cut from a photograph at most; of large tiles, fewer find room.",
        ),
        ParamEntry("seed", "int", 0, low=0, high=2**31 - 1, help="The same seed cuts the same tiles."),
    ),
    licence="CC0 or public domain, named one by one in LICENCES.md (scikit-image)",
    task="multiclass",
    samples=960,
    shape=(32, 32, 3),
)

_SCRIPT = """\
from pathlib import Path

import numpy as np
from PIL import Image

DATA = {path}
CLASSES = {classes}

rng = np.random.default_rng({seed})


def edges(length):
    \"\"\"Where tiles begin along a side: at random, but so that no two overlap.\"\"\"
    count = (length - 1) // {size}
    return np.arange(count) * {size} + np.sort(rng.integers(0, length - count * {size} + 1, count))


x, y = [], []
for label, name in enumerate(CLASSES):
    with Image.open(Path(DATA) / f"{{name}}.jpg") as image:
        dots = np.asarray(image.convert("RGB"))
    tops, lefts = edges(dots.shape[0]), edges(dots.shape[1])
    places = [(top, left) for top in tops for left in lefts]
    for place in np.sort(rng.permutation(len(places))[:{tiles}]):
        top, left = places[place]
        x.append(dots[top : top + {size}, left : left + {size}])
        y.append(label)
x, y = np.stack(x), np.array(y)
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Tiles (n, size, size, 3) of 0 to 255, and the number of the photograph of each."""
    size, tiles, seed = whole(params, "size"), whole(params, "tiles"), whole(params, "seed")
    rng = np.random.default_rng(seed)
    x: list[NDArray[np.uint8]] = []
    y: list[int] = []
    for label, path in enumerate(files(params, folder)):
        progress("Cutting the photographs", label / len(CLASSES))
        for tile in _tiles(_dots(path), size, tiles, rng):
            x.append(tile)
            y.append(label)
    return RawData(
        title=ENTRY.title,
        form="pictures",
        x=np.stack(x),
        y=np.array(y),
        classes=CLASSES,
        target="photograph",
        task="multiclass",
        full_scale=255.0,
        script=_SCRIPT.format(
            path=text_literal(str(bundled_file(f"{FOLDER}/{CLASSES[0]}.jpg").parent)),
            classes=list_literal(CLASSES),
            size=size,
            tiles=tiles,
            seed=seed,
        ),
    )


def _dots(path: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    except OSError as error:
        raise DataError(f"The bundled file {path.name} is damaged. Install the workbench again.", str(error)) from error


def _tiles(dots: NDArray[np.uint8], size: int, most: int, rng: np.random.Generator) -> list[NDArray[np.uint8]]:
    """The very lines of the script: some tiles of a photograph, none of which overlap."""
    tops, lefts = _edges(dots.shape[0], size, rng), _edges(dots.shape[1], size, rng)
    places = [(top, left) for top in tops for left in lefts]
    chosen = [places[place] for place in np.sort(rng.permutation(len(places))[:most])]
    return [dots[top : top + size, left : left + size] for top, left in chosen]


def _edges(length: int, size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    count = (length - 1) // size
    return np.arange(count) * size + np.sort(rng.integers(0, length - count * size + 1, count))


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled photographs."""
    return tuple(bundled_file(f"{FOLDER}/{name}.jpg") for name in CLASSES)
