"""Where the resource files lie: in a checkout, an installed wheel or a frozen build."""

import sys
from functools import cache
from pathlib import Path


@cache
def resource_folder() -> Path:
    """The folder `resources`. Raises FileNotFoundError when the installation is broken."""
    package = Path(__file__).resolve().parent.parent
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [package / "_resources", package.parent / "resources"]
    if frozen:
        candidates.insert(0, Path(frozen) / "resources")
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"The folder with the program's resources is missing. Looked in: {candidates}")


def resource(name: str) -> Path:
    """The path of one resource file, named relative to the folder."""
    return resource_folder() / name
