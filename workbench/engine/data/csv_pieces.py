"""Cuts a text table into pieces of whole rows by one quick look at its bytes, and reads each alone."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.csv_columns import ColumnReader
from workbench.engine.data.csv_table import column_names
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import Stamp, read_unchanged, stamp_of
from workbench.engine.data.raw import CsvFormat, Indices, Progress, Table

_LEAST_PIECE = 256 << 10
_MOST_PIECE = 4 << 20
_WANTED_PIECES = 4_000
_BLOCK = 8 << 20
_ROWS = 2_000
_NEWLINE, _QUOTE = 10, 34
_MARK = "\0"
ENCODINGS = ("utf-8", "utf-8-sig", "latin-1")


@dataclass(frozen=True)
class Cuts:
    """Where pieces begin and end: `bounds` (pieces + 1,) in bytes, `rows` (pieces,) in each."""

    bounds: Indices
    rows: Indices


@dataclass(frozen=True)
class PieceFile:
    """A text table that is read in pieces; `stamp` is as it was when it was cut."""

    path: Path
    written: CsvFormat
    names: tuple[str, ...]
    texts: frozenset[int]
    cuts: Cuts
    stamp: Stamp

    def read(self, pieces: Sequence[int]) -> tuple[Table, Indices]:
        """The rows of some pieces as a table, and which piece each is of. Rows of another length are left out, and
        cells that are no numbers in a column of numbers are missing. Raises DataError when the file has changed."""
        readers = [
            ColumnReader(name, self.written, place in self.texts, bad_is_missing=place not in self.texts)
            for place, name in enumerate(self.names)
        ]
        owners: list[Indices] = []
        for piece in pieces:
            rows = self._add(readers, int(piece))
            owners.append(np.full(rows, piece, np.int64))
        columns = tuple(reader.column() for reader in readers)
        owner = np.concatenate(owners) if owners else np.empty(0, np.int64)
        return Table(columns, len(owner), self.path, self.written), owner

    def _add(self, readers: Sequence[ColumnReader], piece: int) -> int:
        """Let the columns read a piece; gives the number of its rows."""
        text = self._text(piece)
        cells = _split(text, self.written.delimiter, len(self.names))
        if cells is None:
            return _add_rows(readers, self._rows(text, piece), len(self.names))
        for reader, column in zip(readers, cells, strict=True):
            reader.add(column)
        return len(cells[0])

    def _text(self, piece: int) -> str:
        begin, end = self.cuts.bounds[piece : piece + 2].tolist()
        content = read_unchanged(self.path, self.stamp, begin, end - begin)
        return content.decode(self.written.encoding, "replace")

    def _rows(self, text: str, piece: int) -> Iterator[list[str]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.written.delimiter, skipinitialspace=True)
        try:
            yield from reader
        except csv.Error as error:
            raise DataError(
                f"{self.path.name}: a cell of piece {piece + 1} of {len(self.cuts.rows)} is too long. "
                "Correct the file.",
                str(error),
            ) from error


def _split(text: str, delimiter: str, width: int) -> list[list[str]] | None:
    """The cells of each column, where no cell is quoted and all rows have as many: some times as quick as the careful
    way. None where it takes that."""
    if '"' in text or _MARK in text:
        return None
    cells = text.rstrip("\r\n").replace("\r\n", "\n").replace("\n", delimiter + _MARK + delimiter).split(delimiter)
    marks = cells[width :: width + 1]
    if len(cells) % (width + 1) != width or marks != [_MARK] * len(marks):
        return None
    return [cells[place :: width + 1] for place in range(width)]


def open_pieces(path: Path, written: CsvFormat, text_columns: tuple[str, ...], progress: Progress) -> PieceFile:
    """Cut a text table into pieces, and tell its columns of texts from those of numbers by the first of them. Raises
    DataError where that cannot be."""
    if written.encoding not in ENCODINGS:
        raise DataError(f"{path.name} is written in {written.encoding}, so it cannot be read piece by piece.")
    names, _ = column_names(path, written)
    stamp = stamp_of(path)
    cuts = _cut(path, written, stamp[0], progress)
    known = frozenset(names.index(name) for name in text_columns if name in names)
    file = PieceFile(path, written, tuple(names), known, cuts, stamp)
    return replace(file, texts=known | _texts(file))


def _texts(file: PieceFile) -> frozenset[int]:
    """The columns that hold texts in the first rows, and in a piece from the middle."""
    found: set[int] = set()
    for piece in {0, len(file.cuts.rows) // 2}:
        readers = [ColumnReader(name, file.written, False, False) for name in file.names]
        file._add(readers, piece)
        found |= {place for place, reader in enumerate(readers) if reader.text or reader.must_be_text}
    return frozenset(found)


def _add_rows(readers: Sequence[ColumnReader], rows: Iterator[list[str]], width: int) -> int:
    count = 0
    block: list[list[str]] = []
    for row in rows:
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            row = row[:width]
        if len(row) == width:
            block.append(row)
        if len(block) == _ROWS:
            count += _add_block(readers, block)
            block = []
    return count + _add_block(readers, block)


def _add_block(readers: Sequence[ColumnReader], block: list[list[str]]) -> int:
    if block:
        for reader, cells in zip(readers, zip(*block, strict=True), strict=True):
            reader.add(cells)
    return len(block)


def _cut(path: Path, written: CsvFormat, size: int, progress: Progress) -> Cuts:
    wanted = min(max(size // _WANTED_PIECES, _LEAST_PIECE), _MOST_PIECE)
    bounds, rows = [0], list[int]()
    quoted = False
    open_rows = -int(written.header)
    with path.open("rb") as file:
        begin = 0
        while block := file.read(_BLOCK):
            progress(f"Looking through {path.name}", min(1.0, begin / max(1, size)))
            ends, quoted = _row_ends(np.frombuffer(block, np.uint8), quoted)
            taken = 0
            while True:
                target = bounds[-1] + wanted - begin
                place = max(taken, int(np.searchsorted(ends, target)))
                if place >= len(ends):
                    break
                rows.append(open_rows + place + 1 - taken)
                bounds.append(begin + int(ends[place]) + 1)
                taken, open_rows = place + 1, 0
            open_rows += len(ends) - taken
            begin += len(block)
            last = block[-1:]
    if begin > bounds[-1] and (rest := open_rows + (last != b"\n")) > 0:
        bounds.append(begin)
        rows.append(rest)
    return Cuts(np.array([_behind_header(path, written), *bounds[1:]], np.int64), np.array(rows, np.int64))


def _row_ends(block: NDArray[np.uint8], quoted: bool) -> tuple[NDArray[np.int64], bool]:
    """Where rows end in a block, and whether it ends within quotes; line ends within quotes end no row."""
    ends = np.flatnonzero(block == _NEWLINE)
    quotes = np.flatnonzero(block == _QUOTE)
    if not len(quotes):
        return (ends[:0] if quoted else ends), quoted
    within = (np.searchsorted(quotes, ends) + quoted) % 2 == 1
    return ends[~within], bool((len(quotes) + quoted) % 2)


def _behind_header(path: Path, written: CsvFormat) -> int:
    """Where the first row of data begins."""
    if not written.header:
        return 0
    begin, quoted = 0, False
    with path.open("rb") as file:
        for line in file:
            quoted ^= line.count(b'"') % 2 == 1
            begin += len(line)
            if not quoted and line.strip(b"\xef\xbb\xbf \t\r\n"):
                return begin
    return begin
