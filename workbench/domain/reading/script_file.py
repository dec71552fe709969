"""Python files as projects: the network that they make, with data that fit it."""

from pathlib import Path

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.naming import MAX_NAME
from workbench.domain.project import Project
from workbench.domain.reading.python import Script, read_python
from workbench.domain.reading.structure import tree_of
from workbench.domain.reading.suitable import suitable_source

SUFFIX = ".py"
_MOST_BYTES = 4_000_000
_SHOWN = 8


class ScriptFileError(Exception):
    """The file has no network that can be read; the message says why, in a sentence for a person."""


def read_script_file(path: Path) -> Script:
    """What a Python file says. Nothing of it is run. Raises ScriptFileError."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ScriptFileError(f"{path.name} could not be read: {error.strerror or error}. Check the path.") from error
    if len(raw) > _MOST_BYTES:
        raise ScriptFileError(f"{path.name} is too large to be a script. Choose another file.")
    try:
        return read_python(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScriptFileError(f"{path.name} is no text in UTF-8. Save it as such, or choose another file.") from error


def project_of_script(script: Script, name: str) -> Project:
    """A new project with the network of a script, its training, and bundled data that fit its input where there are
    such. Raises ScriptFileError where there is no network."""
    if script.calls is None:
        raise ScriptFileError(why_nothing(script))
    tree, _ = tree_of(script.calls, repeats=True)
    data = DatasetSpec(SourceSpec(suitable_source(script.calls)))
    return Project(name=name[:MAX_NAME] or "Imported", data=data, model=tree, training=script.training)


def why_nothing(script: Script) -> str:
    """Why a text has no network, in sentences."""
    told = " ".join(str(each) for each in script.unread[:_SHOWN])
    return f"There is no network of Keras in this text. {told}".strip()
