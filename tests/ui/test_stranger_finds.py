"""What a person who opens the program for the first time stumbled over."""

from collections.abc import Callable, Iterator

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from replay import history

from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import SamplesShown
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.forms.numbers import NumberField
from workbench.ui.pages.data.columns import ColumnList
from workbench.ui.plots.stack import CurveStack
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme
from workbench.ui.window import MainWindow


@pytest.fixture
def window(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[MainWindow]:
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 0, ()))
    window = MainWindow(context, Files(context))
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


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


def test_that_undo_in_a_field_undoes_the_edit_that_the_field_made(window: MainWindow, qtbot: QtBot) -> None:
    document = window.context.document
    window.show_page("train")
    field = next(each for each in window.page("train").findChildren(NumberField) if each.accessibleName() == "Epochs")
    before = document.project.training
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "37")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert document.project.training.epochs == 37
    assert leaves_to_window(field, Qt.Key.Key_Z)
    document.undo_stack.undo()
    assert document.project.training == before
    assert field.text() == str(before.epochs)
    assert leaves_to_window(field, Qt.Key.Key_Z)
    qtbot.keyClicks(field, "x")
    assert not leaves_to_window(field, Qt.Key.Key_Z)  # what is not a number is undone where it was typed


def leaves_to_window(field: QWidget, key: Qt.Key) -> bool:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier)
    event.ignore()
    QApplication.sendEvent(field, event)
    return not event.isAccepted()
