"""Looks into a file or folder of a person's own: which source opens it, and what is in it."""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

from workbench.domain.dataset import SourceSpec
from workbench.domain.values import Value
from workbench.engine.data.array_data import find_roles
from workbench.engine.data.arrays import ArrayHead, npy_head, npz_heads
from workbench.engine.data.csv_format import Wishes, describe, detect, is_prose, looks_like_number
from workbench.engine.data.csv_table import column_names, rows_of
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.flat_pictures import is_flat, list_flat
from workbench.engine.data.inspect_dates import look_for_dates
from workbench.engine.data.inspect_python import inspect_python
from workbench.engine.data.inspect_tables import (
    inspect_address,
    inspect_excel,
    inspect_keras,
    inspect_parquet,
    inspect_sqlite,
    inspect_tfrecord,
)
from workbench.engine.data.params import path_of
from workbench.engine.data.picture_folder import list_pictures, only_nested
from workbench.engine.data.picture_pairs import has_pairs, list_pairs
from workbench.engine.data.pictures import SUFFIXES as PICTURES
from workbench.engine.data.raw import CsvFormat
from workbench.engine.data.table import suggest_target
from workbench.engine.data.text_columns import find_columns
from workbench.engine.data.text_folder import list_texts
from workbench.engine.data.texts import SUFFIXES as TEXTS
from workbench.engine.data.texts import read_one_text
from workbench.engine.data.tfrecord_file import SUFFIXES as TFRECORDS
from workbench.engine.data.volume_pairs import has_volume_pairs, list_volumes
from workbench.protocol.events import FileInspected

_PREVIEW_ROWS = 8
_LOOKED_AT = 200
_DEEPEST = 2
_FEW_COLUMNS = 3
_REGULAR = 0.9
_PREVIEW_CELL = 80
_ADVICE = {
    ".xls": "is an Excel workbook of the old kind. Save it as .xlsx and open that",
    ".ods": "is a spreadsheet. Save the sheet as CSV and open that",
    ".json": "is JSON, which is not read as data. Save it as CSV or NPZ and open that",
    ".h5": "is HDF5, which is not read as data. Save its arrays as NPZ and open that",
    ".hdf5": "is HDF5, which is not read as data. Save its arrays as NPZ and open that",
    ".mat": "is a MATLAB file, which is not read. Save its arrays as NPZ and open that",
    ".pkl": "is a pickle, which is not opened since it could run code. Save its arrays as NPZ and open that",
    ".pickle": "is a pickle, which is not opened since it could run code. Save its arrays as NPZ and open that",
    ".zip": "is an archive. Unpack it and open the folder or file in it",
    ".gz": "is an archive. Unpack it and open the file in it",
    ".keras": "is a model, not data. Open it as a model",
}


def inspect_path(path: "str | Path", ticket: int = 0, params: Mapping[str, Value] | None = None) -> FileInspected:
    """How a file or folder would be opened. `params` are what was chosen of it so far, as the table of a database.
    Raises DataError, with what to do, when no source can."""
    if "://" in str(path):
        return inspect_address(str(path), ticket, params or {})
    found = path_of(str(path), None)
    try:
        is_folder = found.is_dir()
    except OSError as error:
        raise DataError(f"{found.name} cannot be read: {error.strerror or error}. Check it.", str(found)) from error
    if is_folder:
        return _folder(found, ticket)
    check_file(found)
    keras = inspect_keras(found, ticket)
    if keras is not None:
        return keras
    if found.name.lower().endswith(TFRECORDS):
        return inspect_tfrecord(found, ticket)
    suffix = found.suffix.lower()
    if suffix == ".py":
        return inspect_python(found, ticket)
    if suffix in _ADVICE:
        raise DataError(f"{found.name} {_ADVICE[suffix]}.")
    if suffix in PICTURES:
        raise DataError(
            f"{found.name} is a single picture. Open the folder that has one sub-folder of pictures for each class."
        )
    kind = _kind(found)
    if kind in _WITH_PARTS:
        return _WITH_PARTS[kind](found, ticket, params or {})
    return _OPENERS[kind](found, ticket)


