"""How quick the parts are that the window and the command line wait for, each against its limit.

    python tests/benchmarks/parts.py [--quick] [--only PART]

Printed are medians and what share of its limit each takes; the exit code is 1 when a limit is missed. A first
description is one with nothing remembered of the network and TensorFlow warm. A verb without TensorFlow is held to its
limit by its time of the processor. What has no limit is only shown. The machine should have nothing else to do.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from statistics import median

import msgspec
import numpy as np
from figures import ROOT, console, machine, show_table, timed_child

from workbench.domain.catalogue import Catalogue, load_catalogue
from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.resources import resource
from workbench.domain.run import RunRecord
from workbench.domain.script import export_script
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import AnyNode
from workbench.engine.data import load_dataset
from workbench.engine.data.load import forget_loaded

sys.path.append(str(ROOT / "tests" / "engine"))
networks = import_module("networks")

LIGHT_VERBS = ("--help", "samples", "schema")


@dataclass
class Bench:
    """Where files are put, how often each part is measured, and what was found."""

    home: Path
    times: int
    rows: list[list[str]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def measure(self, what: str, limit_ms: float | None, work: Callable[[], object], times: int | None = None) -> None:
        """Do the work once unmeasured, then often, and judge the seconds; without a limit they are only shown."""
        with console.status(what):
            work()
            seconds = [_seconds(work) for _ in range(times or self.times)]
        self.judge(what, limit_ms, seconds)

    def judge(self, what: str, limit_ms: float | None, seconds: list[float]) -> None:
        """Add a row."""
        shown = median(seconds) * 1000
        limit, ratio = "", ""
        if limit_ms is not None:
            limit, ratio = f"{limit_ms:,.0f}", f"{shown / limit_ms:.2f}"
            if shown > limit_ms:
                ratio += " ✗"
                self.missed.append(f"{what}: {shown:.1f} ms, limit {limit_ms:.0f} ms")
        figures = [f"{shown:,.2f}", f"{min(seconds) * 1000:,.2f}", f"{max(seconds) * 1000:,.2f}"]
        self.rows.append([what, str(len(seconds)), *figures, limit, ratio])


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def twenty_layers() -> list[AnyNode]:
    """Convolutions, and two layers that end them."""
    nodes = [networks.layer("Conv2D", filters=8 + index, kernel_size=3, padding="same") for index in range(18)]
    return [*nodes, networks.layer("Flatten"), networks.layer("Dense", units=10, activation="softmax")]


def descriptions(bench: Bench) -> None:
    """Shapes and sizes of networks, with Keras' own numbers."""
    from workbench.engine import measure
    from workbench.engine.describe import describe

    nodes = twenty_layers()
    fresh = count(100)

    def edit() -> None:
        nodes[9] = networks.layer("Conv2D", filters=next(fresh), kernel_size=3, padding="same")
        described = describe(networks.project(*nodes), networks.info())
        assert described.error is None, described.error

    edit()
    bench.measure("An edit of 20 layers described", 50, edit)
    known = {
        "VGG16": (100, networks.vgg16(), networks.info((224, 224, 3))),
        "ResNet50": (300, networks.resnet50(), networks.info((224, 224, 3))),
    }
    huge = {f"impossible {name}": (100, *value) for name, value in networks.HUGE.items()}
    for name, (limit, network, data) in (known | huge).items():
        made = networks.project(*network)

        def forgetful(made: Project = made, data: object = data) -> None:
            measure._remembered.clear()
            described = describe(made, data)  # type: ignore[arg-type]
            assert described.error is None, described.error

        bench.measure(f"First description, {name}", limit, forgetful)


def checks(bench: Bench) -> None:
    """The problems of a project, with the summary of its network."""
    from workbench.engine.describe import describe

    project, data = networks.project(*twenty_layers()), networks.info()
    summary = describe(project, data)
    bench.measure("Problems of 20 layers", 10, lambda: find_problems(project, data, summary, 2**33))


def script(bench: Bench) -> None:
    """The exported script."""
    project, data = networks.project(*twenty_layers()), networks.info()
    bench.measure("Script of 20 layers", 20, lambda: export_script(project, data))


def catalogue(bench: Bench) -> None:
    """The catalogue, which the window reads before its first paint."""
    data = resource("catalogue.json").read_bytes()
    bench.measure("Catalogue read", 30, lambda: msgspec.json.decode(data, type=Catalogue))
    known = load_catalogue()

    def look_up() -> None:
        for _ in range(1000):
            known.entry("layers", "TimeDistributed")

    bench.measure("1,000 look-ups in the catalogue", 20, look_up)


def runs(bench: Bench) -> None:
    """The runs of a project, as records on disk."""
    folder = ProjectFolder.create(bench.home / "many runs", Project())
    metrics = {"loss": 0.1, "accuracy": 0.9, "val_loss": 0.2, "val_accuracy": 0.8}
    record = RunRecord(
        id="a",
        name="a",
        status="ended",
        started="2026-01-01T00:00:00+00:00",
        seed=1,
        epochs_planned=5,
        best=metrics,
        last=metrics,
        environment={"keras": "3.15.1"},
    )
    data = msgspec.json.encode(record)
    for number in range(10_000):
        run = folder.runs_folder / f"20260101-000000-{number:05d}"
        run.mkdir(parents=True)
        (run / "run.json").write_bytes(data)
    assert len(folder.list_runs()) == 10_000
    bench.measure("10,000 runs listed", 1000, folder.list_runs, times=5)


def csv(bench: Bench) -> None:
    """A large table of a person's own."""
    path = bench.home / "large.csv"
    row = ",".join(f"{value:.5f}" for value in np.random.default_rng(0).normal(size=19))
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"c{index}" for index in range(19)) + ",y\n")
        file.writelines(f"{row},{index % 3}\n" for index in range(100_000))
    spec = DatasetSpec(SourceSpec("csv", {"path": str(path)}))

    def read() -> None:
        forget_loaded()
        assert sum(load_dataset(spec).info.sizes.values()) == 100_000

    bench.measure("CSV of 100,000 × 20 read", None, read, times=3)


def start(bench: Bench) -> None:
    """Verbs of the command line that need no TensorFlow, each a process from start to end."""
    for verb in LIGHT_VERBS:
        whole: list[float] = []
        processor: list[float] = []
        with console.status(f"workbench {verb}"):
            for _ in range(bench.times + 1):
                before = os.times()
                seconds, _output = timed_child(["-m", "workbench", verb], bench.home)
                after = os.times()
                whole.append(seconds)
                processor.append(sum(after[2:4]) - sum(before[2:4]))
        bench.judge(f"workbench {verb}", None, whole[1:])
        if any(processor):  # Windows does not tell it of children
            bench.judge(f"workbench {verb}, processor", 300, processor[1:])


PARTS: dict[str, Callable[[Bench], None]] = {
    "start": start,
    "catalogue": catalogue,
    "script": script,
    "checks": checks,
    "descriptions": descriptions,
    "runs": runs,
    "csv": csv,
}


def main() -> int:
    """Measure and print; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: shows that it works")
    parser.add_argument("--only", choices=PARTS, help="one part")
    chosen = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    console.print(machine())
    with tempfile.TemporaryDirectory(prefix="workbench-parts-") as home:
        bench = Bench(Path(home), 3 if chosen.quick else 15)
        for name, part in PARTS.items():
            if chosen.only in (None, name):
                part(bench)
    show_table("Parts", ["", "times", "median ms", "best ms", "worst ms", "limit ms", "of the limit"], bench.rows)
    for line in bench.missed:
        console.print(f"Missed: {line}")
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
