"""Draws the pictures that the sample "Pictures from a folder" brings along: `resources/samples/pictures_folder.zip`.

    python packaging/sample_pictures.py

Shapes as the source `shapes` draws them, in files as a person would have them: one sub-folder a class, of several
sizes, a few of them grey, one of them broken; and beside that folder four to predict. The same file each time.
"""

import io
import sys
import zipfile

import numpy as np
from PIL import Image

from workbench.domain.resources import resource
from workbench.engine.data.params import complete
from workbench.engine.data.sources import shapes

FOLDER, OWN = "pictures", "try"
SIZES = (48, 48, 48, 56, 64)
COUNT, EVERY_GREY = 400, 40


def main() -> int:
    """Write the file."""
    path = resource("samples") / "pictures_folder.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(drawn().items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    sys.stdout.write(f"{path}: {path.stat().st_size:,} bytes\n")
    return 0


def drawn() -> dict[str, bytes]:
    """All files by their names."""
    pictures, labels = picture_set(COUNT, seed=7)
    rng = np.random.default_rng(7)
    files: dict[str, bytes] = {}
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        kind, size = shapes.CLASSES[label], int(rng.choice(SIZES))
        image = Image.fromarray(picture).resize((size, size), Image.Resampling.LANCZOS)
        files[f"{FOLDER}/{kind}/{kind}-{number:03}.jpg"] = written(image, grey=number % EVERY_GREY == 0)
    files[f"{FOLDER}/cross/cross-broken.jpg"] = files[f"{FOLDER}/cross/cross-003.jpg"][:300]
    for picture, label in zip(*picture_set(4, seed=11), strict=True):
        kind = shapes.CLASSES[label]
        files[f"{OWN}/{kind}.jpg"] = written(Image.fromarray(picture).resize((96, 96), Image.Resampling.LANCZOS))
    return files


def picture_set(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """So many shapes (count, 48, 48, 3) with their class numbers."""
    params = complete(shapes.ENTRY, {"samples": max(20, count), "size": 48, "seed": seed, "noise": 0.03})
    raw = shapes.read(params, None, lambda _text, _fraction: None)
    assert raw.x is not None
    assert raw.y is not None
    return raw.x[:count], raw.y[:count]


def written(image: Image.Image, grey: bool = False) -> bytes:
    """A picture as JPEG."""
    buffer = io.BytesIO()
    (image.convert("L") if grey else image).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
