"""An action that works only on its own page, as both the Model and the Inspect page make theirs."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QWidget


def page_action(
    owner: QWidget, name: str, icon: QIcon, text: str, tip: str, shortcut: str, handler: Callable[[], object]
) -> QAction:
    """An action of a page; its shortcut works while the focus is in a widget that has the action."""
    action = QAction(icon, text, owner)
    action.setObjectName(name)
    action.setShortcut(QKeySequence(shortcut))
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip}  ({shown})")
    action.setStatusTip(tip)
    action.triggered.connect(lambda _checked=False: handler())
    return action
