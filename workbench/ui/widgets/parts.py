"""What the parts of a data set are called."""

from PySide6.QtCore import QCoreApplication

from workbench.domain.dataset import Part


def part_title(part: Part) -> str:
    """As a heading: "Training"."""
    titles = {"train": _tr("Training"), "validation": _tr("Validation"), "test": _tr("Test")}
    return titles[part]


def part_word(part: Part) -> str:
    """Within a sentence: "training"."""
    words = {"train": _tr("training"), "validation": _tr("validation"), "test": _tr("test")}
    return words[part]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Parts", text)
