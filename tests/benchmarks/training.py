"""How fast the workbench trains, against a plain `model.fit` script and a plain PyTorch loop on the same work.

    python tests/benchmarks/training.py [--quick] [--only networks|samples|exact] [--network mlp|cnn] [--rounds N]

Printed are ratios measured in one run: rounds in which the contenders take turns, medians over the rounds.
"step" is the time of a step once the first epoch is over; "call" is from asking for the training, with the libraries
imported, to its end; "process" is a whole process from start to end. Each contender records the loss of every batch.

PyTorch is the `bench` extra: `pip install -e .[bench]`; without it its rows are left out. The targets are those of
`TARGETS`; the exit code is 1 when one is missed. The machine should have nothing else to do.
"""

import argparse
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import numpy as np
from figures import console, contender, machine, paired_ratio, show_table, timed_child

from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.project import Project
from workbench.domain.samples import samples
from workbench.domain.script import export_script
from workbench.domain.store import ProjectFolder
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.protocol.history import read_history

TARGETS = {("mlp", "fit"): 4.0, ("cnn", "fit"): 1.7, ("mlp", "torch"): 1.0, ("cnn", "torch"): 1.0}
TITLES = {"mlp": "784-128-10", "cnn": "Two convolutions"}
NAMES = {"session": "Workbench (Session)", "cli": "workbench train", "fit": "model.fit", "torch": "PyTorch loop"}

Run = dict[str, Any]


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    rounds: int
    epochs: dict[str, int]
    sample_rounds: int
    sample_epochs: int | None


FULL = Effort(rounds=5, epochs={"mlp": 30, "cnn": 8}, sample_rounds=3, sample_epochs=None)
QUICK = Effort(rounds=1, epochs={"mlp": 6, "cnn": 3}, sample_rounds=1, sample_epochs=4)


@dataclass
class Bench:
    """Where the benchmark works, and what it found wanting."""

    home: Path
    effort: Effort
    missed: list[str] = field(default_factory=list)

    def expect(self, what: str, ratio: float, target: float) -> str:
        """The ratio as text, marked and remembered where it misses its target."""
        if ratio < target:
            self.missed.append(f"{what}: {ratio:.2f}, wanted at least {target:g}")
        return f"{ratio:.2f}" + (" ✗" if ratio < target else "")


# The two networks of the issue


def network_project(kind: str, epochs: int, plan: str = "fastest") -> Project:
    """The project that does what `contenders/fit.py` does: all 10,000 training pictures, no validation."""
    stack = {
        "mlp": [_layer("Flatten"), _layer("Dense", units=128, activation="relu")],
        "cnn": [
            _layer("Conv2D", filters=16, kernel_size=3, activation="relu"),
            _layer("MaxPooling2D"),
            _layer("Conv2D", filters=32, kernel_size=3, activation="relu"),
            _layer("MaxPooling2D"),
            _layer("Flatten"),
        ],
    }[kind]
    layers = [*stack, _layer("Dense", units=10, activation="softmax")]
    nodes = tuple(msgspec.structs.replace(layer, id=f"n{number}") for number, layer in enumerate(layers))
    return Project(
        name=TITLES[kind],
        data=DatasetSpec(SourceSpec("fashion_mnist"), split=Split(validation=0.0, test=0.0)),
        model=ModelTree(nodes),
        training=msgspec.convert(
            {"optimizer": ObjectSpec("Adam"), "batch_size": 32, "epochs": epochs, "seed": 1, "plan": plan}, TrainingSpec
        ),
    )


def _layer(class_name: str, **params: Value) -> Layer:
    return Layer(id=class_name, class_name=class_name, params=params)


def command_line(folder: Path, home: Path) -> Run:
    """`workbench train`: the whole process by the clock, steps per second and losses from the history it wrote."""
    whole, output = timed_child(["-m", "workbench", "train", str(folder), "--json"], home)
    ended = json.loads(output.splitlines()[-1])
    store = ProjectFolder(folder)
    history = read_history(store.run_folder(ended["run"]) / "history.jsonl")
    epochs = history.epochs
    assert len(history.losses) == epochs[-1].step, "every batch's loss is recorded"
    plan = history.plan.plan if history.plan else None
    return {
        "steps": epochs[-1].step - epochs[0].step,
        "seconds": epochs[-1].seconds - epochs[0].seconds,
        "whole": whole,
        "plan": msgspec.to_builtins(plan),
    }


