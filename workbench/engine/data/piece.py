"""Makes one piece of streamed data ready to train on, as the sample was made ready."""

from collections.abc import Sequence

import numpy as np

from workbench.engine.data import labels
from workbench.engine.data.dataset import Dataset, Floats32
from workbench.engine.data.errors import DataError
from workbench.engine.data.labels import class_name
from workbench.engine.data.raw import AnyArray, Column, Floats, Indices, RawData, Table
from workbench.engine.data.stream import class_numbers, codes_as, fitted_to
from workbench.engine.data.table import Feature
from workbench.engine.data.table_texts import texts_in
from workbench.engine.data.table_words import TableWords

_BLOCK = 4 << 20  # bytes of inputs in double precision that are made ready at once


def read_piece(dataset: Dataset, piece: int) -> tuple[Floats32, AnyArray]:
    """Inputs (n, *input_shape) and encoded targets of all samples of a piece, n as the stream counts them. Samples
    without a target that is known, or without a value that is needed, have others of the piece in their places.
    Raises DataError when none can be used."""
    stream = dataset.source.stream
    assert stream is not None
    raw = stream.read(piece)
    x, values, *texts = _samples(dataset, raw)
    if not len(x):
        raise DataError(f"{raw.title}: piece {piece + 1} has no sample that can be used. Correct or remove that part.")
    x, values, *texts = fitted_to(int(stream.counts[piece]), x, values, *texts)
    inputs = _with_words(dataset, dataset.words, x, texts) if dataset.words is not None else dataset.prepare(x)
    if not np.isfinite(inputs).all():
        raise DataError(f"{raw.title}: piece {piece + 1} holds numbers too large to train on. Correct or rescale them.")
    if dataset.info.task == "reconstruction":
        return inputs, inputs
    return inputs, labels.encode(values, len(dataset.info.classes), dataset.info.labels)


def _with_words(dataset: Dataset, words: TableWords, x: AnyArray, texts: Sequence[AnyArray]) -> Floats32:
    """Samples made ready, some at a time: words make many inputs, which are few bytes only once they are ready."""
    ready = np.empty((len(x), *dataset.info.input_shape), np.float32)
    block = max(1, _BLOCK // (8 * dataset.raw_shape[0]))
    for start in range(0, len(x), block):
        some = slice(start, start + block)
        ready[some] = dataset.prepare(np.column_stack([x[some], words([each[some] for each in texts])]))
    return ready


def _samples(dataset: Dataset, raw: RawData) -> tuple[AnyArray, ...]:
    """Inputs and targets that can be used; in the place of targets zeros where the inputs themselves are learned. Of a
    table the inputs without words, and behind the targets the texts of each column that is read for them."""
    if raw.table is not None:
        return _from_table(dataset, raw.table)
    if dataset.info.task != "reconstruction":
        return _from_arrays(dataset, raw)
    assert raw.x is not None
    return raw.x, np.zeros((len(raw.x), 1))


def _from_arrays(dataset: Dataset, raw: RawData) -> tuple[AnyArray, AnyArray]:
    assert raw.x is not None
    assert raw.y is not None
    classes = dataset.info.classes
    if not classes:
        values = raw.y.reshape(len(raw.y), -1).astype(np.float64)
        good = np.isfinite(values).all(axis=1)
        return raw.x[good], values[good]
    if raw.classes:
        numbers = raw.y.astype(np.int64)
        return (raw.x, numbers) if (numbers >= 0).all() else (raw.x[numbers >= 0], numbers[numbers >= 0])
    different, place = np.unique(raw.y.reshape(len(raw.y)), return_inverse=True)
    numbers = class_numbers([class_name(value) for value in different.tolist()], classes)[place]
    return raw.x[numbers >= 0], numbers[numbers >= 0]


def _from_table(dataset: Dataset, table: Table) -> tuple[AnyArray, ...]:
    selection = dataset.selection
    assert selection is not None
    inputs = [_inputs(table.columns[feature.position], feature) for feature in selection.features]
    x = np.column_stack(inputs) if inputs else np.empty((table.rows, 0))
    if selection.target_position is None:
        values, good = np.zeros((len(x), 1)), np.ones(len(x), np.bool_)
    else:
        values, good = _targets(dataset, table.columns[selection.target_position])
    good &= ~np.isinf(x).any(axis=1)
    if dataset.fill is None:
        good &= ~np.isnan(x).any(axis=1)
    return x[good], values[good], *(texts_in(table.columns[text.position])[good] for text in selection.texts)


def _inputs(given: Column, known: Feature) -> Floats:
    """(n, 1) numbers, or (n, categories) of 0 and 1; NaN where missing or not known from the sample."""
    return known.inputs(given) if known.categories else _numbers(given).reshape(-1, 1)


def _numbers(column: Column) -> Floats:
    return column.numbers if column.numbers is not None else np.full(len(column.missing), np.nan)


def _targets(dataset: Dataset, target: Column) -> tuple[AnyArray, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """Class numbers (n,) or numbers (n, 1), and which of them are known."""
    classes = dataset.info.classes
    if not classes:
        numbers = _numbers(target)
        return numbers.reshape(-1, 1), np.isfinite(numbers)
    codes: Indices
    if target.codes is not None:
        codes = codes_as(target, classes)
    else:
        different, place = np.unique(_numbers(target), return_inverse=True)
        codes = class_numbers([class_name(value) for value in different.tolist()], classes)[place]
    return codes, codes >= 0
