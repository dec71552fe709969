"""Leaves undo and redo to the window in fields whose every keystroke is an edit of the project already."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class _Guard(QObject):
    """A line of text would take the keys for its own typing, which the project never hears of as undone."""

    def __init__(self, field: QLineEdit, is_taken: Callable[[], bool]) -> None:
        super().__init__(field)
        self._is_taken = is_taken

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and any(map(event.matches, KEYS)) and self._is_taken():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def undone_by_window(field: QLineEdit, is_taken: Callable[[], bool]) -> None:
    """Let the window's undo and redo have their keys while `is_taken()`: what stands in the field is in the project.
    What is not yet fit to be taken is undone in the field."""
    field.installEventFilter(_Guard(field, is_taken))
