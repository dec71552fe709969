"""`workbench clean PROJECT`: which kept weights nothing needs any more, and away with them."""

import argparse

from workbench.cli.output import Output

EXAMPLES = (
    "workbench clean my-project              (only says what is not needed)",
    "workbench clean my-project --remove     (moves it into the project's folder “trash”)",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The project, and whether to do it."""
    parser.add_argument("project", metavar="PROJECT", help="the folder of a project")
    parser.add_argument(
        "--remove", action="store_true", help="move the kept weights that are not needed into the project's trash"
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Look through the kept weights, and move those that nothing needs."""
    from workbench.cli.documents import CleanDocument
    from workbench.cli.errors import CommandError
    from workbench.cli.projects import open_project
    from workbench.domain.unused_weights import look_through, to_trash

    folder, _ = open_project(arguments.project)
    if arguments.remove and folder.is_locked_elsewhere():
        raise CommandError(
            "The project is open in a window, where an undo may need its weights. Close it, or use its Model menu."
        )
    kept = look_through(folder)
    if arguments.remove:
        to_trash(folder, kept.unused)
    trash = str(folder.trash_folder / "weights") if arguments.remove and kept.unused else None
    output.document(CleanDocument(str(folder.path), kept.unused, kept.for_runs, trash))
    for title, found in (("not needed any more", kept.unused), ("needed only by runs", kept.for_runs)):
        output.say(f"Kept weights {title}: {len(found)} of {len(kept.all)} files, {_megabytes(found)} MB.")
    if trash:
        output.say(f"Moved into {trash}. Delete that folder to free the space.")
    elif kept.unused:
        output.say("'workbench clean --remove' moves them into the trash of the project.")
    return 0


def _megabytes(found: dict[str, int]) -> str:
    return f"{sum(found.values()) / 1e6:,.1f}"
