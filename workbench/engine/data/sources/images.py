"""A person's own pictures: a folder with one sub-folder a class."""

from dataclasses import replace
from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.class_folders import shown_name
from workbench.engine.data.errors import DataError
from workbench.engine.data.flat_pictures import is_flat, list_flat
from workbench.engine.data.limits import memory_budget
from workbench.engine.data.params import BROKEN, READING, path_of, text
from workbench.engine.data.picture_folder import (
    Broken,
    Layout,
    Listing,
    choose_layout,
    list_pictures,
    picture_size,
    read_all,
)
from workbench.engine.data.picture_groups import folder_key
from workbench.engine.data.picture_params import FOLDER, colour_param, size_param
from workbench.engine.data.picture_script import folder_script
from workbench.engine.data.picture_stream import read_picture_stream
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="images",
    title="Folder of pictures",
    group="own",
    summary="Pictures of yours, in one sub-folder a class, or all in one folder to learn them themselves. All are "
    "brought to one size.",
    params=(
        FOLDER,
        size_param(),
        colour_param(),
        ParamEntry(
            "nested",
            "bool",
            False,
            title="Sub-folders of classes",
            help="Read also the pictures in sub-folders of the classes. They can then be split by these "
            "sub-folders, so that none is in two parts.",
        ),
        BROKEN,
        READING,
    ),
    opens_folder=True,
)


_MOST_HELD = 40_000


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures with their classes, or without any."""
    root = path_of(text(params, "path"), folder)
    listing = _listed(root, params["nested"] is True)
    files = listing.train + listing.test
    if text(params, "reading") == "pieces" or (text(params, "reading") == "auto" and len(files) > _MOST_HELD):
        return _in_pieces(params, listing, progress)
    layout, broken = choose_layout(files, picture_size(params["size"], ENTRY.title), text(params, "colour"), progress)
    if text(params, "reading") == "auto" and len(files) * layout.dots > memory_budget():
        return _in_pieces(params, listing, progress)
    x, y = read_all(listing.train, layout, broken, progress)
    x_test, y_test = read_all(listing.test, layout, broken, progress) if listing.test else (None, None)
    if broken and text(params, "broken") == "error":
        path, reason = next(iter(broken.items()))
        name = shown_name(f"{path.parent.name}/{path.name}")
        raise DataError(f"{name} cannot be used: {reason}. Remove the file, or let such be skipped.")
    return RawData(
        title=root.name,
        form="pictures",
        x=x,
        y=y if listing.classes else None,
        x_test=x_test,
        y_test=y_test,
        classes=listing.classes,
        target="class" if listing.classes else "",
        full_scale=255.0,
        detected=_detected(listing, layout),
        notes=_notes(listing, layout, broken, resized=picture_size(params["size"], ENTRY.title) is None),
        keys=(folder_key(listing, broken),) if params["nested"] else (),
        script=folder_script(listing, layout, broken, nested=params["nested"] is True),
    )


def _listed(root: Path, nested: bool) -> Listing:
    """The pictures by their classes; those of a folder without sub-folders have none."""
    if not is_flat(root):
        return list_pictures(root, nested)
    return Listing(root, root, (), tuple((path, 0) for path in list_flat(root)))


def _in_pieces(params: Params, listing: Listing, progress: Progress) -> RawData:
    strict = text(params, "broken") == "error"
    size = picture_size(params["size"], ENTRY.title)
    raw, layout, broken = read_picture_stream(listing, size, text(params, "colour"), strict, progress)
    assert raw.stream is not None
    return replace(
        raw,
        y=raw.y if listing.classes else None,
        target=raw.target if listing.classes else "",
        detected=_detected(listing, layout) | {"Pictures": f"{raw.stream.samples:,}"},
        notes=_notes(listing, layout, broken, resized=size is None),
    )


def _detected(listing: Listing, layout: Layout) -> dict[str, str]:
    return {
        **({"Classes": str(len(listing.classes))} if listing.classes else {}),
        "Size": f"{layout.size[0]}×{layout.size[1]}",
        "Colours": "grey" if layout.channels == 1 else "RGB",
    }


def _notes(listing: Listing, layout: Layout, broken: Broken, resized: bool) -> tuple[str, ...]:
    notes: list[str] = []
    size = f"{layout.size[0]}×{layout.size[1]}"
    if layout.sizes > 1 and resized:
        notes.append(f"The pictures have {layout.sizes} different sizes; all were brought to {size}.")
    elif layout.size != layout.common and resized:
        common = f"{layout.common[0]}×{layout.common[1]}"
        notes.append(f"The pictures were made smaller, from {common} to {size}; choose a size to change that.")
    if listing.empty:
        notes.append(f"Sub-folders without pictures were left out: {_some(listing.empty)}.")
    if broken:
        names = [shown_name(f"{path.parent.name}/{path.name}") for path in broken]
        files = (
            "1 file could not be read and was" if len(names) == 1 else f"{len(names)} files could not be read and were"
        )
        notes.append(f"{files} skipped: {_some(names)}.")
    return tuple(notes)


def _some(names: "tuple[str, ...] | list[str]") -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """All pictures, and the folders they lie in."""
    root = path_of(text(params, "path"), folder)
    listing = _listed(root, params["nested"] is True)
    return (root, *(path for path, _ in listing.train + listing.test))
