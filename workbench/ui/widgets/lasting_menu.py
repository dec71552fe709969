"""A menu that stays open when something in it is ticked."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu


class LastingMenu(QMenu):
    """A tick is a choice for what is chosen next in the same menu, so it does not close it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on something to tick ticks it."""
        if not self._ticked():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So do Enter and Space."""
        presses = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if not (presses and self._ticked()):
            super().keyPressEvent(event)

    def _ticked(self) -> bool:
        action = self.activeAction()
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        return True
