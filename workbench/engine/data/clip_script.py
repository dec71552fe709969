"""Writes the Python source that reads films from folders of frames."""

from workbench.engine.data.clip_folder import Clips
from workbench.engine.data.picture_folder import Layout
from workbench.engine.data.picture_script import picture_lines
from workbench.engine.data.pictures import SUFFIXES
from workbench.engine.data.source_text import list_literal, text_literal

_CLIPS = """\
def in_order(path):  # frame 2 before frame 10
    parts = re.split(r"(\\d+)", path.name)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def clip(folder):
    frames = [path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    frames = sorted(frames, key=in_order)
    return np.stack([picture(frames[place]) for place in CHOSEN])


clips, labels = [], []
for label, name in enumerate(CLASSES):
    folders = [path for path in (Path(DATA) / name).glob("*") if path.is_dir() and not path.name.startswith(".")]
    for folder in sorted(folders, key=in_order):
        if folder.relative_to(DATA).as_posix() not in EMPTY:
            clips.append(clip(folder))
            labels.append(label)
x, y = np.stack(clips), np.array(labels)
"""
_SPREAD = "np.linspace(0, len(frames) - 1, {length}).round().astype(int)"
_FIRST = "np.minimum(np.arange({length}), len(frames) - 1)"


def chosen_places(how: str, length: int) -> str:
    """A Python expression for the places of the `frames` to take."""
    return (_SPREAD if how == "spread" else _FIRST).format(length=length)


def clips_script(listed: Clips, layout: Layout, length: int, how: str) -> str:
    """Source that defines `x` and `y` with the very clips of the listing."""
    chosen = chosen_places(how, length)
    empty = [path.relative_to(listed.root).as_posix() for path in listed.empty]
    lines = [
        "import re",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "from PIL import Image, ImageOps",
        "",
        f"DATA = {text_literal(str(listed.root))}",
        f"CLASSES = {list_literal(listed.classes)}",
        f"SUFFIXES = {list_literal(SUFFIXES)}",
        f"EMPTY = {list_literal(empty)}  # have no frames",
        "",
        "",
        *picture_lines(layout),
    ]
    return "\n".join(lines) + "\n\n\n" + _CLIPS.replace("CHOSEN", chosen)
