"""Sets up a fresh machine, then runs or checks the Workbench. Needs only Python; does nothing twice.

    python3 packaging/dev.py run [ARGUMENTS]    open the window on the sample "handwritten digits", or what is named;
                                                without a display, train that sample in the terminal
    python3 packaging/dev.py test [ARGUMENTS]   run all tests; arguments go to pytest
    python3 packaging/dev.py lint               check style, types and the import rules
    python3 packaging/dev.py wheel              build the wheel and try it, apart from the checkout
    python3 packaging/dev.py freeze             build a folder that needs no Python beside it, and try it

Everything is installed into `.venv` in this checkout. On Debian and Ubuntu missing system packages are installed when
this user may do that; otherwise the command to type is printed. WORKBENCH_SKIP_SYSTEM_PACKAGES=1 leaves them alone.

The interface to the command line: `workbench --sample digits` opens the window on the sample, and
`workbench demo [FOLDER]` trains it in the terminal with a progress bar, leaves the project with its model, history and
`curves.png` in the folder, and prints their paths.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import system_packages
from environment import ROOT, Environment, SetupError, say

OLDEST, NEWEST = (3, 11), (3, 13)
# The tests start the program a hundred times; where Python may not keep what it compiled, each start compiles it anew.
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}
NO_TESTS = 5  # pytest's exit code when nothing was selected
WRONG_USAGE = 2
SERIAL_OPTIONS = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--capture", "--collect-only", "--co")


def main(arguments: list[str]) -> int:
    """Do what the first argument names and return the exit code."""
    verbs = {"run": run, "test": test, "lint": lint, "wheel": wheel, "freeze": freeze}
    verb = verbs.get(arguments[0]) if arguments else None
    if verb is None:
        asked = bool(arguments) and arguments[0] in ("-h", "--help")
        print(__doc__, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else WRONG_USAGE
    try:
        check_python(sys.version_info[:3])
        return verb(arguments[1:])
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def check_python(version: tuple[int, ...]) -> None:
    """Raises SetupError when this Python cannot run the Workbench, naming one on this machine that can."""
    if OLDEST <= version[:2] <= NEWEST:
        return
    names = [f"python{OLDEST[0]}.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = next((name for name in names if shutil.which(name)), None)
    advice = f"Start it with {found} instead." if found else f"Install one of them, for example {names[-1]}."
    here = ".".join(map(str, version))
    raise SetupError(
        f"Workbench needs Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; this is {here}. {advice}"
    )


def has_display() -> bool:
    """Whether a window can open here."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(arguments: list[str]) -> int:
    """Open the window, or train the sample in the terminal where there is no display."""
    display = has_display()
    environment = set_up(extra=None, packages=system_packages.WINDOW, essential=display)
    if arguments:
        return become([environment.python, "-m", "workbench", *arguments])
    if display:
        say("Opening the window.")
        return become([environment.python, "-m", "workbench", "--sample", "digits"])
    say('There is no display here, so the sample "handwritten digits" is trained in this terminal.')
    return become([environment.python, "-m", "workbench", "demo"])


def test(arguments: list[str]) -> int:
    """Two passes, both of which count: what can run side by side, and real windows under Xvfb."""
    environment = set_up(extra="test", packages=system_packages.TESTS, essential=True)
    chosen, rest = split_marks(arguments)
    pytest = [environment.python, "-m", "pytest", *rest]
    offscreen = {"QT_QPA_PLATFORM": "offscreen", **COMPILED_ONCE}
    say("Tests that show no window:")
    codes = [call([*pytest, *side_by_side(rest, chosen), "-m", both(chosen, "not x11")], offscreen)]
    say("Tests with a real window, mouse and keyboard:")
    codes.append(window_tests([*pytest, "-m", both(chosen, "x11")]))
    code = verdict(codes)
    say({0: "All tests passed.", NO_TESTS: "No test was selected."}.get(code, "Some tests failed; see above."))
    return code


