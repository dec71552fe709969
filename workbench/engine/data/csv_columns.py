"""Gathers the cells of one column, block by block, as numbers or as text."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.csv_format import is_number
from workbench.engine.data.raw import Column, CsvFormat, Floats

_NAN = float("nan")


class ColumnReader:
    """One column while it is read. After all blocks, `mixed` says that text was found among numbers, `first_bad` in
    which row (from 0) and cell; `column` gives what was read."""

    def __init__(self, name: str, written: CsvFormat, text: bool, bad_is_missing: bool) -> None:
        self.name = name
        self.first_bad: tuple[int, str] | None = None
        self.numbers = 0
        self.bad = 0
        self.text = text
        self._decimal = written.decimal
        self._missing = frozenset(token.strip().lower() for token in written.missing)
        self._quick_missing = self._missing | frozenset(written.missing)
        self._missing_number = any(is_number(token, written.decimal) for token in written.missing)
        self._bad_is_missing = bad_is_missing
        self._rows = 0
        self._blocks: list[Floats] = []
        self._codes: list[NDArray[np.int32]] = []
        self._index: dict[str, int] = {}
        self._names: dict[str, int] = {}

    def add(self, cells: Sequence[str]) -> None:
        """The next cells of the column."""
        if not self.text:
            block = self._quick(cells)
            if block is None:
                block = self._careful(cells)
            if self._rows == 0 and not self._bad_is_missing and self._is_text():
                self.text = True
                self.first_bad = None
            else:
                self._blocks.append(block)
        if self.text:
            self._add_text(cells)
        self._rows += len(cells)

    def _is_text(self) -> bool:
        """Few numbers: a text column. A few bad cells among numbers are more likely mistakes."""
        if not self.bad:
            return False
        few = self.bad * 10 <= self.bad + self.numbers or (self.bad <= 2 and self.numbers >= 2 * self.bad)
        return not few

    @property
    def must_be_text(self) -> bool:
        """The column turned out to be text after numbers had been read: it must be read again, as text."""
        return not self.text and not self._bad_is_missing and self._is_text()

    @property
    def mixed(self) -> bool:
        """A number column with cells that are none."""
        return not self.text and not self._bad_is_missing and self.bad > 0 and not self._is_text()

    def _quick(self, cells: Sequence[str]) -> Floats | None:
        """All cells converted at C speed, None when one is neither a number nor exactly a missing token."""
        joined = "".join(cells)
        if "_" in joined or self._decimal != ".":
            return None
        block = None if self._missing_number else _converted(map(float, cells), len(cells))
        if block is None:
            missing = self._quick_missing
            block = _converted((_NAN if cell in missing else float(cell) for cell in cells), len(cells))
        if block is None:
            return None
        self.numbers += int(len(cells) - np.isnan(block).sum())
        return block

    def _careful(self, cells: Sequence[str]) -> Floats:
        block = np.full(len(cells), _NAN)
        for row, cell in enumerate(cells):
            text = cell.strip()
            if text.lower() in self._missing:
                continue
            if is_number(text, self._decimal):
                block[row] = float(text.replace(self._decimal, "."))
                self.numbers += 1
            else:
                self.bad += 1
                self.first_bad = self.first_bad or (self._rows + row, text)
        return block

    def _add_text(self, cells: Sequence[str]) -> None:
        known = self._index
        codes = [known[cell] if cell in known else self._new(cell) for cell in cells]
        self._codes.append(np.array(codes, dtype=np.int32))

    def _new(self, cell: str) -> int:
        text = cell.strip()
        code = -1 if text.lower() in self._missing else self._names.setdefault(text, len(self._names))
        self._index[cell] = code
        return code

    def column(self) -> Column:
        """The column that was read. Categories are sorted."""
        if not self.text:
            numbers = np.concatenate(self._blocks) if self._blocks else np.empty(0)
            known = numbers[~np.isnan(numbers)]
            whole = bool(len(known)) and bool(np.all(np.isfinite(known)) and np.all(known == np.floor(known)))
            return Column(self.name, numbers=numbers, whole=whole)
        codes = np.concatenate(self._codes) if self._codes else np.empty(0, np.int32)
        categories = tuple(sorted(self._names))
        if not categories:
            return Column(self.name, numbers=np.full(len(codes), _NAN))
        place = {name: position for position, name in enumerate(categories)}
        order = np.array([place[name] for name in self._names] + [-1], dtype=np.int32)
        return Column(self.name, codes=order[codes], categories=categories)


def _converted(numbers: Iterable[float], count: int) -> Floats | None:
    try:
        return np.fromiter(numbers, np.float64, count)
    except ValueError:
        return None
