"""Counts with their nouns, as they stand within a sentence."""

from PySide6.QtCore import QCoreApplication


def epochs(count: int) -> str:
    """ "1 epoch", "1,200 epochs"."""
    text = _tr("1 epoch") if count == 1 else _tr("{0} epochs")
    return text.format(f"{count:,}")


def batches(count: int) -> str:
    """ "1 batch", "1,200 batches"."""
    text = _tr("1 batch") if count == 1 else _tr("{0} batches")
    return text.format(f"{count:,}")


def files(count: int) -> str:
    """ "1 file", "1,200 files"."""
    text = _tr("1 file") if count == 1 else _tr("{0} files")
    return text.format(f"{count:,}")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Counts", text)
