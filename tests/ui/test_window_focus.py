"""Where the focus is: with the person's work, and never on a button that nobody chose."""

from collections.abc import Iterator

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import SamplesShown
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.parts.window import PartsWindow
from workbench.ui.window import MainWindow


@pytest.fixture
def window(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[MainWindow]:
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 0, ()))
    window = MainWindow(context, Files(context))
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show_page("model")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.close()


def field_of(window: MainWindow, page: str) -> QLineEdit:
    return next(field for field in window.page(page).findChildren(QLineEdit) if field.isVisibleTo(window.page(page)))


def test_that_a_click_on_train_leaves_the_focus_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("train")
    field = field_of(window, "train")
    field.setFocus()
    qtbot.mouseClick(window.top_bar.main, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is field


def test_that_a_button_pressed_by_key_has_the_focus_again_when_it_can_be_pressed_again(
    window: MainWindow, context: Context
) -> None:
    main = window.top_bar.main
    main.setFocus()
    context.run._set("starting")
    assert QApplication.focusWidget() is window.top_bar, "no other button has the ring"
    context.run._set("training")
    assert QApplication.focusWidget() is main


def test_that_the_focus_goes_from_page_to_page_and_back_to_where_it_was(window: MainWindow) -> None:
    field = field_of(window, "model")
    field.setFocus()
    window.show_page("train")
    assert QApplication.focusWidget() is window.page("train"), "no button of the new page was chosen by anybody"
    window.show_page("model")
    assert QApplication.focusWidget() is field


@pytest.mark.parametrize("place", ["top bar", "page"])
def test_that_what_concerns_the_whole_page_needs_no_focus_in_it(place: str, window: MainWindow, qtbot: QtBot) -> None:
    page = window.page("model")
    assert isinstance(page, ModelPage)
    (window.top_bar.main if place == "top bar" else page.view).setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, keys)
    qtbot.waitUntil(lambda: page.findChild(PartsWindow) is not None)
    page.findChild(PartsWindow).close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_page("train")
    window.top_bar.main.setFocus()
    qtbot.keyClick(window.top_bar.main, Qt.Key.Key_P, keys)
    assert not page.findChild(PartsWindow).isVisible()
