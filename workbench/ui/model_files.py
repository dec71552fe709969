"""Which files and folders hold a model, where nobody says more than their path."""

from pathlib import Path

SCRIPT_SUFFIX = ".py"
# Files of models; a project's own project.json is told by its name.
MODEL_SUFFIXES = (".keras", ".h5", ".hdf5", ".json")
SAVED_MODEL = "saved_model.pb"  # what the folder of a SavedModel has, by which it is chosen
_ZIP = ".zip"
_END = 256 * 1024  # bytes in which the names of a ZIP's files stand, if these are as few as those of a SavedModel


def holds_model(path: Path) -> bool:
    """Whether a path is that of a model, of a SavedModel (folder, file or ZIP), or of a script with a network."""
    suffix = path.suffix.lower()
    if suffix == SCRIPT_SUFFIX:
        return _has_network(path)
    if suffix == _ZIP:
        return SAVED_MODEL.encode() in _end_of(path)
    return suffix in MODEL_SUFFIXES or path.name == SAVED_MODEL or (path / SAVED_MODEL).is_file()


def _has_network(path: Path) -> bool:
    """A Python file may also be one that loads data."""
    # Not at the top: the window would take longer to start.
    from workbench.domain.reading.script_file import ScriptFileError, read_script_file

    try:
        return read_script_file(path).calls is not None
    except ScriptFileError:
        return False  # whoever opens it as data says why it cannot be read


def _end_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _END))
            return file.read(_END)
    except OSError:
        return b""  # as above
