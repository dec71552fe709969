"""A person's own films: one sub-folder a class, in it one sub-folder a clip with its frames."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.clip_folder import Clips, choose_length, list_clips, read_clips
from workbench.engine.data.clip_params import length_params
from workbench.engine.data.clip_script import clips_script
from workbench.engine.data.params import path_of, text, whole
from workbench.engine.data.picture_folder import Layout, choose_layout, picture_size
from workbench.engine.data.picture_params import FOLDER, colour_param, size_param
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="clips",
    title="Folder of films",
    group="own",
    summary="Films or volumes of yours as frames: one sub-folder a clip, inside one sub-folder a class. Frames are "
    "taken in the order of their numbers; all clips are brought to one length.",
    params=(
        FOLDER,
        *length_params("Frames", "clip", "Shorter clips stand still now and then, or at their end."),
        size_param("frames"),
        colour_param("frames"),
    ),
    opens_folder=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Clips with their classes."""
    listed = list_clips(path_of(text(params, "path"), folder))
    frames = [(path, clip.label) for clip in listed.clips for path in clip.frames]
    size = picture_size(params["size"], ENTRY.title)
    layout, _ = choose_layout(frames, size, text(params, "colour"), progress)
    length = whole(params, "length") if params["length"] is not None else choose_length(listed.clips)
    how = text(params, "how")
    x, y = read_clips(listed.clips, layout, length, how, progress)
    return RawData(
        title=listed.root.name,
        form="volumes",
        x=x,
        y=y,
        classes=listed.classes,
        target="class",
        full_scale=255.0,
        detected=_detected(listed, layout, length),
        notes=_notes(listed, length),
        script=clips_script(listed, layout, length, how),
    )


def _detected(listed: Clips, layout: Layout, length: int) -> dict[str, str]:
    return {
        "Classes": str(len(listed.classes)),
        "Clips": str(len(listed.clips)),
        "Frames": str(length),
        "Size": f"{layout.size[0]}×{layout.size[1]}",
        "Colours": "grey" if layout.channels == 1 else "RGB",
    }


def _notes(listed: Clips, length: int) -> tuple[str, ...]:
    notes: list[str] = []
    others = sum(len(clip.frames) != length for clip in listed.clips)
    if others:
        clips = "1 clip has" if others == 1 else f"{others} clips have"
        notes.append(f"{clips} another number of frames; all were brought to {length}.")
    if listed.empty:
        names = ", ".join(path.name for path in listed.empty[:10]) + (" …" if len(listed.empty) > 10 else "")
        notes.append(f"Folders without frames were left out: {names}.")
    return tuple(notes)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """All frames, and the folders they lie in."""
    listed = list_clips(path_of(text(params, "path"), folder))
    inner = (path for clip in listed.clips for path in (clip.folder, *clip.frames))
    return (listed.root, *(listed.root / name for name in listed.classes), *inner)
