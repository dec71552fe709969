"""System packages on Debian and Ubuntu: which are missing, and how they come. Other systems bring what Qt needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys

from environment import LOG, SetupError, log_tail, say, succeeds

OFFSCREEN = ("libglib2.0-0", "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1")
X11 = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
FONTS = ("fonts-noto-cjk",)  # Chinese text; without it everything else works
WINDOW = (*OFFSCREEN, *X11, *FONTS)
TESTS = (*WINDOW, "xvfb", "xauth", "xdotool")


def for_venv() -> tuple[str, ...]:
    """Debian ships Python without what makes virtual environments; this names the package that adds it."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return ()
    system = os.path.realpath("/usr/bin/python3") == os.path.realpath(sys.executable)
    return ("python3-venv",) if system else (f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",)


def provide(wanted: tuple[str, ...], essential: bool) -> None:
    """Install what is missing when this user may; else print the command to type.

    Raises SetupError when libraries stay missing that are `essential`, or without which `.venv` cannot be made.
    """
    lacking = missing(wanted)
    if not lacking:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *lacking]
    prefix = privilege()
    if prefix is None:
        advice = f"Type this command once, then start again:\n\n    {command_to_type(install)}\n"
    else:
        say(f"Installing {len(lacking)} system packages: {' '.join(lacking)} …")
        quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
        # A list that is out of date is often good enough, so only the installation has to succeed.
        succeeds([*quiet, "apt-get", "update"])
        if succeeds([*quiet, *install]):
            return
        advice = f"Installing them failed:\n\n{log_tail()}\n\nEverything it said is in {LOG}."
    sentence = f"These system packages are missing: {' '.join(lacking)}.\n{advice}"
    if any(name.endswith("-venv") or (essential and name not in FONTS) for name in lacking):
        raise SetupError(sentence)
    say(f"{sentence}\nWhat follows works without them.")


def missing(wanted: tuple[str, ...]) -> list[str]:
    """Those that are not installed, by dpkg's own book; none where there is no dpkg."""
    if not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        return []
    query = ["dpkg-query", "-W", "-f=${db:Status-Status}\t${Package}\t${Provides}\n"]
    listing = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    here = set()
    for line in listing.splitlines():
        status, package, provides = line.split("\t")
        if status == "installed":
            here.add(package)
            # Newer releases renamed some libraries, and say there which old name they stand for.
            here.update(part.split()[0] for part in provides.split(",") if part.strip())
    return [name for name in wanted if name not in here]


def privilege() -> list[str] | None:
    """What stands before a command to run it as root: nothing for root, sudo where it asks no password, else None."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def command_to_type(install: list[str]) -> str:
    """The command for a person who knows a password."""
    words = " ".join(install)
    return f"sudo {words}" if shutil.which("sudo") else f"su -c '{words}'"
