"""Who goes by keyboard sees where they are."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPushButton, QRadioButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.settings import SCHEME, Settings
from workbench.ui.theme import Theme

ROLES = ("", "primary", "soft", "link", "fold", "segment")


def buttons() -> list[QAbstractButton]:
    made: list[QAbstractButton] = [QPushButton("Go") for _ in ROLES]
    for button, role in zip(made, ROLES, strict=True):
        button.setProperty("role", role)
    boxes: list[QAbstractButton] = [QCheckBox("On"), QCheckBox("Off"), QRadioButton("One"), QRadioButton("Two")]
    for box in boxes[::2]:
        box.setChecked(True)
    tool = QToolButton()
    tool.setText("Do")
    soft = QToolButton()
    soft.setText("Begin")
    soft.setProperty("role", "soft")
    return [*made, *boxes, tool, soft]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_every_kind_of_button_shows_that_it_has_the_focus(
    scheme: str, theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    settings.set(SCHEME, scheme)
    window, made = QWidget(), buttons()
    column = QVBoxLayout(window)
    for button in made:
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column.addWidget(button)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for place, button in enumerate(made):
        made[place - 1].setFocus(Qt.FocusReason.TabFocusReason)
        before = button.grab().toImage()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        assert button.hasFocus()
        assert button.grab().toImage() != before, f"{type(button).__name__} {button.property('role')} {button.text()}"
