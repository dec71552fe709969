"""A person's own pictures with a mask, or another picture, beside each."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.class_folders import shown_name
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import BROKEN, path_of, text, texts
from workbench.engine.data.picture_folder import Layout, choose_layout, picture_size, read_all
from workbench.engine.data.picture_pairs import (
    MIDDLE,
    Pairs,
    broken_masks,
    list_pairs,
    look_at_targets,
    numbered_masks,
    read_masks,
)
from workbench.engine.data.picture_pairs_script import pairs_script
from workbench.engine.data.picture_params import CLASSES, FOLDER, colour_param, size_param
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="picture_pairs",
    title="Pictures with masks",
    group="own",
    summary="A folder with two sub-folders: pictures, and beside each of them a mask or another picture of the same "
    "name. Each dot of a mask is a class.",
    params=(
        FOLDER,
        ParamEntry(
            "inputs",
            "text",
            optional=True,
            title="Sub-folder of pictures",
            help="The sub-folder with the pictures; found by its name, as “images”, when left empty.",
        ),
        ParamEntry(
            "targets",
            "text",
            optional=True,
            title="Sub-folder of masks",
            help="The sub-folder with what is to be learned; found by its name, as “masks”, when left empty.",
        ),
        ParamEntry(
            "what",
            "choice",
            "auto",
            choices=("auto", "classes", "black_white", "picture"),
            choice_titles=("As detected", "Masks", "Black and white masks", "Pictures"),
            title="Beside them are",
            help="Masks, in which each value or colour is a class; masks of black and white with greys between them, "
            "cut in the middle; or pictures to be learned dot by dot.",
        ),
        CLASSES,
        size_param(),
        colour_param(),
        BROKEN,
    ),
    opens_folder=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures, and what is beside them."""
    listed = _listed(params, folder)
    size = picture_size(params["size"], ENTRY.title)
    inputs = [(path, 0) for path, _ in listed.pairs]
    layout, broken = choose_layout(inputs, size, text(params, "colour"), progress)
    broken |= broken_masks(path for _, path in listed.pairs)
    pairs = tuple(pair for pair in listed.pairs if not broken.keys() & set(pair))
    _refuse(params, listed, broken)
    if not pairs:
        raise DataError(f"{listed.root.name} has no picture that can be read with its partner. Choose another folder.")
    x, _ = read_all([(path, 0) for path, _ in pairs], layout, {}, progress)
    if len(x) != len(pairs):
        raise DataError(f"Some pictures of {listed.root.name} are damaged inside. Save them again, or remove them.")
    targets = [path for _, path in pairs]
    what = text(params, "what")
    if what == "auto":
        what = look_at_targets(targets)
    beside: Layout | None = None
    if what == "picture":
        beside, _ = choose_layout([(path, 0) for path in targets], layout.size, "auto", progress)
        y, _ = read_all([(path, 0) for path in targets], beside, {}, progress)
        classes: tuple[str, ...] = ()
    else:
        y, classes = numbered_masks(read_masks(targets, layout.size, progress), what, texts(params, "classes"))
    if len(y) != len(x):
        raise DataError(f"Some pictures of {listed.targets.name} are damaged inside. Save them again, or remove them.")
    return RawData(
        title=listed.root.name,
        form="pictures",
        x=x,
        y=y,
        classes=classes,
        target=listed.targets.name,
        task="segmentation" if classes else "regression",
        full_scale=255.0,
        detected=_detected(listed, layout, classes, len(pairs)),
        notes=_notes(listed, broken),
        script=pairs_script(listed.root, pairs, layout, beside, MIDDLE if what == "black_white" else None),
    )


def _refuse(params: Params, listed: Pairs, broken: dict[Path, str]) -> None:
    if text(params, "broken") != "error":
        return
    if listed.alone:
        raise DataError(f"{_shown(listed.alone[0])} has no partner. Add it, or let such files be skipped.")
    if broken:
        path, reason = next(iter(broken.items()))
        raise DataError(f"{_shown(path)} cannot be used: {reason}. Remove the file, or let such be skipped.")


def _detected(listed: Pairs, layout: Layout, classes: tuple[str, ...], count: int) -> dict[str, str]:
    return {
        "Pairs": str(count),
        "Folders": f"{listed.inputs.name}, {listed.targets.name}",
        "Size": f"{layout.size[0]}×{layout.size[1]}",
        "Beside them": f"masks of {len(classes)} classes" if classes else "pictures",
    }


def _notes(listed: Pairs, broken: dict[Path, str]) -> tuple[str, ...]:
    notes: list[str] = []
    if listed.alone:
        one = len(listed.alone) == 1
        skipped = "1 file has no partner and was" if one else f"{len(listed.alone)} files have no partner and were"
        notes.append(f"{skipped} skipped: {_some(listed.alone)}.")
    if broken:
        files = (
            "1 file could not be read and was"
            if len(broken) == 1
            else f"{len(broken)} files could not be read and were"
        )
        notes.append(f"{files} skipped: {_some(tuple(broken))}.")
    return tuple(notes)


def _some(paths: tuple[Path, ...]) -> str:
    return ", ".join(map(_shown, paths[:10])) + (f" and {len(paths) - 10} more" if len(paths) > 10 else "")


def _shown(path: Path) -> str:
    return shown_name(f"{path.parent.name}/{path.name}")


def _listed(params: Params, folder: Path | None) -> Pairs:
    wished = [text(params, name) if params[name] else None for name in ("inputs", "targets")]
    return list_pairs(path_of(text(params, "path"), folder), wished[0], wished[1])


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """All pictures with their partners, and the folders they lie in."""
    listed = _listed(params, folder)
    both = (path for pair in listed.pairs for path in pair)
    return (listed.root, listed.inputs, listed.targets, *both, *listed.alone)
