"""An action that works only on its own page, as the Model, the Inspect and the Runs page make theirs."""

from collections.abc import Callable
from typing import NamedTuple, cast

from PySide6.QtCore import QT_TRANSLATE_NOOP as UNTYPED_NOOP
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QWidget

# The translation tools find texts by this very name; PySide's stub says that it gives an object.
QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", UNTYPED_NOOP)


class PageActionSpec(NamedTuple):
    """One action as data; its texts are still to be translated."""

    name: str
    text: str
    tip: str
    shortcut: str
    icon: str


def page_action(
    owner: QWidget,
    name: str,
    icon: QIcon,
    text: str,
    tip: str,
    shortcut: str,
    handler: Callable[[], object],
    *,
    everywhere: bool = False,
) -> QAction:
    """An action of a page; its shortcut works while the focus is in a widget that has the action, or, `everywhere`, as
    long as one of these is to be seen."""
    action = QAction(icon, text, owner)
    action.setObjectName(name)
    action.setShortcut(QKeySequence(shortcut))
    within = Qt.ShortcutContext.WidgetWithChildrenShortcut
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut if everywhere else within)
    shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip}  ({shown})")
    action.setStatusTip(tip)
    action.triggered.connect(lambda _checked=False: handler())
    return action
