"""`workbench import FILE DIR`: a project with the network of a model that was made elsewhere."""

import argparse
from pathlib import Path

from workbench.cli.output import Output

EXAMPLES = (
    "workbench import model.keras my-model",
    "workbench import old-model.h5 my-model",
    "workbench import architecture.json my-model    (the network without weights)",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and where to make the project."""
    parser.add_argument("file", metavar="FILE", help="a .keras or .h5 file, or the JSON file of an architecture")
    parser.add_argument("folder", metavar="DIR", help="the folder to make")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Read the file and make the project, with the weights as a run where the file has them."""
    from workbench.cli.documents import ImportDocument
    from workbench.cli.engine import Engine
    from workbench.cli.projects import refuse_project
    from workbench.protocol.commands import ImportModel
    from workbench.protocol.events import ModelImported

    path, folder = (Path(text).expanduser().absolute() for text in (arguments.file, arguments.folder))
    refuse_project(folder)
    with Engine(output) as engine:
        answer = engine.ask(ModelImported, lambda ticket: ImportModel(ticket, str(path), str(folder)))
    output.document(ImportDocument(answer.folder, answer.project.name, answer.run or None))
    output.say(f"Made the project {folder}")
    output.say(f"Its run {answer.run} has the weights." if answer.run else "The file has no weights.")
    output.say(f"Look at it: workbench summary {arguments.folder}")
    return 0