def _kind(path: Path) -> str:
    """By the first bytes, since endings lie; text is taken for a table."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error
    if head.startswith(b"SQLite f"):
        return "sqlite"
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK") and path.suffix.lower() in (".xlsx", ".xlsm"):
        return "excel"
    if head.startswith(b"PK") or path.suffix.lower() == ".npz":
        return "npz"
    return "npy" if path.suffix.lower() == ".npy" else "csv"


def _folder(path: Path, ticket: int) -> FileInspected:
    return _text_folder(path, ticket) if _has_texts(path) else _picture_folder(path, ticket)


def _has_texts(root: Path) -> bool:
    """Whether the first sub-folder that has texts or pictures in it, or in a sub-folder of its own, has texts."""
    for place, (folder, inner, names) in enumerate(os.walk(root)):
        inner.sort()
        if len(Path(folder).relative_to(root).parts) >= _DEEPEST or place > _LOOKED_AT:
            inner.clear()
        suffixes = [Path(name).suffix.lower() for name in names[:_LOOKED_AT] if folder != str(root)]
        texts, pictures = (sum(suffix in kind for suffix in suffixes) for kind in (TEXTS, PICTURES))
        if texts or pictures:
            return texts > pictures
    return False


def _text_folder(path: Path, ticket: int) -> FileInspected:
    listing = list_texts(path)
    counts = [sum(label == place for _, label in listing.train) for place in range(len(listing.classes))]
    detected = {"Classes": str(len(listing.classes)), "Texts": str(len(listing.train) + len(listing.test))}
    if listing.test:
        detected["Test set"] = f"its own, {len(listing.test)} texts"
    preview = tuple((name, str(count)) for name, count in zip(listing.classes, counts, strict=True))
    source = SourceSpec("text_folder", {"path": str(path)})
    return FileInspected(ticket, str(path), source, path.name, detected, ("class", "texts"), preview=preview[:100])


def _picture_folder(path: Path, ticket: int) -> FileInspected:
    if is_flat(path):
        count = {"Pictures": str(len(list_flat(path)))}
        return FileInspected(ticket, str(path), SourceSpec("images", {"path": str(path)}), path.name, count)
    if has_volume_pairs(path):
        volumes = list_volumes(path, None, None)
        detected = {"Volumes": str(len(volumes.volumes)), "Folders": f"{volumes.inputs.name}, {volumes.targets.name}"}
        return FileInspected(ticket, str(path), SourceSpec("volume_pairs", {"path": str(path)}), path.name, detected)
    if has_pairs(path):
        listed = list_pairs(path, None, None)
        detected = {"Pairs": str(len(listed.pairs)), "Folders": f"{listed.inputs.name}, {listed.targets.name}"}
        return FileInspected(ticket, str(path), SourceSpec("picture_pairs", {"path": str(path)}), path.name, detected)
    nested = only_nested(path)
    listing = list_pictures(path, nested)
    counts = [sum(label == place for _, label in listing.train) for place in range(len(listing.classes))]
    detected = {"Classes": str(len(listing.classes)), "Pictures": str(len(listing.train) + len(listing.test))}
    if listing.test:
        detected["Test set"] = f"its own, {len(listing.test)} pictures"
    preview = tuple((name, str(count)) for name, count in zip(listing.classes, counts, strict=True))
    return FileInspected(
        ticket,
        str(path),
        SourceSpec("images", {"path": str(path)} | ({"nested": True} if nested else {})),
        path.name,
        detected,
        ("class", "pictures"),
        preview=preview[:100],
    )


def _npz(path: Path, ticket: int) -> FileInspected:
    heads = npz_heads(path)
    roles = find_roles(heads, {})
    detected = {"Arrays": str(len(heads))}
    if roles is not None:
        detected["Inputs"] = roles.x
        if roles.y:
            detected["Targets"] = roles.y
        if roles.x_test:
            detected["Test set"] = f"{roles.x_test}, {roles.y_test}" if roles.y_test else roles.x_test
    return FileInspected(
        ticket,
        str(path),
        SourceSpec("npz", {"path": str(path), **_form_of(heads[roles.x] if roles else None)}),
        path.stem,
        detected,
        suggested_target=roles.y if roles else None,
        arrays={name: head.shape for name, head in heads.items()},
        preview=tuple((name, "×".join(map(str, head.shape)), str(head.dtype)) for name, head in heads.items()),
    )


def _npy(path: Path, ticket: int) -> FileInspected:
    head = npy_head(path)
    shape = "×".join(map(str, head.shape))
    return FileInspected(
        ticket,
        str(path),
        SourceSpec("npz", {"path": str(path), **_form_of(head)}),
        path.stem,
        {"Shape": shape, "Type": str(head.dtype)},
        arrays={path.stem: head.shape},
        preview=((path.stem, shape, str(head.dtype)),),
    )


def _form_of(head: ArrayHead | None) -> dict[str, Value]:
    """Arrays with an axis more than pictures have are opened as films or volumes."""
    return {"form": "volumes"} if head is not None and len(head.shape) == 5 and min(head.shape[1:4]) > 1 else {}


def _table(path: Path, ticket: int, params: Mapping[str, Value]) -> FileInspected:
    written = detect(path, Wishes())
    names, _ = column_names(path, written)
    try:
        with rows_of(path, written) as rows:
            shown = list(islice(rows, _LOOKED_AT))
    except DataError:  # quotation marks of a text are no cells
        if path.suffix.lower() not in TEXTS:
            raise
        shown = []
    if path.suffix.lower() in TEXTS and not _is_regular(shown):
        return _text_file(path, ticket)
    if len(names) < 2:
        raise DataError(
            f"{path.name} has only one column; a table needs at least one feature and one target. Choose another file."
        )
    columns = list(zip(*shown, strict=False))
    if len(names) <= _FEW_COLUMNS and any(is_prose(cells, written) for cells in columns):
        return _text_table(path, ticket, written, names, shown)
    numbers = sum(looks_like_number(cells, written) for cells in columns)
    dated = look_for_dates(names, shown, written, params)
    return FileInspected(
        ticket,
        str(path),
        SourceSpec("csv", {"path": str(path), **dated.params}),
        path.stem,
        describe(written, numbers, len(names) - numbers),
        dated.names,
        suggested_target=suggest_target(dated.plain),
        preview=tuple(tuple(cell[:_PREVIEW_CELL] for cell in row) for row in dated.rows[:_PREVIEW_ROWS]),
    )


def _is_regular(shown: list[list[str]]) -> bool:
    """Whether nearly all rows have the same number of cells, and more than one: else it is a text with commas."""
    widths = Counter(map(len, shown))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return width > 1 and count >= _REGULAR * len(shown)


def _text_file(path: Path, ticket: int) -> FileInspected:
    text = read_one_text(path)
    source = SourceSpec("text_file", {"path": str(path)})
    lines = tuple((line.strip()[:_PREVIEW_CELL],) for line in text.splitlines() if line.strip())
    detected = {"Characters": f"{len(text):,}"}
    return FileInspected(ticket, str(path), source, path.stem, detected, ("text",), preview=lines[:_PREVIEW_ROWS])


_OPENERS: dict[str, Callable[[Path, int], FileInspected]] = {"npz": _npz, "npy": _npy}
_WITH_PARTS: dict[str, Callable[[Path, int, Mapping[str, Value]], FileInspected]] = {
    "csv": _table,
    "sqlite": inspect_sqlite,
    "excel": inspect_excel,
    "parquet": inspect_parquet,
}


def _text_table(path: Path, ticket: int, written: CsvFormat, names: list[str], shown: list[list[str]]) -> FileInspected:
    found = find_columns(path, written, names, None, None)
    columns = {"text": names[found.text], "target": names[found.target]}
    return FileInspected(
        ticket,
        str(path),
        SourceSpec("text_table", {"path": str(path), **columns}),
        path.stem,
        {"Texts": f"“{columns['text']}”", "To learn": f"“{columns['target']}”"},
        tuple(names),
        preview=tuple(tuple(cell.strip()[:_PREVIEW_CELL] for cell in row) for row in shown[:_PREVIEW_ROWS]),
    )
