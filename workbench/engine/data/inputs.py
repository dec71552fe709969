"""Reads new samples from a file, in the form that the network of a data set takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.engine.data.array_data import check_inputs, find_roles, list_arrays
from workbench.engine.data.arrays import npz_heads, read_npy, read_npz
from workbench.engine.data.csv_format import Wishes, detect
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.labels import class_name
from workbench.engine.data.pictures import SUFFIXES, read_one
from workbench.engine.data.raw import AnyArray, Column, Floats, Table, no_progress
from workbench.engine.data.table import Feature

MAX_FILES = 10_000


@dataclass(frozen=True)
class Inputs:
    """New samples: `x` (n, *input_shape) raw, as `Dataset.prepare` takes them, what each is called, and its target
    where the file has it: a class number () or a number (1,), as in `Dataset.values`."""

    names: tuple[str, ...]
    x: AnyArray
    truths: tuple[AnyArray | None, ...]


def read_inputs(dataset: Dataset, path: Path) -> Inputs:
    """The samples of a picture, a folder of pictures, a table (CSV, TSV) or arrays (NPZ, NPY). Raises DataError."""
    shape = dataset.info.input_shape
    if path.is_dir():
        return _pictures(dataset, sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES), path)
    check_file(path)
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return _pictures(dataset, [path], path)
    if suffix in (".npz", ".npy"):
        return _arrays(dataset, path)
    if len(shape) != 1:
        raise DataError(f"{path.name} cannot be used: the network takes {_wanted(dataset)}. Choose such a file.")
    return _rows(dataset, path)


def _wanted(dataset: Dataset) -> str:
    shape = "×".join(map(str, dataset.info.input_shape))
    return f"pictures of {shape}" if dataset.info.form == "pictures" else f"arrays of {shape}"


def _pictures(dataset: Dataset, files: Sequence[Path], path: Path) -> Inputs:
    if not files:
        raise DataError(f"{path.name} has no pictures in it. Choose a folder with pictures, or one picture.")
    if len(files) > MAX_FILES:
        raise DataError(f"{path.name} has {len(files)} pictures; at most {MAX_FILES} can be taken at once.")
    x = np.stack([read_one(file, dataset.info.input_shape) for file in files])
    full_scale = dataset.source.full_scale or 255.0
    if full_scale != 255:
        x = (x * (full_scale / 255)).astype(np.float32)
    return Inputs(tuple(file.name for file in files), x, (None,) * len(files))


def _arrays(dataset: Dataset, path: Path) -> Inputs:
    truths: AnyArray | None = None
    if path.suffix.lower() == ".npy":
        x = read_npy(path, no_progress)
    else:
        heads = npz_heads(path)
        roles = find_roles(heads, {"y": ""})
        name = roles.x if roles else next((name for name in ("x", *heads) if name in heads), "")
        names = (name, roles.y) if roles and roles.y != name else (name,)
        arrays = read_npz(path, names, no_progress)
        x = arrays[name]
        truths = arrays[names[1]] if len(names) > 1 else None
        if x.ndim == 0:
            raise DataError(
                f"{path.name} has no samples in “{name}”. It has {list_arrays(heads)}; choose another file."
            )
    x = _shaped(x, dataset.info.input_shape)
    check_inputs(x, path.name)
    told: tuple[AnyArray | None, ...] = (None,) * len(x)
    if truths is not None and truths.ndim == 1 and len(truths) == len(x):
        told = tuple(_truth(dataset, class_name(value)) for value in truths.tolist())
    return Inputs(tuple(f"{path.name} {place}" for place in range(len(x))), x, told)


def _shaped(x: AnyArray, shape: tuple[int, ...]) -> AnyArray:
    """The array as samples, also where it is a single one or leaves out the one channel of pictures."""
    if shape[-1:] == (1,) and (x.shape == shape[:-1] or x.shape[1:] == shape[:-1]):
        x = x[..., None]
    return x[None] if x.shape == shape else x


def _rows(dataset: Dataset, path: Path) -> Inputs:
    table = _read_like(dataset, path)
    found = {column.name: column for column in table.columns}
    positions = not all(name in found for name in _feature_names(dataset))
    features = _features(dataset)
    if positions and len(table.columns) < len(features):
        missing = next(name for name in _feature_names(dataset) if name not in found)
        raise DataError(f"{path.name} has no column “{missing}”. Give it the columns that the network was trained on.")
    parts: list[Floats] = []
    for place, feature in enumerate(features):
        column = table.columns[place] if positions else found[feature.column.name]
        parts.append(_encoded(path, feature, column))
    target = found.get(dataset.info.target)
    return Inputs(
        tuple(f"{path.name} row {row + 1}" for row in range(table.rows)),
        np.column_stack(parts),
        _told(dataset, target, table.rows),
    )


def _read_like(dataset: Dataset, path: Path) -> Table:
    """The table read with the delimiter it has, but missing values, decimal sign and texts as in the table trained
    on."""
    selection = dataset.selection
    wishes = Wishes()
    texts: tuple[str, ...] = ()
    if selection is not None:
        texts = tuple(feature.column.name for feature in selection.features if feature.categories)
        wishes = Wishes(missing=selection.table.format.missing or wishes.missing)
    return read_table(path, detect(path, wishes), no_progress, texts)


def _features(dataset: Dataset) -> tuple[Feature, ...]:
    if dataset.selection is not None:
        return dataset.selection.features
    names = dataset.info.features or tuple(f"x{place + 1}" for place in range(dataset.info.input_shape[0]))
    return tuple(Feature(place, Column(name, numbers=np.empty(0))) for place, name in enumerate(names))


def _feature_names(dataset: Dataset) -> tuple[str, ...]:
    return tuple(feature.column.name for feature in _features(dataset))


def _encoded(path: Path, feature: Feature, column: Column) -> Floats:
    """One column as the network's inputs; a text not seen in training has 0 for every category."""
    if not feature.categories:
        if column.numbers is None:
            raise DataError(f"{path.name}: column “{column.name}” must hold numbers. Correct it.")
        if np.isinf(column.numbers).any():
            raise DataError(f"{path.name}: column “{column.name}” holds an infinite number. Correct it.")
        return column.numbers.reshape(-1, 1)
    cells = np.full(len(column.missing), -1)
    if column.codes is not None:
        known = {name: place for place, name in enumerate(feature.categories)}
        places = np.array([known.get(name, len(known)) for name in column.categories])
        cells = np.where(column.codes < 0, -1, places[column.codes])
    inputs: Floats = np.equal(cells[:, None], np.arange(len(feature.categories))).astype(np.float64)
    inputs[cells < 0] = np.nan
    return inputs


def _told(dataset: Dataset, column: Column | None, rows: int) -> tuple[AnyArray | None, ...]:
    if column is None:
        return (None,) * rows
    if column.numbers is not None:
        return tuple(_truth(dataset, class_name(number)) for number in column.numbers.tolist())
    assert column.codes is not None
    texts = [column.categories[code] if code >= 0 else "" for code in column.codes.tolist()]
    return tuple(_truth(dataset, text) for text in texts)


def _truth(dataset: Dataset, text: str) -> AnyArray | None:
    """The target that a text means, None where it means none."""
    if dataset.info.classes:
        return np.array(dataset.info.classes.index(text)) if text in dataset.info.classes else None
    try:
        number = float(text)
    except ValueError:
        return None
    return np.array([number]) if np.isfinite(number) else None
