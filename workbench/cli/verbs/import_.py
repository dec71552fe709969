"""`workbench import FILE DIR`: a project with the network of a model from elsewhere, or of a script."""

import argparse
from pathlib import Path

from workbench.cli.output import Output

EXAMPLES = (
    "workbench import model.keras my-model",
    "workbench import old-model.h5 my-model",
    "workbench import saved-model my-model          (the folder of a SavedModel, or a ZIP of one; without a",
    "                                               description by Keras it becomes one sealed layer)",
    "workbench import architecture.json my-model    (the network without weights)",
    "workbench import train.py my-model             (the network that a Keras script makes; nothing of it is run)",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and where to make the project."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a .keras or .h5 file, a SavedModel (its folder or a ZIP), the JSON file of an architecture, or a Keras "
        "script (.py)",
    )
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
    if path.suffix.lower() == ".py":
        return _script(path, folder, arguments.folder, output)
    with Engine(output) as engine:
        answer = engine.ask(ModelImported, lambda ticket: ImportModel(ticket, str(path), str(folder)))
    output.document(ImportDocument(answer.folder, answer.project.name, answer.run or None, sealed=answer.sealed))
    output.say(f"Made the project {folder}")
    if answer.sealed:
        output.say("The SavedModel does not say what its layers are, so it is one sealed layer, which is not trained.")
    else:
        output.say(f"Its run {answer.run} has the weights." if answer.run else "The file has no weights.")
    output.say(f"Look at it: workbench summary {arguments.folder}")
    return 0


def _script(path: Path, folder: Path, shown: str, output: Output) -> int:
    """Read a script and make the project; no engine is needed, for nothing is run."""
    from workbench.cli.documents import ImportDocument, UnreadDocument
    from workbench.cli.errors import CommandError
    from workbench.cli.projects import create_project
    from workbench.domain.reading.script_file import ScriptFileError, project_of_script, read_script_file

    try:
        script = read_script_file(path)
        project = project_of_script(script, path.stem)
    except ScriptFileError as error:
        raise CommandError(str(error)) from error
    made = create_project(folder, project)
    unread = tuple(UnreadDocument(each.line, each.sentence) for each in script.unread)
    output.document(ImportDocument(str(made.path), project.name, None, unread))
    for each in script.unread:
        output.note(str(each))
    layers = "1 layer" if script.layers == 1 else f"{script.layers:,} layers"
    output.say(f"Made the project {folder} with {layers}.")
    output.say(f"Look at it: workbench summary {shown}")
    return 0
