"""Reads data sets by their name with the library tensorflow_datasets, which is loaded only when one is read."""

import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from PIL import Image

from workbench.engine.data.array_data import Shaped, check_inputs, check_targets, shape_data
from workbench.engine.data.errors import Cancelled, DataError
from workbench.engine.data.limits import MAX_CLASSES, check_memory
from workbench.engine.data.named_set_files import check_features, prepare_set
from workbench.engine.data.optional import library
from workbench.engine.data.raw import AnyArray, Progress, RawData
from workbench.engine.data.source_text import text_literal

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}(/[A-Za-z0-9_.+-]{1,100})?(:\d{1,4}\.\d{1,4}\.\d{1,4})?")
_SPLIT = re.compile(r"[A-Za-z0-9_.\[\]:%+-]{1,100}")
USUAL_TEST = "test"
_TITLE = "A data set of tensorflow_datasets"
_TOLD = 200
_PLAIN = (
    "def plain(values):",
    '    """Numbers as an array, texts as an array of Python strings."""',
    "    if not isinstance(values[0], bytes):",
    "        return np.array(values)",
    "    texts = np.empty(len(values), object)",
    '    texts[:] = [value.decode("utf-8", "replace") for value in values]',
    "    return texts",
)


@dataclass(frozen=True)
class Wanted:
    """What to read: the splits for training and, unless empty, for testing, where a set without USUAL_TEST has none;
    the features to learn from and to learn, empty for those that the set itself names; `size` of all pictures (height,
    width); the folder of the sets."""

    name: str
    train: str
    test: str
    x: str
    y: str
    size: tuple[int, int] | None
    folder: Path | None


def read_named_set(wanted: Wanted, progress: Progress) -> RawData:
    """The data set. Raises DataError, and whatever `progress` raises to cancel."""
    _check_names(wanted)
    check_features(wanted.name, wanted.folder)
    progress("Loading tensorflow_datasets", None)
    tfds = library("tensorflow_datasets", "datasets", _TITLE)
    with _told(wanted.name, tfds):
        builder = tfds.builder(wanted.name, data_dir=_folder(wanted))
        if not builder.is_prepared():
            prepare_set(wanted.name, wanted.folder, builder.info, progress)
            builder = tfds.builder(wanted.name, data_dir=_folder(wanted))
        if wanted.test == USUAL_TEST and USUAL_TEST not in builder.info.splits:
            wanted = replace(wanted, test="")
        reader = _Reader(tfds, builder, wanted, progress)
        x, y = reader.read(wanted.train)
        x_test, y_test = reader.read(wanted.test) if wanted.test else (None, None)
    return _raw(wanted, reader, x, y, x_test, y_test)


class _Reader:
    """Reads splits into arrays."""

    def __init__(self, tfds: ModuleType, builder: Any, wanted: Wanted, progress: Progress) -> None:
        self._tfds, self._builder, self._wanted, self._progress = tfds, builder, wanted, progress
        features = builder.info.features
        self._known = tuple(str(name) for name in features) if hasattr(features, "keys") else ()
        keys = builder.info.supervised_keys or ()
        given = [key for key in keys[:2] if isinstance(key, str)]
        self.x = wanted.x or (given[0] if given else "")
        self.y = wanted.y or (given[1] if len(given) == 2 and given[1] != self.x else "")
        for name in (self.x, self.y):
            if name not in self._known and (name or not self.x):
                said = f"has no feature “{name}”" if name else "does not say what to learn from"
                raise DataError(f"{wanted.name} {said}. Choose among: {', '.join(self._known[:20]) or 'none'}.")
        names = getattr(features[self.y], "names", None) if self.y else None
        self.classes = tuple(str(name) for name in names) if names else ()
        if len(self.classes) > MAX_CLASSES:
            raise DataError(f"{wanted.name} has {len(self.classes)} classes; at most {MAX_CLASSES} are possible.")

    def read(self, split: str) -> tuple[AnyArray, AnyArray | None]:
        """Inputs and targets of all samples of a split."""
        try:
            count = int(self._builder.info.splits[split].num_examples)
        except (KeyError, ValueError) as error:
            known = ", ".join(str(name) for name in self._builder.info.splits)
            raise DataError(
                f"{self._wanted.name} has no split “{split}”. Choose among: {known}.", str(error)
            ) from error
        x, y = _Gathered(self._wanted, self.x, count), _Gathered(self._wanted, self.y, count)
        samples = self._tfds.as_numpy(self._builder.as_dataset(split=split, shuffle_files=False))
        for place, sample in enumerate(samples):
            if place % _TOLD == 0:
                self._progress(f"Reading {self._wanted.name}, {split}", min(1.0, place / max(1, count)))
            x.add(_resized(sample[self.x], self._wanted.size))
            if self.y:
                y.add(sample[self.y])
        return x.array(), y.array() if self.y else None


