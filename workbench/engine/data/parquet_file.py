"""Reads Parquet files: numbers, texts and dates; what a table has no column for is left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file, check_unchanged, stamp_of
from workbench.engine.data.limits import MAX_COLUMNS, check_memory
from workbench.engine.data.optional import library
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.typed_stream import Ranges
from workbench.engine.data.typed_table import BLOCK, PIECE_ADVICE, Record, Records, different

_LEAST_ROWS = 2_048
_MOST_ROWS = 65_536
_MOST_BYTES = 8 << 20
_WANTED_PIECES = 64  # of a group


@dataclass(frozen=True)
class ParquetSize:
    """What the rows of a file take as a table in memory at least, and the rows and bytes of each of its groups."""

    bytes: int
    groups: tuple[tuple[int, int], ...]


def parquet_size(path: Path) -> ParquetSize:
    """How large the table in a file is, from its footer alone. Raises DataError when it is damaged."""
    with _opened(path) as file:
        meta, columns = file.metadata, len(file.schema_arrow)
        groups = [meta.row_group(place) for place in range(meta.num_row_groups)]
        sizes = tuple((int(group.num_rows), int(group.total_byte_size)) for group in groups)
        return ParquetSize(max(sum(size for _, size in sizes), int(meta.num_rows) * columns * 8), sizes)


def parquet_ranges(path: Path) -> Ranges:
    """The rows of a file in pieces, none of which is in two of its groups. Raises DataError as `parquet_records`."""
    stamp = stamp_of(path)
    cut = list(_cut(parquet_size(path).groups))

    def opened(piece: int) -> Iterator[Record]:
        check_unchanged(path, stamp)
        group, number, size, _ = cut[piece]
        with _opened(path) as file:
            kinds = [_kind(field.type) for field in file.schema_arrow]
            batches = file.iter_batches(batch_size=size, row_groups=[group])
            for batch in islice(batches, number, number + 1):
                yield from zip(*map(_values, batch.columns, kinds), strict=True)

    return Ranges(np.array([count for *_, count in cut], np.int64), opened)


def _cut(groups: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int, int, int]]:
    """Group, number in it, size, and count of each piece: the size is that of all but the last of a group. What stands
    before a piece in its group must be decoded with it, so a group becomes few pieces."""
    for group, (rows, size) in enumerate(groups):
        most = max(1, min(_MOST_ROWS, _MOST_BYTES * rows // max(1, size)))
        step = min(max(_LEAST_ROWS, -(-rows // _WANTED_PIECES)), most)
        for number, first in enumerate(range(0, rows, step)):
            yield group, number, step, min(step, rows - first)


def parquet_records(path: Path, whole: bool = True) -> Records:
    """The rows of a file. Raises DataError when it is damaged, or too large to be held as a `whole`."""
    with _opened(path) as file:
        schema, meta = file.schema_arrow, file.metadata
        fields = [schema.field(place) for place in range(len(schema))]
        if len(fields) > MAX_COLUMNS:
            raise DataError(f"{path.name} has {len(fields)} columns; at most {MAX_COLUMNS} can be read.")
        count = meta.num_rows
    if whole:
        check_memory(parquet_size(path).bytes, path.name, PIECE_ADVICE)
    kinds = [_kind(field.type) for field in fields]

    def rows() -> Iterator[Record]:
        with _opened(path) as file:
            for batch in file.iter_batches(batch_size=BLOCK):
                yield from zip(*map(_values, batch.columns, kinds), strict=True)

    return Records(
        path.name,
        path,
        different(field.name for field in fields),
        rows,
        imports=("import pyarrow", "import pyarrow.parquet"),
        lines=_lines(path, kinds),
        left_out=frozenset(place for place, kind in enumerate(kinds) if not kind),
        dates=frozenset(place for place, kind in enumerate(kinds) if kind == "date"),
        expected=count,
        advice=PIECE_ADVICE,
    )


def _lines(path: Path, kinds: list[str]) -> tuple[str, ...]:
    dates = [place for place, kind in enumerate(kinds) if kind == "date"]
    lines = [
        f"DATA = {text_literal(str(path))}",
        "",
        "columns = pyarrow.parquet.ParquetFile(DATA).read().columns",
    ]
    if dates:
        lines += [
            f"for place in {dates}:  # dates to the millionth of a second",
            '    columns[place] = columns[place].cast(pyarrow.timestamp("us"), safe=False)',
        ]
    used = [place for place, kind in enumerate(kinds) if kind]
    lines.append(
        "records = list(zip(*(column.to_pylist() for column in columns)))"
        if len(used) == len(kinds)
        else f"records = list(zip(*(column.to_pylist() if place in {used} else [None] * len(column) "
        "for place, column in enumerate(columns))))"
    )
    return tuple(lines)


def _kind(found: Any) -> str:
    """ "value" for numbers and texts, "date" for dates, empty for what has no column."""
    types = library("pyarrow", "parquet", "A Parquet file").types
    plain = found.value_type if types.is_dictionary(found) else found
    if types.is_date(plain) or types.is_timestamp(plain):
        return "date"
    readable = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal, types.is_string,
                types.is_large_string, types.is_null)  # fmt: skip
    return "value" if any(test(plain) for test in readable) else ""


def _values(column: Any, kind: str) -> list[object]:
    if not kind:
        return [None] * len(column)
    if kind == "date":
        pyarrow = library("pyarrow", "parquet", "A Parquet file")
        column = column.cast(pyarrow.timestamp("us"), safe=False)
    values: list[object] = column.to_pylist()
    return values


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    check_file(path)
    title = f"{path.name} is a Parquet file, which"
    pyarrow, parquet = (library(name, "parquet", title) for name in ("pyarrow", "pyarrow.parquet"))
    try:
        with parquet.ParquetFile(path) as file:
            yield file
    except (pyarrow.ArrowException, ValueError, OverflowError) as error:
        raise _damaged(path, error) from error
    except OSError as error:  # pyarrow says with it, but without a number, that what is packed is broken
        if error.errno is None:
            raise _damaged(path, error) from error
        raise DataError(f"{path.name} cannot be read: {error.strerror}. Check the file.", str(path)) from error


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(f"{path.name} is damaged, or is no Parquet file. Save it again.", str(error)[:500])
