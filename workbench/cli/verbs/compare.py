"""`workbench compare PROJECT`: what differs between the network of a run and that of another, or of the project now."""

import argparse

from workbench.cli.output import Output

EXAMPLES = (
    "workbench compare my-digits                       (the newest run with the project as it is now)",
    "workbench compare my-digits 'Run 1' 'Run 3'       (two runs)",
)
SIGNS = {"added": "+", "removed": "-", "moved": "↕", "changed": "~"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, and one or two of its runs."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument("run", metavar="RUN", nargs="?", help="the run to compare (default: the newest)")
    parser.add_argument("other", metavar="OTHER", nargs="?", help="another run (default: the project as it is now)")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List what differs."""
    from workbench.cli.documents import CompareDocument
    from workbench.cli.projects import choose_run, open_project
    from workbench.domain.difference import differences

    folder, project = open_project(arguments.project)
    record = choose_run(folder, arguments.run)
    before = folder.project_of_run(record.id)
    name, after = "the project now", project
    if arguments.other is not None:
        other = choose_run(folder, arguments.other)
        name, after = other.name, folder.project_of_run(other.id)
    found = differences(before, after)
    output.document(CompareDocument(project=str(folder.path), differences=found))
    if not found:
        output.say(f"{record.name} and {name} have the same network, training and data.")
    for each in found:
        output.say(f"{SIGNS[each.kind]} {each.what}{': ' if each.detail else ''}{each.detail}")
    return 0
