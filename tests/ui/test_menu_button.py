"""Buttons with a menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from workbench.ui.theme import Theme
from workbench.ui.widgets.menu_button import give_menu, open_menu


def test_that_a_button_looks_left_once_its_menu_was_used(qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    menu = QMenu(button)
    menu.addAction("One")
    give_menu(button, menu)
    button.move(200, 200)
    button.show()
    qtbot.waitExposed(button)
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    menu.aboutToHide.emit()
    assert not button.testAttribute(Qt.WidgetAttribute.WA_UnderMouse)


without_screen = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def button(qtbot: QtBot) -> QToolButton:
    button = QToolButton()
    qtbot.addWidget(button)
    menu = QMenu(button)
    menu.addAction("One")
    menu.addAction("Two")
    give_menu(button, menu)
    button.show()
    qtbot.waitExposed(button)
    return button


@without_screen
@pytest.mark.parametrize("way", ["mouse", "space", "shortcut"])
def test_that_a_menu_opens_and_nothing_waits_for_it(way: str, button: QToolButton, qtbot: QtBot) -> None:
    gone = QLabel("old", button)
    gone.deleteLater()
    if way == "mouse":
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    elif way == "space":
        qtbot.keyClick(button, Qt.Key.Key_Space)
    else:
        open_menu(button)
    assert button.menu().isVisible()
    assert button.isDown() == (way == "shortcut")  # a test lets go of the button itself
    qtbot.waitUntil(lambda: not isValid(gone))
    button.menu().hide()
    assert not button.isDown()


@without_screen
def test_that_a_menu_stands_above_its_button_where_there_is_no_room_below(button: QToolButton) -> None:
    room = button.screen().availableGeometry()
    button.move(40, room.bottom() - button.height())
    open_menu(button)
    assert button.menu().geometry().bottom() <= button.mapToGlobal(button.rect().topLeft()).y()
    button.menu().hide()


def test_that_a_button_that_is_off_opens_no_menu(button: QToolButton, qtbot: QtBot) -> None:
    button.setEnabled(False)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.menu().isVisible()


@without_screen
def test_that_what_is_ticked_stands_in_line_with_the_rest_of_a_menu(theme: Theme, qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    plain, ticked = menu.addAction("The same words"), menu.addAction("The same words")
    ticked.setCheckable(True)
    menu.show()
    picture = menu.grab()
    first, second = menu.actionGeometry(plain), menu.actionGeometry(ticked)
    assert first.size() == second.size()
    words = first.adjusted(25, 0, 0, 0)
    assert picture.copy(words).toImage() == picture.copy(words.translated(0, second.y() - first.y())).toImage()
