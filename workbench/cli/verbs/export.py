"""`workbench export PROJECT OUTPUT --to …`: a trained model, its weights, the Keras script, or the prepared data."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.domain.project import Project
    from workbench.domain.store import ProjectFolder

EXAMPLES = (
    "workbench export my-digits digits.keras --to keras",
    "workbench export my-digits digits.weights.h5 --to weights",
    "workbench export my-digits digits-model --to saved_model",
    "workbench export my-digits digits.py --to script",
    "workbench export my-digits digits.svg --to picture    (the network as boxes and arrows)",
    "workbench export my-digits digits.tflite --to litert --quantize dynamic",
    'workbench export my-digits digits.onnx --to onnx    (needs: pip install "workbench[onnx]")',
    "workbench export my-houses houses.keras --to keras --with-preparation    (takes the raw columns)",
    "workbench export my-digits digits-data --to tfrecord    (a file for each part of the data, as trained on)",
)


KINDS = ("keras", "h5", "weights", "json", "saved_model", "onnx", "litert", "script", "picture", "tfrecord")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, where to write, and what."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument(
        "output", metavar="OUTPUT", help="the file, or for saved_model and tfrecord the folder, to write"
    )
    parser.add_argument("--to", choices=KINDS, required=True, help="what to write")
    parser.add_argument("--run", metavar="RUN", help="the run to use (default: the newest)")
    parser.add_argument(
        "--with-preparation",
        action="store_true",
        help="put the preparation of the data into the model, so that it takes raw samples (keras and saved_model)",
    )
    parser.add_argument(
        "--quantize",
        choices=("none", "float16", "dynamic", "int8"),
        default="none",
        help="how a LiteRT file keeps its numbers: as they are, weights of 16 bits, large weights of 8 bits, or whole "
        "numbers of 8 bits throughout, fitted on training samples (default: none)",
    )
    parser.add_argument(
        "--unroll", action="store_true", help="lay out the steps of recurrent layers in a LiteRT file, as int8 needs"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace OUTPUT where it is there already")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write it. Script and picture of a project that was not trained yet are those of the project as it is."""
    from workbench.cli.documents import ExportDocument
    from workbench.cli.engine import Engine
    from workbench.cli.errors import CommandError, UsageError
    from workbench.cli.projects import choose_run, open_project
    from workbench.protocol.commands import Export
    from workbench.protocol.events import Exported

    if arguments.with_preparation and arguments.to not in ("keras", "saved_model"):
        raise UsageError("--with-preparation goes with --to keras and --to saved_model.")
    if (arguments.quantize != "none" or arguments.unroll) and arguments.to != "litert":
        raise UsageError("--quantize and --unroll go with --to litert.")
    folder, project = open_project(arguments.project)
    path = Path(arguments.output).expanduser().absolute()
    if (path.exists() or path.is_symlink()) and not arguments.overwrite:
        raise CommandError(f"{path} is there already. Choose another name, or give --overwrite.")
    if arguments.to in ("script", "picture") and arguments.run is None and not folder.list_runs():
        _write_untrained(arguments.to, folder, project, path, output, arguments.overwrite)
        output.document(ExportDocument(None, arguments.to, str(path)))
        output.say(f"Written: {path}")
        return 0
    if arguments.to == "tfrecord":
        _write_records(folder, project, path)
        output.document(ExportDocument(None, "tfrecord", str(path)))
        output.say(f"Written: {path}")
        return 0
    record = choose_run(folder, arguments.run)
    with Engine(output) as engine:
        answer = engine.ask(
            Exported,
            lambda ticket: Export(
                ticket,
                str(folder.path),
                record.id,
                str(path),
                arguments.to,
                arguments.overwrite,
                arguments.with_preparation,
                arguments.quantize,
                arguments.unroll,
            ),
        )
    output.document(ExportDocument(answer.run, arguments.to, answer.path, answer.notes, answer.difference))
    output.say(f"Written: {answer.path}")
    for note in answer.notes:
        output.say(note)
    return 0


def _write_untrained(
    kind: str, folder: "ProjectFolder", project: "Project", path: Path, output: Output, overwrite: bool
) -> None:
    from workbench.cli.engine import Engine
    from workbench.cli.errors import CommandError
    from workbench.domain.files import StoreError, write_atomically
    from workbench.domain.graph import GraphError
    from workbench.domain.picture import picture
    from workbench.domain.script import write_script
    from workbench.protocol.commands import Describe, LoadData
    from workbench.protocol.events import DataLoaded, Described

    where = str(folder.path)
    with Engine(output) as engine:
        info = engine.ask(DataLoaded, lambda ticket: LoadData(ticket, project.data, where)).info
        summary = engine.ask(Described, lambda ticket: Describe(ticket, project, info, where)).summary
    try:
        if kind == "script":
            write_script(path, project, info, summary, folder.path, overwrite=overwrite)
        else:
            write_atomically(path, picture(project, summary).encode())
    except (StoreError, GraphError) as error:
        raise CommandError(str(error)) from error


def _write_records(folder: "ProjectFolder", project: "Project", path: Path) -> None:
    from workbench.cli.errors import CommandError
    from workbench.engine.data import load_dataset
    from workbench.engine.data.errors import DataError
    from workbench.engine.data.raw import no_progress
    from workbench.engine.data.tfrecord_write import write_records

    try:
        write_records(load_dataset(project.data, folder.path), path, no_progress)
    except DataError as error:
        raise CommandError(error.message) from error
