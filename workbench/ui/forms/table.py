"""The table that says which editor edits which kind of parameter. `editors` fills it; forms look into it.

It stands apart because a form holds editors and some editors hold forms.
"""

from collections.abc import Callable
from typing import TypeAlias

from workbench.domain.catalogue import Catalogue, ParamEntry, ParamKind
from workbench.ui.forms.base import Editor
from workbench.ui.theme import Theme

Maker: TypeAlias = Callable[[ParamEntry, Catalogue, Theme], Editor]
EDITORS: dict[ParamKind, Maker] = {}


def make_editor(entry: ParamEntry, catalogue: Catalogue, theme: Theme) -> Editor:
    """The editor of one parameter, showing its default."""
    editor = EDITORS[entry.kind](entry, catalogue, theme)
    editor.set_value(entry.default)
    return editor
