"""Reads the texts of the Keras data sets, which are lists of numbers of words in an NPZ file, without unpickling."""

import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.domain.dataset import Task
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import check_memory, readable
from workbench.engine.data.number_pickle import PickleError, read_pickle
from workbench.engine.data.params import text, whole
from workbench.engine.data.raw import AnyArray, Params, Progress, RawData

_MOST = 200_000_000
_MOST_WORDS = 10_000_000

TEXT_PARAMS = (
    ParamEntry(
        "output",
        "choice",
        "int",
        choices=("int", "multi_hot"),
        choice_titles=("In a row", "Bag: yes, no"),
        help="A row of the numbers of the words for an Embedding, or a bag: one column for each number, 1 where it "
        "occurs. A bag does not know the order of the words, and takes much memory.",
    ),
    ParamEntry(
        "vocabulary",
        "int",
        10_000,
        low=10,
        high=100_000,
        help="How many numbers there are, of the most frequent words; rarer words become the number 2.",
    ),
    ParamEntry(
        "length",
        "int",
        200,
        low=1,
        high=5_000,
        help="Words of a text in a row: of a longer one the last are kept, a shorter one is filled up in front with 0.",
    ),
)

_PADDED = '''
def padded(texts):
    """The last words of each text: 0 fills, 1 begins a text, 2 is a rare word, 4 the most frequent one."""
    rows = np.zeros((len(texts), LENGTH), "int32")
    for row, words in zip(rows, texts):
        numbers = np.array(words[-LENGTH:], "int64") + 3
        row[LENGTH - len(numbers) :] = np.where(numbers < VOCABULARY, numbers, 2)
        if len(numbers) < LENGTH:
            row[LENGTH - len(numbers) - 1] = 1
    return rows
'''

_BAGS = '''
def bags(texts):
    """Which numbers occur in each text: 1 begins a text, 2 is a rare word, 4 the most frequent one."""
    found = np.zeros((len(texts), VOCABULARY), "uint8")
    for bag, words in zip(found, texts):
        numbers = np.array(words, "int64") + 3
        bag[np.where(numbers < VOCABULARY, numbers, 2)] = 1
        bag[1] = 1
    return found
'''


@dataclass(frozen=True)
class Numbering:
    """How texts become arrays: by `apply`, and in a script by the function `name`, which `lines` define."""

    name: str
    lines: tuple[str, ...]
    apply: Callable[[Sequence[Sequence[int]], Progress], AnyArray]


def numbering(params: Params) -> Numbering:
    """What the parameters of a source ask for."""
    vocabulary, length = whole(params, "vocabulary"), whole(params, "length")
    if text(params, "output") == "multi_hot":
        lines = (f"VOCABULARY = {vocabulary}", "", _BAGS)
        return Numbering("bags", lines, lambda texts, progress: bags(texts, vocabulary, progress))
    lines = (f"VOCABULARY, LENGTH = {vocabulary}, {length}", "", _PADDED)
    return Numbering("padded", lines, lambda texts, progress: padded(texts, vocabulary, length, progress))


def texts_data(
    entry: SourceEntry,
    arrays: Sequence[AnyArray],
    params: Params,
    *,
    classes: tuple[str, ...],
    target: str,
    task: Task,
    script: str,
) -> RawData:
    """Rows or bags of numbers of words as data; `arrays` are x, y and those of the test set."""
    x, y, x_test, y_test = arrays
    return RawData(
        title=entry.title,
        form="arrays",
        x=x,
        y=y,
        x_test=x_test,
        y_test=y_test,
        classes=classes,
        target=target,
        task=task,
        detected=_detected(params),
        script=script,
    )


def padded(texts: Sequence[Sequence[int]], vocabulary: int, length: int, progress: Progress) -> NDArray[np.int32]:
    """The last words of each text, as Keras numbers them: 0 fills, 1 begins a text, 2 is a rare word, and 3 is added to
    the place of a word among the most frequent ones, counted from 1."""
    check_memory(len(texts) * length * 8, "The texts")
    rows = np.zeros((len(texts), length), np.int32)
    for place, words in enumerate(texts):
        if place % 2_000 == 0:
            progress("Numbering the words", place / len(texts))
        numbers = np.array(words[-length:], np.int64) + 3
        rows[place, length - len(numbers) :] = np.where(numbers < vocabulary, numbers, 2)
        if len(numbers) < length:
            rows[place, length - len(numbers) - 1] = 1
    return rows


def bags(texts: Sequence[Sequence[int]], vocabulary: int, progress: Progress) -> NDArray[np.uint8]:
    """Which numbers occur in each text (n, vocabulary), 1 or 0, with the numbers of the rows above."""
    check_memory(len(texts) * vocabulary * 5, "The texts as bags of words")  # a byte here, four as trained on
    found = np.zeros((len(texts), vocabulary), np.uint8)
    for place, words in enumerate(texts):
        if place % 2_000 == 0:
            progress("Numbering the words", place / len(texts))
        numbers = np.array(words, np.int64) + 3
        found[place, np.where(numbers < vocabulary, numbers, 2)] = 1
        found[place, 1] = 1
    return found


def _detected(params: Params) -> dict[str, str]:
    words = {"Words": f"{whole(params, 'vocabulary'):,} numbers"}
    return words if text(params, "output") == "multi_hot" else {**words, "Length": f"{whole(params, 'length')} words"}


def read_texts(path: Path, name: str, progress: Progress) -> list[list[int]]:
    """One array of texts. Raises DataError when it holds anything else than lists of numbers."""
    found = _member(path, name, progress)
    if not isinstance(found, list) or not found or not all(_is_text(text) for text in found):
        raise _refused(path, f"{name} is no list of texts")
    return found


def read_labels(path: Path, name: str, count: int, progress: Progress) -> AnyArray:
    """One array of `count` class numbers."""
    found = _member(path, name, progress)
    array = np.asarray(found)
    if array.shape != (count,) or array.dtype.kind not in "iu":
        raise _refused(path, f"{name} holds no class numbers")
    return array.astype(np.int64)


def _is_text(text: Any) -> bool:
    return type(text) is list and all(type(word) is int and 0 <= word < _MOST_WORDS for word in text)


def _member(path: Path, name: str, progress: Progress) -> object:
    """An array, or the list in an array of objects."""
    progress(f"Reading {path.name}", None)
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(f"{name}.npy")
            if info.file_size > _MOST:
                raise DataError(f"{path.name} would unpack to {readable(info.file_size)}. Get it again.")
            with archive.open(info) as stream:
                version = np.lib.format.read_magic(stream)
                read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
                shape, _, dtype = read(stream)
                data = stream.read(_MOST)
        if dtype.hasobject:
            return read_pickle(data, lambda fraction: progress(f"Reading {path.name}", fraction))
        return np.frombuffer(data, dtype).reshape(shape)
    except (PickleError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _refused(path, str(error)) from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error


def _refused(path: Path, why: str) -> DataError:
    return DataError(f"{path.name} is damaged, or holds more than numbers, so it was not opened. Get it again.", why)
