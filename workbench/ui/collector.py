"""Python's garbage collector, on the window's thread alone."""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 300


class Collector(QObject):
    """Collects garbage when Python would, but never on another thread: widgets that are found there would be destroyed
    there, which Qt answers with a crash or a standstill."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()


def collect_what_is_due() -> None:
    """Collect the oldest generation whose count has passed its threshold."""
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [place for place, (count, most) in enumerate(counts) if count > most]
    if due:
        gc.collect(max(due))
