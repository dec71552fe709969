"""Number boxes that look like the other fields."""

from typing import TypeVar

from PySide6.QtWidgets import QAbstractSpinBox

from workbench.ui.theme.tokens import ROW
from workbench.ui.widgets.wheel import steady

Box = TypeVar("Box", bound=QAbstractSpinBox)
INDENT = 6


def fitted(box: Box) -> Box:
    """The box with the height and indent of a field, safe from the wheel in passing. (A style sheet's padding does not
    reach the text of a spin box.)"""
    steady(box)
    box.setFixedHeight(ROW)
    box.lineEdit().setTextMargins(INDENT, 0, 0, 0)
    return box
