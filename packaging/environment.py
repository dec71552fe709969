"""The virtual environment `.venv` in the checkout: made once, and again only when something it rests on changed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "build" / "setup.log"
LARGE = 40.0  # megabytes from which a download is named
PROBE = (
    "import sys; from importlib.util import find_spec as find;"
    "print('%d.%d' % sys.version_info[:2], int(bool(find('pip'))), int(bool(find('workbench'))))"
)
# Settings that would send packages elsewhere or bring foreign ones in.
DISTURBING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")


class SetupError(Exception):
    """The machine cannot be set up; the message says what happened and what to do."""


def say(sentence: str) -> None:
    """Tell the person, at once, and apart from what the program that follows writes for others to read."""
    print(sentence, file=sys.stderr, flush=True)


def log_tail(lines: int = 4) -> str:
    """The last words in the log of the last command."""
    said = LOG.read_text(encoding="utf-8", errors="replace").rpartition("\n$ ")[2].splitlines()[1:]
    said = [line for line in said if line.strip()]
    errors = [line for line in said if line.startswith(("ERROR", "E:", "error"))]
    return "\n".join((errors or said)[-lines:])


def open_log(command: list[str]) -> TextIO:
    """The log, with the command that now writes to it."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    log = LOG.open("a", encoding="utf-8")
    log.write(f"\n$ {' '.join(command)}\n")
    log.flush()
    return log


def succeeds(command: list[str]) -> bool:
    """Run a command without questions, its words going to the log."""
    with open_log(command) as log:
        return (
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=clean_environment(), check=False
            ).returncode
            == 0
        )


class Environment:
    """`.venv` and what was installed into it, as a stamp in it remembers."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self._programs = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self._stamp = self.folder / "workbench-stamp.json"
        self.python = str(self._programs / ("python.exe" if os.name == "nt" else "python"))

    def script(self, name: str) -> str:
        """The path of an installed program."""
        return str(self._programs / (f"{name}.exe" if os.name == "nt" else name))

    def usable(self) -> bool:
        """Whether there is one that works for this checkout, be it complete or not."""
        version, has_pip, _ = self._probe()
        stamp = self._read_stamp()
        fits = not stamp or (stamp.get("checkout"), stamp.get("python")) == (str(self.root), version)
        return has_pip and fits

    def provide(self, extra: str | None) -> None:
        """Make it and install the project with the extra, as far as that has not been done. Raises SetupError."""
        stamp = self._read_stamp()
        usable = self.usable()
        extras = sorted({*(stamp.get("extras", ()) if usable else ()), *((extra,) if extra else ())})
        if not usable:
            self._make()
        version, _, has_project = self._probe()
        wanted = {"checkout": str(self.root), "python": version, "requirements": self._requirements(), "extras": extras}
        if stamp == wanted and has_project and usable:
            return
        self._stamp.unlink(missing_ok=True)
        self._install(extras)
        self._stamp.write_text(json.dumps(wanted, indent=1) + "\n")

    def _requirements(self) -> str:
        """A hash of what an installation depends on; the settings of tools in the same file are left out."""
        import tomllib  # not there before Python 3.11, which gets a sentence first

        settings = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        return hashlib.sha256(json.dumps([settings["build-system"], settings["project"]]).encode()).hexdigest()

    def _read_stamp(self) -> dict[str, Any]:
        try:
            stamp = json.loads(self._stamp.read_text())
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _probe(self) -> tuple[str | None, bool, bool]:
        """Its Python's version, None when it does not start (an upgraded system, a moved folder), and whether pip and
        the project are in it."""
        try:
            result = subprocess.run([self.python, "-I", "-c", PROBE], capture_output=True, text=True, check=False)
            version, pip, project = result.stdout.split()
        except (OSError, ValueError):
            return None, False, False
        return version, pip == "1", project == "1"

    def _make(self) -> None:
        again = self.folder.exists()
        say(f"{'Making .venv again, because it does not work any more' if again else 'Making .venv'} …")
        if not succeeds([sys.executable, "-m", "venv", "--clear", str(self.folder)]):
            raise SetupError(
                f"Python could not make a virtual environment in {self.folder}:\n\n{log_tail()}\n\n"
                f"Everything it said is in {LOG}."
            )

    def _install(self, extras: list[str]) -> None:
        """The project, editable, with its extras; pip's own words go to the log."""
        say("Installing the Workbench and what it needs. The first time that takes some minutes and 3 GB of disk …")
        project = f"{self.root}[{','.join(extras)}]" if extras else str(self.root)
        command = [self.python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "-e", project]
        if not _pip(command):
            raise SetupError(
                f"Installing failed:\n\n{log_tail()}\n\nEverything pip said is in {LOG}. "
                "Check the network connection and the free space on the disk, then start this again."
            )
        say("Installed.")


def _pip(command: list[str]) -> bool:
    """Run pip, its words going to the log and the gist of them to the person; whether it succeeded."""
    pip = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=clean_environment(),
        text=True,
        errors="replace",
    )
    with pip, open_log(command) as log:
        for line in pip.stdout or ():
            log.write(line)
            progress = told(line)
            if progress:
                say(progress)
    return pip.returncode == 0


def told(line: str) -> str | None:
    """What a person wants to know of a line of pip: large downloads, and that unpacking has begun."""
    large = re.match(
        r"\s*(?:Downloading|Using cached) (?:\S*/)?([A-Za-z0-9_.]+)-(\d[^-\s]*)\S* \((\d[\d.]*) MB\)", line
    )
    if large and float(large[3]) >= LARGE:
        return f"  {large[1]} {large[2]}, {float(large[3]):.0f} MB"
    return "  Unpacking …" if line.startswith("Installing collected packages") else None


def clean_environment() -> dict[str, str]:
    """The person's environment without what would disturb an installation."""
    return {name: value for name, value in os.environ.items() if name not in DISTURBING}
