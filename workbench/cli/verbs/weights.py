"""`workbench weights SOURCE PROJECT`: let the layers of a project start with weights from a file or a run."""

import argparse
from pathlib import Path

from workbench.cli.output import Output

EXAMPLES = (
    "workbench weights model.keras my-project",
    "workbench weights resnet50_weights.h5 my-project --by name",
    "workbench weights digits.weights.h5 my-project --by topology",
    "workbench weights other-project my-project --run 'Run 3'    (of a run, default the newest)",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the weights are, whose layers start with them, and how these are matched."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="a .keras, .h5 or .weights.h5 file, or the folder of a trained project",
    )
    parser.add_argument("project", metavar="PROJECT", help="the folder of the project whose layers start with them")
    parser.add_argument(
        "--by",
        choices=("name", "topology"),
        default="name",
        help="match layers by their names, or by the order in which the network calls them (default: name)",
    )
    parser.add_argument("--run", metavar="RUN", help="the run of a SOURCE project (default: the newest)")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Keep the weights in the project, and say which layers take them."""
    from workbench.cli.documents import WeightsDocument
    from workbench.cli.engine import Engine
    from workbench.cli.errors import CommandError
    from workbench.cli.projects import open_project
    from workbench.domain.edits import set_starts
    from workbench.protocol.commands import LoadData, TakeWeights
    from workbench.protocol.events import DataLoaded, WeightsTaken

    folder, project = open_project(arguments.project)
    path, title = _source(arguments.source, arguments.run)
    with Engine(output) as engine:
        info = engine.ask(DataLoaded, lambda ticket: LoadData(ticket, project.data, str(folder.path))).info
        answer = engine.ask(
            WeightsTaken,
            lambda ticket: TakeWeights(ticket, project, info, str(folder.path), str(path), arguments.by, title),
        )
    report = answer.report
    if not report.taken:
        raise CommandError(" ".join((report.sentence, *report.lines())))
    folder.save(set_starts(answer.starts)(project))
    output.document(WeightsDocument(str(folder.path), report))
    output.say(report.sentence)
    for line in report.lines():
        output.say(line)
    return 0


def _source(text: str, run: str | None) -> tuple[Path, str]:
    """The file to read, and what it is called. Raises CommandError, UsageError."""
    from workbench.cli.errors import CommandError, UsageError
    from workbench.cli.projects import choose_run, open_project
    from workbench.domain.run_store import MODEL_FILE

    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        if run is not None:
            raise UsageError("--run goes with the folder of a project as SOURCE.")
        return path, path.name
    folder, project = open_project(text)
    record = choose_run(folder, run)
    model = folder.run_folder(record.id) / MODEL_FILE
    if not model.is_file():
        raise CommandError(f"The run “{record.name}” has saved no model. Let it end, or choose another one.")
    return model, f"“{record.name}” of {project.name or folder.path.name}"
