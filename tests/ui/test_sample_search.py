"""The samples of the welcome page: in groups, found by words, walked by keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.domain.samples import samples
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.theme.tokens import LIGHT
from workbench.ui.welcome import Welcome
from workbench.ui.window import MainWindow


@pytest.fixture
def window(context: Context, qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(context, Files(context))
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show_page("welcome")
    with qtbot.waitActive(window):
        window.show()
    yield window
    window.close()


@pytest.fixture
def welcome(window: MainWindow) -> Welcome:
    return window.welcome


def found(welcome: Welcome) -> list[str]:
    """The samples that are seen, and nothing else is."""
    hits = [card.entry.id for card in welcome.samples.hits]
    assert hits == [card.entry.id for card in welcome.cards if card.isVisibleTo(welcome)]
    return hits


def headings(welcome: Welcome) -> list[str]:
    return [label.text() for label in welcome.samples.headings.values() if label.isVisibleTo(welcome)]


def test_that_every_sample_stands_in_a_group_that_has_a_name(welcome: Welcome) -> None:
    groups = [entry.group for entry in samples()]
    assert headings(welcome)[0] == "Pictures"
    assert "More" not in headings(welcome)
    assert len(headings(welcome)) == len(set(groups))
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index), "the samples of a group stand together"


def test_that_a_search_looks_at_title_description_group_and_layers(welcome: Welcome) -> None:
    for words, hit in (
        ("devil", "devils_dictionary"),
        ("cultivars", "wine"),
        ("image CLOTHES", "fashion"),
        ("keras book reg", "keras_boston"),
        ("lstm", "reviews"),
        ("segmentation", "unet"),
        ("multi-head", "multi_head"),
    ):
        welcome.search.setText(words)
        assert hit in found(welcome), words
        assert len(found(welcome)) < len(samples()) / 2, words
    welcome.search.setText("devil regression")
    assert found(welcome) == []


def test_that_only_groups_with_hits_are_named_and_escape_shows_all_again(welcome: Welcome, qtbot: QtBot) -> None:
    qtbot.keyClicks(welcome.search, "spirals")
    assert headings(welcome) == ["Points in the plane"]
    assert welcome.told.text().startswith("One sample found")
    qtbot.keyClick(welcome.search, Qt.Key.Key_Escape)
    assert welcome.search.text() == ""
    assert found(welcome) == [entry.id for entry in samples()]
    assert welcome.told.text().startswith("Choose a sample")


def test_that_a_search_without_a_hit_says_what_to_do(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.search.setText("<b>zeppelin")
    assert found(welcome) == []
    assert "“<b>zeppelin”" in welcome.told.text()
    assert "Esc" in welcome.told.text()
    assert welcome.told.textFormat() == Qt.TextFormat.PlainText
    qtbot.keyClick(welcome.search, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is not welcome.cards[0]


def test_that_a_sample_is_found_and_opened_by_keys_alone(window: MainWindow, context: Context, qtbot: QtBot) -> None:
    welcome = window.welcome
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is welcome.search
    qtbot.keyClicks(welcome.search, "recurrent")
    qtbot.keyClick(welcome.search, Qt.Key.Key_Return)
    first = welcome.samples.hits[0]
    assert QApplication.focusWidget() is first
    border = first.grab().toImage().pixelColor(first.width() // 2, 0).name()
    assert border == LIGHT.accent, "one sees which card has the focus"
    qtbot.keyClick(first, Qt.Key.Key_Return)
    assert context.document.project == first.entry.project
    window.show_page("welcome")
    assert welcome.search.text() == "", "a search that is done is put away"


def test_that_the_arrow_keys_walk_the_cards_and_up_leads_to_the_search(welcome: Welcome, qtbot: QtBot) -> None:
    def press(*keys: Qt.Key) -> str:
        for key in keys:
            widget = QApplication.focusWidget()
            assert widget is not None
            qtbot.keyClick(widget, key)
        return QApplication.focusWidget().accessibleName()

    ids = {card.entry.id: card.entry.title for card in welcome.cards}
    welcome.focus_search()
    assert press(Qt.Key.Key_Down) == ids["digits"]
    assert press(Qt.Key.Key_Left) == ids["digits"]
    assert press(Qt.Key.Key_Right, Qt.Key.Key_Down) == ids["photographs"]
    assert press(Qt.Key.Key_Down, Qt.Key.Key_Down) == ids["iris"], "a shorter row has its last card"
    assert press(Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up) == ids["digits"]
    assert press(*[Qt.Key.Key_Down] * 30) == ids["keras_boston"]
    assert welcome.area.verticalScrollBar().value() > 1000, "what has the focus is seen"
    assert press(*[Qt.Key.Key_Up] * 30) == "Search the samples"
    welcome.search.setText("wine")
    press(Qt.Key.Key_Down)
    assert press(Qt.Key.Key_Escape) == "Search the samples"
    assert welcome.search.text() == ""


def test_that_cards_of_a_row_are_equally_wide(window: MainWindow, qtbot: QtBot) -> None:
    for width in (1000, 1280, 1900):
        window.resize(width, 800)
        qtbot.wait(1)
        widths = {card.width() for card in window.welcome.cards}
        assert max(widths) - min(widths) <= 1, width
