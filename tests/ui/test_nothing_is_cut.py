"""Texts of the smaller windows and of narrow columns are to be read whole."""

import pytest
from fake_engine import FakeEngine
from model_pages import shown_page
from PySide6.QtWidgets import QComboBox, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.difference import Difference
from workbench.domain.project import Project
from workbench.domain.tree import Block, Layer, ModelTree
from workbench.ui.context import Context
from workbench.ui.pages.model.freeze_dialog import FreezeDialog
from workbench.ui.pages.model.reusable_window import ReusableWindow
from workbench.ui.pages.runs.compare_window import CompareWindow

ARROW = 22
SMALL_PAGE = (886, 500)  # what a window of 1000 × 640 leaves to a page
LONG = "Fine-tuning (epochs 30, trains chosen, nodes base) → Fine-tuning (epochs 30, trains top, top 5, factor 0.01)"


def dense(node_id: str) -> Layer:
    return Layer(id=node_id, class_name="Dense", params={"units": 4})


@pytest.fixture
def project() -> Project:
    changed = Layer(id="a", class_name="Dense", params={"units": 4, "activation": "relu"})
    return Project(name="digits", data=DatasetSpec(SourceSpec("digits")), model=ModelTree((changed, dense("b"))))


def shown(widget: QWidget, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)


@pytest.mark.parametrize("view", ["tree", "both", "diagram"])
def test_that_the_form_of_a_layer_is_as_wide_as_its_fields_in_a_small_window(
    view: str, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    page = shown_page(context, engine, qtbot)
    page.network.segments[view].click()
    page.resize(*SMALL_PAGE)
    page.show_node(context.document.project.model.nodes[0].id)
    page._show_chosen()
    (area,) = page.properties.findChildren(QScrollArea)
    assert page.width() == SMALL_PAGE[0]
    for row in (page.properties.form.row(name) for name in ("units", "activation", "kernel_initializer")):
        right = row.editor.mapTo(area.viewport(), row.editor.rect().topRight()).x()
        assert right < area.viewport().width()
        longest = max(row.label.text().split(), key=len)
        assert row.label.width() >= row.label.fontMetrics().horizontalAdvance(longest)


def test_that_the_place_to_freeze_is_read_whole(qtbot: QtBot, context: Context) -> None:
    block = Block(id="b", name="the feature extractor", children=(dense("a"), dense("c")))
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = FreezeDialog(ModelTree((block,)), "b", {}, parent)
    shown(dialog, qtbot)
    combo = dialog.findChildren(QComboBox)[0]
    assert combo.width() >= combo.fontMetrics().horizontalAdvance(combo.currentText()) + ARROW
    assert combo.geometry().right() < dialog.width()


def test_that_the_parameters_of_a_block_are_read_whole(qtbot: QtBot, context: Context) -> None:
    window = ReusableWindow(context, Block(id="b", children=(dense("a"),)), lambda _edit: True)
    shown(window, qtbot)
    item = window.parameters.topLevelItem(0).child(0)  # type: ignore[union-attr]
    left = window.parameters.visualItemRect(item).left()
    tick = 16 + 10
    names = [each.text(0) for each in window._items()]
    widest = max(window.parameters.fontMetrics().horizontalAdvance(name) for name in names)
    assert window.parameters.columnWidth(0) >= left + tick + widest


def test_that_a_long_difference_takes_several_lines(qtbot: QtBot, context: Context) -> None:
    found = (Difference("changed", "phases", LONG), Difference("added", "Dense(units 4)", ""))
    window = CompareWindow(context.theme, "Run 1", "Run 2", found)
    shown(window, qtbot)
    first, second = (window.list.visualItemRect(window.list.topLevelItem(row)) for row in (0, 1))  # type: ignore[arg-type]
    lines = window.list.fontMetrics().horizontalAdvance(LONG) // window.list.columnWidth(2) + 1
    assert lines > 1
    assert first.height() >= lines * window.list.fontMetrics().height()
    assert second.height() < first.height()


def test_that_a_comparison_without_differences_is_a_small_window(qtbot: QtBot, context: Context) -> None:
    window = CompareWindow(context.theme, "Run 1", "Run 2", ())
    shown(window, qtbot)
    assert window.height() < 200
