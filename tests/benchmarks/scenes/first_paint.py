"""From the command to the first paint of the main window. Arguments: the words of the command."""

import json
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from workbench.__main__ import main
from workbench.ui.window import MainWindow


class FirstPaint(QObject):
    """Waits for the first paint event of the window; once it is dealt with, prints its moment and closes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self._painted)
        return False

    def _painted(self) -> None:
        moment = time.monotonic()
        has_tensorflow = any(name.partition(".")[0] in ("tensorflow", "keras") for name in sys.modules)
        sys.stdout.write(json.dumps({"moment": moment, "tensorflow": has_tensorflow}) + "\n")
        self._window.close()
        QApplication.quit()


plain_show = MainWindow.show


def show(window: MainWindow) -> None:
    FirstPaint(window)
    plain_show(window)


MainWindow.show = show  # type: ignore[method-assign]
sys.exit(main(sys.argv[1:]))
