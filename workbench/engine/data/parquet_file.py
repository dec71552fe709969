"""Reads Parquet files: numbers, texts and dates; what a table has no column for is left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import MAX_COLUMNS, check_memory
from workbench.engine.data.optional import library
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.typed_table import BLOCK, Record, Records, different


def parquet_records(path: Path) -> Records:
    """The rows of a file. Raises DataError when it is damaged, or too large."""
    with _opened(path) as file:
        schema, meta = file.schema_arrow, file.metadata
        fields = [schema.field(place) for place in range(len(schema))]
        if len(fields) > MAX_COLUMNS:
            raise DataError(f"{path.name} has {len(fields)} columns; at most {MAX_COLUMNS} can be read.")
        size = sum(meta.row_group(place).total_byte_size for place in range(meta.num_row_groups))
        check_memory(max(size, meta.num_rows * len(fields) * 8), path.name)
        count = meta.num_rows
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
