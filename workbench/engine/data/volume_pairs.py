"""Volumes with masks, as two sub-folders that have one sub-folder a volume, with its slices in it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.engine.data.class_folders import shown_name
from workbench.engine.data.clip_folder import Clip, clips_in, has_frames
from workbench.engine.data.csv_format import counted
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_folder
from workbench.engine.data.limits import MAX_PICTURES
from workbench.engine.data.picture_pairs import INPUTS, TARGETS, has_pairs, read_masks, sub_folder
from workbench.engine.data.raw import AnyArray, Progress


@dataclass(frozen=True)
class Volume:
    """The slices of a volume, and the mask of each."""

    name: str
    slices: tuple[Path, ...]
    masks: tuple[Path, ...]

    @property
    def clip(self) -> Clip:
        """The volume as a clip of no class."""
        return Clip(self.slices[0].parent, 0, self.slices)


@dataclass(frozen=True)
class VolumePairs:
    """The volumes by name; `alone` are folders without a partner, or without slices."""

    root: Path
    inputs: Path
    targets: Path
    volumes: tuple[Volume, ...]
    alone: tuple[Path, ...]


def has_volume_pairs(root: Path) -> bool:
    """Whether a folder has just two sub-folders, called as those of pictures and of masks are, with folders of slices
    in the first of them."""
    return has_pairs(root) and has_frames(sub_folder(root, None, INPUTS, "volumes"))


def list_volumes(root: Path, inputs: str | None, targets: str | None) -> VolumePairs:
    """All volumes of the sub-folder `inputs` with the masks of the same name in `targets`; found by their usual names
    when left out. Raises DataError when a sub-folder is not there, no two folders belong together, or a volume has not
    a mask for each slice."""
    check_folder(root)
    first = sub_folder(root, inputs, INPUTS, "volumes")
    second = sub_folder(root, targets, TARGETS, "masks, or of what is to be learned,")
    partners = {folder.name: (folder, frames) for folder, frames in clips_in(second) if frames}
    volumes: list[Volume] = []
    alone: list[Path] = []
    for folder, frames in clips_in(first):
        partner = partners.pop(folder.name, None)
        if partner is None or not frames:
            alone.append(folder)
            continue
        if len(partner[1]) != len(frames):
            raise DataError(
                f"“{_shown(folder)}” has {counted(len(frames), 'slice')}, but “{_shown(partner[0])}” "
                f"{counted(len(partner[1]), 'mask')}. Give each slice one mask."
            )
        volumes.append(Volume(folder.name, frames, partner[1]))
    alone += [folder for folder, _ in partners.values()]
    if not volumes:
        raise DataError(
            f"No folder of slices in “{first.name}” has one of the same name in “{second.name}”. Name both alike."
        )
    count = 2 * sum(len(volume.slices) for volume in volumes)
    if count > MAX_PICTURES:
        raise DataError(f"{root.name} has {count} slices; at most {MAX_PICTURES} can be loaded. Use a part of them.")
    return VolumePairs(root, first, second, tuple(volumes), tuple(alone))


def read_volume_masks(
    volumes: tuple[Volume, ...], chosen: list[list[int]], size: tuple[int, int], progress: Progress
) -> AnyArray:
    """The values of the masks (n, slices, height, width) as int32, of the slices `chosen` of each volume. Raises
    DataError on one that cannot be read."""
    paths = [volume.masks[place] for volume, places in zip(volumes, chosen, strict=True) for place in places]
    return np.asarray(read_masks(paths, size, progress)).reshape(len(volumes), -1, *size)


def _shown(folder: Path) -> str:
    return shown_name(f"{folder.parent.name}/{folder.name}")
