"""A text table too large to be held, read piece by piece."""

from pathlib import Path

import numpy as np

from workbench.engine.data.csv_format import describe
from workbench.engine.data.csv_pieces import PieceFile, open_pieces
from workbench.engine.data.raw import CsvFormat, Progress, RawData
from workbench.engine.data.stream import Stream, choose_sampled, refuse_few


def read_csv_stream(path: Path, written: CsvFormat, text_columns: tuple[str, ...], progress: Progress) -> RawData:
    """A sample of the table, and the stream of all of it. Raises DataError."""
    file = open_pieces(path, written, text_columns, progress)
    counts = file.cuts.rows
    refuse_few(path.name, len(counts))
    sampled = choose_sampled(counts)
    progress(f"Reading a sample of {path.name}", None)
    table, owners = file.read(sampled.tolist())
    stream = Stream(
        counts=counts,
        read=lambda piece: _piece(file, piece),
        sampled=sampled,
        owners=owners,
        own_test=np.empty(0, np.int64),
    )
    numbers = sum(column.numbers is not None for column in table.columns)
    detected = describe(written, numbers, len(table.columns) - numbers) | {"Rows": f"{stream.samples:,}"}
    return RawData(title=path.stem, form="table", table=table, stream=stream, detected=detected)


def _piece(file: PieceFile, piece: int) -> RawData:
    table, _ = file.read([piece])
    return RawData(title=file.path.stem, form="table", table=table)
