"""Ctrl-C in the terminal closes the window like its own button, whatever the window is doing just then."""

import signal
from collections.abc import Iterator

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import SamplesShown
from workbench.ui.app import keep_signals_alive
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.window import MainWindow


class Interrupted(QWidget):
    """A signal comes while it paints itself."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = number

    def paintEvent(self, event: QPaintEvent) -> None:
        number, self.number = self.number, 0
        if number:
            signal.raise_signal(number)


@pytest.fixture
def _signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_a_signal_amid_the_painting_closes_the_window_without_a_word(
    context: Context, engine: FakeEngine, qapp: QApplication, qtbot: QtBot, number: int
) -> None:
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 0, ()))
    window = MainWindow(context, Files(context))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    others = set(qapp.findChildren(QTimer))
    keep_signals_alive(qapp, window)
    painted = Interrupted(number, window)
    painted.resize(50, 50)
    painted.show()
    qtbot.waitUntil(lambda: not window.isVisible())
    for timer in set(qapp.findChildren(QTimer)) - others:
        timer.deleteLater()
