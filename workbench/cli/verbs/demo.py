"""`workbench demo [FOLDER]`: the sample "handwritten digits", trained in the terminal."""

import argparse
from pathlib import Path

from workbench.cli.output import Output

SAMPLE = "digits"
EXAMPLES = ("workbench demo", "workbench demo my-first-training")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the project goes."""
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", default="workbench-demo", help="the project's folder (%(default)s)"
    )
    parser.add_argument("--epochs", type=int, metavar="N", choices=range(1, 1001), help="train this many epochs")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Train, and leave the model, the history and a picture of the curves in the run's folder."""
    from workbench.cli.projects import create_project, open_project
    from workbench.cli.report import write_report
    from workbench.cli.training import tell_end, train, with_overrides
    from workbench.domain.samples import sample
    from workbench.domain.store import ProjectFolder

    folder = ProjectFolder(Path(arguments.folder))
    if not folder.exists():
        create_project(folder.path, sample(SAMPLE).project)
    folder, project = open_project(str(folder.path))
    ended = train(folder, with_overrides(project, arguments.epochs, None, None), output)[-1]
    tell_end(ended, output)
    picture, table = write_report(folder, ended.run)
    output.say(f"Curves: {picture}")
    output.say(f"History: {table}")
    return 0
