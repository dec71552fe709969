"""Takes whatever a person's `load()` returned apart into arrays, and brings them from one process to another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from workbench.engine.data.arrays import read_npy
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import AnyArray, Progress

Way: TypeAlias = Literal["pair", "pairs", "dict", "samples", "batches"]
Say: TypeAlias = Callable[[str], None]
BATCH = 256
_MOST_ARRAYS = 100
_LONGEST_NAME = 200
_MOST_CLASSES = 100_000
_PAIR = ("x", "y")
_PAIRS = ("x_train", "y_train", "x_test", "y_test")
_SHAPES = "Return (x, y), a dict of arrays such as x and y, or a tf.data.Dataset of (x, y)."


class Told(Exception):  # noqa: N818 - it becomes the end of a sentence
    """What `load()` returned cannot be used; the message goes on after the file's name."""


@dataclass(frozen=True)
class Gathered:
    """Arrays by their names, in which way they were given, and the names of the classes where given."""

    arrays: dict[str, AnyArray]
    way: Way
    classes: tuple[str, ...] = ()


def gathered(value: object, limit: int, say: Say) -> Gathered:
    """The arrays in what `load()` returned, together at most `limit` bytes. Raises Told."""
    if isinstance(value, Mapping):
        return _of_dict(value, limit)
    if isinstance(value, tuple | list) and len(value) == 2:
        if all(isinstance(part, tuple) and len(part) == 2 for part in value):
            four = (*value[0], *value[1])
            return Gathered(_arrays(dict(zip(_PAIRS, four, strict=True)), limit), "pairs")
        return Gathered(_arrays(dict(zip(_PAIR, value, strict=True)), limit), "pair")
    if _is_tf_dataset(value):
        return _of_tf_dataset(value, limit, say)
    raise Told(f"load() returned {_kind(value)}. {_SHAPES}")


def write_arrays(found: Gathered, folder: Path) -> dict[str, str]:
    """Write each array to a file numbered from 0, texts as their bytes and where each ends. Gives what each is."""
    kinds: dict[str, str] = {}
    for place, (name, array) in enumerate(found.arrays.items()):
        if array.dtype.kind == "O":
            encoded = [text.encode("utf-8", "surrogatepass") for text in array]
            np.save(folder / f"{place}.npy", np.frombuffer(b"".join(encoded), np.uint8), allow_pickle=False)
            ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
            np.save(folder / f"{place}.ends.npy", ends, allow_pickle=False)
            kinds[name] = "texts"
        else:
            np.save(folder / f"{place}.npy", array, allow_pickle=False)
            kinds[name] = "array"
    return kinds


def read_arrays(kinds: Mapping[str, str], folder: Path, progress: Progress) -> dict[str, AnyArray]:
    """What `write_arrays` wrote. Raises DataError on files that are damaged or too large."""
    arrays: dict[str, AnyArray] = {}
    for place, (name, kind) in enumerate(kinds.items()):
        array = read_npy(folder / f"{place}.npy", progress)
        if kind == "texts":
            array = _texts(array, read_npy(folder / f"{place}.ends.npy", progress))
        arrays[name] = array
    return arrays


def _texts(content: AnyArray, ends: AnyArray) -> AnyArray:
    data = content.tobytes()
    texts = np.empty(len(ends), dtype=object)
    start = 0
    for place, end in enumerate(ends.tolist()):
        texts[place] = data[start:end].decode("utf-8", "surrogatepass")
        start = end
    return texts


def _of_dict(value: Mapping[Any, Any], limit: int) -> Gathered:
    if len(value) > _MOST_ARRAYS:
        raise Told(f"load() returned {len(value):,} arrays, but at most {_MOST_ARRAYS} can be read. Return fewer.")
    for name in value:
        if not isinstance(name, str) or not name or len(name) > _LONGEST_NAME:
            raise Told(f"load() returned a dict with the key {str(name)[:40]!r}. Use short texts, such as x and y.")
    given = {name: array for name, array in value.items() if name != "classes"}
    return Gathered(_arrays(given, limit), "dict", _classes(value.get("classes")))


def _classes(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray) or len(value) > _MOST_CLASSES:
        raise Told("“classes” must be a list of the names of the classes. Correct it.")
    return tuple(str(name) for name in value)


