"""Finds out how a text table is written: encoding, delimiter, header, decimal sign."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import CsvFormat

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MISSING = ("", "NA", "N/A", "NaN", "null", "?")
_SAMPLE = 1 << 16
_SAMPLE_ROWS = 200
_JUDGED = 256
_WORDS = 4
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.IGNORECASE)
_DOT_NUMBER = re.compile(r"[+-]?\d*\.\d+(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Wishes:
    """What the person says of the file; None means: to be detected."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    decimal: str | None = None
    missing: tuple[str, ...] = MISSING


def detect(path: Path, wishes: Wishes) -> CsvFormat:
    """How the file is written. Raises DataError when it cannot be read, is empty, too large, or is no text."""
    encoding = wishes.encoding or detect_encoding(path)
    sample = _sample(path, encoding)
    if not sample.strip():
        raise DataError(f"{path.name} is empty. Choose a file with at least one row of data.")
    delimiter = wishes.delimiter or _delimiter(sample)
    rows = _rows(sample, delimiter)
    if not rows:
        raise DataError(f"{path.name} is empty. Choose a file with at least one row of data.")
    decimal = wishes.decimal or _decimal(rows, delimiter)
    tokens = tuple(dict.fromkeys(("", *wishes.missing)))
    missing = frozenset(token.strip().lower() for token in tokens)
    header = _has_header(rows, decimal, missing) if wishes.header is None else wishes.header
    return CsvFormat(encoding, delimiter, header, decimal, tokens)


def detect_encoding(path: Path) -> str:
    """Python's name of the encoding: from the byte order mark, else UTF-16 by its zero bytes, else UTF-8 where the
    file is (the beginning of a large one), else Latin-1. Raises DataError on what is no text."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if head.startswith(codecs.BOM_UTF8):
                return "utf-8-sig"
            if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if b"\0" in head:
                return _utf16_without_mark(path, head)
            if sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) > len(head) // 50:
                raise _no_text(path)
            file.seek(0)
            return "utf-8" if _is_utf8(islice(iter(lambda: file.read(1 << 20), b""), _JUDGED)) else "latin-1"
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error


def _utf16_without_mark(path: Path, head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and even < 0.05 * len(head):
        return "utf-16-le"
    if even > 0.4 * len(head) / 2 and odd < 0.05 * len(head):
        return "utf-16-be"
    raise _no_text(path)


def _no_text(path: Path) -> DataError:
    return DataError(f"{path.name} is not a text file. Choose a table as CSV or TSV.")


def _is_utf8(blocks: Iterable[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    count = 0
    try:
        for block in blocks:
            decoder.decode(block)
            count += 1
        if count < _JUDGED:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(path: Path, encoding: str) -> str:
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(_SAMPLE)
            whole = len(sample) < _SAMPLE
    except (UnicodeError, LookupError) as error:
        raise DataError(f"{path.name} is not written in {encoding}. Choose another encoding.", str(error)) from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error
    end = max(sample.rfind("\n"), sample.rfind("\r"))
    return sample if whole or end < 0 else sample[: end + 1]


def _rows(sample: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True):
            if row:
                rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _delimiter(sample: str) -> str:
    """The delimiter that makes rows of equal length, most of them numbers; the comma when none occurs."""
    best, best_score = ",", (0.0, 0.0, 0)
    for delimiter in ("\t", ";", "|", ","):
        rows = _rows(sample, delimiter)
        if not rows:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        if width < 2:
            continue
        cells = [cell for row in rows[1:] for cell in row]
        decimal = _decimal(rows, delimiter)
        numbers = sum(is_number(cell, decimal) for cell in cells) / max(1, len(cells))
        score = (round(count / len(rows), 1), round(numbers, 1), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _decimal(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    cells = [cell.strip() for row in rows for cell in row]
    commas = [cell for cell in cells if _COMMA_NUMBER.fullmatch(cell)]
    if not commas or any(_DOT_NUMBER.fullmatch(cell) for cell in cells):
        return "."
    thousands = all(re.fullmatch(r"[+-]?\d{1,3},\d{3}", cell) for cell in commas)
    return "." if thousands and delimiter == "," else ","


def _has_header(rows: Sequence[Sequence[str]], decimal: str, missing: frozenset[str]) -> bool:
    first, rest = rows[0], rows[1:]
    if any(is_number(cell, decimal) for cell in first):
        return False
    if not rest:
        return True
    names = [cell.strip() for cell in first]
    for position, name in enumerate(names):
        below = [row[position].strip() for row in rest if position < len(row)]
        if any(is_number(cell, decimal) for cell in below):
            return True
        if name in below and name.lower() not in missing:
            return False
    return len(set(names)) == len(names)


def is_number(cell: str, decimal: str) -> bool:
    """Whether a cell is a number; "nan" is none, "1_000" is none."""
    text = cell.strip()
    if decimal != ".":
        text = text.replace(".", "_").replace(decimal, ".")
    try:
        value = float(text)
    except ValueError:
        return False
    return value == value and "_" not in text


def describe(found: CsvFormat, numbers: int, texts: int) -> dict[str, str]:
    """What was detected, as it is shown to the person; `numbers` and `texts` count the columns of each type."""
    names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with byte order mark", "latin-1": "Latin-1"}
    return {
        "Delimiter": DELIMITERS.get(found.delimiter, found.delimiter),
        "Header": "first row" if found.header else "none",
        "Encoding": names.get(found.encoding, "UTF-16"),
        "Decimal sign": "comma" if found.decimal == "," else "point",
        "Types": ", ".join(counted(count, word) for count, word in ((numbers, "number"), (texts, "text")) if count),
    }


def counted(count: int, word: str) -> str:
    """A count with its noun: "1 row", "2 rows"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def looks_like_number(cells: Iterable[str], written: CsvFormat) -> bool:
    """Whether a column is one of numbers, by some of its cells; an empty one counts as such."""
    missing = frozenset(token.strip().lower() for token in written.missing)
    return all(is_number(cell, written.decimal) for cell in cells if cell.strip().lower() not in missing)


def is_prose(cells: Sequence[str], written: CsvFormat) -> bool:
    """Whether a column holds sentences, nearly all different, by some of its cells."""
    full = [cell for cell in cells if cell.strip()]
    if not full or looks_like_number(full, written):
        return False
    words = sum(len(cell.split()) for cell in full) / len(full)
    return words >= _WORDS and len(set(full)) * 10 >= len(full) * 8
