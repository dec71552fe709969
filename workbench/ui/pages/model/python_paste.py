"""Layers out of Python that a person pastes, and what is said of them. The text is read, never run."""

from workbench.domain.edits import NamedEdit
from workbench.domain.reading.pasting import paste_script
from workbench.domain.reading.python import looks_like_python, read_python
from workbench.domain.reading.script_file import why_nothing
from workbench.ui.context import Severity
from workbench.ui.reading import told_of

__all__ = ["looks_like_python", "python_paste"]


def python_paste(text: str, parent_id: str | None, index: int | None) -> tuple[NamedEdit | None, str, Severity]:
    """The edit that puts the layers of a text into a block, None where it has none, and what a notice says of it."""
    script = read_python(text)
    if script.calls is None:
        return None, why_nothing(script), "warning"
    edit = paste_script(script, script.calls, parent_id, index)
    return edit, told_of(script), "warning" if script.unread else "good"
