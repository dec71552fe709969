"""What the benchmarks share: child processes timed from start to end, medians, tables."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CONTENDERS = HERE / "contenders"
LIMIT_SECONDS = 1800

console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


class ChildError(Exception):
    """A child process failed; the message holds what it said last."""


def environment(home: Path) -> dict[str, str]:
    """The environment of children: a home of their own, and TensorFlow without its greetings.

    They keep what Python compiled, as an installed program does, whatever the shell says: compiling our modules anew
    at each start takes a third of the time to the first paint.
    """
    left_out = ("WORKBENCH_HOME", "TF_", "OMP_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {
        "WORKBENCH_HOME": str(home),
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
    }


def timed_child(
    arguments: Sequence[str], home: Path, cwd: Path | None = None, extra: dict[str, str] | None = None
) -> tuple[float, str]:
    """Run Python with these arguments to its end: seconds from start to end, and its standard output. `extra` is added
    to the environment.

    Raises ChildError when it fails.
    """
    start = time.perf_counter()
    result = subprocess.run(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(home) | (extra or {}),
        cwd=cwd,
        timeout=LIMIT_SECONDS,
    )
    seconds = time.perf_counter() - start
    if result.returncode != 0:
        raise ChildError(f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stderr[-4000:]}")
    return seconds, result.stdout


def contender(name: str, *arguments: str, home: Path, cwd: Path | None = None) -> dict[str, Any]:
    """Run one contender and read its report; `whole` is added, the seconds of the whole process."""
    whole, output = timed_child([str(CONTENDERS / name), *arguments], home, cwd)
    return {**json.loads(output.splitlines()[-1]), "whole": whole}


def paired_ratio(others: Sequence[float], ours: Sequence[float]) -> float:
    """How many times as long the others took: the median over rounds, so that load which comes and goes cancels."""
    return median(other / own for other, own in zip(others, ours, strict=True))


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def machine() -> str:
    """What the figures were measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        "unknown processor",
    )
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores, Python {sys.version.split()[0]}{load}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
