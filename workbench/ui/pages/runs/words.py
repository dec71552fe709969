"""Runs in words: how they ended, when, how long."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from workbench.domain.run import RunRecord
from workbench.domain.store import is_alive
from workbench.ui.widgets.counts import epochs
from workbench.ui.widgets.progress_text import clock


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunsPage", text)


def status_word(record: RunRecord) -> str:
    """A word or two for the list."""
    if record.status != "ended":
        if is_alive(record):
            return _tr("paused") if record.status == "paused" else _tr("training")
        return _tr("unfinished")
    words = {
        "completed": _tr("completed"),
        "early_stopping": _tr("stopped early"),
        "stopped": _tr("stopped"),
        "diverged": _tr("diverged"),
        "failed": _tr("failed"),
    }
    return words.get(record.reason or "", _tr("ended"))


def ending_sentence(record: RunRecord) -> str:
    """Why the run ended, or what it does."""
    if record.message:
        return record.message
    done, planned = f"{record.epochs_done:,}", epochs(record.epochs_planned or 0)
    if record.status != "ended":
        if is_alive(record):
            return _tr("It is training: {0} of {1} are done.").format(done, planned)
        return _tr("It did not end: {0} of {1} are done. It can be resumed.").format(done, planned)
    sentences = {
        "completed": _tr("It trained for {0}, as planned."),
        "early_stopping": _tr("It stopped after {0}, because it no longer improved."),
        "stopped": _tr("It was stopped by hand after {0}."),
        "diverged": _tr("The loss was no longer a number after {0}. Try a smaller learning rate."),
        "failed": _tr("It failed after {0}. The log has the details."),
    }
    return sentences.get(record.reason or "", _tr("It ended after {0}.")).format(epochs(record.epochs_done))


def when(moment: str | None) -> str:
    """A moment (ISO 8601) in the person's own time and way of writing it; empty when it cannot be read."""
    try:
        seconds = datetime.fromisoformat(moment or "").timestamp()
    except ValueError:
        return ""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)), "d MMM yyyy, HH:mm")


def duration(seconds: float) -> str:
    """ "0.8 s", "0:41", "1:02:03"."""
    return f"{seconds:.1f} s" if seconds < 10 else clock(seconds)
