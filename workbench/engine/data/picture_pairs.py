"""Finds pictures that have another picture beside them, in two sub-folders, and reads masks of class numbers."""

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from workbench.engine.data.class_folders import folders_of, shown_name
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_folder
from workbench.engine.data.limits import MAX_PICTURES, check_memory
from workbench.engine.data.pictures import DAMAGE, FORMATS, SUFFIXES, BrokenPictureError, read_head
from workbench.engine.data.places import names_of
from workbench.engine.data.raw import AnyArray, Progress

INPUTS = ("images", "image", "imgs", "img", "pictures", "photos", "inputs", "input", "x", "noisy")
TARGETS = ("masks", "mask", "labels", "annotations", "segmentations", "targets", "target", "y", "clean", "gt")
_ENDING = re.compile(r"[-_. ](mask|masks|label|labels|seg|segmentation|target|gt|clean)$", re.IGNORECASE)
_BLOCK = 32
_LOSSY = (".jpg", ".jpeg", ".webp")
_LOOKED_AT = 8
FEW = 32
MIDDLE = 128


@dataclass(frozen=True)
class Pairs:
    """Each picture with its partner, in the order of the pictures' names. `alone` are those without a partner."""

    root: Path
    inputs: Path
    targets: Path
    pairs: tuple[tuple[Path, Path], ...]
    alone: tuple[Path, ...]


def has_pairs(root: Path) -> bool:
    """Whether a folder has just two sub-folders, called as those of pictures and of masks are."""
    names = [folder.name.lower() for folder in folders_of(root)]
    return len(names) == 2 and any(name in INPUTS for name in names) and any(name in TARGETS for name in names)


def list_pairs(root: Path, inputs: str | None, targets: str | None) -> Pairs:
    """All pictures of the sub-folder `inputs` with those of the same name in `targets`; found by their usual names when
    left out. Raises DataError when a sub-folder is not there, or no two files belong together."""
    check_folder(root)
    first = sub_folder(root, inputs, INPUTS, "pictures")
    second = sub_folder(root, targets, TARGETS, "masks, or of what is to be learned,")
    partners: dict[str, Path] = {}
    for path in _pictures(second):
        stem = _ENDING.sub("", path.stem)
        if stem in partners:
            raise DataError(
                f"{_shown(partners[stem])} and {_shown(path)} belong to the same picture. Remove one of them."
            )
        partners[stem] = path
    pairs: list[tuple[Path, Path]] = []
    alone: list[Path] = []
    for path in _pictures(first):
        partner = partners.pop(path.stem, None)
        if partner is None:
            alone.append(path)
        else:
            pairs.append((path, partner))
    alone += sorted(partners.values())
    if not pairs:
        raise DataError(
            f"No picture in “{first.name}” has one of the same name in “{second.name}”. "
            "Name both alike, as 7.jpg and 7.png."
        )
    return Pairs(root, first, second, tuple(pairs), tuple(alone))


def sub_folder(root: Path, wished: str | None, usual: Iterable[str], what: str) -> Path:
    """The sub-folder that a person named, else the first with a usual name. Raises DataError where there is none."""
    folders = {folder.name: folder for folder in folders_of(root)}
    if wished is not None:
        if wished in folders:
            return folders[wished]
        known = ", ".join(f"“{shown_name(name)}”" for name in list(folders)[:12]) or "none"
        raise DataError(f"{root.name} has no sub-folder “{wished}”. It has: {known}.")
    for name in usual:
        for folder in folders.values():
            if folder.name.lower() == name:
                return folder
    raise DataError(f"{root.name} has no sub-folder of {what} by its name. Say which one it is.")


def _pictures(folder: Path) -> list[Path]:
    try:
        found = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith("."))
    except OSError as error:
        raise DataError(f"{folder.name} cannot be read: {error.strerror or error}. Check it.", str(folder)) from error
    if len(found) > MAX_PICTURES:
        raise DataError(f"{folder.name} has {len(found)} pictures; at most {MAX_PICTURES} can be loaded.")
    stems = [path.stem for path in found]
    twice = next((path for place, path in enumerate(found[1:]) if stems[place] == path.stem), None)
    if twice is not None:
        raise DataError(f"There are two files named {shown_name(twice.stem)} in “{folder.name}”. Remove one of them.")
    return found


