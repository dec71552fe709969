"""Builds the program as one folder that needs no Python beside it, and tries it.

Called by `python3 packaging/dev.py freeze`; the folder is `dist/workbench`, about 1.2 GB. Installers are made from it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import PyInstaller.__main__

ROOT = Path(__file__).resolve().parent.parent
# GNU readline is under the GPL, and nothing here reads lines from a terminal; the rest is for development.
LEFT_OUT = ("readline", "tkinter", "pytest", "hypothesis", "mypy", "IPython", "matplotlib", "torch")


def main() -> int:
    os.chdir(ROOT)
    PyInstaller.__main__.run(
        [
            "--noconfirm",
            "--onedir",
            "--log-level=WARN",
            "--name=workbench",
            "--specpath=build",
            f"--add-data={ROOT / 'resources'}{os.pathsep}resources",
            # Plug-ins are found by walking their folders, so no import names them.
            "--collect-submodules=workbench",
            *(f"--exclude-module={name}" for name in LEFT_OUT),
            str(ROOT / "workbench" / "__main__.py"),
        ]
    )
    program = ROOT / "dist" / "workbench" / ("workbench.exe" if os.name == "nt" else "workbench")
    problems = failing(program)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{program} works on its own.")
    return 1 if problems else 0


def failing(program: Path) -> list[str]:
    """What the frozen program does not do: list its samples, and train one of them."""
    problems = []
    with tempfile.TemporaryDirectory(prefix="workbench-frozen-") as folder:
        environment = {**os.environ, "WORKBENCH_HOME": str(Path(folder, "home"))}
        for arguments in (["samples"], ["new", "digits", "project"], ["train", "project", "--epochs", "1"]):
            result = subprocess.run(
                [str(program), *arguments, "--json"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if result.returncode != 0:
                problems.append(f"`workbench {' '.join(arguments)}` failed: {result.stderr[-2000:]}")
                break
            json.loads(result.stdout.splitlines()[-1])
    return problems


if __name__ == "__main__":
    sys.exit(main())