def race(contenders: dict[str, Callable[[], Run]], rounds: int, what: str) -> dict[str, list[Run]]:
    """Let the contenders take turns, so many rounds; every other round in the opposite order."""
    results: dict[str, list[Run]] = {name: [] for name in contenders}
    for number in range(rounds):
        order = list(contenders) if number % 2 == 0 else list(reversed(contenders))
        for name in order:
            with console.status(f"{what}: {NAMES.get(name, name)}, round {number + 1} of {rounds}"):
                results[name].append(contenders[name]())
    return results


def race_networks(bench: Bench) -> None:
    """The two networks through all contenders."""
    has_torch = importlib.util.find_spec("torch") is not None
    if not has_torch:
        console.print("PyTorch is not installed, so its rows are left out. Install it: pip install torch")
    for kind, epochs in bench.effort.epochs.items():
        folder = ProjectFolder.create(bench.home / kind, network_project(kind, epochs)).path
        contenders: dict[str, Callable[[], Run]] = {
            "session": partial(contender, "session.py", str(folder), home=bench.home),
            "fit": partial(contender, "fit.py", kind, str(epochs), home=bench.home),
            "cli": partial(command_line, folder, bench.home),
        }
        if has_torch:
            contenders["torch"] = partial(contender, "torch_loop.py", kind, str(epochs), home=bench.home)
        show_network(bench, kind, race(contenders, bench.effort.rounds, TITLES[kind]))


def show_network(bench: Bench, kind: str, results: dict[str, list[Run]]) -> None:
    """One network's table: the ratios say how many times as fast the workbench is."""
    steps = {name: [run["seconds"] / run["steps"] for run in runs] for name, runs in results.items()}
    wholes = {name: [run["whole"] for run in runs] for name, runs in results.items()}
    rows = []
    for name, runs in results.items():
        ratios = ["", ""]
        if name in ("fit", "torch"):
            target = TARGETS[kind, name]
            step = bench.expect(f"{TITLES[kind]}, step against {NAMES[name]}", _ratio(steps, name, "session"), target)
            ratios = [step, f"{_ratio(wholes, name, 'cli'):.2f}"]
        per_step = median(steps[name])
        plan = _plan_text(runs)
        figures = [
            f"{1 / per_step:,.0f}",
            f"{per_step * 1e6:,.0f}",
            ratios[0],
            f"{median(wholes[name]):.1f}",
            ratios[1],
        ]
        rows.append([NAMES[name], *figures, plan])
    columns = ["", "steps/s", "µs a step", "workbench is × as fast", "process s", "× as fast", "plan"]
    epochs = bench.effort.epochs[kind]
    show_table(f"{TITLES[kind]}, batch 32, Adam, {epochs} epochs, {len(results['fit'])} rounds", columns, rows)


def _ratio(times: dict[str, list[float]], other: str, ours: str) -> float:
    return paired_ratio(times[other], times[ours])


def _plan_text(runs: list[Run]) -> str:
    plans = [run.get("plan") for run in runs]
    texts = {f"{plan['kind']} ×{plan['chunk']}, {plan['threads']} thr." for plan in plans if plan}
    return " / ".join(sorted(texts))


# Every sample


def race_samples(bench: Bench, wanted: set[str]) -> None:
    """Every bundled sample, as it is, against the script that the workbench exports for it."""
    rows = []
    for entry in samples():
        if wanted and entry.id not in wanted:
            continue
        project = entry.project
        if bench.effort.sample_epochs is not None:
            epochs = min(bench.effort.sample_epochs, project.training.epochs)
            project = msgspec.structs.replace(
                project, training=msgspec.structs.replace(project.training, epochs=epochs)
            )
        folder = ProjectFolder.create(bench.home / f"sample-{entry.id}", project).path
        entry.unpack(folder)
        try:
            script = write_script(folder, project)
        except DataError as error:
            console.print(f"Sample {entry.id} is left out: {error}")
            continue
        contenders: dict[str, Callable[[], Run]] = {
            "session": partial(contender, "session.py", str(folder), home=bench.home),
            "fit": partial(contender, "script.py", str(script), home=bench.home, cwd=script.parent),
        }
        rows.append(_sample_row(bench, entry.id, race(contenders, bench.effort.sample_rounds, entry.title)))
    columns = ["sample", "fit µs a step", "workbench", "×", "fit call s", "workbench", "×", "fit process s"]
    show_table("Samples, against the exported script", [*columns, "workbench", "×", "plan"], rows)


