"""`workbench data PROJECT`: what a project's data are, what the steps make of them, and what is odd about them."""

import argparse

from workbench.cli.output import Output

EXAMPLES = ("workbench data my-houses", "workbench data my-houses --json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Load the data, look for what is odd, and tell it."""
    from workbench.cli.data_document import data_document, tell_data
    from workbench.cli.engine import Engine
    from workbench.cli.projects import open_project
    from workbench.protocol.commands import Analyse, LoadData
    from workbench.protocol.events import Analysed, DataLoaded

    folder, project = open_project(arguments.project)
    spec, place = project.data, str(folder.path)
    with Engine(output) as engine:
        info = engine.ask(DataLoaded, lambda ticket: LoadData(ticket, spec, place)).info
        found = engine.ask(Analysed, lambda ticket: Analyse(ticket, spec, "findings", place))
    document = data_document(spec, info, found.findings)
    output.document(document)
    if not arguments.json:
        tell_data(document, output)
    return 0
