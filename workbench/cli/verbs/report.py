"""`workbench report PROJECT OUTPUT`: all that is known of a project's data, as one HTML page."""

import argparse
from pathlib import Path

from workbench.cli.output import Output

EXAMPLES = ("workbench report my-houses houses.html",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project and the file."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument("output", metavar="OUTPUT", help="the HTML file to write")
    parser.add_argument("--overwrite", action="store_true", help="replace the file when it is there already")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the report."""
    from workbench.cli.documents import ReportDocument
    from workbench.cli.engine import Engine
    from workbench.cli.projects import open_project
    from workbench.protocol.commands import ReportData
    from workbench.protocol.events import DataReported

    folder, project = open_project(arguments.project)
    path = str(Path(arguments.output).expanduser().absolute())
    with Engine(output) as engine:
        answer = engine.ask(
            DataReported,
            lambda ticket: ReportData(ticket, project.data, path, str(folder.path), arguments.overwrite),
        )
    output.document(ReportDocument(answer.path))
    output.say(f"Wrote {answer.path}")
    return 0