def write_script(folder: Path, project: Project) -> Path:
    """The project's own Keras script, in a folder of its own."""
    path = folder.with_name(f"{folder.name}-script") / "script.py"
    path.parent.mkdir()
    path.write_text(export_script(project, load_dataset(project.data, folder).info), encoding="utf-8")
    return path


def _sample_row(bench: Bench, name: str, results: dict[str, list[Run]]) -> list[str]:
    row = [name]
    measures: dict[str, tuple[float, Callable[[Run], float]]] = {
        "step": (1e6, lambda run: run["seconds"] / run["steps"]),
        "call": (1.0, lambda run: run["call"]),
        "process": (1.0, lambda run: run["whole"]),
    }
    for what, (unit, measure) in measures.items():
        fit, ours = ([measure(run) for run in results[key]] for key in ("fit", "session"))
        digits = 0 if unit > 1 else 2
        ratio = bench.expect(f"Sample {name}, {what} against model.fit", paired_ratio(fit, ours), 1.0)
        row += [f"{median(fit) * unit:,.{digits}f}", f"{median(ours) * unit:,.{digits}f}", ratio]
    return [*row, _plan_text(results["session"])]


# Bit for bit


def check_exact(bench: Bench) -> None:
    """With the plan that keeps Keras' arithmetic, the weights are those of `fit` under the same seed and order."""
    rows = []
    for kind in TITLES:
        project = network_project(kind, 2, plan="exact")
        folder = ProjectFolder.create(bench.home / f"exact-{kind}", project).path
        script = write_script(folder, project)
        ours, theirs = folder / "ours.npz", script.with_name("fit.npz")
        with console.status(f"{TITLES[kind]}: weights bit for bit"):
            run = contender("session.py", str(folder), str(ours), home=bench.home)
            contender("script.py", str(script), str(theirs), home=bench.home, cwd=script.parent)
        equal, largest = _compare(ours, theirs)
        if not equal:
            bench.missed.append(f"{TITLES[kind]}: weights differ from those of fit by up to {largest:.1e}")
        rows.append([TITLES[kind], "yes" if equal else f"no ✗ (by up to {largest:.1e})", _plan_text([run])])
    show_table("Exact plan, 2 epochs", ["", "weights equal fit's bit for bit", "plan"], rows)


def _compare(first: Path, second: Path) -> tuple[bool, float]:
    with np.load(first) as ours, np.load(second) as theirs:
        pairs = [(ours[name], theirs[name]) for name in theirs.files]
        equal = ours.files == theirs.files and all(a.tobytes() == b.tobytes() for a, b in pairs)
        return equal, max(float(np.abs(a - b).max()) for a, b in pairs)


def _effort(arguments: argparse.Namespace) -> Effort:
    effort = QUICK if arguments.quick else FULL
    epochs = {kind: number for kind, number in effort.epochs.items() if arguments.network in (None, kind)}
    return replace(effort, epochs=epochs, rounds=arguments.rounds or effort.rounds)


def main() -> int:
    """Run what is asked for; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round of each, to see that it works")
    parser.add_argument("--only", choices=("networks", "samples", "exact"), help="measure only this")
    parser.add_argument("--network", choices=list(TITLES), help="of the networks, only this")
    parser.add_argument("--rounds", type=int, help="so many rounds of each network, not the usual number")
    parser.add_argument("--sample", action="append", default=[], help="of the samples, only this (may be repeated)")
    parser.add_argument("--threads", type=int, help="have the workbench use so many, not what it would choose")
    arguments = parser.parse_args()
    if arguments.threads:
        os.environ["WORKBENCH_THREADS"] = str(arguments.threads)
    console.print(machine())
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as home:
        bench = Bench(Path(home), _effort(arguments))
        parts = {
            "networks": lambda: race_networks(bench),
            "samples": lambda: race_samples(bench, set(arguments.sample)),
            "exact": lambda: check_exact(bench),
        }
        for name, part in parts.items():
            if arguments.only in (None, name):
                part()
    for miss in bench.missed:
        console.print(f"Missed: {miss}")
    if not bench.missed:
        console.print("All targets are met.")
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
