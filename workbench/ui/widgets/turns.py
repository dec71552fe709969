"""Pieces of work one after another, with the event loop free between them."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

TURN_MS = 8


class Turns(QObject):
    """Does each piece of work in a turn of its own, so that what it changed is painted by itself and a click between
    two pieces is answered. Drawn at once, five plots would hold up the window for as long as all five take."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[Callable[[], object]] = []
        self._timer = QTimer(self, interval=TURN_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._next)

    @property
    def waiting(self) -> bool:
        """Whether anything is still to be done."""
        return bool(self._waiting)

    def take(self, *works: Callable[[], object]) -> None:
        """Do these when it is their turn. What waits already is not done twice."""
        self._waiting += [work for work in works if work not in self._waiting]
        if self._waiting and not self._timer.isActive():
            self._timer.start()
            self._next()

    def drop(self, work: Callable[[], object]) -> None:
        """Do this no longer."""
        if work in self._waiting:
            self._waiting.remove(work)

    def _next(self) -> None:
        if self._waiting:
            self._waiting.pop(0)()
        if not self._waiting:
            self._timer.stop()