def split_marks(arguments: list[str]) -> tuple[str, list[str]]:
    """The expression given with `-m`, and the other arguments."""
    if "-m" not in arguments[:-1]:
        return "", arguments
    place = arguments.index("-m")
    return arguments[place + 1], arguments[:place] + arguments[place + 2 :]


def both(chosen: str, tier: str) -> str:
    """A pytest mark expression for what is in both."""
    return f"({chosen}) and ({tier})" if chosen else tier


def side_by_side(arguments: list[str], chosen: str = "") -> list[str]:
    """Options that use two cores for the whole suite, or a chosen tier of it. A few files are quicker in one process, a
    debugger needs it."""
    few = any((ROOT / argument.split("::")[0]).exists() for argument in arguments)
    serial = any(argument.split("=")[0] in SERIAL_OPTIONS or argument.startswith("-n") for argument in arguments)
    # The files with the most tests come first; in the whole suite those of few slow ones would then be last, and one
    # core would wait for them.
    order = [] if chosen else ["--no-loadscope-reorder"]
    return [] if few or serial or (os.cpu_count() or 1) < 2 else ["-n", "2", "--dist", "loadfile", *order]


def window_tests(command: list[str]) -> int:
    """Real windows with real mouse and keyboard, on a virtual screen."""
    if not sys.platform.startswith("linux"):
        say("The tests with a real mouse and keyboard need X, so they are left out on this system.")
        return NO_TESTS
    if not shutil.which("xvfb-run"):
        raise SetupError("The tests with a real window need the program xvfb-run. Install it, then start this again.")
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24"]
    return call([*screen, *command], {"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "", **COMPILED_ONCE})


def verdict(codes: list[int]) -> int:
    """One exit code for several passes of pytest: the first failure; "no tests" only when no pass had any."""
    failed = [code for code in codes if code not in (0, NO_TESTS)]
    if failed:
        return failed[0]
    return 0 if 0 in codes else NO_TESTS


def lint(arguments: list[str]) -> int:
    """Style, format, types and import rules; all of them run even when one fails."""
    environment = set_up(extra="test", packages=(), essential=False)
    checks = [
        ("Style", [environment.script("ruff"), "check", *arguments]),
        ("Format", [environment.script("ruff"), "format", "--check", *arguments]),
        ("Types", [environment.python, "-m", "mypy"]),
        ("Import rules", [environment.script("lint-imports")]),
    ]
    failed = []
    for name, command in checks:
        say(f"{name} …")
        if call(command) != 0:
            failed.append(name)
    say(f"Not in order: {', '.join(failed)}." if failed else "All in order.")
    return 1 if failed else 0


def wheel(arguments: list[str]) -> int:
    """Build the wheel, look into it and run it from a folder of its own."""
    environment = set_up(extra=None, packages=(), essential=False)
    return call([environment.python, str(ROOT / "packaging" / "check_wheel.py"), *arguments])


def freeze(arguments: list[str]) -> int:
    """Build the program as one folder, and let it train a sample."""
    environment = set_up(extra="freeze", packages=system_packages.OFFSCREEN, essential=True)
    return call([environment.python, str(ROOT / "packaging" / "freeze.py"), *arguments])


def set_up(extra: str | None, packages: tuple[str, ...], essential: bool) -> Environment:
    """Everything that is needed and not yet there. `essential`: without the system packages nothing would work."""
    environment = Environment()
    needed = packages + (() if environment.usable() else system_packages.for_venv())
    if needed and not os.environ.get("WORKBENCH_SKIP_SYSTEM_PACKAGES"):
        system_packages.provide(needed, essential=essential)
    environment.provide(extra)
    return environment


def call(command: list[str], changes: dict[str, str] | None = None) -> int:
    """Run a command in the checkout and return its exit code. Ctrl-C is for the command, which ends in its own way."""
    sys.stdout.flush()
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(changes or {})})
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def become(command: list[str]) -> int:
    """Go on as this command, in the person's own folder. Windows has no exec, so there it is waited for."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
