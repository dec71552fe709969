"""What a person who opens the program for the first time stumbled over."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from replay import history

from workbench.ui.pages.data.columns import ColumnList
from workbench.ui.plots.stack import CurveStack
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme


def test_that_a_click_on_the_name_of_a_column_ticks_it(qtbot: QtBot) -> None:
    columns = ColumnList()
    qtbot.addWidget(columns)
    columns.show_columns(["price", "stars", "review"], ["price"])
    columns.show()
    qtbot.waitExposed(columns)
    columns.make_ready()
    row = columns.names.visualItemRect(columns.names.item(1))
    for place in (QPoint(row.left() + 80, row.center().y()), QPoint(row.left() + 14, row.center().y())):
        qtbot.mouseClick(columns.names.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert columns.ticked() == ("price", "stars")
        qtbot.mouseClick(columns.names.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert columns.ticked() == ("price",)
    columns.names.setCurrentRow(2)
    qtbot.keyClick(columns.names, Qt.Key.Key_Space)
    assert columns.ticked() == ("price", "review")


def wheel(widget: QWidget, turn: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    middle = QPointF(widget.rect().center())
    place = QPointF(widget.mapToGlobal(middle.toPoint()))
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(middle, place, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, keys, phase, False)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def many_curves(qtbot: QtBot, theme: Theme, settings: Settings) -> Callable[[int], CurveStack]:
    def make(height: int) -> CurveStack:
        stack = CurveStack(theme, settings)
        qtbot.addWidget(stack)
        stack.resize(500, height)
        stack.show()
        qtbot.waitExposed(stack)
        stack.show_history(history(3), "Run 1")
        qtbot.waitUntil(lambda: len(stack.plots) > 1 and all(plot.isVisible() for plot in stack.plots.values()))
        stack.grab()  # a plot knows where its values lie only once it is painted
        return stack

    return make


def test_that_the_wheel_scrolls_past_curves_until_one_was_clicked(
    many_curves: Callable[[int], CurveStack], qtbot: QtBot
) -> None:
    view = next(iter(many_curves(300).plots.values())).view
    qtbot.waitUntil(lambda: view.following)
    whole = view.box.viewRange()
    wheel(view.plot.viewport(), 120)
    assert view.box.viewRange() == whole
    wheel(view.plot.viewport(), 120, Qt.KeyboardModifier.ControlModifier)
    assert view.box.viewRange()[0][1] < whole[0][1]
    view.fit()
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(view.widget.hasFocus)
    wheel(view.plot.viewport(), 120)
    assert view.box.viewRange()[0][1] < whole[0][1]


def test_that_the_wheel_zooms_at_once_where_there_is_nothing_to_scroll_and_never_out_of_sight(
    many_curves: Callable[[int], CurveStack], qtbot: QtBot
) -> None:
    view = next(iter(many_curves(900).plots.values())).view
    whole = view.box.viewRange()
    wheel(view.plot.viewport(), 120)
    assert view.box.viewRange()[0][1] < whole[0][1]
    assert not view.following
    for _ in range(10):
        wheel(view.plot.viewport(), -120)
    assert view.following
    assert view.box.viewRange()[0] == pytest.approx(whole[0])
