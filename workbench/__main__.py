"""Chooses what to start: the window, the command line, or the engine of a window.

Everything is imported only once it is needed: `workbench --help` answers at once, the window never sees TensorFlow,
and the engine never sees Qt.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FAILED = 1
WRONG_USAGE = 2
NO_DISPLAY = (
    "There is no display to open a window on. Run this on a desktop, or use the command line: "
    "'workbench demo' trains a sample in the terminal, 'workbench --help' lists everything."
)


@dataclass(frozen=True)
class WindowRequest:
    """What the window shall open: at most one of a project folder, a sample, and data of the person's own."""

    project: str | None = None
    sample: str | None = None
    data: str | None = None


class UsageError(Exception):
    """The words on the command line make no sense; the message says which and what to type instead."""


def main(argv: Sequence[str] | None = None) -> int:
    """Start what the command line asks for and return the exit code: 0 done, 1 failed, 2 wrong usage."""
    try:
        mend_streams()
        return _start(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        print("workbench: Interrupted; nothing was changed.", file=sys.stderr)  # noqa: T201
        return FAILED


def _start(arguments: list[str]) -> int:
    first = arguments[0] if arguments else ""
    if first == "engine":
        return _engine(arguments[1:])
    if not arguments or first == "--sample" or first.startswith("--sample="):
        return window(arguments)
    from workbench.cli.verbs import VERBS

    if first in VERBS or first.startswith("-"):
        from workbench.cli.main import main as command_line

        return command_line(arguments)
    return window(arguments)


def mend_streams() -> None:
    """Let standard streams that were closed lead nowhere. Else a file opened later gets their number, and with it all
    that is printed; and nothing could be written at all."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open as long as the process


def window(argv: Sequence[str] | None = None) -> int:
    """Open the window on what the arguments name: nothing, a project, `--sample NAME`, or data."""
    mend_streams()
    try:
        request = parse_window_arguments(list(sys.argv[1:] if argv is None else argv))
    except UsageError as error:
        print(f"workbench: {error}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        return WRONG_USAGE
    if not has_display():
        print(f"workbench: {NO_DISPLAY}", file=sys.stderr)  # noqa: T201
        return FAILED
    from workbench.ui.app import main as open_window

    try:
        return open_window(project=request.project, sample=request.sample, data=request.data)
    except OSError as error:
        print(f"workbench: {_no_place(error)}", file=sys.stderr)  # noqa: T201
        return FAILED


def _no_place(error: OSError) -> str:
    return (
        f"The window needs a folder for its settings and logs, but {error.filename or 'it'} cannot be written: "
        f"{error.strerror or error}. Set WORKBENCH_HOME to a folder of yours that can."
    )


def parse_window_arguments(arguments: list[str]) -> WindowRequest:
    """Tell a project, a sample and data apart. Raises UsageError on anything else."""
    if not arguments:
        return WindowRequest()
    first, rest = arguments[0], arguments[1:]
    if first.startswith("--sample="):
        first, rest = "--sample", [first.removeprefix("--sample="), *rest]
    if first == "--sample":
        if len(rest) != 1:
            raise UsageError("--sample takes one name, for example: workbench --sample digits")
        return WindowRequest(sample=_known_sample(rest[0]))
    if rest:
        raise UsageError(f"One project or data file can be opened at a time; {rest[0]!r} is one too many.")
    return _request_for_path(first)


def _known_sample(name: str) -> str:
    from workbench.domain.samples import sample

    try:
        return sample(name).id
    except KeyError as error:
        raise UsageError(str(error.args[0])) from error


def _request_for_path(text: str) -> WindowRequest:
    path = Path(text).expanduser()
    if path.name == "project.json" and path.is_file():
        return WindowRequest(project=str(path.absolute().parent))
    if (path / "project.json").is_file():
        return WindowRequest(project=str(path.absolute()))
    if path.exists():
        return WindowRequest(data=str(path.absolute()))
    raise UsageError(
        f"There is no command, project or data file named {text!r}. 'workbench --help' lists the commands."
    )


def has_display() -> bool:
    """Whether a window can open: always on macOS and Windows, elsewhere with an X or Wayland display, or where Qt was
    told which platform to draw on."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if sys.platform in ("darwin", "win32") or platform not in ("", "xcb", "wayland", "wayland-egl"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _engine(arguments: list[str]) -> int:
    """The engine of a window: commands on standard input, events on standard output; or the child of an engine that
    runs a person's data file, tries a part or a sealed SavedModel, or converts to ONNX."""
    if len(arguments) == 2 and arguments[0] == "--data-file":
        from workbench.engine.data.own_code_child import main as run_data_file

        return run_data_file(arguments[1])
    if len(arguments) == 2 and arguments[0] == "--try-part":
        from workbench.engine.parts.trial_child import main as try_part

        return try_part(arguments[1])
    if len(arguments) == 2 and arguments[0] == "--onnx":
        from workbench.engine.onnx_child import main as convert_to_onnx

        return convert_to_onnx(arguments[1])
    if len(arguments) == 2 and arguments[0] == "--try-sealed":
        from workbench.engine.sealed.trial_child import main as try_sealed

        return try_sealed(arguments[1])
    threads: int | None = None
    if arguments:
        if len(arguments) != 2 or arguments[0] != "--threads" or not arguments[1].isdecimal():
            print("workbench: the engine takes only --threads NUMBER.", file=sys.stderr)  # noqa: T201
            return WRONG_USAGE
        threads = int(arguments[1])
    from workbench.engine.process import main as run_engine

    return run_engine(threads)


if __name__ == "__main__":
    sys.exit(main())
