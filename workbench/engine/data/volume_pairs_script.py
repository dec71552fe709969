"""Writes the Python source that reads volumes with masks from folders of slices."""

from workbench.engine.data.clip_script import chosen_places
from workbench.engine.data.picture_folder import Layout
from workbench.engine.data.picture_pairs_script import mask_lines, numbered_line
from workbench.engine.data.picture_script import picture_lines
from workbench.engine.data.pictures import SUFFIXES
from workbench.engine.data.source_text import list_literal, text_literal
from workbench.engine.data.volume_pairs import VolumePairs

_VOLUMES = """\
def in_order(path):  # slice 2 before slice 10
    parts = re.split(r"(\\d+)", path.name)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def volume(folder, read):
    frames = [path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    frames = sorted(frames, key=in_order)
    return np.stack([read(frames[place]) for place in CHOSEN])


x = np.stack([volume(Path(DATA) / INPUTS / name, picture) for name in NAMES])
y = np.stack([volume(Path(DATA) / TARGETS / name, mask) for name in NAMES])
"""


def volumes_script(listed: VolumePairs, layout: Layout, length: int, how: str, threshold: int | None) -> str:
    """Source that defines `x` and `y` with the very volumes of the listing. The values of the masks are numbered, or
    cut at the `threshold`."""
    lines = [
        "import re",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "from PIL import Image, ImageOps",
        "",
        f"DATA = {text_literal(str(listed.root))}",
        f"INPUTS, TARGETS = {text_literal(listed.inputs.name)}, {text_literal(listed.targets.name)}",
        f"NAMES = {list_literal(volume.name for volume in listed.volumes)}",
        f"SUFFIXES = {list_literal(SUFFIXES)}",
        "",
        "",
        *picture_lines(layout),
        "",
        "",
        *mask_lines(layout),
        "",
        "",
        _VOLUMES.replace("CHOSEN", chosen_places(how, length)) + numbered_line(threshold),
    ]
    return "\n".join(lines) + "\n"
