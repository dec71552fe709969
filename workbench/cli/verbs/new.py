"""`workbench new`: a project from a sample, or on data of one's own with a first network that suits them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import Output
from workbench.cli.verbs.base import add_choices, source_of

if TYPE_CHECKING:
    from workbench.domain.applications import BaseSource
    from workbench.domain.dataset import DatasetInfo, Task
    from workbench.domain.project import Project

EXAMPLES = (
    "workbench new digits my-digits",
    "workbench new --data measurements.csv my-project",
    "workbench new --data measurements.csv my-project --target price",
    "workbench new --data cars.csv my-cars --target fuel --target price",
    "workbench new --data photos/ my-photos          (a folder with one sub-folder a class)",
    "workbench new --data sensors.csv my-sensors --task reconstruction",
    "workbench new --data photos/ my-photos --base EfficientNetLite0",
)
TASKS = ("binary", "multiclass", "regression", "reconstruction", "segmentation", "multilabel", "multi_output")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A sample and a folder, or data and a folder."""
    data = "workbench new [--json] --data PATH DIR [--target COLUMN]… [--task TASK] [--base NAME] [--trust]"
    parser.usage = f"workbench new [--json] SAMPLE DIR\n       {data}"
    parser.add_argument("names", metavar="SAMPLE DIR", nargs="*", help="a sample's name, and the folder to make")
    parser.add_argument(
        "--data",
        metavar="PATH",
        help="a CSV, TSV, Excel, Parquet, SQLite, TFRecord, NPZ or NPY file, a Python file with a function load(), "
        "or a folder of pictures or texts",
    )
    parser.add_argument(
        "--target",
        metavar="COLUMN",
        action="append",
        help="the column to learn (default: found out); given several times, all of these are learned at once",
    )
    parser.add_argument(
        "--task",
        metavar="TASK",
        choices=TASKS,
        help=f"what is learned: {', '.join(TASKS)} (default: found out); reconstruction learns the inputs themselves",
    )
    parser.add_argument(
        "--base",
        metavar="BASE",
        help="build the network on a ready-made model (see 'workbench base --help'): frozen, with a head for the task",
    )
    add_choices(parser)


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Make the project."""
    from workbench.cli.errors import UsageError

    if arguments.data is None:
        if len(arguments.names) != 2:
            raise UsageError("'workbench new' takes a sample and a folder, for example: workbench new digits my-digits")
        if arguments.target is not None or arguments.task is not None:
            raise UsageError("--target and --task go with --data; a sample has its target already.")
        if arguments.base is not None:
            raise UsageError("--base goes with --data; a sample has its network already.")
        return _from_sample(arguments.names[0], arguments.names[1], output)
    if len(arguments.names) != 1:
        raise UsageError("With --data only the folder is named: workbench new --data measurements.csv my-project")
    base = None if arguments.base is None else source_of(arguments.base, arguments)
    return _from_data(arguments.data, arguments.names[0], arguments.target, arguments.task, output, base)


def _from_sample(name: str, folder: str, output: Output) -> int:
    from workbench.cli.documents import NewDocument
    from workbench.cli.errors import CommandError
    from workbench.cli.projects import create_project
    from workbench.domain.samples import sample

    try:
        entry = sample(name)
    except KeyError as error:
        raise CommandError(str(error.args[0])) from error
    made = create_project(Path(folder), entry.project)
    try:
        entry.unpack(made.path)
    except OSError as error:
        raise CommandError(f"The files of the sample could not be written: {error}") from error
    output.document(NewDocument(str(made.path), entry.project.name))
    if entry.notes:
        output.say(entry.notes)
    _tell(made.path, output)
    return 0


def _from_data(
    data: str,
    folder: str,
    targets: list[str] | None,
    task: "Task | None",
    output: Output,
    base: "BaseSource | None" = None,
) -> int:
    from workbench.cli.documents import NewDocument
    from workbench.cli.projects import create_project, refuse_project

    path = Path(data).expanduser().absolute()
    refuse_project(Path(folder))
    project, info = _project_on(path, targets or [], task, output, base, Path(folder).expanduser().absolute())
    made = create_project(Path(folder), project)
    output.document(
        NewDocument(str(made.path), project.name, info.task, info.input_shape, info.classes, info.target or None)
    )
    output.say(_found_out(info))
    for note in info.notes:
        output.say(note)
    _tell(made.path, output)
    return 0


def _project_on(
    path: Path, targets: list[str], task: "Task | None", output: Output, base: "BaseSource | None", folder: Path
) -> "tuple[Project, DatasetInfo]":
    from workbench.cli.engine import Engine
    from workbench.domain.dataset import DatasetSpec, SourceSpec
    from workbench.domain.edits.bases import network_on
    from workbench.domain.first_network import head_on
    from workbench.domain.project import Project
    from workbench.domain.samples import first_network
    from workbench.protocol.commands import InspectFile, LoadData, MakeBase
    from workbench.protocol.events import BaseMade, DataLoaded, FileInspected

    with Engine(output) as engine:
        found = engine.ask(FileInspected, lambda ticket: InspectFile(ticket, str(path)))
        source = found.source
        target = targets[0] if targets else None
        if target is not None and "target" in source.params:  # texts in a table: the source itself picks its columns
            source = SourceSpec(source.kind, {**source.params, "target": target})
        suggested = None if task == "reconstruction" else found.suggested_target
        more = tuple(dict.fromkeys(targets[1:]))
        spec = DatasetSpec(source, target=target or suggested, more_targets=more, task=task or "auto")
        info = engine.ask(DataLoaded, lambda ticket: LoadData(ticket, spec, None)).info
        project = Project(name=path.stem or path.name, data=spec, model=first_network(info))
        if base is None:
            return project, info
        made = engine.ask(BaseMade, lambda ticket: MakeBase(ticket, base, str(folder), info.input_shape)).base
    return network_on(made, head_on(made, info))(project), info


def _found_out(info: "DatasetInfo") -> str:
    samples = sum(info.sizes.values())
    shape = "×".join(map(str, info.input_shape)) or "1"
    what = f"{len(info.classes)} {'labels' if info.task == 'multilabel' else 'classes'}"
    if info.learns_numbers:
        what = "the input itself to learn" if info.task == "reconstruction" else "a number to predict"
    if info.heads:
        what = f"{len(info.heads)} outputs"
    target = f" in “{info.target_text}”" if info.target_text else ""
    return f"{info.title}: {samples:,} samples of shape {shape}, {what}{target}."


def _tell(path: Path, output: Output) -> None:
    output.say(f"Made the project {path}")
    output.say(f"Train it: workbench train {path.name if path.parent == Path.cwd() else path}")
