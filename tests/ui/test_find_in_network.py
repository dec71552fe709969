"""Searching the layers of a network."""

import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine
from model_pages import shown_page
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.ui.context import Context
from workbench.ui.pages.model.find_bar import FindBar
from workbench.ui.pages.model.page import ModelPage


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    return shown_page(context, engine, qtbot)


def begin(page: ModelPage, text: str) -> FindBar:
    page.network_actions.by_name["search"].trigger()
    bar = page.network.find_bar
    QTest.keyClicks(bar.search, text)
    return bar


def press(bar: FindBar, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(bar.search, key, modifiers)


def test_that_what_is_typed_is_selected_and_enter_goes_on_around_the_end(page: ModelPage) -> None:
    bar = begin(page, "conv2d")
    first = page.view.chosen()
    assert len(first) == 1
    assert bar.count.text().startswith("1 of ")
    hits = int(bar.count.text().split()[-1])
    assert hits > 1
    seen = [first]
    for _ in range(hits - 1):
        press(bar, Qt.Key.Key_Return)
        seen.append(page.view.chosen())
    assert len(set(seen)) == hits
    press(bar, Qt.Key.Key_Return)
    assert page.view.chosen() == first
    press(bar, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.chosen() == seen[-1]


def test_that_all_hits_can_be_selected_to_change_them_together(page: ModelPage) -> None:
    bar = begin(page, "relu")
    press(bar, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(page.view.chosen()) > 1
    assert bar.count.text() == f"{len(page.view.chosen())} of {len(page.view.chosen())} selected"


def test_that_a_layer_is_found_by_the_name_that_keras_gives_it(page: ModelPage, context: Context) -> None:
    assert context.model.summary is not None
    layer = next(each for each in context.model.summary.layers if each.name == "dense")
    begin(page, "dense")
    assert layer.node_id in page.network._found("dense")


def test_that_what_is_not_there_is_told_and_escape_gives_the_keyboard_back(page: ModelPage) -> None:
    page.view.choose(("flat",))
    bar = begin(page, "nothing like it")
    assert bar.count.text() == "Not found"
    assert page.view.chosen() == ("flat",)
    assert not bar.buttons["arrow-down"].isEnabled()
    press(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert page.view.hasFocus()
