"""What is said of a network that was read from Python."""

from PySide6.QtCore import QCoreApplication

from workbench.domain.reading.python import Script

_SHOWN = 3


def told_of(script: Script) -> str:
    """How many layers were read from a script, and the first lines of what could not be."""
    one, several = _tr("One layer was read from Python."), _tr("{0} layers were read from Python.")
    told = [one if script.layers == 1 else several.format(f"{script.layers:,}")]
    told += [str(each) for each in script.unread[:_SHOWN]]
    more = len(script.unread) - _SHOWN
    if more > 0:
        told.append(_tr("And one more.") if more == 1 else _tr("And {0} more.").format(more))
    return " ".join(told)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Reading", text)
