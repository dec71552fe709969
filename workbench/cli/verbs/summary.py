"""`workbench summary PROJECT`: layers, shapes and parameters, exactly as Keras counts them."""

import argparse
from typing import TYPE_CHECKING

from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.domain.summary import LayerSummary, ModelSummary

EXAMPLES = ("workbench summary my-digits", "workbench summary my-digits --json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Describe the network; no weights are allocated for that."""
    from workbench.cli.engine import Engine
    from workbench.cli.errors import CommandError
    from workbench.cli.projects import open_project
    from workbench.protocol.commands import Describe, LoadData
    from workbench.protocol.events import DataLoaded, Described

    folder, project = open_project(arguments.project)
    with Engine(output) as engine:
        info = engine.ask(DataLoaded, lambda ticket: LoadData(ticket, project.data, str(folder.path))).info
        summary = engine.ask(Described, lambda ticket: Describe(ticket, project, info, str(folder.path))).summary
    if summary.error is not None:
        raise CommandError(f"The network cannot be built. {summary.error.message}")
    _write(summary, output)
    return 0


def _write(summary: "ModelSummary", output: Output) -> None:
    from workbench.cli.documents import LayerDocument, SummaryDocument

    layers = tuple(
        LayerDocument(layer.name, layer.class_name, (None, *layer.output_shape), layer.params)
        for layer in summary.layers
    )
    output.document(
        SummaryDocument(layers, summary.total_params, summary.trainable_params, summary.non_trainable_params)
    )
    rows = [_row(layer) for layer in summary.layers]
    output.table(("layer", "type", "output", "parameters"), rows, right=frozenset({3}))
    output.say()
    output.say(
        f"{summary.total_params:,} parameters, {summary.trainable_params:,} of them trainable; "
        f"{_size(summary.param_bytes)} of memory."
    )


def _row(layer: "LayerSummary") -> tuple[str, str, str, str]:
    shape = " × ".join("?" if size is None else str(size) for size in layer.output_shape)
    return layer.name, layer.class_name, shape or "1", f"{layer.params:,}"


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    power = min(3, (len(str(count)) - 1) // 3)
    return f"{count / 1000**power:,.1f} {('', 'KB', 'MB', 'GB')[power]}"
