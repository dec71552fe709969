"""`workbench evaluate PROJECT`: loss and metrics of a run on one part of its data."""

import argparse

from workbench.cli.output import Output

EXAMPLES = ("workbench evaluate my-digits", "workbench evaluate my-digits --part validation --json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, the run and the part."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument("--run", metavar="RUN", help="the run to use (default: the newest)")
    parser.add_argument(
        "--part", choices=("train", "validation", "test"), default="test", help="the part of the data (default: test)"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Measure the run."""
    from workbench.cli.documents import EvaluateDocument
    from workbench.cli.engine import Engine
    from workbench.cli.projects import choose_run, open_project
    from workbench.cli.texts import number
    from workbench.protocol.commands import Evaluate
    from workbench.protocol.events import Evaluated

    folder, _ = open_project(arguments.project)
    record = choose_run(folder, arguments.run)
    with Engine(output) as engine:
        answer = engine.ask(Evaluated, lambda ticket: Evaluate(ticket, str(folder.path), record.id, arguments.part))
    output.document(EvaluateDocument(answer.run, answer.part, answer.metrics))
    output.say(f"Run {answer.run} on the {answer.part} part:")
    output.table(("metric", "value"), [(name, number(value)) for name, value in answer.metrics.items()], frozenset({1}))
    return 0
