"""The sample as the network gets it, and what it answers."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.domain.dataset import DatasetInfo
from workbench.protocol.events import Probed
from workbench.ui.arrays import to_numpy
from workbench.ui.plots.bars import ROW, ProbabilityBars
from workbench.ui.plots.image_grid import TITLE, ImageGrid
from workbench.ui.plots.masks import MaskGrid, overlap
from workbench.ui.plots.names import number, told_numbers
from workbench.ui.plots.sequence import SequencePlot
from workbench.ui.plots.side_by_side import SideBySide
from workbench.ui.plots.told_heads import told_heads
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

MOST = 3
MOST_HEADS = 8


class PredictionView(QWidget):
    """Picture of the input (where it is one), the most probable classes or the predicted number, and the truth."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info: DatasetInfo | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        side = MOST * ROW
        self.picture = ImageGrid(theme, largest=side)
        self.picture.setFixedSize(side, side)
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.picture.setAccessibleName(self.tr("The sample as the network gets it"))
        self.picture.setVisible(False)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        self.beside = SideBySide(theme, largest=side)
        self.beside.setFixedHeight(side + TITLE)
        self.beside.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.beside.hide()
        column = QVBoxLayout()
        column.setSpacing(2)
        self.bars = ProbabilityBars(theme, most=MOST)
        self.text = label("", wrap=True)
        self.masks = MaskGrid(theme, largest=side)
        self.masks.setFixedHeight(side + TITLE)
        self.masks.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.masks.hide()
        self.sequence = SequencePlot(theme)
        self.sequence.setFixedHeight(side + TITLE)
        self.sequence.hide()
        column.addWidget(self.beside)
        column.addWidget(self.masks)
        column.addWidget(self.sequence)
        column.addWidget(self.bars)
        column.addWidget(self.text)
        row.addLayout(column, 1)

    def show_info(self, info: DatasetInfo | None) -> None:
        """The data that samples come from."""
        self._info = info
        self.picture.setVisible(False)
        self.beside.setVisible(False)
        self.masks.setVisible(False)
        self.sequence.setVisible(False)
        self.bars.clear()
        self.bars.setVisible(info is not None and bool(info.classes) and not info.learns_places)
        self.text.clear()

    def show_result(self, event: Probed) -> None:
        """Show the input and the prediction of an answer of the probe `feature_maps`."""
        if self._show_sequence(event) or self._show_masks(event) or self._show_pictures(event):
            return
        self._show_input(event)
        if self._info is not None and self._info.heads:
            self.text.setText("\n".join(told_heads(self._info, event)[:MOST_HEADS]))
            return
        array = event.arrays.get("prediction")
        if array is None or self._info is None:
            return
        values = to_numpy(array).astype(np.float64).ravel()
        truth = event.facts.get("truth")
        truths = event.facts.get("truths")
        if "truths" in event.facts:
            labels = tuple(int(str(number)) for number in truths) if isinstance(truths, tuple | list) else ()
            self.bars.show_values(self._info.classes, values.tolist(), labels)
            self._say_labels(labels if truths is not None else None)
        elif self._info.classes:
            if len(values) == 1:
                values = np.array([1 - values[0], values[0]])
            right = int(truth) if isinstance(truth, int | float) else None
            self.bars.show_values(self._info.classes, values.tolist(), right)
            self._say_class(int(values.argmax()), right)
        elif self._info.targets:
            self._say_numbers(told_numbers(self._info, values), truth)
        else:
            parts = [self.tr("Predicted {0}").format(", ".join(number(float(value)) for value in values[:4]))]
            if isinstance(truth, int | float):
                parts.append(self.tr("right is {0}").format(number(float(truth))))
            self.text.setText(", ".join(parts))

    def _say_numbers(self, told: list[tuple[str, str]], truth: object) -> None:
        """Several numbers, each with the right one where that is known."""
        right = dict(told_numbers(self._info, truth)) if self._info and isinstance(truth, tuple | list) else {}
        text = self.tr("{0}: {1} (right {2})")
        lines = [text.format(name, value, right[name]) if right else f"{name}: {value}" for name, value in told]
        self.text.setText("\n".join(lines[:MOST]))

    def _say_labels(self, right: tuple[int, ...] | None) -> None:
        classes = self._info.classes if self._info is not None else ()
        names = ", ".join(classes[number] for number in right or () if number < len(classes))
        text = self.tr("It has: {0}.").format(names) if names else self.tr("It has none of the labels.")
        self.text.setText("" if right is None else text)

    def _show_sequence(self, event: Probed) -> bool:
        """What is told at each step, and what is right. False for other networks."""
        is_sequence = bool(event.facts.get("steps"))
        self.sequence.setVisible(is_sequence)
        if not is_sequence or self._info is None:
            return False
        told, right = ("mask", "true_mask") if self._info.classes else ("prediction", "target")
        known = to_numpy(event.arrays[right]) if right in event.arrays else None
        self.sequence.show_steps(to_numpy(event.arrays[told]), known, self._info.classes)
        self.text.clear()
        return True

    def _show_masks(self, event: Probed) -> bool:
        """The mask over the picture, and the right one. False for other networks."""
        self.masks.setVisible("mask" in event.arrays)
        if "mask" not in event.arrays or self._info is None:
            return False
        picture, mask = to_numpy(event.arrays["input"]), to_numpy(event.arrays["mask"])
        right = to_numpy(event.arrays["true_mask"]) if "true_mask" in event.arrays else None
        self.picture.setVisible(False)
        if right is not None:
            text = self.tr("{0} of the dots right, overlap (IoU) {1}")
            self.text.setText(text.format(f"{(mask == right).mean():.1%}", f"{overlap(mask, right):.2f}"))
        while mask.ndim > 2:  # of a volume the middle slice
            middle = len(mask) // 2
            picture, mask = picture[middle], mask[middle]
            right = right[middle] if right is not None else None
        self.masks.show_masks(picture, mask, right, self._info.classes)
        return True

    def _show_pictures(self, event: Probed) -> bool:
        """Input, output and difference, of an autoencoder for one. False for other networks."""
        names = ("input", "prediction", "target")
        if not all(name in event.arrays for name in names):
            self.beside.setVisible(False)
            return False
        x, output, target = (to_numpy(event.arrays[name]).astype(np.float32) for name in names)
        self.picture.setVisible(False)
        self.beside.setVisible(self.beside.show_parts(x, output, target))
        if output.shape == target.shape:
            self.text.setText(self.tr("Off by {0} on average").format(number(float(np.abs(output - target).mean()))))
        return True

    def _say_class(self, predicted: int, right: int | None) -> None:
        classes = self._info.classes if self._info is not None else ()
        if right is None or not 0 <= right < len(classes):
            self.text.clear()
        elif predicted == right:
            self.text.setText(self.tr("Right: it is {0}.").format(classes[right]))
        else:
            self.text.setText(self.tr("Wrong: it is {0}.").format(classes[right]))

    def _show_input(self, event: Probed) -> None:
        array = event.arrays.get("input")
        if array is None or self._info is None or self._info.form != "pictures" or len(array.shape) not in (2, 3):
            self.picture.setVisible(False)
            return
        picture = to_numpy(array)
        if picture.ndim == 3 and picture.shape[-1] not in (1, 3, 4):
            picture = picture[..., 0]
        self.picture.show_pictures(picture[np.newaxis])
        self.picture.setVisible(True)
