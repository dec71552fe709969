"""A combo box whose entries are worked out when somebody turns to it."""

from collections.abc import Callable

from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from workbench.ui.forms.base import ComboBox


class LateComboBox(ComboBox):
    """A combo box that `fill` puts its entries into before they can be seen or chosen, since there may be thousands.

    Until then it holds what its maker added, so that its text is right. `fill` replaces all entries and makes the same
    one current.
    """

    def __init__(self, fill: Callable[["LateComboBox"], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill, self._is_due = fill, True

    def outdate(self) -> None:
        """What it could offer has changed: fill it anew the next time."""
        self._is_due = True

    def fill(self) -> None:
        """Fill it, where that is due."""
        if self._is_due:
            self._is_due = False
            self._fill(self)

    def showPopup(self) -> None:
        """Open the list."""
        self.fill()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever reads the screen aloud tells how many entries there are."""
        self.fill()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys choose without opening the list."""
        self.fill()
        super().keyPressEvent(event)