def _shown(path: Path) -> str:
    return shown_name(f"{path.parent.name}/{path.name}")


def read_mask(path: Path, size: tuple[int, int]) -> AnyArray:
    """The values of the dots (height, width) as int32, of the nearest dot where the size is another: places in the
    palette, grey values, or colours as red · 65536 + green · 256 + blue. Raises BrokenPictureError."""
    read_head(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd metadata make PIL warn, and are of no use here
        try:
            with Image.open(path, formats=FORMATS) as opened:
                image = ImageOps.exif_transpose(opened)
                if image.mode in ("1", "LA", "La"):
                    image = image.convert("L")
                if image.mode not in ("P", "L") and not image.mode.startswith("I;16"):
                    image = image.convert("RGB")
                image = image.resize((size[1], size[0]), Image.Resampling.NEAREST)
                values = np.asarray(image).astype(np.int32)
        except DAMAGE as error:
            raise BrokenPictureError("it is damaged") from error
    return values if values.ndim == 2 else values @ np.array([65536, 256, 1], np.int32)


def look_at_targets(paths: Sequence[Path]) -> str:
    """What the first targets are: "classes" where few different values are in them, "black_white" where nearly all dots
    are about black or about white, as JPEG leaves masks, else "picture"."""
    different: set[int] = set()
    extreme = dots = 0
    for path in paths[:_LOOKED_AT]:
        try:
            head = read_head(path)
            values = read_mask(path, head.size)
        except BrokenPictureError:
            continue
        different |= set(np.unique(values).tolist())
        extreme += int(((values < 32) | ((values > 223) & (values < 256))).sum()) if head.grey else 0
        dots += values.size
    smeared = any(path.suffix.lower() in _LOSSY for path in paths[:_LOOKED_AT])
    if len(different) <= FEW and not (smeared and len(different) > 2):
        return "classes"
    return "black_white" if extreme >= 0.95 * dots else "picture"


def read_masks(paths: Sequence[Path], size: tuple[int, int], progress: Progress) -> AnyArray:
    """The values of all masks (n, height, width) as int32. Raises DataError on one that cannot be read."""
    check_memory(len(paths) * size[0] * size[1] * 8, f"{len(paths)} masks of {size[0]}×{size[1]} dots")
    masks = np.empty((len(paths), *size), np.int32)
    for place, path in enumerate(paths):
        if place % _BLOCK == 0:
            progress("Reading the masks", place / len(paths))
        try:
            masks[place] = read_mask(path, size)
        except BrokenPictureError as error:
            raise DataError(f"{_shown(path)} cannot be used: {error}. Remove it with its picture.") from error
    return masks


def broken_masks(paths: Iterable[Path]) -> dict[Path, str]:
    """The masks that cannot be read, as far as their headers say, each with the reason."""
    broken: dict[Path, str] = {}
    for path in paths:
        try:
            read_head(path)
        except BrokenPictureError as error:
            broken[path] = str(error)
    return broken


def numbered_masks(values: AnyArray, what: str, names: tuple[str, ...]) -> tuple[AnyArray, tuple[str, ...]]:
    """Class numbers of the dots, and what the classes are called, from the values of masks. Raises
    DataError where these are no classes, or the given `names` are too many or too few."""
    known: tuple[str, ...] = ("background", "object")
    if what == "black_white":
        y = (values >= MIDDLE).astype(np.uint8)
    else:
        different, numbers = np.unique(values, return_inverse=True)
        if not 2 <= len(different) <= 256:
            raise DataError(
                f"The masks have {len(different)} different values, but from 2 to 256 classes are possible. "
                "Choose what is beside the pictures."
            )
        y, known = numbers.reshape(values.shape).astype(np.uint8), _names(different)
    if names and len(names) != len(known):
        raise DataError(f"The masks have {len(known)} classes, but {len(names)} names are given. Name each.")
    return y, names or known


def _names(different: AnyArray) -> tuple[str, ...]:
    """Colours are called as in HTML, all else by its value."""
    if different.max() < 65536:
        return names_of(different)
    return tuple(f"#{value:06x}" for value in different.tolist())
