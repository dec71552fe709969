"""Writes the Python source that reads pictures with another picture beside each."""

from pathlib import Path

from workbench.engine.data.picture_folder import Layout
from workbench.engine.data.picture_script import picture_lines
from workbench.engine.data.source_text import list_literal, text_literal

_MASK = """\
def mask(path):
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode in ("1", "LA", "La"):
            image = image.convert("L")
        if image.mode not in ("P", "L") and not image.mode.startswith("I;16"):
            image = image.convert("RGB")
        values = np.asarray(image.resize(({width}, {height}), Image.Resampling.NEAREST)).astype("int32")
        return values if values.ndim == 2 else values @ np.array([65536, 256, 1], "int32")"""


def pairs_script(
    root: Path,
    pairs: tuple[tuple[Path, Path], ...],
    layout: Layout,
    target_layout: Layout | None,
    threshold: int | None,
) -> str:
    """Source that defines `x` and `y` with the very pictures. What stands beside them is read as pictures too where it
    has a `target_layout`, else as masks whose values are numbered, or cut at the `threshold`."""
    inputs, targets = (pairs[0][place].parent.name for place in (0, 1))
    lines = [*_head(root, pairs), "", "", *picture_lines(layout), "", ""]
    if target_layout is not None:
        lines += [*picture_lines(target_layout, "other"), "", ""]
    else:
        lines += [*mask_lines(layout), "", ""]
    read = "mask" if target_layout is None else "other"
    lines += [
        f"x = np.stack([picture(Path(DATA) / {text_literal(inputs)} / name) for name, _ in PAIRS])",
        f"y = np.stack([{read}(Path(DATA) / {text_literal(targets)} / name) for _, name in PAIRS])",
    ]
    if target_layout is None:
        lines.append(numbered_line(threshold))
    return "\n".join(lines) + "\n"


def mask_lines(layout: Layout) -> list[str]:
    """A function `mask` that reads the values of a mask file."""
    height, width = layout.size
    return _MASK.format(height=height, width=width).split("\n")


def numbered_line(threshold: int | None) -> str:
    """A line that makes class numbers of the values `y`."""
    if threshold is not None:
        return f"y = (y >= {threshold}).astype(int)"
    return "classes, y = np.unique(y, return_inverse=True)"


def _head(root: Path, pairs: tuple[tuple[Path, Path], ...]) -> list[str]:
    return [
        "from pathlib import Path",
        "",
        "import numpy as np",
        "from PIL import Image, ImageOps",
        "",
        f"DATA = {text_literal(str(root))}",
        "PAIRS = [",
        *(f"    {_pair(first.name, second.name)}," for first, second in pairs),
        "]",
    ]


def _pair(first: str, second: str) -> str:
    return list_literal((first, second)).replace("[", "(").replace("]", ")")
