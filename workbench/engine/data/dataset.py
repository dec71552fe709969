"""A data set ready to train on, that still knows its samples as the person does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import DatasetInfo, DatasetSpec, Part
from workbench.domain.values import Scalar
from workbench.engine.data.errors import DataError
from workbench.engine.data.missing import Filling
from workbench.engine.data.pipeline import Pipeline
from workbench.engine.data.raw import AnyArray, Column, Indices, RawData
from workbench.engine.data.scaling import Scaler
from workbench.engine.data.table import Selection
from workbench.engine.data.table_words import TableWords

Floats32 = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Inputs `x[part]` (n, …) as scaled float32 and targets `y[part]`: (n,) int32 class numbers, (n, classes) float32
    one-hot, or (n, k) float32 numbers; for the task "reconstruction" the inputs themselves, without the noise that `x`
    has; for "segmentation" class numbers of the dots (n, height, width, 1) int32, or one-hot (n, height, width,
    classes) float32; where pictures are learned as numbers (n, height, width, channels) float32; for "multilabel" 0 and
    1 for each label (n, labels) float32. All arrays are read-only.

    `values[part]` are the targets before encoding: class numbers (n,), or numbers (n, k); for "reconstruction" the same
    as `y`; class numbers of the dots (n, height, width) uint8, or pictures (n, height, width, channels) as they came; 0
    and 1 for each label (n, labels) uint8. `indices[part]` are positions among the raw samples; `selection` is set for
    tables, `fill` where missing values were filled, `words` where columns of it are read for them. `raw_shape` is that
    of a sample as it comes and `raw_names` what its numbers are called, before the steps of preparation. `pieces[part]`
    are the pieces of streamed data; the arrays hold a sample of these.
    """

    spec: DatasetSpec
    info: DatasetInfo
    x: dict[Part, Floats32]
    y: dict[Part, AnyArray]
    values: dict[Part, AnyArray]
    indices: dict[Part, Indices]
    source: RawData
    raw_shape: tuple[int, ...]
    raw_names: tuple[str, ...]
    pipeline: Pipeline
    scaler: Scaler
    selection: Selection | None = None
    fill: Filling | None = None
    words: TableWords | None = None
    pieces: dict[Part, Indices] = field(default_factory=dict)

    def raw(self, part: Part, indices: Sequence[int] | Indices) -> AnyArray | list[tuple[Scalar, ...]]:
        """Samples as the person knows them: an array (n, …) of pictures, points or arrays, or rows of a table's
        cells in the order of `info.columns`, the target among them. Raises DataError on an index outside of the
        part."""
        places = np.asarray(indices, dtype=np.int64)
        size = len(self.indices[part])
        if len(places) and not (places.min() >= 0 and places.max() < size):
            raise DataError(f"The {part} part has {size} samples, counted from 0. Choose one of those.")
        positions = self.indices[part][places]
        if self.selection is not None:
            rows = self.selection.rows[positions]
            columns = [_cells(column, rows) for column in self.selection.table.columns]
            return list(zip(*columns, strict=True))
        array = self.source.x_test if part == "test" and self.source.x_test is not None else self.source.x
        assert array is not None
        return array[positions]

    def inputs(self, part: Part, indices: Sequence[int] | Indices) -> AnyArray:
        """Samples (n, *raw_shape) as numbers before steps and scaling, as `prepare` takes them."""
        if self.selection is not None:
            positions = self.indices[part][np.asarray(indices, dtype=np.int64)]
            x = self.selection.x[positions]
            return x if self.words is None else np.column_stack([x, self.words.of_rows(self.selection.rows[positions])])
        array = self.raw(part, indices)
        assert isinstance(array, np.ndarray)
        return array

    def prepare(self, raw: AnyArray) -> Floats32:
        """New samples (n, *raw_shape), raw as `inputs` gives them, filled, led through the steps and scaled as the
        training part was. Raises DataError when the shape does not fit."""
        if raw.ndim != len(self.raw_shape) + 1 or raw.shape[1:] != self.raw_shape:
            raise DataError(
                f"A sample has the shape {_shape(raw.shape[1:])}, "
                f"but the network takes {_shape(self.raw_shape)}. "
                "Choose samples like those it was trained on."
            )
        return self.scaler(self.unscaled(raw))

    def unscaled(self, raw: AnyArray) -> AnyArray:
        """The same samples filled and led through the steps, but not scaled yet."""
        if self.words is None:
            return self._stepped(raw)
        first = self.raw_shape[0] - self.words.width
        return np.column_stack([self._stepped(raw[:, :first]), raw[:, first:]])

    def _stepped(self, raw: AnyArray) -> AnyArray:
        if raw.dtype.kind == "f" and self.selection is not None:
            numbers = raw.astype(np.float64)
            raw = (self.fill or Filling(np.zeros(numbers.shape[1])))(numbers)
        return self.pipeline(raw)


def _shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) or "a single number"


def _cells(column: Column, rows: Indices) -> list[Scalar]:
    if column.codes is not None:
        names = column.categories
        return [names[code] if code >= 0 else None for code in column.codes[rows].tolist()]
    assert column.numbers is not None
    as_number: Callable[[float], Scalar] = int if column.whole else float
    return [None if number != number else as_number(number) for number in column.numbers[rows].tolist()]
