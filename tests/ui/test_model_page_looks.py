"""How the Model page looks: room in a small window, what is shown first, and that nothing is cut or left blank."""

import pytest
from drawn_networks import layer
from fake_engine import FakeEngine
from model_pages import shown_page
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_model
from workbench.domain.project import Project
from workbench.domain.tree import Block, ModelTree, Shared
from workbench.ui.context import Context
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.reusable_window import ReusableWindow
from workbench.ui.pages.model.tree_model import Column
from workbench.ui.settings import NETWORK_AS
from workbench.ui.theme.tokens import HEAVY, ROW
from workbench.ui.widgets.tool_tip import tool_tip

SMALL = (886, 500)  # what a window of 1000 × 640 leaves to a page
CONV = layer("c", "Conv2D", filters=16, kernel_size=3, strides=2, padding="same", activation="relu", use_bias=False)
TREE = ModelTree((Block(id="b", name="pair", children=(CONV, layer("f", "Flatten"))), layer("d", "Dense", units=4)))


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=TREE)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    return shown_page(context, engine, qtbot)


def test_that_the_palette_leaves_its_room_to_both_views_in_a_small_window(page: ModelPage, context: Context) -> None:
    page.network.segments["both"].click()
    assert page.palette_panel.isVisible()
    page.resize(*SMALL)
    assert not page.palette_panel.isVisible()
    QTest.qWait(0)
    assert page.network.width() > 500
    assert page.network.to_palette.isVisible()
    page.network.to_palette.click()
    assert page.palette_panel.isVisible()
    assert page.palette_panel.search.hasFocus()
    assert context.settings.get(NETWORK_AS) == "tree"
    page.network.segments["both"].click()
    assert not page.palette_panel.isVisible()
    page.network_actions.by_name["find"].trigger()
    assert page.palette_panel.isVisible()


@pytest.mark.parametrize("size", [SMALL, (1180, 690), (2400, 1300)])
def test_that_an_empty_network_says_all_it_has_to_say(page: ModelPage, context: Context, size: tuple[int, int]) -> None:
    page.resize(*size)
    context.document.apply("Clear", set_model(ModelTree()))
    QTest.qWait(0)
    texts = [each for each in page.network.empty.findChildren(QLabel) if each.wordWrap()]
    assert len(texts) == 2
    assert all(each.height() >= each.heightForWidth(each.width()) for each in texts)


def test_that_the_names_of_layers_are_whole_in_a_small_window(page: ModelPage, context: Context) -> None:
    page.resize(*SMALL)
    QTest.qWait(0)
    assert page.network.width() > 380
    assert page.view.columnWidth(Column.LAYER) > 180
    before = page.sizes()
    page.moveSplitter(before[0] + 40, 1)
    page.resize(SMALL[0] + 20, SMALL[1])
    assert page.sizes()[0] > before[0] + 20, "what the person shared out stays"


def test_that_an_empty_network_keeps_the_palette_in_a_small_window(page: ModelPage, context: Context) -> None:
    page.network.segments["both"].click()
    page.resize(*SMALL)
    context.document.apply("Clear", set_model(ModelTree()))
    assert page.palette_panel.isVisible()


def test_that_a_small_window_is_for_the_network_until_problems_are_given_more(page: ModelPage) -> None:
    page.resize(1180, 690)
    network, below = page._room._middle.sizes()
    assert below < network / 2
    page.resize(*SMALL)
    assert page._room._middle.sizes()[1] < 150
    page._room._middle.moveSplitter(300, 1)
    page.resize(SMALL[0], SMALL[1] + 60)
    assert page._room._middle.sizes()[1] > 160


def test_that_a_tip_and_the_search_have_what_the_row_leaves_out(page: ModelPage) -> None:
    index = page.network.model.index_of("c")
    assert str(index.data(Qt.ItemDataRole.DisplayRole)).endswith(" …")
    assert "16 · 3×3 · 2×2 · same · relu · no bias" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert index.siblingAtColumn(Column.LAYER).isValid()
    page.network_actions.by_name["search"].trigger()
    QTest.keyClicks(page.network.find_bar.search, "relu")
    assert page.view.chosen() == ("c",)


def test_that_another_layer_is_shown_from_the_top_of_its_form(page: ModelPage) -> None:
    page.resize(*SMALL)
    bar = page.properties._area.verticalScrollBar()
    page.view.choose(("c",))
    page._show_chosen()
    QTest.qWait(0)
    bar.setValue(bar.maximum())
    assert bar.value()
    page.view.choose(("d",))
    page._show_chosen()
    assert not bar.value()


def test_that_layers_without_common_parameters_say_so(page: ModelPage) -> None:
    page.view.choose(("f", "b"))
    page._show_chosen()
    if not page.properties.form.isVisible():
        assert page.properties.message.isVisible()
        assert "no parameters in common" in page.properties.message.text()
    page.view.choose(("c", "d"))
    page._show_chosen()
    assert page.properties.form.isVisible()
    assert not page.properties.message.isVisible()


def test_that_the_class_of_a_layer_is_read_whole_beside_a_long_name(page: ModelPage, context: Context) -> None:
    long = layer("l", "MultiHeadAttention", num_heads=2, key_dim=4)
    context.document.apply("Long", set_model(ModelTree((long,))))
    page.view.choose(("l",))
    QTest.qWait(0)
    page.properties.subtitle.setText("multi_head_attention … multi_head_attention_1 of a long name")
    page.properties.layout().activate()
    assert page.properties.title.shown_text == "MultiHeadAttention"
    assert "…" in page.properties.subtitle.shown_text


def test_that_a_shared_layer_says_whose_it_is(page: ModelPage, context: Context) -> None:
    nodes = (layer("d", "Dense", units=4), Shared(id="s", layer="d"))
    context.document.apply("Share", set_model(ModelTree(nodes)))
    page.view.choose(("s",))
    page._show_chosen()
    assert "“Dense” from further up" in page.properties.explanation.summary.text()


def test_that_no_box_to_tick_is_cut_in_the_window_of_a_reusable_block(page: ModelPage, qtbot: QtBot) -> None:
    page.view.choose(("b",))
    page.network_actions.by_name["reusable"].trigger()
    window = page.findChild(ReusableWindow)
    assert window is not None
    qtbot.waitExposed(window)
    assert all(window.parameters.visualItemRect(item).height() >= ROW - 2 for item in window._items()[:3])
    window.name.clear()
    window.accept()
    assert window.message.isVisible()
    QTest.keyClicks(window.name, "p")
    assert not window.message.isVisible()
    window.reject()


def test_that_nothing_is_heavier_than_our_font(page: ModelPage) -> None:
    assert QFont.Weight.DemiBold.value == HEAVY
    assert f"font-weight:{HEAVY}" in tool_tip("what it does", "units")
    page.view.choose(("c",))
    page._show_chosen()
    document = page.properties.explanation.help.document()
    block, weights = document.begin(), []
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            weights.append(iterator.fragment().charFormat().fontWeight())
            iterator += 1
        block = block.next()
    assert max(weights) == HEAVY
