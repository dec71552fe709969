"""`workbench train PROJECT`: train a new run, or go on with an interrupted one."""

import argparse
from typing import TYPE_CHECKING

from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.domain.project import Project

EXAMPLES = (
    "workbench train my-digits",
    "workbench train my-digits --epochs 50 --batch-size 64",
    "workbench train my-digits --json > history.jsonl",
    "workbench train my-digits --fold 2              (of a project with folds; without it one run a fold)",
    "workbench train my-digits --resume              (after Ctrl-C, a crash or a power cut)",
    "workbench train my-digits --resume --epochs 80  (longer than was planned)",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, what to change for this run, and whether to go on with the last."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument("--epochs", type=_from_one, metavar="N", help="train this many epochs")
    parser.add_argument("--batch-size", type=_from_one, metavar="N", help="samples in each step")
    parser.add_argument("--seed", type=_from_zero, metavar="N", help="the seed of weights and order")
    parser.add_argument("--fold", type=_from_one, metavar="N", help="of a project with folds train only this one")
    parser.add_argument("--resume", action="store_true", help="go on with the newest run that was not finished")


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Train. Ctrl-C stops and keeps the run."""
    from workbench.cli.errors import UsageError
    from workbench.cli.projects import open_project, unfinished_run
    from workbench.cli.training import tell_end, tell_series, train, with_overrides

    if arguments.resume and (arguments.batch_size or arguments.fold or arguments.seed is not None):
        raise UsageError("--resume goes on exactly as the run began, so it takes no --batch-size, --fold and --seed.")
    folder, project = open_project(arguments.project)
    if arguments.resume:
        record = unfinished_run(folder, arguments.epochs)
        ended = train(folder, project, output, resume=record, epochs=arguments.epochs)
    else:
        project = with_overrides(project, arguments.epochs, arguments.batch_size, arguments.seed)
        ended = train(folder, _on_fold(project, arguments.fold), output)
    for each in ended:
        tell_end(each, output)
    tell_series(folder, ended[-1].run, output)
    if ended[-1].reason == "stopped":
        output.say(f"Go on with: workbench train {arguments.project} --resume")
    return 0


def _on_fold(project: "Project", fold: int | None) -> "Project":
    from workbench.cli.errors import UsageError
    from workbench.domain.folds import has_folds, with_fold

    if fold is None:
        return project
    if not has_folds(project.data.split):
        raise UsageError("The split of this project has no folds, so it takes no --fold.")
    return with_fold(project, fold)


def _from_one(text: str) -> int:
    return _whole(text, 1)


def _from_zero(text: str) -> int:
    return _whole(text, 0)


def _whole(text: str, low: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} on")
    return value
