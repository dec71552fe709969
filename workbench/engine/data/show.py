"""Picks samples for the page to show."""

import numpy as np

from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray
from workbench.engine.data.show_text import frequent_words, shown_texts
from workbench.engine.data.windows import window_captions, window_times
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import SamplesShown

MAX_SAMPLES = 5_000
_MAX_BYTES = 64 << 20
_TEXT_BYTES = 8_192  # a text with the places of its tokens, as it travels


def show_samples(dataset: Dataset, command: ShowSamples) -> SamplesShown:
    """The samples asked for: `count` of a part from `start` on, of one class where `label` is given. At most 5,000 and
    64 MB at once. Raises DataError when there is no such class."""
    values = dataset.values[command.part]
    kept = np.arange(len(values))
    if command.label is not None:
        if not 0 <= command.label < len(dataset.info.classes):
            raise DataError(f"There is no class with the number {command.label}. Choose another.")
        is_there = values == command.label
        if dataset.info.task == "multilabel":
            is_there = values[:, command.label] == 1
        kept = np.flatnonzero(is_there if values.ndim == 1 else is_there.reshape(len(values), -1).any(axis=1))
    start = max(0, command.start)
    places = kept[start : start + max(0, min(command.count, MAX_SAMPLES))]
    places = places[: max(1, _MAX_BYTES // _sample_bytes(dataset))]
    raw = dataset.raw(command.part, places)
    classes = bool(dataset.info.classes) and values.ndim == 1
    has_number = dataset.info.task == "regression" and not dataset.info.learns_places
    shown = values[places]
    frequent, counted = frequent_words(dataset, command.part, kept) if start == 0 else ((), 0)
    return SamplesShown(
        command.ticket,
        command.part,
        start,
        len(kept),
        tuple(places.tolist()),
        labels=tuple(shown.tolist()) if classes else (),
        label_sets=_label_sets(shown) if dataset.info.task == "multilabel" else (),
        targets=() if not has_number else tuple(shown.reshape(len(shown), -1)[:, 0].tolist()),
        beside=to_array(shown) if dataset.info.learns_places and dataset.info.task != "reconstruction" else None,
        inputs=to_array(raw) if isinstance(raw, np.ndarray) and raw.dtype.kind != "O" else None,
        rows=tuple(raw) if isinstance(raw, list) else (),
        captions=window_captions(dataset, command.part, places),
        times=window_times(dataset, command.part, places),
        texts=shown_texts(dataset, raw) if isinstance(raw, np.ndarray) and raw.dtype.kind == "O" else (),
        frequent=frequent,
        counted=counted,
    )


def _label_sets(values: AnyArray) -> tuple[tuple[int, ...], ...]:
    """The numbers of the labels that each sample has, from rows of 0 and 1."""
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in values)


def _sample_bytes(dataset: Dataset) -> int:
    if dataset.source.x is None:
        return 1024
    if dataset.source.form == "text":
        return _TEXT_BYTES + dataset.source.bytes // max(1, len(dataset.source.x))
    beside = dataset.source.y[:1].nbytes if dataset.source.y is not None else 0
    return max(1, dataset.source.x[:1].nbytes + beside)


def to_array(array: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> Array:
    """An array as it travels."""
    plain = np.ascontiguousarray(array)
    return Array(plain.dtype.name, plain.shape, plain.tobytes())
