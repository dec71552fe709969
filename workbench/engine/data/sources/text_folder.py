"""A person's own texts: a folder with one sub-folder a class."""

from collections.abc import Collection
from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import BROKEN, path_of, text
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.source_text import list_literal, text_literal
from workbench.engine.data.text_folder import TextListing, list_texts, read_texts
from workbench.engine.data.texts import SUFFIXES

ENTRY = SourceEntry(
    kind="text_folder",
    title="Folder of texts",
    group="own",
    summary="Texts of yours as .txt files, in one sub-folder a class.",
    params=(
        ParamEntry("path", "text", required=True, help="The folder, absolute or from the project's folder."),
        ParamEntry(
            "encoding",
            "choice",
            "auto",
            choices=("auto", "utf-8", "utf-16", "latin-1"),
            choice_titles=("UTF-8, or as marked", "UTF-8", "UTF-16", "Latin-1"),
            help="How letters are stored.",
        ),
        BROKEN,
    ),
    opens_folder=True,
)

_SCRIPT = """\
from pathlib import Path

import numpy as np

DATA = {path}
CLASSES = {classes}
SUFFIXES = {suffixes}
{skipped}

def text_of(path):
    content = path.read_bytes()
    encoding = {encoding}
    return content.decode(encoding).replace("\\r\\n", "\\n").replace("\\r", "\\n")


def texts(folder):
    found, labels = [], []
    for label, name in enumerate(CLASSES):
        for path in sorted((folder / name).glob("*")):
            if {condition}:
                found.append(text_of(path))
                labels.append(label)
    return np.array(found, dtype=object), np.array(labels)


x, y = texts({train})
"""
_CONDITION = 'path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()'
_AUTO = '"utf-16" if content.startswith((b"\\xff\\xfe", b"\\xfe\\xff")) else "utf-8-sig"'


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Texts with their classes."""
    listing = list_texts(path_of(text(params, "path"), folder))
    encoding = text(params, "encoding")
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    broken: dict[Path, str] = {}
    x, y = read_texts(listing.train, encoding, progress, broken)
    x_test, y_test = read_texts(listing.test, encoding, progress, broken) if listing.test else (None, None)
    if broken and (text(params, "broken") == "error" or not len(x)):
        path, reason = next(iter(broken.items()))
        none = "" if len(x) else "None of the texts can be used. "
        raise DataError(f"{none}{_shown(path)}: {reason}. Remove the file, or choose another encoding.")
    return RawData(
        title=listing.root.name,
        form="text",
        x=x,
        y=y,
        x_test=x_test,
        y_test=y_test,
        classes=listing.classes,
        target="class",
        detected={"Classes": str(len(listing.classes)), "Texts": f"{len(x) + len(listing.test):,}"},
        notes=_notes(listing, broken),
        script=_script(listing, encoding, broken),
    )


def _notes(listing: TextListing, broken: dict[Path, str]) -> tuple[str, ...]:
    notes: list[str] = []
    if listing.left_out:
        why = "without texts in training and test set" if listing.test_root else "without texts"
        notes.append(f"Sub-folders {why} were left out: {_some(listing.left_out)}.")
    if broken:
        files = (
            "1 file could not be read and was"
            if len(broken) == 1
            else f"{len(broken)} files could not be read and were"
        )
        notes.append(f"{files} skipped: {_some([_shown(path) for path in broken])}.")
    return tuple(notes)


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}".encode("utf-8", "replace").decode()


def _some(names: "tuple[str, ...] | list[str]") -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _script(listing: TextListing, encoding: str, broken: Collection[Path]) -> str:
    names = sorted(path.relative_to(listing.root).as_posix() for path in broken)
    script = _SCRIPT.format(
        path=text_literal(str(listing.root)),
        classes=list_literal(listing.classes),
        suffixes=list_literal(SUFFIXES),
        skipped=f"SKIPPED = {list_literal(names)}  # cannot be read\n" if names else "",
        encoding=_AUTO if encoding == "auto" else text_literal(encoding),
        condition=_CONDITION + (" and path.relative_to(DATA).as_posix() not in SKIPPED" if names else ""),
        train=_place(listing.root, listing.train_root),
    )
    if listing.test_root is not None:
        script += f"x_test, y_test = texts({_place(listing.root, listing.test_root)})\n"
    return script


def _place(root: Path, folder: Path) -> str:
    return "Path(DATA)" if folder == root else f"Path(DATA) / {text_literal(folder.name)}"


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """All texts, and the folder they lie in."""
    listing = list_texts(path_of(text(params, "path"), folder))
    return (listing.root, *(path for path, _ in listing.train + listing.test))
