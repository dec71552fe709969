"""Turns the texts in columns of a table into words: columns of a bag, or rows of the numbers of words. They stand
behind all other inputs, and filling, steps and scaling leave them as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import DatasetInfo, TextInfo
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import check_memory
from workbench.engine.data.params import complete
from workbench.engine.data.raw import USUAL_TOKENS, AnyArray, Indices
from workbench.engine.data.source_text import comment
from workbench.engine.data.step import FittedStep
from workbench.engine.data.steps import step
from workbench.engine.data.table import Selection
from workbench.engine.data.table_texts import TextFeature
from workbench.engine.data.tokens import Tokenizer

Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class ColumnWords:
    """What became of one column: the step "tokenize", fitted on the texts of its training part."""

    feature: TextFeature
    fitted: FittedStep

    @property
    def name(self) -> str:
        """What the column is called."""
        return self.feature.column.name

    @property
    def tokenizer(self) -> Tokenizer:
        """What knows the words."""
        return cast("Tokenizer", self.fitted.tokenizer)

    @property
    def width(self) -> int:
        """How many inputs it makes."""
        return self.tokenizer.size if self.tokenizer.length is None else self.tokenizer.length

    @property
    def vocabulary_size(self) -> int | None:
        """How many numbers a token can have, in rows of tokens; None for bags."""
        return None if self.tokenizer.length is None else self.tokenizer.size

    @property
    def names(self) -> tuple[str, ...]:
        """What its inputs are called: by their words, or by their places."""
        if self.tokenizer.length is None:
            return tuple(f"{self.name}: {word}" for word in self.fitted.names)
        return tuple(f"{self.name}: token {place + 1}" for place in range(self.width))

    @property
    def note(self) -> str:
        """What was made of it, for a person."""
        unit = self.tokenizer.cut.unit
        if self.vocabulary_size is not None:
            told = (
                f"Each “{self.name}” became a row of {self.width:,} token numbers from 0 to {self.tokenizer.size - 1:,}"
            )
            return f"{told}, which an Embedding learns from."
        if self.tokenizer.hashed:
            return f"The {unit} of “{self.name}” became {self.width:,} columns, each for some of them by their hashes."
        return f"The {unit} of “{self.name}” became {self.width:,} columns, the first of them for unknown ones."


@dataclass(frozen=True)
class TableWords:
    """The words of all columns that are read for them. Call it with the texts of each, (n,) arrays of objects: it gives
    the inputs (n, width) as float32."""

    columns: tuple[ColumnWords, ...]

    def __call__(self, texts: Sequence[AnyArray]) -> Floats32:
        count = len(texts[0])
        check_memory(count * self.width * 4, f"{count:,} rows with {self.width:,} inputs from words", FEWER_WORDS)
        inputs = np.empty((count, self.width), np.float32)
        start = 0
        for column, given in zip(self.columns, texts, strict=True):
            end = start + column.width
            inputs[:, start:end] = column.tokenizer(given)
            start = end
        return inputs

    def of_rows(self, rows: Indices) -> Floats32:
        """The inputs from some rows of the table that they were fitted on."""
        return self([column.feature.texts(rows) for column in self.columns])

    @cached_property
    def width(self) -> int:
        """How many inputs all columns make."""
        return sum(column.width for column in self.columns)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the inputs are called."""
        return tuple(name for column in self.columns for name in column.names)

    def told(self, first: int) -> tuple[TextInfo, ...]:
        """What pages and checks need to know, where the inputs of the columns begin at place `first`."""
        found = []
        for column in self.columns:
            found.append(TextInfo(column.name, first, column.width, column.vocabulary_size))
            first += column.width
        return tuple(found)

    @property
    def script(self) -> str:
        """Python source that goes on from the other inputs of each part, prepared, and the `texts` of each."""
        parts = ["plain_train, plain_validation, plain_test = x_train, x_validation, x_test"]
        for place, column in enumerate(self.columns):
            parts += [
                f"\n\n# The words of {comment(column.name)} stand behind the others.\n"
                + "\n".join(f"x_{part} = texts_{part}[:, {place}]" for part in _PARTS),
                column.fitted.script,
                "\n".join(
                    f'plain_{part} = np.column_stack([plain_{part}, x_{part}.astype("float32")])' for part in _PARTS
                ),
            ]
        return "\n".join([*parts, "x_train, x_validation, x_test = plain_train, plain_validation, plain_test"])


_PARTS = ("train", "validation", "test")
MOST_PIECE = 128 << 20
FEWER_WORDS = "Choose a smaller vocabulary, or a smaller part of the data."


def fit_words(selection: Selection | None, train: Indices) -> TableWords | None:
    """The words that the training part knows, whose samples are at `train` among those selected; None where no column
    is read for them. Raises DataError, which names the column, where they cannot be had."""
    if selection is None or not selection.texts:
        return None
    plug_in = step(USUAL_TOKENS.kind)
    rows = selection.rows[train]
    found = []
    for feature in selection.texts:
        try:
            fitted = plug_in.fit(complete(plug_in.ENTRY, feature.wish.params), feature.texts(rows), ())
        except DataError as error:
            raise DataError(f"Column “{feature.column.name}”: {error}") from error
        found.append(ColumnWords(feature, fitted))
    return TableWords(tuple(found))


def with_words(info: DatasetInfo, words: TableWords | None, parts: Sequence[Floats32]) -> DatasetInfo:
    """What is known of data whose inputs of all parts, `parts`, end with these: `info` tells of the others so far. The
    range leaves out numbers of tokens, which are not meant as quantities, where there are other inputs."""
    if words is None:
        return info
    first = info.input_shape[0] - words.width
    told = words.told(first)
    ranges = [range(first), *(each.places for each in told if each.vocabulary_size is None)]
    quantities = [array[:, each.start : each.stop] for each in ranges if each for array in parts if len(array)]
    low = min((float(array.min()) for array in quantities), default=info.input_low)
    high = max((float(array.max()) for array in quantities), default=info.input_high)
    sizes = [each.vocabulary_size or 0 for each in told]
    return msgspec.structs.replace(
        info,
        features=(*info.features, *words.names),
        raw_shape=None if info.raw_shape is None else (info.raw_shape[0] + words.width,),
        texts=told,
        vocabulary_size=None if quantities else max(sizes),
        input_low=low,
        input_high=high,
        notes=(*info.notes, *(column.note for column in words.columns), *_of_stream(info)),
    )


def _of_stream(info: DatasetInfo) -> tuple[str, ...]:
    if info.stream is None:
        return ()
    return ("The words that are known are those of the training samples shown; all others count as unknown.",)
