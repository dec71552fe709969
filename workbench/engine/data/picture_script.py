"""Writes the Python source that reads a folder of pictures."""

from collections.abc import Collection
from pathlib import Path

from workbench.engine.data.picture_folder import Layout, Listing
from workbench.engine.data.pictures import SUFFIXES
from workbench.engine.data.source_text import list_literal, text_literal


def folder_script(listing: Listing, layout: Layout, broken: Collection[Path], nested: bool = False) -> str:
    """Source that defines `x`, `y` (and `x_test`, `y_test`) with the very pictures of the listing; no `y` where it has
    no classes."""
    lines = [
        "from pathlib import Path",
        "",
        "import numpy as np",
        "from PIL import Image, ImageOps",
        "",
        f"DATA = {text_literal(str(listing.root))}",
        *([f"CLASSES = {list_literal(listing.classes)}"] if listing.classes else []),
        f"SUFFIXES = {list_literal(SUFFIXES)}",
    ]
    if broken:
        names = sorted(path.relative_to(listing.root).as_posix() for path in broken)
        lines.append(f"SKIPPED = {list_literal(names)}  # cannot be read")
    lines += ["", "", *picture_lines(layout), "", ""]
    if not listing.classes:
        lines += [
            f'paths = sorted(path for path in Path(DATA).glob("*") if {_condition(bool(broken))})',
            "x = np.stack([picture(path) for path in paths])",
        ]
        return "\n".join(lines) + "\n"
    lines += _folder(bool(broken), nested)
    train = _folder_expression(listing.root, listing.train_root)
    lines += ["", "", f"x, y{', places' * nested} = pictures({train})"]
    if listing.test_root is not None:
        lines.append(
            f"x_test, y_test{', _' * nested} = pictures({_folder_expression(listing.root, listing.test_root)})"
        )
    return "\n".join(lines) + "\n"


def _folder_expression(root: Path, folder: Path) -> str:
    return "Path(DATA)" if folder == root else f"Path(DATA) / {text_literal(folder.name)}"


def picture_lines(layout: Layout, name: str = "picture") -> list[str]:
    """A function of this name that reads a picture file as the layout wants it."""
    height, width = layout.size
    mode = "L" if layout.channels == 1 else "RGB"
    deep = (
        []
        if not layout.deep
        else [
            '        if image.mode.startswith("I;16"):',
            '            image = Image.fromarray((np.asarray(image) >> 8).astype("uint8"))',
        ]
    )
    return [
        f"def {name}(path):",
        "    with Image.open(path) as opened:",
        "        image = ImageOps.exif_transpose(opened)  # turned as the camera was held",
        *deep,
        f'        image = image.convert("{mode}").resize(({width}, {height}), Image.Resampling.BILINEAR)',
        f"        return np.asarray(image).reshape({height}, {width}, {layout.channels})",
    ]


def _condition(skips: bool) -> str:
    condition = 'path.suffix.lower() in SUFFIXES and not path.name.startswith(".")'
    return condition + " and path.relative_to(DATA).as_posix() not in SKIPPED" if skips else condition


def _folder(skips: bool, nested: bool) -> list[str]:
    condition = _condition(skips)
    if nested:
        return _nested(condition)
    return [
        "def pictures(folder):",
        "    images, labels = [], []",
        "    for label, name in enumerate(CLASSES):",
        '        for path in sorted((folder / name).glob("*")):',
        f"            if {condition}:",
        "                images.append(picture(path))",
        "                labels.append(label)",
        "    return np.stack(images), np.array(labels)",
    ]


def _nested(condition: str) -> list[str]:
    """As above, with the sub-folder that each picture lies in."""
    return [
        "def pictures(folder):",
        "    images, labels, places = [], [], []",
        "    for label, name in enumerate(CLASSES):",
        '        for path in sorted((folder / name).rglob("*")):',
        "            place = path.relative_to(folder / name).parent",
        '            hidden = any(part.startswith(".") for part in place.parts)',
        f"            if {condition} and not hidden and path.is_file():",
        "                images.append(picture(path))",
        "                labels.append(label)",
        "                places.append(place.as_posix())",
        "    return np.stack(images), np.array(labels), places",
    ]
