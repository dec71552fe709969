"""Where settings, caches, logs and projects belong on this system.

The environment variable WORKBENCH_HOME puts all of them below one folder: a portable installation, or a test.
"""

import os
import secrets
from pathlib import Path

import platformdirs

APP = "Workbench"


def _home() -> Path | None:
    home = os.environ.get("WORKBENCH_HOME")
    return Path(home).expanduser().resolve() if home else None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def config_folder() -> Path:
    """The folder of settings; made when it is not there."""
    home = _home()
    return _made(home / "config" if home else Path(platformdirs.user_config_dir(APP, appauthor=False)))


def cache_folder() -> Path:
    """The folder of what can be made again; made when it is not there."""
    home = _home()
    return _made(home / "cache" if home else Path(platformdirs.user_cache_dir(APP, appauthor=False)))


def data_folder() -> Path:
    """The folder of what must not be lost, such as projects not saved yet; made when it is not there."""
    home = _home()
    return _made(home / "data" if home else Path(platformdirs.user_data_dir(APP, appauthor=False)))


def log_folder() -> Path:
    """The folder of logs; made when it is not there."""
    home = _home()
    return _made(home / "log" if home else Path(platformdirs.user_log_dir(APP, appauthor=False)))


def default_projects_folder() -> Path:
    """Where projects are saved unless a person says otherwise. It is not made here."""
    home = _home()
    return home / "projects" if home else Path(platformdirs.user_documents_dir()) / APP


def unsaved_folder() -> Path:
    """The folder that holds the projects which have no place of their own yet; made when it is not there."""
    return _made(data_folder() / "unsaved")


def new_working_folder() -> Path:
    """The path of a folder for a new unsaved project. It does not exist yet."""
    return unsaved_folder() / secrets.token_hex(6)
