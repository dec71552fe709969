"""Films as folders of frames: one sub-folder a clip, inside one sub-folder a class."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.class_folders import check_classes, folders_of, shown_name
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_folder
from workbench.engine.data.limits import MAX_PICTURES, check_memory
from workbench.engine.data.picture_folder import Layout
from workbench.engine.data.pictures import SUFFIXES, BrokenPictureError, read_picture
from workbench.engine.data.raw import Progress

FEWEST = 2
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Clip:
    """A folder of frames in their order, with the number of its class."""

    folder: Path
    label: int
    frames: tuple[Path, ...]


@dataclass(frozen=True)
class Clips:
    """The clips by class and name; `empty` are folders without frames."""

    root: Path
    classes: tuple[str, ...]
    clips: tuple[Clip, ...]
    empty: tuple[Path, ...]


def in_order(name: str) -> list[tuple[bool, int, str]]:
    """What sorts names as people count: frame 2 before frame 10."""
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _DIGITS.split(name)]


def list_clips(root: Path) -> Clips:
    """All clips of a folder. Raises DataError when there are no two classes with clips."""
    check_folder(root)
    found = {folder.name: clips_in(folder) for folder in folders_of(root)}
    with_frames = {name: [clip for clip in clips if clip[1]] for name, clips in found.items()}
    classes = tuple(name for name, clips in with_frames.items() if clips)
    check_classes(root, found, classes, "clips", " (sub-folders with frames)")
    clips = tuple(
        Clip(folder, label, frames) for label, name in enumerate(classes) for folder, frames in with_frames[name]
    )
    count = sum(len(clip.frames) for clip in clips)
    if count > MAX_PICTURES:
        raise DataError(f"{root.name} has {count} frames; at most {MAX_PICTURES} can be loaded. Use a part of them.")
    empty = tuple(folder for each in found.values() for folder, frames in each if not frames)
    return Clips(root, classes, clips, empty)


def has_frames(folder: Path) -> bool:
    """Whether a folder has no pictures of its own, but a sub-folder with some."""
    return not _frames(folder) and any(_frames(inner) for inner in folders_of(folder))


def clips_in(folder: Path) -> list[tuple[Path, tuple[Path, ...]]]:
    """The sub-folders of a folder, each with its frames, all in the order of their numbers."""
    return [(inner, _frames(inner)) for inner in sorted(folders_of(folder), key=lambda path: in_order(path.name))]


def _frames(folder: Path) -> tuple[Path, ...]:
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda path: in_order(path.name)))


def choose_length(clips: tuple[Clip, ...]) -> int:
    """The commonest number of frames, the smaller one of two that are as common."""
    counts = Counter(len(clip.frames) for clip in clips)
    return max(FEWEST, max(counts, key=lambda length: (counts[length], -length)))


def chosen_frames(frames: int, length: int, how: str) -> list[int]:
    """Which of so many frames make a clip of this length: "spread" evenly from the first to the last, or the "first"
    ones; where there are too few, the last is repeated by "first", and each by "spread"."""
    if how == "spread":
        return [int(place) for place in np.linspace(0, frames - 1, length).round()]
    return [min(place, frames - 1) for place in range(length)]


def read_clips(
    clips: tuple[Clip, ...], layout: Layout, length: int, how: str, progress: Progress
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The clips (n, length, height, width, channels) and their class numbers. Raises DataError on a frame that cannot
    be read, and where all would take too much memory."""
    shape = (len(clips), length, *layout.size, layout.channels)
    check_memory(int(np.prod(shape, dtype=np.float64)), f"{len(clips)} clips of {length} frames")
    x = np.empty(shape, np.uint8)
    for number, clip in enumerate(clips):
        progress("Reading the frames", number / len(clips))
        for place, frame in enumerate(chosen_frames(len(clip.frames), length, how)):
            path = clip.frames[frame]
            try:
                x[number, place] = read_picture(path, layout.size, layout.channels)
            except BrokenPictureError as error:
                name = shown_name("/".join(path.parts[-3:]))
                raise DataError(f"{name} cannot be used: {error}. Remove the frame, or its clip.") from error
    return x, np.array([clip.label for clip in clips], np.int64)