class _Gathered:
    """One feature of the samples of a split, which has `count` of them; room is made for it with the first."""

    def __init__(self, wanted: Wanted, feature: str, count: int) -> None:
        self._name, self._feature, self._count = wanted.name, feature, count
        self._array: AnyArray | None = None
        self._added = self._letters = 0

    def add(self, value: Any) -> None:
        """The value of the next sample."""
        if isinstance(value, bytes | str):
            value = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            self._letters += len(value)
            if self._added % _TOLD == 0:
                check_memory(self._letters * 4, f"The texts of {self._name}")
            found = np.array(value, object)
        else:
            found = np.asarray(value)
            if found.dtype.kind not in "biuf":
                raise DataError(
                    f"“{self._feature}” of {self._name} is neither numbers nor a text. Choose another feature."
                )
        if self._array is None:
            check_memory(self._count * max(8, found.nbytes), f"“{self._feature}” of {self._name}")
            self._array = np.empty((self._count, *found.shape), found.dtype)
        if found.shape != self._array.shape[1:] or found.dtype != self._array.dtype:
            raise DataError(
                f"The samples of “{self._feature}” of {self._name} have different shapes. "
                "Give a size for pictures, or choose another feature."
            )
        if self._added == self._count:
            raise DataError(f"{self._name} has more samples than it says. Delete it, and prepare it again.")
        self._array[self._added] = found[()]
        self._added += 1

    def array(self) -> AnyArray:
        """All values."""
        if self._array is None:
            raise DataError(f"{self._name} has no samples in this split. Choose another split.")
        return self._array[: self._added]


def _resized(value: Any, size: tuple[int, int] | None) -> Any:
    """A picture in the wished size; anything else as it is."""
    if size is None or not isinstance(value, np.ndarray) or value.ndim != 3 or value.dtype != np.uint8:
        return value
    if value.shape[2] not in (1, 3, 4) or value.shape[:2] == size:
        return value
    plain = value[..., 0] if value.shape[2] == 1 else value
    image = Image.fromarray(plain).resize((size[1], size[0]), Image.Resampling.BILINEAR)
    return np.asarray(image).reshape(*size, value.shape[2])


def _raw(
    wanted: Wanted, reader: _Reader, x: AnyArray, y: AnyArray | None, x_test: AnyArray | None, y_test: AnyArray | None
) -> RawData:
    texts = x.dtype.kind == "O"
    shaped = Shaped("text" if texts else "arrays", x, y, reader.y, x_test, y_test, lines=_lines(wanted, reader))
    for inputs, targets in ((x, y), (x_test, y_test)):
        if inputs is not None and not texts:
            check_inputs(inputs, f"{wanted.name}: “{reader.x}”")
        if inputs is not None and targets is not None:
            _check_classes(wanted.name, reader, targets)
            check_targets(targets, len(inputs), f"{wanted.name}: “{reader.y}”")
    if not texts:
        shaped = shape_data(shaped, "auto")
    return replace(
        shaped.raw(wanted.name),
        classes=reader.classes or shaped.classes,
        full_scale=255.0 if shaped.form == "pictures" and shaped.x.dtype == np.uint8 else None,
        detected={"Inputs": reader.x} | ({"Targets": reader.y} if reader.y else {}),
    )


