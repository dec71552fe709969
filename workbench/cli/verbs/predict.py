"""`workbench predict PROJECT INPUT…`: what a trained network says of files."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.protocol.events import Predicted
    from workbench.protocol.payloads import Prediction

EXAMPLES = (
    "workbench predict my-digits seven.png three.png",
    "workbench predict my-houses new-houses.csv --json",
    "workbench predict my-digits samples.npz --run 20250101-120000-000-abcd",
)
_SHOWN_CLASSES = 3
_SHOWN_NUMBERS = 8
_LONGEST = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, the run, and the inputs."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="+",
        help="pictures, texts, NPY or NPZ files with arrays of samples, or CSV files with the columns of the features; "
        "of a time series the end of each file is looked at",
    )
    parser.add_argument("--run", metavar="RUN", help="the run to use (default: the newest)")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Predict."""
    from workbench.cli.documents import PredictDocument
    from workbench.cli.engine import Engine
    from workbench.cli.projects import choose_run, open_project
    from workbench.protocol.arrays import Sample
    from workbench.protocol.commands import Predict
    from workbench.protocol.events import Predicted

    folder, _ = open_project(arguments.project)
    record = choose_run(folder, arguments.run)
    samples = tuple(Sample(path=str(Path(text).expanduser().absolute())) for text in arguments.inputs)
    with Engine(output) as engine:
        answer = engine.ask(Predicted, lambda ticket: Predict(ticket, str(folder.path), record.id, samples))
    for note in answer.notes:
        output.note(note)
    output.document(PredictDocument(answer.run, answer.classes, answer.predictions))
    if not arguments.json:
        _tell(answer, output)
    return 0


def _tell(answer: "Predicted", output: Output) -> None:
    known = any(prediction.truth is not None for prediction in answer.predictions)
    rows = [_row(prediction, answer.classes, known) for prediction in answer.predictions]
    measured = tuple(answer.predictions[0].measures) if answer.predictions else ()
    is_mask = "mean_iou" in measured
    has_shares = bool(answer.classes) and any(prediction.values for prediction in answer.predictions)
    sure = (("share of the dots" if is_mask else "how sure",) if has_shares else ()) + measured
    columns = ("input", "prediction", *(("truth",) if known else ()), *sure)
    output.table(columns, rows)


def _row(prediction: "Prediction", classes: tuple[str, ...], known: bool) -> tuple[str, ...]:
    from workbench.cli.texts import number

    values = [number(value) for value in prediction.values[:_SHOWN_NUMBERS]]
    more = ["…"] if len(prediction.values) > _SHOWN_NUMBERS or not values else []
    said = prediction.label or "  ".join(values + more)
    cells = [prediction.name, said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"]
    if known:
        cells.append(prediction.truth or "")
    if classes and len(classes) == len(prediction.values):
        best = sorted(zip(prediction.values, classes, strict=True), reverse=True)[:_SHOWN_CLASSES]
        cells.append("  ".join(f"{name} {value:.1%}" for value, name in best))
    return (*cells, *(number(value) for value in prediction.measures.values()))
