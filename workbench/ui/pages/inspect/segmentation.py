"""What a network marks in a picture: its mask over the picture beside the right one."""

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.protocol.events import Probed
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.masks import MaskGrid, mask_legend, overlap
from workbench.ui.widgets.panel import label


class SegmentationView(QWidget):
    """Picture, mask, right mask and wrong dots; hidden for networks that learn something else."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.pictures = MaskGrid(context.theme)
        self.under_mouse = label("", "small")
        self.pictures.hovered.connect(self.under_mouse.setText)
        self.legend = label("", "small", wrap=True)
        self.sentence = label("", "heading", wrap=True, selectable=True)
        self.note = label("", "muted", wrap=True)
        for widget in (self.pictures, self.under_mouse, self.legend, self.sentence, self.note):
            column.addWidget(widget)
        self._shown: Probed | None = None
        context.theme.changed.connect(self._draw_again)
        self.hide()

    def show_result(self, result: Probed) -> bool:
        """Show an answer. False, and hidden, where it has no mask."""
        if "mask" not in result.arrays:
            self._shown = None
            self.hide()
            return False
        self._shown = result
        picture, mask = to_numpy(result.arrays["input"]), to_numpy(result.arrays["mask"])
        right = to_numpy(result.arrays["true_mask"]) if "true_mask" in result.arrays else None
        slices = len(mask) if mask.ndim > 2 else 0
        while mask.ndim > 2:  # of a volume the middle slice
            middle = len(mask) // 2
            picture, mask = picture[middle], mask[middle]
            right = right[middle] if right is not None else None
        found = result.facts.get("classes")
        classes = tuple(str(name) for name in found) if isinstance(found, tuple | list) else ()
        self.pictures.show_masks(picture, mask, right, classes)
        self.legend.setText(mask_legend(classes, self._context.theme.tokens.series))
        shares = np.bincount(mask.ravel(), minlength=len(classes)) / mask.size
        marked = [f"{name} {share:.1%}" for name, share in zip(classes, shares.tolist(), strict=False) if share]
        note = self.tr("The prediction marks: {0}.").format(", ".join(marked))
        missed = [name for number, name in enumerate(classes) if not shares[number] and _has(right, number)]
        if missed:
            note = f"{note} {self.tr('Not found at all: {0}.').format(', '.join(missed))}"
        if slices:
            note = f"{self.tr('This is slice {0} of {1}.').format(slices // 2 + 1, slices)} {note}"
        self.note.setText(note)
        if right is None:
            self.sentence.setText(self.tr("The right mask is not known."))
        else:
            text = self.tr("{0} of the dots right, overlap (IoU) {1}")
            self.sentence.setText(text.format(f"{(mask == right).mean():.1%}", f"{overlap(mask, right):.2f}"))
        self.show()
        return True

    def _draw_again(self) -> None:
        if self._shown is not None:
            self.show_result(self._shown)


def _has(mask: "np.ndarray[tuple[int, ...], np.dtype[np.generic]] | None", number: int) -> bool:
    """Whether a mask that is known has dots of a class."""
    return mask is not None and bool((mask == number).any())
