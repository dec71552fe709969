"""What training piece by piece costs against the same data held in memory, and how much memory it takes.

    python tests/benchmarks/streaming.py [--rows 1000000] [--large 10000000] [--only ratio|memory] [--rounds N]

"ratio": a table of so many rows, trained on through the real `Train` command, held and piece by piece in turns:
samples per second once the first epoch is over. "memory": a table of ten times as many rows, opened and trained on
for one epoch piece by piece: seconds to open, samples per second, and the peak memory of the process against that of
the same training of a table of a tenth. The exit code is 1 when a limit is missed.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from figures import console, contender, machine, show_table

LIMIT_EXTRA_MEGABYTES = 300
LIMIT_OPEN_SECONDS = 30
_BLOCK = 200_000


def write_table(path: Path, rows: int) -> None:
    """Five numbers, a word, and a class that follows from them."""
    rng = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write("a,b,c,d,e,kind,label\n")
        for start in range(0, rows, _BLOCK):
            count = min(_BLOCK, rows - start)
            numbers, kinds = rng.normal(size=(count, 5)), rng.integers(0, 3, count)
            labels = (numbers[:, 0] * numbers[:, 1] + kinds - 1 > 0).astype(int).tolist()
            words = np.array(["red", "green", "blue"])[kinds].tolist()
            file.writelines(
                f"{a:.4f},{b:.4f},{c:.4f},{d:.4f},{e:.4f},{word},{label}\n"
                for (a, b, c, d, e), word, label in zip(numbers.tolist(), words, labels, strict=True)
            )


def run(home: Path, table: Path, reading: str, epochs: int) -> dict[str, Any]:
    """One training in a process of its own."""
    return contender("pieces.py", str(table), reading, str(epochs), home=home)


def ratio(home: Path, rows: int, rounds: int) -> list[str]:
    """Held in memory against piece by piece."""
    table = home / "table.csv"
    write_table(table, rows)
    held, pieces = [], []
    for _ in range(rounds):
        held.append(run(home, table, "memory", 3))
        pieces.append(run(home, table, "pieces", 3))
    share = median(own["rate"] / other["rate"] for own, other in zip(pieces, held, strict=True))
    columns = ["", "to open s", "samples/s", "peak MB"]
    lines = [
        [name, *(f"{median(each[key] for each in results):,.1f}" for key in ("opened", "rate", "peak"))]
        for name, results in (("held in memory", held), ("piece by piece", pieces))
    ]
    show_table(f"A table of {rows:,} rows, {table.stat().st_size / 1e6:,.0f} MB", columns, lines)
    console.print(f"Piece by piece trains {share:.2f} times as many samples a second.")
    table.unlink()
    return []


def memory(home: Path, rows: int) -> list[str]:
    """A large table against a tenth of it."""
    results = {}
    for count in (rows // 10, rows):
        table = home / "table.csv"
        write_table(table, count)
        results[count] = {**run(home, table, "pieces", 1), "size": table.stat().st_size / 1e6}
        table.unlink()
    columns = ["rows", "file MB", "to open s", "samples/s", "peak MB"]
    lines = [
        [f"{count:,}", *(f"{found[key]:,.1f}" for key in ("size", "opened", "rate", "peak"))]
        for count, found in results.items()
    ]
    show_table("Piece by piece, one epoch", columns, lines)
    small, large = results.values()
    missed = []
    if large["peak"] - small["peak"] > LIMIT_EXTRA_MEGABYTES:
        missed.append(f"Ten times the rows took {large['peak'] - small['peak']:,.0f} MB more memory.")
    if large["opened"] > LIMIT_OPEN_SECONDS:
        missed.append(f"Opening took {large['opened']:.0f} s.")
    return missed


def main() -> int:
    """Run what is asked for; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("ratio", "memory"))
    arguments = parser.parse_args()
    console.print(machine())
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as home:
        if arguments.only in (None, "ratio"):
            missed += ratio(Path(home), arguments.rows, arguments.rounds)
        if arguments.only in (None, "memory"):
            missed += memory(Path(home), arguments.large)
    console.print(json.dumps(missed) if missed else "All limits are kept.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
