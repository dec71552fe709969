"""A text table too large to be held, read piece by piece."""

from pathlib import Path

import numpy as np

from workbench.engine.data.csv_format import describe
from workbench.engine.data.csv_pieces import PieceFile, open_pieces
from workbench.engine.data.params import texts
from workbench.engine.data.raw import CsvFormat, Params, Progress, RawData
from workbench.engine.data.stream import Stream, choose_sampled, refuse_few
from workbench.engine.data.table_dates import Wanted, find_dates, with_dates


def read_csv_stream(path: Path, written: CsvFormat, params: Params, progress: Progress) -> RawData:
    """A sample of the table, and the stream of all of it; `params` are those of a text table. Raises DataError."""
    kept = texts(params, "text_columns")
    file = open_pieces(path, written, kept, progress)
    counts = file.cuts.rows
    refuse_few(path.name, len(counts))
    dates = find_dates(file.read([0, len(counts) // 2])[0], params, kept)
    sampled = choose_sampled(counts)
    progress(f"Reading a sample of {path.name}", None)
    table, owners = file.read(sampled.tolist())
    table = with_dates(table, dates, bad_is_missing=True)
    stream = Stream(
        counts=counts,
        read=lambda piece: _piece(file, dates, piece),
        sampled=sampled,
        owners=owners,
        own_test=np.empty(0, np.int64),
    )
    numbers = sum(column.numbers is not None for column in table.columns)
    detected = describe(written, numbers, len(table.columns) - numbers) | {"Rows": f"{stream.samples:,}"}
    return RawData(title=path.stem, form="table", table=table, stream=stream, detected=detected, notes=table.notes)


def _piece(file: PieceFile, dates: Wanted, piece: int) -> RawData:
    table = with_dates(file.read([piece])[0], dates, bad_is_missing=True)
    return RawData(title=file.path.stem, form="table", table=table)