def _check_classes(name: str, reader: _Reader, y: AnyArray) -> None:
    if reader.classes and not (y.dtype.kind in "iu" and y.min() >= 0 and y.max() < len(reader.classes)):
        raise DataError(f"{name} has samples whose class is not known. Leave the split with them out.")


def _lines(wanted: Wanted, reader: _Reader) -> list[str]:
    """Python source that defines the same arrays."""
    taken = {"x": f"sample[{text_literal(reader.x)}]", "y": f"sample[{text_literal(reader.y)}]"}
    roles = ("x", "y") if reader.y else ("x",)
    values = [f"plain([{taken[role]} for sample in samples])" for role in roles]
    lines = [
        "import numpy as np",
        "import tensorflow_datasets as tfds",
        *(["from PIL import Image"] if wanted.size else []),
        "",
        f"builder = tfds.builder({text_literal(wanted.name)}, data_dir={_folder_literal(wanted)})",
        "builder.download_and_prepare()",
        "",
        "",
        *_PLAIN,
    ]
    if wanted.size:
        lines += _resize_lines(wanted.size)
        values[0] = f"plain([resized({taken['x']}) for sample in samples])"
    lines += [
        "",
        "",
        "def arrays(split):",
        '    """The samples of a split."""',
        "    samples = list(tfds.as_numpy(builder.as_dataset(split=split, shuffle_files=False)))",
        f"    return {', '.join(values)}",
        "",
        "",
    ]
    for suffix, split in (("", wanted.train), ("_test", wanted.test)):
        if split:
            names = ", ".join(f"{role}{suffix}" for role in roles)
            lines.append(f"{names} = arrays({text_literal(split)})")
    return lines


def _resize_lines(size: tuple[int, int]) -> list[str]:
    return [
        "",
        "",
        "def resized(picture):",
        f'    """A picture of {size[0]}×{size[1]} dots."""',
        f"    if picture.ndim != 3 or picture.shape[2] not in (1, 3, 4) or picture.shape[:2] == {size}:",
        "        return picture",
        "    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)",
        f"    image = image.resize({(size[1], size[0])}, Image.Resampling.BILINEAR)",
        f"    return np.asarray(image).reshape(*{size}, picture.shape[2])",
    ]


def _folder(wanted: Wanted) -> str | None:
    return str(wanted.folder) if wanted.folder is not None else None


def _folder_literal(wanted: Wanted) -> str:
    return text_literal(str(wanted.folder)) if wanted.folder is not None else "None"


def _check_names(wanted: Wanted) -> None:
    """Raises DataError on what is no plain name: others make the library fetch code and run it."""
    if not _NAME.fullmatch(wanted.name):
        raise DataError(
            "The name of the data set cannot be read. Write it as mnist, or with a configuration and version as "
            "glue/cola:2.0.0."
        )
    for split in (wanted.train, wanted.test):
        if split and not _SPLIT.fullmatch(split):
            raise DataError(f"“{split[:40]}” is no split. Write it as train, or as train[:10%].")
    if not wanted.train:
        raise DataError("No split to train on is named. Write it as train.")


@contextmanager
def _told(name: str, tfds: ModuleType) -> Iterator[None]:
    """Whatever the library raises becomes a DataError."""
    try:
        yield
    except (DataError, Cancelled):
        raise
    except Exception as error:
        first = (str(error).strip().split("\n") or [""])[0][:200]
        if type(error).__name__ == "DatasetNotFoundError":
            plain = name.split("/")[0].split(":")[0]
            known = [str(each) for each in tfds.list_builders(with_community_datasets=False)]
            like = ", ".join(difflib.get_close_matches(plain, known, 5))
            advice = f"Did you mean {like}?" if like else "Its web page lists all names."
            raise DataError(f"tensorflow_datasets knows no data set “{name}”. {advice}", first) from error
        raise DataError(f"{name} cannot be read by tensorflow_datasets: {first or type(error).__name__}.") from error
