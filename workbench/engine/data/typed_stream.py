"""Rows of values that know their type, too many to be held: read piece by piece where they can be had in ranges, else
gone through once and put aside on the disk as texts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import msgspec
import numpy as np

from workbench.engine.data.csv_columns import ColumnReader
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import CsvFormat, Indices, Params, Progress, RawData, Table
from workbench.engine.data.spool import Spool
from workbench.engine.data.stream import Stream, choose_sampled, refuse_few
from workbench.engine.data.typed_table import (
    Layout,
    Record,
    Records,
    cells_of,
    describe_table,
    lay_out,
    texts_of,
)

_ASIDE_ROWS = 2_000
_ASIDE_LETTERS = 2 << 20
_cells: msgspec.msgpack.Decoder[list[list[str]]] = msgspec.msgpack.Decoder(list[list[str]])

Lines = Callable[[int], list[list[str]]]


@dataclass(frozen=True)
class Ranges:
    """Rows that can be had in pieces: `counts` (pieces,) in each; `opened(piece)` gives them, always the same. `more`
    says that there are others behind them."""

    counts: Indices
    opened: Callable[[int], Iterable[Record]]
    more: bool = False


@dataclass(frozen=True)
class _Pieces:
    """The rows as the texts of their cells by piece; `texts` are the columns of the table that hold no numbers."""

    records: Records
    layout: Layout
    counts: Indices
    lines: Lines
    texts: frozenset[int] = frozenset()

    def read(self, pieces: Sequence[int]) -> Table:
        """The rows of some pieces; cells that are no numbers in a column of numbers are missing."""
        columns = tuple(reader.column() for reader in self._readers(pieces, bad_is_missing=True))
        rows = len(columns[0].missing)
        written = CsvFormat(encoding="utf-8", missing=self.records.missing)
        return Table(columns, rows, self.records.path, written, dates=tuple(self.layout.dates))

    def looked_at(self, pieces: Sequence[int], chosen: tuple[str, ...]) -> "_Pieces":
        """The same, with the columns of texts told from those of numbers by some pieces; `chosen` are texts anyway."""
        found = replace(self, texts=frozenset(place for place, name in enumerate(self.layout.names) if name in chosen))
        readers = found._readers(pieces, bad_is_missing=False)
        texts = {place for place, reader in enumerate(readers) if reader.text or reader.must_be_text}
        return replace(found, texts=found.texts | texts)

    def _readers(self, pieces: Sequence[int], bad_is_missing: bool) -> list[ColumnReader]:
        written = CsvFormat(encoding="utf-8", missing=self.records.missing)
        readers = [
            ColumnReader(name, written, place in self.texts, bad_is_missing and place not in self.texts)
            for place, name in enumerate(self.layout.names)
        ]
        for piece in pieces:
            for reader, cells in zip(readers, zip(*self.lines(piece), strict=True), strict=True):
                reader.add(cells)
        return readers


def read_ranges(records: Records, ranges: Ranges, params: Params, progress: Progress) -> RawData:
    """A sample of the rows, and the stream of all of them. `params` hold those of TABLE_PARAMS. Raises DataError."""
    layout = lay_out(records)
    starts = np.concatenate([[0], np.cumsum(ranges.counts)]).tolist()

    def lines(piece: int) -> list[list[str]]:
        rows = enumerate(ranges.opened(piece), start=starts[piece])
        return [cells_of(records, layout, record, row) for row, record in rows]

    return _read(_Pieces(records, layout, ranges.counts, lines), ranges.more, params, progress)


def read_aside(records: Records, params: Params, progress: Progress) -> RawData:
    """The same of rows that can only be had one after the other: they are gone through once, and put aside."""
    layout = lay_out(records)
    spool = Spool(records.title, "Use a part of it.")
    places: list[tuple[int, int]] = []
    counts: list[int] = []
    source = records.opened()
    for block in _blocks(records, layout, source, progress):
        content = msgspec.msgpack.encode(block)
        places.append((spool.write(content), len(content)))
        counts.append(len(block))
    more = next(source, None) is not None

    def lines(piece: int) -> list[list[str]]:
        return _cells.decode(spool.read(*places[piece]))

    return _read(_Pieces(records, layout, np.array(counts, np.int64), lines), more, params, progress)


def _blocks(
    records: Records, layout: Layout, source: Iterator[Record], progress: Progress
) -> Iterator[list[list[str]]]:
    """The cells of all rows but those behind the last that is wanted, some rows at a time."""
    block: list[list[str]] = []
    letters = 0
    for row, record in enumerate(islice(source, records.most)):
        block.append(cells_of(records, layout, record, row))
        letters += sum(map(len, block[-1]))
        if len(block) == _ASIDE_ROWS or letters > _ASIDE_LETTERS:
            progress(f"Going through {records.title}: {row + 1:,} rows", None)
            yield block
            block, letters = [], 0
    if block:
        yield block


def _read(found: _Pieces, more: bool, params: Params, progress: Progress) -> RawData:
    title, counts = found.records.title, found.counts
    if not found.layout.names:
        raise DataError(f"{title} has no columns of numbers or texts. Choose another table.")
    refuse_few(title, len(counts))
    sampled = choose_sampled(counts)
    progress(f"Reading a sample of {title}", None)
    pieces = found.looked_at(sampled.tolist(), texts_of(params))
    stream = Stream(
        counts=counts,
        read=lambda piece: RawData(title=title, form="table", table=pieces.read([piece])),
        sampled=sampled,
        owners=np.repeat(sampled, counts[sampled]),
        own_test=np.empty(0, np.int64),
    )
    table = pieces.read(sampled.tolist())
    notes = [*found.records.notes, *found.layout.notes]
    if more:
        notes.append(f"Only the first {stream.samples:,} rows are read.")
    return RawData(
        title=title,
        form="table",
        table=table,
        stream=stream,
        detected=describe_table(table, stream.samples),
        notes=tuple(notes),
    )
