"""A person's own volumes, as slices, with a mask beside each slice."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.class_folders import shown_name
from workbench.engine.data.clip_folder import choose_length, chosen_frames, read_clips
from workbench.engine.data.clip_params import length_params
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import check_memory
from workbench.engine.data.params import path_of, text, texts, whole
from workbench.engine.data.picture_folder import Layout, choose_layout, picture_size
from workbench.engine.data.picture_pairs import MIDDLE, look_at_targets, numbered_masks
from workbench.engine.data.picture_params import CLASSES, FOLDER, colour_param, size_param
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.volume_pairs import VolumePairs, list_volumes, read_volume_masks
from workbench.engine.data.volume_pairs_script import volumes_script

ENTRY = SourceEntry(
    kind="volume_pairs",
    title="Volumes with masks",
    group="own",
    summary="A folder with two sub-folders: volumes or films, and their masks. Both have one sub-folder of the same "
    "name for each volume, with its slices in the order of their numbers.",
    params=(
        FOLDER,
        ParamEntry(
            "inputs",
            "text",
            optional=True,
            title="Sub-folder of volumes",
            help="The sub-folder with the volumes; found by its name, as “images”, when left empty.",
        ),
        ParamEntry(
            "targets",
            "text",
            optional=True,
            title="Sub-folder of masks",
            help="The sub-folder with the masks; found by its name, as “masks”, when left empty.",
        ),
        ParamEntry(
            "what",
            "choice",
            "auto",
            choices=("auto", "classes", "black_white"),
            choice_titles=("As detected", "Masks", "Black and white masks"),
            title="Masks are",
            help="Masks, in which each value or colour is a class; or black and white with greys between them, cut in "
            "the middle.",
        ),
        CLASSES,
        *length_params("Slices", "volume", "In shorter ones slices come twice."),
        size_param("slices"),
        colour_param("slices"),
    ),
    opens_folder=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Volumes, and the masks of their slices."""
    listed = _listed(params, folder)
    clips = tuple(volume.clip for volume in listed.volumes)
    size = picture_size(params["size"], ENTRY.title)
    frames = [(path, 0) for clip in clips for path in clip.frames]
    layout, _ = choose_layout(frames, size, text(params, "colour"), progress)
    length = whole(params, "length") if params["length"] is not None else choose_length(clips)
    how = text(params, "how")
    dots = len(clips) * length * layout.size[0] * layout.size[1]
    check_memory(dots * (layout.channels + 8), f"{len(clips)} volumes of {length} slices with their masks")
    what = text(params, "what")
    if what == "auto":
        what = look_at_targets([path for volume in listed.volumes for path in volume.masks])
    if what == "picture":
        raise DataError(
            f"What lies in “{listed.targets.name}” has too many values for masks. Choose that they are masks, or open "
            "volumes with pictures beside them from an NPZ file."
        )
    x, _ = read_clips(clips, layout, length, how, progress)
    chosen = [chosen_frames(len(clip.frames), length, how) for clip in clips]
    values = read_volume_masks(listed.volumes, chosen, layout.size, progress)
    y, classes = numbered_masks(values, what, texts(params, "classes"))
    return RawData(
        title=listed.root.name,
        form="volumes",
        x=x,
        y=y,
        classes=classes,
        target=listed.targets.name,
        task="segmentation",
        full_scale=255.0,
        detected=_detected(listed, layout, classes, length),
        notes=_notes(listed, length),
        script=volumes_script(listed, layout, length, how, MIDDLE if what == "black_white" else None),
    )


def _detected(listed: VolumePairs, layout: Layout, classes: tuple[str, ...], length: int) -> dict[str, str]:
    return {
        "Volumes": str(len(listed.volumes)),
        "Slices": str(length),
        "Folders": f"{listed.inputs.name}, {listed.targets.name}",
        "Size": f"{layout.size[0]}×{layout.size[1]}",
        "Beside them": f"masks of {len(classes)} classes",
    }


def _notes(listed: VolumePairs, length: int) -> tuple[str, ...]:
    notes: list[str] = []
    others = sum(len(volume.slices) != length for volume in listed.volumes)
    if others:
        volumes = "1 volume has" if others == 1 else f"{others} volumes have"
        notes.append(f"{volumes} another number of slices; all were brought to {length}.")
    if listed.alone:
        names = ", ".join(shown_name(f"{path.parent.name}/{path.name}") for path in listed.alone[:10])
        more = f" and {len(listed.alone) - 10} more" if len(listed.alone) > 10 else ""
        notes.append(f"Folders without a partner were left out: {names}{more}.")
    return tuple(notes)


def _listed(params: Params, folder: Path | None) -> VolumePairs:
    wished = [text(params, name) if params[name] else None for name in ("inputs", "targets")]
    return list_volumes(path_of(text(params, "path"), folder), wished[0], wished[1])


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """All slices with their masks, and the folders they lie in."""
    listed = _listed(params, folder)
    inner = (path for each in listed.volumes for path in (each.slices[0].parent, *each.slices, *each.masks))
    return (listed.root, listed.inputs, listed.targets, *inner, *listed.alone)
