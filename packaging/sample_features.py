"""Writes the sample "Features from EfficientNet-Lite0": `resources/samples/features.zip` and its JSON file.

    python packaging/sample_features.py

The bundled photographs cut into tiles that do not overlap, one sub-folder a photograph: which one is a tile of? The
same files each time.
"""

import io
import sys
import zipfile

import msgspec
from PIL import Image, ImageOps

from workbench.domain import weights
from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.efficientnet_lite import FILE, efficientnet_lite0
from workbench.domain.project import Project
from workbench.domain.resources import resource
from workbench.domain.samples import SampleEntry
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import AnyNode, Base, Layer, ModelTree
from workbench.domain.tree_tools import map_nodes
from workbench.domain.values import ObjectSpec

NAME = "Features from EfficientNet-Lite0"
FOLDER = "photographs"
TILE, ACROSS = 96, 5
DESCRIPTION = (
    "Eight photographs without colour, cut into tiles, and only six tiles of each to learn from. A network that has "
    "seen more than a million pictures makes features of them, frozen; one small layer learns which photograph a tile "
    "is of. About 20 seconds on two cores."
)
NOTES = (
    "Only the last layer learns here: 10,248 of 3.4 million parameters. It knows about 92 % of the tiles that it never "
    "saw; a small network of convolutions that learns from the same tiles alone knows about two thirds of them. The "
    "base was made by the action “Insert a base…”, needs no internet, and scales pictures itself, so the data are not "
    "scaled. Next, let the last blocks of the base learn too, with a small learning rate: that is fine-tuning."
)


def main() -> int:
    """Write both files."""
    folder = resource("samples")
    with zipfile.ZipFile(folder / "features.zip", "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(tiles().items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    path = folder / "04-features.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(entry()), indent=2) + b"\n")
    for each in (folder / "features.zip", path):
        sys.stdout.write(f"{each}: {each.stat().st_size:,} bytes\n")
    return 0


def tiles() -> dict[str, bytes]:
    """All tiles by their names."""
    files: dict[str, bytes] = {}
    for path in sorted(resource("data/photographs").glob("*.jpg")):
        with Image.open(path) as opened:
            # Without colour: by that alone a small network would tell them apart.
            whole = opened.convert("L").resize((TILE * ACROSS, TILE * ACROSS), Image.Resampling.LANCZOS)
        for number in range(ACROSS**2):
            row, column = divmod(number, ACROSS)
            box = (column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE)
            buffer = io.BytesIO()
            ImageOps.autocontrast(whole.crop(box), cutoff=1).convert("RGB").save(buffer, "JPEG", quality=85)
            files[f"{FOLDER}/{path.stem}/{path.stem}-{number:02}.jpg"] = buffer.getvalue()
    return files


def entry() -> SampleEntry:
    """The sample with its network."""
    file = weights.name_of(resource(FILE).read_bytes())
    base = numbered(efficientnet_lite0(file))
    head = (
        Layer(id="pool", class_name="GlobalAveragePooling2D"),
        Layer(id="out", class_name="Dense", params={"units": 8, "activation": "softmax"}),
    )
    project = Project(
        name=NAME,
        data=DatasetSpec(
            SourceSpec("images", {"path": FOLDER}), split=Split(validation=0.25, test=0.5), scaling="none"
        ),
        model=ModelTree((base, *head)),
        training=TrainingSpec(batch_size=16, epochs=15, seed=1, optimizer=ObjectSpec("Adam", {"learning_rate": 0.01})),
    )
    tags = ("pictures", "classes")
    return SampleEntry(
        "features", NAME, DESCRIPTION, tags, project, notes=NOTES, files="features.zip", group="pictures"
    )


def numbered(base: Base) -> AnyNode:
    """The base with ids that are the same each time."""
    numbers = iter(range(10_000))
    (made,) = map_nodes((base,), lambda node: msgspec.structs.replace(node, id=f"base-{next(numbers)}"))
    return made


if __name__ == "__main__":
    sys.exit(main())