def _arrays(given: Mapping[str, Any], limit: int) -> dict[str, AnyArray]:
    arrays = {name: _array(name, value) for name, value in given.items()}
    if not arrays:
        raise Told(f"load() returned nothing. {_SHAPES}")
    _check(sum(array.nbytes for array in arrays.values()), limit)
    return arrays


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise Told(f"the arrays take {readable(size)}, but {readable(limit)} can be used here. Return fewer samples.")


def _array(name: str, value: Any) -> AnyArray:
    """Numbers as they are; texts as Python strings in an array of objects."""
    if isinstance(value, Mapping):
        raise Told(f"“{name}” is a dict, but must be one array. Put all inputs into one array.")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise Told(f"“{name}” is no array, because its samples differ in shape ({error}). Make them alike.") from error
    if array.dtype.kind == "O":
        return _objects(name, array)
    if array.dtype.kind in "US":
        return _objects(name, array.astype(object))
    if array.dtype.kind not in "biuf":
        raise Told(f"“{name}” holds values of the type {array.dtype}. Make numbers or texts of them.")
    return array


def _objects(name: str, array: AnyArray) -> AnyArray:
    if array.ndim != 1:
        raise Told(f"“{name}” holds Python objects or rows of texts. Give numbers, or one text for each sample.")
    texts = np.empty(len(array), dtype=object)
    for place, value in enumerate(array):
        if isinstance(value, bytes):
            try:
                value = value.decode()
            except UnicodeDecodeError:
                raise Told(f"“{name}” holds bytes that are no text, at sample {place} (counted from 0).") from None
        if not isinstance(value, str):
            raise Told(f"“{name}” holds {_kind(value)} at sample {place} (counted from 0). Give numbers or texts.")
        texts[place] = str(value)
    return texts


def _kind(value: object) -> str:
    return "nothing" if value is None else f"an object of the type {type(value).__name__}"


# tf.data: TensorFlow is there already when such an object is


def _is_tf_dataset(value: object) -> bool:
    import sys

    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and isinstance(value, tensorflow.data.Dataset)


def _of_tf_dataset(dataset: Any, limit: int, say: Say) -> Gathered:
    import tensorflow as tf

    spec = dataset.element_spec
    if not (isinstance(spec, tuple) and len(spec) == 2 and all(isinstance(part, tf.TensorSpec) for part in spec)):
        raise Told("the elements of the tf.data.Dataset are no pairs (x, y) of tensors. Map them to such pairs.")
    if dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise Told("the tf.data.Dataset never ends. Leave out repeat(), or end it with take().")
    way = _way(spec[0].shape, spec[1].shape)
    parts = _batches(dataset.batch(BATCH) if way == "samples" else dataset, limit, say)
    if not parts:
        raise Told("the tf.data.Dataset is empty. Check what it reads.")
    x, y = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Gathered({"x": _array("x", x), "y": _array("y", y)}, way)


def _way(x: Any, y: Any) -> Way:
    """Whether an element is a sample or a batch of them."""
    if x.rank is None or y.rank is None:
        raise Told("the shapes of its tf.data.Dataset are not known. Give from_generator an output_signature.")
    if x.rank == 0 or y.rank == 0 or x[0] != y[0]:
        return "samples"
    if x[0] is None:
        return "batches"
    raise Told(
        f"its tf.data.Dataset gives x of the shape {tuple(x)} and y of {tuple(y)}, which may be a sample or a batch. "
        "End batches with unbatch(), or samples with batch(32)."
    )


def _batches(dataset: Any, limit: int, say: Say) -> list[tuple[AnyArray, AnyArray]]:
    parts: list[tuple[AnyArray, AnyArray]] = []
    size = count = 0
    for x, y in _pairs(dataset):
        size += x.nbytes + y.nbytes
        count += len(x)
        _check(size, limit)
        parts.append((x, y))
        say(f"Gathering the tf.data.Dataset: {count:,} samples")
    return parts


def _pairs(dataset: Any) -> Iterator[tuple[AnyArray, AnyArray]]:
    for x, y in dataset.as_numpy_iterator():
        yield np.asarray(x), np.asarray(y)
