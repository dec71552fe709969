"""Opens the real window by the program's own `main`, and lets a scene be played in it."""

import json
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

from PySide6.QtCore import QElapsedTimer, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from workbench.__main__ import main
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.ui.window import MainWindow

Figures: TypeAlias = dict[str, Any]
Scene: TypeAlias = Callable[[MainWindow], Figures]

SIZE = (1280, 800)


def play(scene: Scene, arguments: list[str]) -> None:
    """Open the window with these words of the command line, play the scene, close, and print its figures as JSON."""
    figures: Figures = {}
    errors: list[BaseException] = []
    plain_exec = QApplication.exec

    def play_and_close() -> None:
        window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))
        try:
            window.resize(*SIZE)
            wait_until(lambda: all(name in window._pages for name in window.entries))
            figures.update(scene(window))
        except BaseException as error:  # noqa: BLE001 - an error inside a slot would be printed and forgotten
            errors.append(error)
        window.close()
        QApplication.quit()

    def exec_with_scene(*_: object) -> int:
        QTimer.singleShot(0, play_and_close)
        return plain_exec()

    QApplication.exec = exec_with_scene  # type: ignore[method-assign, assignment]
    code = main(arguments)
    if errors:
        raise errors[0]
    assert code == 0
    sys.stdout.write(json.dumps(figures) + "\n")


def new_project(path: str, project: Project) -> ProjectFolder:
    """A project folder for a scene."""
    return ProjectFolder.create(Path(path), project)


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Let the event loop run until something is so. Raises TimeoutError."""
    waited = QElapsedTimer()
    waited.start()
    loop = QEventLoop()
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: loop.quit() if condition() or waited.elapsed() > seconds * 1000 else None)
    timer.start()
    if not condition():
        loop.exec()
    timer.stop()
    if not condition():
        raise TimeoutError("What was waited for did not happen.")


def wait(seconds: float) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


@dataclass
class Gaps:
    """Gaps of the event loop in milliseconds: as they passed, and what of them the window's own thread computed."""

    passed: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def add(self, others: "Gaps") -> None:
        """Take in more."""
        self.passed += others.passed
        self.busy += others.busy

    def figures(self, name: str = "gaps") -> Figures:
        """As a scene gives them."""
        return {name: self.passed, f"{name} busy": self.busy}


class Heartbeat(QObject):
    """Beats every few milliseconds while the event loop is free: the times between beats are the loop's gaps.

    The processor's time that the window's thread took between beats is kept beside them: on a machine that has nothing
    else to do it is the gap; elsewhere the rest of a gap was spent waiting for a core.
    """

    INTERVAL_MS = 4

    def __init__(self) -> None:
        super().__init__()
        self._beats: list[tuple[float, float]] = []
        self.watch = Watchdog(self) if os.environ.get("EXPLAIN") else None
        self._timer = QTimer(self, interval=self.INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @property
    def last(self) -> float:
        """When it beat last."""
        beats = self._beats
        return beats[-1][0] if beats else 0.0

    @property
    def busy(self) -> float:
        """What the window's thread computed before that beat, in seconds."""
        before, last = self._beats[-2:] if len(self._beats) > 1 else [(0.0, 0.0)] * 2
        return last[1] - before[1]

    def start(self) -> None:
        """Begin to beat."""
        if self.watch is not None:
            self.watch.start()
        self._beat()
        self._timer.start()

    def stop(self) -> Gaps:
        """All gaps so far, in milliseconds."""
        self._timer.stop()
        if self.watch is not None:
            self.watch.stop()
        beats, self._beats = self._beats, []
        return Gaps(
            [(later[0] - earlier[0]) * 1000 for earlier, later in pairwise(beats)],
            [(later[1] - earlier[1]) * 1000 for earlier, later in pairwise(beats)],
        )

    def _beat(self) -> None:
        self._beats.append((time.perf_counter(), time.thread_time()))


class Watchdog:
    """Prints to standard error what the window's thread did in each gap in which it computed for long: for as many
    milliseconds as the environment variable EXPLAIN says."""

    def __init__(self, heart: Heartbeat) -> None:
        self._heart = heart
        self._long = float(os.environ["EXPLAIN"]) / 1000
        self._main = threading.get_ident()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        stacks: list[str] = []
        last = 0.0
        while not self._ended.wait(0.004):
            beat = self._heart.last
            if beat != last:
                if self._heart.busy > self._long:
                    lines = "\n".join(f"{count:5} {stack}" for stack, count in Counter(stacks).most_common(9))
                    sys.stderr.write(f"gap of {(beat - last) * 1000:.0f}, {self._heart.busy * 1000:.0f} ms:\n{lines}\n")
                stacks, last = [], beat
            frame = sys._current_frames().get(self._main)
            if time.perf_counter() - beat > 0.008:
                stacks.append(" < ".join(_places(frame)))


def _places(frame: FrameType | None) -> list[str]:
    """The innermost places of a stack in the workbench's own code, with what they call."""
    places = [f"{Path(each.filename).name}:{each.lineno}:{each.name}" for each in traceback.extract_stack(frame)]
    return [place for place in reversed(places) if not place.startswith("stage.py")][:7]


class Paints(QObject):
    """Notes when a widget was painted last."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.last = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._painted)
        return False

    def _painted(self) -> None:
        self.last = time.perf_counter()
