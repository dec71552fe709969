"""What a network tells at each step of a sequence: as lines, and how much of it is right."""

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.protocol.events import Probed
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.names import number
from workbench.ui.plots.sequence import SequencePlot
from workbench.ui.widgets.panel import label


class SequenceView(QWidget):
    """Told and right values over the steps; hidden for networks that learn something else."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.plot = SequencePlot(context.theme)
        self.sentence = label("", "heading", wrap=True, selectable=True)
        told = self.tr("Thin: what the network tells at each step; thick and faint: what is right.")
        self.note = label(told, "muted", wrap=True)
        for widget in (self.plot, self.sentence, self.note):
            column.addWidget(widget)
        self.hide()

    def show_result(self, result: Probed) -> bool:
        """Show an answer. False, and hidden, where it is no sequence."""
        is_sequence = bool(result.facts.get("steps"))
        self.setVisible(is_sequence)
        if not is_sequence:
            return False
        arrays = {name: to_numpy(array) for name, array in result.arrays.items()}
        classes = result.facts.get("classes")
        names = tuple(str(name) for name in classes) if isinstance(classes, tuple | list) else ()
        told = arrays["mask"] if names else arrays["prediction"]
        right = arrays.get("true_mask" if names else "target")
        self.plot.show_steps(told, right, names)
        if right is None or right.shape != told.shape:
            self.sentence.setText(self.tr("What is right is not known."))
        elif names:
            good = int((told == right).sum())
            self.sentence.setText(self.tr("{0} of {1} steps right").format(good, told.size))
        else:
            off = number(float(np.abs(told.astype(np.float64) - right.astype(np.float64)).mean()))
            self.sentence.setText(self.tr("Off by {0} on average").format(off))
        return True
