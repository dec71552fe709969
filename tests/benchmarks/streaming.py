"""What training piece by piece costs against the same data held in memory, and how much memory it takes.

    python tests/benchmarks/streaming.py [--only ratio|memory|table|pictures|records] [--size N] [--rounds N]

"ratio": data of one kind, small enough to be held, trained on through the real `Train` command, held and piece by piece
in turns: samples per second of the first epoch, in which each piece is decoded, and of those behind it. "memory": ten
times as many samples, opened and trained on for one epoch piece by piece: seconds to open, samples per second, and the
peak memory of the process against that of the same training of a tenth. Both are done for a table, a folder of pictures
(32×32 PNG) and a file of records (3.2 kB each) unless --only names one of them, or one of the two. `--size` is the
number of samples that "memory" takes, "ratio" a tenth of it; by default 10,000,000 rows, 100,000 pictures or 1,000,000
records, 3.2 GB. The exit code is 1 when a limit is missed.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from figures import console, contender, machine, show_table
from made_data import write_pictures, write_records, write_table

LIMIT_EXTRA_MEGABYTES = 300
LIMIT_OPEN_SECONDS = 30
LIMIT_RATIO = 0.8


@dataclass(frozen=True)
class Kind:
    """Data of one kind: what a sample is called, where they lie, how many the large ones are, what writes them."""

    source: str
    samples: str
    name: str
    size: int
    write: Callable[[Path, int], None]


KINDS = {
    "table": Kind("csv", "rows", "table.csv", 10_000_000, write_table),
    "pictures": Kind("images", "pictures", "pictures", 100_000, write_pictures),
    "records": Kind("tfrecord", "records", "records.tfrecord", 1_000_000, write_records),
}


def run(home: Path, kind: Kind, reading: str, epochs: int) -> dict[str, Any]:
    """One training in a process of its own."""
    return contender("pieces.py", kind.source, str(home / kind.name), reading, str(epochs), home=home)


def remove(path: Path) -> None:
    """Delete what was written."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def megabytes(path: Path) -> float:
    """What a file, or all files of a folder, hold."""
    files = path.rglob("*.*") if path.is_dir() else (path,)
    return sum(each.stat().st_size for each in files) / 1e6


def ratio(home: Path, kind: Kind, count: int, rounds: int) -> list[str]:
    """Held in memory against piece by piece."""
    kind.write(home / kind.name, count)
    size = megabytes(home / kind.name)
    held, pieces = [], []
    for _ in range(rounds):
        held.append(run(home, kind, "memory", 4))
        pieces.append(run(home, kind, "pieces", 4))
    remove(home / kind.name)
    keys = ("opened", "first", "rate", "peak")
    lines = [
        [name, *(f"{median(each[key] for each in results):,.1f}" for key in keys)]
        for name, results in (("held in memory", held), ("piece by piece", pieces))
    ]
    columns = ["", "to open s", "samples/s, first epoch", "behind it", "peak MB"]
    show_table(f"{count:,} {kind.samples}, {size:,.0f} MB", columns, lines)
    first, later = (
        median(own[key] / other[key] for own, other in zip(pieces, held, strict=True)) for key in ("first", "rate")
    )
    console.print(
        f"Piece by piece trains {first:.2f} times as many samples a second in the first epoch, then {later:.2f}."
    )
    return [f"Piece by piece trains {later:.2f} times as many {kind.samples}."] if later < LIMIT_RATIO else []


def memory(home: Path, kind: Kind, count: int) -> list[str]:
    """Many samples against a tenth of them."""
    results = {}
    for number in (count // 10, count):
        kind.write(home / kind.name, number)
        results[number] = {**run(home, kind, "pieces", 1), "size": megabytes(home / kind.name)}
        remove(home / kind.name)
    columns = [kind.samples, "MB", "to open s", "samples/s", "peak MB"]
    lines = [
        [f"{number:,}", *(f"{found[key]:,.1f}" for key in ("size", "opened", "rate", "peak"))]
        for number, found in results.items()
    ]
    show_table("Piece by piece, one epoch", columns, lines)
    small, large = results.values()
    console.print(f"Ten times the {kind.samples} take {large['peak'] / small['peak']:.2f} times the memory.")
    missed = []
    if large["peak"] - small["peak"] > LIMIT_EXTRA_MEGABYTES:
        missed.append(f"Ten times the {kind.samples} took {large['peak'] - small['peak']:,.0f} MB more memory.")
    if large["opened"] > LIMIT_OPEN_SECONDS:
        missed.append(f"Opening {count:,} {kind.samples} took {large['opened']:.0f} s.")
    return missed


def main() -> int:
    """Run what is asked for; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("ratio", "memory", *KINDS), action="append", default=[])
    parser.add_argument("--size", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    asked = [KINDS[name] for name in arguments.only if name in KINDS] or list(KINDS.values())
    parts = [part for part in ("ratio", "memory") if part in arguments.only] or ["ratio", "memory"]
    console.print(machine())
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as home:
        for kind in asked:
            size = arguments.size or kind.size
            if "ratio" in parts:
                missed += ratio(Path(home), kind, max(1, size // 10), arguments.rounds)
            if "memory" in parts:
                missed += memory(Path(home), kind, size)
    console.print(json.dumps(missed) if missed else "All limits are kept.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
