"""`workbench runs PROJECT`: what was trained, newest first."""

import argparse

from workbench.cli.output import Output

EXAMPLES = ("workbench runs my-digits", "workbench runs my-digits --json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the runs."""
    from workbench.cli.documents import RunsDocument
    from workbench.cli.projects import open_project

    folder, _ = open_project(arguments.project)
    runs = folder.list_runs()
    output.document(RunsDocument(project=str(folder.path), runs=tuple(runs)))
    if not runs:
        output.say("This project has no runs yet. 'workbench train' makes one.")
    elif not arguments.json:
        from workbench.cli.texts import run_row

        rows = [run_row(record) for record in runs]
        output.table(("run", "started", "status", "epochs", "time", "last", "best"), rows, right=frozenset({3, 4}))
    return 0
