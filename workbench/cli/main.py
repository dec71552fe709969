"""Reads the command line, runs the verb, and turns what went wrong into a sentence and an exit code."""

import argparse
import importlib
import keyword
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import NoReturn

from workbench.cli.errors import CommandError, UsageError
from workbench.cli.output import Output, log_traceback
from workbench.cli.verbs import LOADING, VERBS

DONE, FAILED, WRONG = 0, 1, 2

_TRUST = "let the project's own Python code run, and ask the machine it names for data, in this call"
_DESCRIPTION = "Load data, assemble a network as a tree, train it, look inside it."
_EPILOG = """\
without a command, the window opens:
  workbench                         the welcome page
  workbench --sample digits         a sample
  workbench my-project              a project
  workbench measurements.csv        a new project on data of your own

examples:
  workbench samples
  workbench new digits my-digits
  workbench train my-digits --epochs 5
  workbench evaluate my-digits --json
  workbench predict my-digits seven.png

'workbench COMMAND --help' explains a command. Every command takes --json.
Exit codes: 0 done, 1 failed, 2 wrong usage.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Gives the exit code: 0 done, 1 failed with a sentence on standard error, 2 wrong usage."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser, verb = _parser(arguments)
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else DONE
    if verb is None:
        parser.print_help()
        return DONE
    return _run(verb, parsed, parser)


def _run(verb: ModuleType, parsed: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    output = Output(json=parsed.json)
    try:
        with _trusting(parsed):
            code: int = verb.run(parsed, output)
    except UsageError as mistake:
        output.note(f"workbench: {mistake}")
        return WRONG
    except KeyboardInterrupt:
        output.note("workbench: Interrupted; nothing was changed.")
        return FAILED
    except BrokenPipeError:
        return _stop_writing()
    except Exception as error:  # noqa: BLE001 - the boundary of the process: logged where unexpected, and told
        output.note(f"workbench: {_with_trust(_sentence(error), parsed)}")
        return FAILED
    return code


def _trusting(parsed: argparse.Namespace) -> AbstractContextManager[None]:
    """For this one call the person allows what the project wants, where they say so."""
    if not getattr(parsed, "trust", False):
        return nullcontext()
    from workbench.domain.trust import allowed_here

    return allowed_here()


def _with_trust(sentence: str, parsed: argparse.Namespace) -> str:
    """What is refused until the person allows it can be allowed here, too, by verbs that load."""
    from workbench.domain.trust import ONCE_ALLOWED

    if ONCE_ALLOWED not in sentence or not hasattr(parsed, "trust"):
        return sentence
    return f"{sentence} To allow it for this one call, give --trust."


def _sentence(error: Exception) -> str:
    """What went wrong. Nobody shall have to read a traceback; that of the unexpected is in the log."""
    from workbench.domain.files import StoreError

    match error:
        case CommandError() | StoreError():
            return str(error)
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            return f"{where}{error.strerror or error}. Check the path, its rights and the space on the disk."
        case _:
            shown = f"{type(error).__name__}: {error}"
            return f"Something went wrong that should not have ({shown}). The details are in {log_traceback(error)}."


def _stop_writing() -> int:
    """The reader of a pipe is gone (`workbench runs | head`): leave without a complaint at the end of Python either."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong, and where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG, f"workbench: {message[:1].upper()}{message[1:]}. '{self.prog} --help' shows how to use it.\n")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for, which takes longer than all the rest of the start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"workbench {_version()}\n")
        parser.exit(DONE)


def _parser(arguments: list[str]) -> tuple[argparse.ArgumentParser, ModuleType | None]:
    """The parser, with the arguments of the one verb in use, and that verb's module."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(
        prog="workbench", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=raw, allow_abbrev=False
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    used = next((word for word in arguments if not word.startswith("-")), None)
    module: ModuleType | None = None
    for name, help_text in VERBS.items():
        if name != used:
            commands.add_parser(name, help=help_text, add_help=False)
            continue
        file = f"{name}_" if keyword.iskeyword(name) else name
        module = importlib.import_module(f"workbench.cli.verbs.{file}")
        description = f"{help_text[0].upper()}{help_text[1:]}."
        epilog = "examples:\n" + "\n".join(f"  {line}" for line in module.EXAMPLES)
        command = commands.add_parser(
            name, help=help_text, description=description, epilog=epilog, formatter_class=raw, allow_abbrev=False
        )
        command.add_argument("--json", action="store_true", help="write JSON on standard output, for programs")
        if name in LOADING:
            command.add_argument("--trust", action="store_true", help=_TRUST)
        module.add_arguments(command)
    return parser, module


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("workbench")
    except PackageNotFoundError:
        return "(not installed)"
