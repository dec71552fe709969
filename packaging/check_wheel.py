"""Builds the wheel, looks into it, and runs what it installs apart from the checkout.

Called by `python3 packaging/dev.py wheel`. The wheel goes to a folder of its own, with the libraries that the calling
Python has, so that nothing large is installed a second time.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSIDE = "workbench/_resources/"
MORE = ("workbench/__main__.py", "workbench/domain/project.py")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="workbench-wheel-") as name:
        folder = Path(name)
        wheel = build(folder / "wheel")
        problems = lacking(wheel) or failing(wheel, folder / "installed", folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{wheel.name} has all resources and works on its own.")
    return 1 if problems else 0


def build(folder: Path) -> Path:
    """The built wheel."""
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (wheel,) = folder.glob("workbench-*.whl")
    return wheel


def lacking(wheel: Path) -> list[str]:
    """What should be in the wheel and is not: every tracked file of `resources`, and the program itself."""
    names = set(zipfile.ZipFile(wheel).namelist())
    listing = subprocess.run(["git", "ls-files", "resources"], cwd=ROOT, capture_output=True, text=True, check=True)
    resources = [INSIDE + path.removeprefix("resources/") for path in listing.stdout.split("\n") if path]
    return [f"The wheel lacks {name}." for name in (*resources, *MORE) if name not in names]


def failing(wheel: Path, target: Path, elsewhere: Path) -> list[str]:
    """What the installed program does not do."""
    pip("install", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    environment = {**os.environ, "PYTHONPATH": str(target), "WORKBENCH_HOME": str(elsewhere / "home")}

    def said(*command: str) -> str:
        result = subprocess.run(
            command,
            cwd=elsewhere,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return result.stdout if result.returncode == 0 else f"exit code {result.returncode}: {result.stderr[-1000:]}"

    where = said(sys.executable, "-c", "import workbench.domain.resources as r; print(r.resource_folder())").strip()
    problems = []
    if Path(where) != target / "workbench" / "_resources":
        problems.append(f"The installed program takes its resources from {where}.")
    for verb in ("schema", "samples"):
        answer = said(sys.executable, "-m", "workbench", verb, "--json")
        try:
            json.loads(answer)
        except ValueError:
            problems.append(f"The installed `workbench {verb} --json` does not answer with JSON: {answer[:2000]}")
    return problems


def pip(*arguments: str) -> None:
    """Run pip; its words are shown only when it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"pip {arguments[0]} failed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}")


if __name__ == "__main__":
    sys.exit(main())
