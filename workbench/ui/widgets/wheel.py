"""Keeps the wheel from changing a field that the person only scrolls past."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QComboBox, QWidget

Field = TypeVar("Field", bound=QWidget)


class _Guard(QObject):
    """Lets a field have the wheel only while it has the focus, and a choice never: it keeps the focus after a choice,
    and would be changed by who then scrolls on. What lies around it scrolls instead."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        has_it = isinstance(watched, QWidget) and watched.hasFocus() and not isinstance(watched, QComboBox)
        if event.type() == QEvent.Type.Wheel and not has_it:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def steady(field: Field) -> Field:
    """The field, which the wheel changes only after a click or Tab into it; a choice it never changes."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_Guard(field))
    return field
