"""Trains a project with the engine of this process and shows it: what `train` and `demo` share."""

from contextlib import ExitStack

import msgspec

from workbench.cli.documents import SeriesDocument
from workbench.cli.engine import Engine
from workbench.cli.errors import CommandError
from workbench.cli.output import Output
from workbench.cli.progress import Lines, progress_view
from workbench.cli.texts import REASONS, duration, metrics, spread_text
from workbench.domain.dataset import Balance, DatasetInfo
from workbench.domain.folds import finished, new_series, next_fold, series_of, spreads, trains_all_folds, with_fold
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import Describe, LoadData, Train
from workbench.protocol.events import (
    AnyEvent,
    DataLoaded,
    Described,
    EpochEnded,
    LearningRateChanged,
    PhaseBegan,
    PlanChosen,
    RunEnded,
    RunStarted,
)

# The lines of `train --json`. Each batch's loss is in the run's history.jsonl; here it would be most of the output.
_LINES = (RunStarted, PlanChosen, EpochEnded, PhaseBegan, LearningRateChanged, RunEnded)


def train(
    folder: ProjectFolder,
    project: Project,
    output: Output,
    resume: RunRecord | None = None,
    epochs: int | None = None,
) -> list[RunEnded]:
    """Train a new run, or go on with one (up to `epochs` in all), to its end, which is also that of a Ctrl-C. A project
    with folds is trained on each of them, one run after the other, and goes on with those that are left.

    A run goes on with the number of threads that it began with: only then is every digit the same. Raises CommandError
    when the project has errors, or when the training fails.
    """
    threads = resume.plan.threads if resume is not None and resume.plan is not None else None
    with ExitStack() as stack:
        engine = stack.enter_context(Engine(output, threads))
        view = stack.enter_context(progress_view(output))
        if resume is None:
            _check(engine, folder, project, output, view)
        series = new_series() if resume is None and trains_all_folds(project) else ""
        run = None if resume is None else resume.id
        command = Train(project, str(folder.path), run, epochs=epochs if resume is not None else None, series=series)
        ended = [_train_run(engine, command, output, view)]
        while (following := _following(folder, ended[-1], epochs)) is not None:
            ended.append(_train_run(engine, following, output, view))
    for each in ended:
        if each.reason == "diverged":
            raise CommandError(each.message or "The training diverged.")
    return ended


def _train_run(engine: Engine, command: Train, output: Output, view: Lines) -> RunEnded:
    ended: RunEnded | None = None
    for event in engine.train(command, interrupted=lambda: view.write("Stopping; the run is kept …")):
        view.show(event)
        _write_line(event, output)
        if isinstance(event, RunEnded):
            ended = event
    assert ended is not None
    if ended.reason == "failed":
        raise CommandError(ended.message or "The training failed.")
    return ended


def _following(folder: ProjectFolder, ended: RunEnded, epochs: int | None) -> Train | None:
    """What trains the next fold of the series that a run belongs to; None where it was the last one, or was stopped."""
    record = folder.read_run(ended.run)
    fold = next_fold(folder.list_runs(), record) if ended.reason != "stopped" else None
    if fold is None:
        return None
    project = with_overrides(folder.project_of_run(record.id), epochs, None, None)
    return Train(with_fold(project, fold), str(folder.path), series=record.series)


def tell_end(ended: RunEnded, output: Output) -> None:
    """The result for people."""
    epochs = "1 epoch" if ended.epochs == 1 else f"{ended.epochs} epochs"
    output.say(f"Run {ended.run}: {REASONS[ended.reason]}, after {epochs} in {duration(ended.seconds)}.")
    if ended.message:
        output.say(ended.message)
    if ended.metrics:
        output.say(metrics(ended.metrics))
    if ended.model:
        output.say(f"Model: {ended.model}")


def tell_series(folder: ProjectFolder, run: str, output: Output) -> None:
    """What the folds of the series that a run belongs to say together; nothing where it belongs to none."""
    record = folder.read_run(run)
    runs = finished(series_of(folder.list_runs(), record.series))
    if not runs:
        return
    last, best = (spreads([getattr(each, which) for each in runs]) for which in ("last", "best"))
    names = tuple(each.id for each in runs)
    output.document(SeriesDocument(record.series, record.folds, names, last, best))
    output.say(f"{len(runs)} of {record.folds} folds, mean ± standard deviation:")
    for name, spread in last.items():
        output.say(f"  {name} {spread_text(spread)}")


def _write_line(event: AnyEvent, output: Output) -> None:
    if isinstance(event, _LINES):
        output.document(event)


def _check(engine: Engine, folder: ProjectFolder, project: Project, output: Output, view: Lines) -> None:
    """Say what is wrong with the project, and refuse to train it where that stops it."""
    from workbench.domain.checks import find_problems

    view.note("Loading the data")
    info: DatasetInfo = engine.ask(
        DataLoaded,
        lambda ticket: LoadData(ticket, project.data, str(folder.path)),
        lambda text, fraction: view.note(text),
    ).info
    summary = engine.ask(Described, lambda ticket: Describe(ticket, project, info, str(folder.path))).summary
    problems: list[Problem] = list(find_problems(project, info, summary))
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in problems:
        if problem.severity == "warning" and not output.json:
            view.write(f"Warning: {problem.message}")
    if errors:
        more = "".join(f"\n  {_told(problem)}" for problem in errors)
        count = "an error" if len(errors) == 1 else f"{len(errors)} errors"
        raise CommandError(f"The project has {count}, so it was not trained:{more}")


def _told(problem: Problem) -> str:
    repairs = " Or: ".join(f"{repair.title}." for repair in problem.repairs)
    return f"{problem.message} {repairs}".strip()


def with_overrides(
    project: Project, epochs: int | None, batch_size: int | None, seed: int | None, balance: Balance | None = None
) -> Project:
    """The project with what the command line says instead. The saved project stays as it is; the run keeps its own."""
    given = {"epochs": epochs, "batch_size": batch_size, "seed": seed}
    changes = {name: value for name, value in given.items() if value is not None}
    if changes:
        project = msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, **changes))
    if balance is not None:
        project = msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, balance=balance))
    return project
