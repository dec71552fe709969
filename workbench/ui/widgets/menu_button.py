"""Buttons that open a menu."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton


def give_menu(button: QToolButton, menu: QMenu) -> None:
    """Let the button open this menu at once."""
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.installEventFilter(_Opener(button, menu))


def open_menu(button: QToolButton) -> None:
    """Open the menu of a button, and go on at once: `QToolButton.showMenu` would only come back when it is closed, and
    what is taken off the window meanwhile would stay to be seen."""
    menu = button.menu()
    button.setDown(True)
    menu.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the click that closes it would open it again
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    place = QRect(button.mapToGlobal(button.rect().topLeft()), button.size())
    if menu.geometry().intersects(place.adjusted(0, 0, 0, -1)):  # there is no room below
        menu.move(menu.x(), max(button.screen().availableGeometry().top(), place.top() - menu.height()))


class _Opener(QObject):
    """Opens the menu where the button itself would stand still until it is closed."""

    def __init__(self, button: QToolButton, menu: QMenu) -> None:
        super().__init__(button)
        self._button = button
        menu.aboutToHide.connect(self._look_where_the_mouse_is)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        opens = (
            isinstance(event, QMouseEvent)
            and event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
            and event.button() == Qt.MouseButton.LeftButton
        ) or (isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space)
        if opens and self._button.isEnabled():
            open_menu(self._button)
            return True
        return False

    def _look_where_the_mouse_is(self) -> None:
        # While a menu is open its button hears nothing of the mouse, and would stay drawn as if that were over it.
        button = self._button
        over = button.rect().contains(button.mapFromGlobal(QCursor.pos()))
        button.setDown(False)
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, over)
        button.update()
