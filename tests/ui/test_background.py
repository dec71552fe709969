"""Work beside the window: its result always comes back, and never to who is gone."""

import gc

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from workbench.ui.background import in_background


def test_that_every_result_comes_back(qtbot: QtBot) -> None:
    owner, results = QObject(), []
    for number in range(300):
        in_background(owner, lambda number=number: number, results.append)
        if number % 100 == 0:
            gc.collect()
    qtbot.waitUntil(lambda: len(results) == 300)
    assert sorted(results) == list(range(300))


def test_that_a_failure_reaches_who_asked(qtbot: QtBot) -> None:
    owner, failures = QObject(), []

    def fail() -> None:
        raise OSError("the disk is gone")

    in_background(owner, fail, lambda _result: None, failures.append)
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert str(failures[0]) == "the disk is gone"


def test_that_nothing_is_told_to_who_is_gone(qtbot: QtBot) -> None:
    gone, here, results = QObject(), QObject(), []
    in_background(gone, lambda: "late", results.append)
    delete(gone)
    in_background(here, lambda: "in time", results.append)
    qtbot.waitUntil(lambda: "in time" in results)
    assert results == ["in time"]
