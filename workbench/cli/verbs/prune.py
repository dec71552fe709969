"""`workbench prune PROJECT`: change the weights of a run by hand, see what that does, and keep it as a run."""

import argparse
from functools import partial
from typing import TYPE_CHECKING

from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.domain.surgery import Operation, OperationKind

EXAMPLES = (
    "workbench prune my-digits --zero conv2d:3              (the fourth filter, and what the metrics say then)",
    "workbench prune my-digits --remove conv2d:3 --remove conv2d:1 --keep smaller",
    "workbench prune my-digits --zero dense --reset dense_1    (a whole layer; drawn anew)",
)

_OPTIONS: "tuple[tuple[OperationKind, str, str], ...]" = (
    ("remove", "LAYER:UNIT", "take a unit or filter out of the network, the first is 0; each of these can be repeated"),
    ("zero", "LAYER[:UNIT]", "set the weights of a layer, or of one unit of it, to zero"),
    ("reset", "LAYER", "draw the weights of a layer anew"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, the run, and what is done in which order."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument("--run", metavar="RUN", help="the run to use (default: the newest)")
    parser.add_argument(
        "--part", choices=("train", "validation", "test"), default="test", help="the part of the data (default: test)"
    )
    for kind, names, told in _OPTIONS:
        parser.add_argument(
            f"--{kind}",
            dest="operations",
            action="append",
            default=[],
            metavar=names,
            type=partial(_operation, kind),
            help=told,
        )
    parser.add_argument("--keep", metavar="NAME", help="keep the result as a run of this name; the run itself stays")


def _operation(kind: "OperationKind", text: str) -> "Operation":
    from workbench.domain.surgery import Operation

    layer, _, unit = text.rpartition(":") if ":" in text else (text, "", "")
    if (unit and (not unit.isdecimal() or kind == "reset")) or (kind == "remove" and not unit):
        raise argparse.ArgumentTypeError(f"{text!r} names no unit: give LAYER:UNIT, the first unit is 0")
    return Operation(kind, layer, int(unit) if unit else None)


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Do it on a copy and tell the metrics before and after."""
    from workbench.cli.documents import PruneDocument
    from workbench.cli.engine import Engine
    from workbench.cli.errors import UsageError
    from workbench.cli.projects import choose_run, open_project
    from workbench.cli.texts import number
    from workbench.domain.surgery import sentence
    from workbench.protocol.commands import Operate
    from workbench.protocol.events import Operated

    operations = tuple(arguments.operations)
    if arguments.keep is not None and not operations:
        raise UsageError("--keep goes with --remove, --zero or --reset.")
    folder, _ = open_project(arguments.project)
    record = choose_run(folder, arguments.run)
    with Engine(output) as engine:
        done = engine.ask(
            Operated,
            lambda ticket: Operate(
                ticket, str(folder.path), record.id, operations, arguments.part, keep=arguments.keep
            ),
        )
    output.document(
        PruneDocument(
            done.run, done.part, done.layers, done.before, done.after, done.params_before, done.params_after,
            done.kept or None,
        )
    )  # fmt: skip
    for each in operations:
        output.say(sentence(each))
    output.say(f"Run {done.run} on the {done.part} part:")
    rows = [(name, number(value), number(done.after.get(name, value))) for name, value in done.before.items()]
    rows.append(("parameters", f"{done.params_before:,}", f"{done.params_after:,}"))
    output.table(("metric", "before", "after"), rows, frozenset({1, 2}))
    if not operations:
        output.say(f"Its layers with weights: {', '.join(done.layers)}")
    if done.kept:
        output.say(f"Kept as the run {done.kept}")
    return 0
