"""Buttons with a menu."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from workbench.ui.widgets.menu_button import give_menu


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
