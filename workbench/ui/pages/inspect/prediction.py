"""The right of the Inspect page: the sample, and what the network says of it."""

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from workbench.protocol.events import Probed
from workbench.protocol.probes import fact
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.inspect.features import FeatureTable
from workbench.ui.pages.inspect.heads import HeadsView
from workbench.ui.pages.inspect.reconstruction import ReconstructionView
from workbench.ui.pages.inspect.sample_curves import SampleCurves
from workbench.ui.pages.inspect.sample_text import SampleText
from workbench.ui.pages.inspect.segmentation import SegmentationView
from workbench.ui.pages.inspect.sequence import SequenceView
from workbench.ui.plots.bars import ProbabilityBars
from workbench.ui.plots.colors import as_pixels, image_of
from workbench.ui.plots.names import told_numbers
from workbench.ui.widgets.panel import Panel, label, line

PICTURE = 150
MOST_CLASSES = 10


class PredictionPanel(Panel):
    """Input, prediction with probabilities, and statistics of the chosen layer."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Prediction"), parent)
        self._context = context
        self._shows_array = False
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(self.tr("The sample"))
        self.sentence = label("", "heading", wrap=True, selectable=True)
        self.truth = label("", "muted", wrap=True)
        self.bars = ProbabilityBars(context.theme, most=MOST_CLASSES)
        self.layer = label("", "title")
        self.statistics = label("", wrap=True, selectable=True)
        self.text = SampleText(context)
        self.text.hide()
        self.sample = SampleCurves(context)
        self.reconstruction = ReconstructionView(context)
        self.segmentation = SegmentationView(context)
        self.sequence = SequenceView(context)
        self.heads = HeadsView(context)
        for widget in (
            self.picture,
            self.text,
            self.sentence,
            self.truth,
            self.bars,
            self.heads,
            line(),
            self.layer,
            self.statistics,
        ):
            self.body.addWidget(widget)
        self.features = FeatureTable(context)
        self.features.hide()
        self.body.insertWidget(0, self.reconstruction)
        self.body.insertWidget(0, self.segmentation)
        self.body.insertWidget(0, self.sequence)
        self.body.insertWidget(0, self.sample)
        self.body.addWidget(self.features, 1000)  # all the room there is; without it the stretch below has it
        self.body.addStretch(1)

    def show_result(self, result: Probed) -> None:
        """Show sample and prediction of an answer."""
        self._shows_array = self.sample.show_result(result)
        if self._is_of_places(result):
            return
        self._show_picture(result)
        several = self.heads.show_result(result)
        for widget in (self.sentence, self.truth):
            widget.setVisible(not several)
        if several:
            self.bars.hide()
            return
        prediction = result.arrays.get("prediction")
        if prediction is None:
            return
        values = to_numpy(prediction).astype(float).reshape(-1)
        classes = result.facts.get("classes")
        names = tuple(str(name) for name in classes) if isinstance(classes, tuple | list) else ()
        truth = result.facts.get("truth")
        if not names:
            self._show_number(values, truth)
            return
        if "truths" in result.facts:
            self._show_labels(names, values, result)
            return
        if values.size == 1 and len(names) == 2:
            values = np.array([1 - values[0], values[0]])
        best = int(values.argmax())
        right = int(truth) if isinstance(truth, int | float) else None
        self.bars.show_values(names, values.tolist(), right)
        self.sentence.setText(f"{_name(names, best)}  ·  {values[best]:.1%}")
        self._show_truth(_name(names, right) if right is not None else "", right == best)

    def _is_of_places(self, result: Probed) -> bool:
        """Whether the answer is a mask, a picture, a sequence or the input again: then that is all there is to see."""
        if self.sequence.show_result(result):
            itself = True
            self.segmentation.hide()
            self.reconstruction.hide()
        else:
            has_mask = self.segmentation.show_result(result)
            itself = self.reconstruction.show_result(result) or has_mask
        for widget in (self.sentence, self.truth):
            widget.setVisible(not itself)
        if itself:
            self.picture.hide()
            self.bars.hide()
            self.heads.hide()
        return itself

    def _show_labels(
        self, names: tuple[str, ...], values: "np.ndarray[tuple[int], np.dtype[np.float64]]", result: Probed
    ) -> None:
        """Several labels: those that are more likely than not, and the right ones."""
        truths = result.facts["truths"]
        right = tuple(int(str(number)) for number in truths) if isinstance(truths, tuple | list) else None
        self.bars.show_values(names, values.tolist(), right)
        found = tuple(np.flatnonzero(values >= 0.5).tolist())
        none = self.tr("none of the labels")
        self.sentence.setText(", ".join(_name(names, number) for number in found) or none)
        shown = ", ".join(_name(names, number) for number in right or ()) or none
        self._show_truth("" if right is None else shown, right == found)

    def show_layer(self, result: Probed, layer: str) -> None:
        """Show what the activations of a layer are like."""
        facts = result.facts
        self.layer.setText(layer)
        lines = []
        low, high, mean = (facts.get(fact(layer, name)) for name in ("min", "max", "mean"))
        if isinstance(low, int | float) and isinstance(high, int | float) and isinstance(mean, int | float):
            lines.append(self.tr("From {0} to {1}, mean {2}.").format(f"{low:.4g}", f"{high:.4g}", f"{mean:.4g}"))
        dead = facts.get(fact(layer, "dead"))
        if isinstance(dead, int | float):
            lines.append(self._dead_sentence(float(dead)))
        self.statistics.setText("\n".join(lines))

    def _dead_sentence(self, share: float) -> str:
        if share == 0:
            return self.tr("No unit is dead: each rises above zero somewhere for this sample.")
        return self.tr("{0} of its units or maps are dead: never above zero for this sample.").format(f"{share:.0%}")

    def _show_picture(self, result: Probed) -> None:
        array = result.arrays.get("input")
        shown = array is not None and len(array.shape) in (3, 4) and array.shape[-1] in (1, 3) and not self._shows_array
        self.picture.setVisible(shown)
        if array is None or not shown:
            return
        picture = to_numpy(array)
        if picture.ndim == 4:  # of a film or volume the frame in the middle
            picture = picture[len(picture) // 2]
        ratio = self.devicePixelRatioF()
        side = round(PICTURE * ratio)
        image = image_of(as_pixels(picture[None])[0]).scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
        )
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        self.picture.setPixmap(pixmap)

    def _show_number(self, values: "np.ndarray[tuple[int], np.dtype[np.float64]]", truth: object) -> None:
        self.bars.clear()
        self.bars.hide()
        info = self._context.data.info
        if info is not None and info.targets:
            self.sentence.setText("\n".join(f"{name}: {value}" for name, value in told_numbers(info, values)))
            right = told_numbers(info, truth) if isinstance(truth, tuple | list) else []
            shown = ", ".join(f"{name} {value}" for name, value in right)
            self.truth.setText(self.tr("Right are {0}.").format(shown) if right else self._unknown())
            return
        numbers = _told(values)
        name = info.target if info is not None else ""
        self.sentence.setText(f"{name}: {numbers}" if name else numbers)
        if isinstance(truth, tuple | list):
            self.truth.setText(self.tr("Right are {0}.").format(_told(float(str(each)) for each in truth)))
            return
        known = isinstance(truth, int | float)
        self.truth.setText(self.tr("The right value is {0}.").format(f"{truth:.5g}") if known else self._unknown())

    def _show_truth(self, name: str, right: bool) -> None:
        self.bars.show()
        if not name:
            self.truth.setText(self._unknown())
            return
        text = self.tr("Right: it is {0}.") if right else self.tr("Wrong: it is {0}.")
        self.truth.setText(text.format(name))

    def _unknown(self) -> str:
        return self.tr("The right answer is not known.")


def _told(values: Iterable[float]) -> str:
    """The first of several numbers."""
    told = [f"{value:.5g}" for value in values]
    return ", ".join(told[:MOST_CLASSES]) + (", …" if len(told) > MOST_CLASSES else "")


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if number < len(names) else str(number)
