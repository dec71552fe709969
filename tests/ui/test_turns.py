"""Pieces of work that take turns."""

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from workbench.ui.widgets.turns import Turns


def test_that_the_event_loop_is_free_between_two_pieces(qtbot: QtBot) -> None:
    done: list[str] = []
    owner = QObject()
    turns = Turns(owner)
    works = [lambda name=name: done.append(name) for name in ("first", "second", "third")]
    turns.take(*works)
    assert done == ["first"]
    QTimer.singleShot(0, owner, lambda: done.append("a click"))
    qtbot.waitUntil(lambda: not turns.waiting)
    assert done == ["first", "a click", "second", "third"]


def test_that_what_waits_is_done_once_and_can_be_dropped(qtbot: QtBot) -> None:
    done: list[str] = []
    owner = QObject()
    turns = Turns(owner)
    works = [lambda name=name: done.append(name) for name in ("first", "second", "third")]
    turns.take(*works)
    turns.take(*works)
    turns.drop(works[2])
    qtbot.waitUntil(lambda: not turns.waiting)
    assert done == ["first", "second", "first"]
