"""One picture under many random changes, drawn by the engine as the training draws them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.domain.dataset import Part
from workbench.domain.project import Project
from workbench.protocol.commands import Augment
from workbench.protocol.events import AnyEvent, Augmented, Failed
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.colors import Bytes, as_pixels, image_of
from workbench.ui.plots.image_grid import ImageGrid
from workbench.ui.plots.masks import beside, mask_legend
from workbench.ui.widgets.panel import Panel, label
from workbench.ui.widgets.parts import part_word

DRAWS = 24
SIDE = 72


class AugmentationPanel(Panel):
    """The picture itself, a button that draws again, and a grid of draws with what was mixed into each."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._part: Part = "train"
        self._index = 0
        self._seed = 0
        self._ticket = 0
        self.set_title(self.tr("Random changes while training"))
        self.again = QPushButton(self.tr("Draw again"))
        self.again.setToolTip(self.tr("Draw other random changes of the same picture"))
        self.again.clicked.connect(self._draw_again)
        self.add_to_head(self.again)
        self.picture = self._picture_row()
        self.body.addWidget(self.picture)
        self.message = label("", "bad", wrap=True, selectable=True)
        self.body.addWidget(self.message)
        self.hint = label("", "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.hint, 1)
        self.grid = ImageGrid(context.theme, largest=128)
        self.grid.setAccessibleName(self.tr("Draws of the picture"))
        self.body.addWidget(self.grid, 1)
        self.mixed = label(
            self.tr(
                "Each tile is mixed from this picture and another one of its batch, in random shares. Where the other "
                "has the larger share, hardly anything of this one is seen."
            ),
            "small",
            wrap=True,
        )
        self.body.addWidget(self.mixed)
        self.legend = label("", "small", wrap=True)
        self.body.addWidget(self.legend)
        self.under_mouse = label("", "small")
        self.body.addWidget(self.under_mouse)
        self.grid.hovered.connect(self.under_mouse.setText)
        context.theme.changed.connect(self._ask)  # masks are drawn in its colours
        context.document.changed.connect(self._document_changed)
        context.data.info_changed.connect(self._data_changed)
        self._clear()

    def look(self) -> None:
        """Show the draws, now that they are in sight."""
        self._ask()

    def choose(self, part: Part, index: int) -> None:
        """Draw from another picture."""
        if (part, index) != (self._part, self._index):
            self._part, self._index = part, index
            self._ask()

    def _picture_row(self) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.original = QLabel()
        self.original.setFixedSize(SIDE, SIDE)
        self.original.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.original.setAccessibleName(self.tr("The picture itself"))
        row.addWidget(self.original)
        words = QVBoxLayout()
        words.setSpacing(4)
        self.which = label("", selectable=True)
        words.addStretch(1)
        words.addWidget(self.which)
        words.addWidget(label(self.tr("Click a picture among the samples to choose it."), "small", wrap=True))
        words.addStretch(1)
        row.addLayout(words, 1)
        self.previous = self._arrow("chevron-left", self.tr("The picture before"), -1)
        self.next = self._arrow("chevron-right", self.tr("The next picture"), 1)
        row.addWidget(self.previous)
        row.addWidget(self.next)
        return widget

    def _arrow(self, icon: str, tip: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: self.choose(self._part, self._index + by))
        theme = self._context.theme
        button.setIcon(theme.icon(icon))
        theme.changed.connect(lambda: button.setIcon(theme.icon(icon)))
        return button

    def _draw_again(self) -> None:
        self._seed += 1
        self._ask()

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self._ask()

    def _data_changed(self) -> None:
        info = self._context.data.info
        if info is not None and self._index >= info.sizes.get(self._part, 0):
            self._part, self._index = "train", 0
        self._ask()

    def _ask(self) -> None:
        if self._ticket:
            self._context.client.forget(self._ticket)
            self._ticket = 0
        info, spec = self._context.data.info, self._context.document.project.data
        if not self.isVisible() or info is None or info.form != "pictures":
            return
        if not spec.augmentation:
            self._clear()
            return
        size = info.sizes.get(self._part, 0)
        self.picture.show()
        self.previous.setEnabled(self._index > 0)
        self.next.setEnabled(self._index + 1 < size)
        part, index, seed, folder = self._part, self._index, self._seed, str(self._context.document.path)
        self.which.setText(self.tr("Picture {0} of the {1} part").format(f"{index:,}", part_word(part)))
        self._ticket = self._context.client.ask(
            lambda ticket: Augment(ticket, spec, part, index, DRAWS, seed, folder), self._answered
        )

    def _answered(self, event: AnyEvent) -> None:
        match event:
            case Augmented():
                self._ticket = 0
                self._show(event)
            case Failed(message=message):
                self._ticket = 0
                self._clear()
                self.hint.clear()
                self.message.setText(message)
                self.message.show()

    def _show(self, event: Augmented) -> None:
        drawn, values = self._drawn(event)
        image = image_of(drawn[0])
        mode = Qt.TransformationMode.SmoothTransformation
        if image.width() <= SIDE:
            mode = Qt.TransformationMode.FastTransformation
        ratio = self.devicePixelRatioF()
        side = round(SIDE * ratio)
        pixmap = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode))
        pixmap.setDevicePixelRatio(ratio)
        self.original.setPixmap(pixmap)
        titles = [_caption(mixture) for mixture in event.mixtures]
        self.mixed.setVisible(bool(event.mixtures))
        if event.beside is None:
            self.grid.show_pictures(values, titles)
        else:
            self.grid.show_drawn(values, drawn[1:], titles)
        self.message.hide()
        self.hint.hide()
        self.grid.show()
        self.again.setEnabled(True)

    def _drawn(self, event: Augmented) -> tuple[Bytes, NDArray[Any]]:
        """The picture and its draws as they are shown, with what is learned for their dots, and the values of the draws
        under the mouse."""
        pictures, draws = to_numpy(event.original), to_numpy(event.inputs)
        drawn = as_pixels(np.concatenate([pictures, draws]))
        info = self._context.data.info
        is_mask = event.beside is not None and len(event.beside.shape) == 3
        colors = self._context.theme.tokens.series
        self.legend.setText(mask_legend(info.classes, colors) if info is not None and is_mask else "")
        self.legend.setVisible(is_mask)
        if event.beside is None:
            return drawn, draws
        drawn = beside(drawn, to_numpy(event.beside), colors)
        return drawn, draws if is_mask else drawn[1:, ..., :3]

    def _clear(self) -> None:
        """Nothing to draw, and how to begin."""
        self.grid.clear()
        self.grid.hide()
        self.legend.hide()
        self.under_mouse.clear()
        self.original.clear()
        self.which.clear()
        self.message.hide()
        self.mixed.hide()
        self.picture.hide()
        self.again.setEnabled(False)
        self.previous.setEnabled(False)
        self.next.setEnabled(False)
        self.hint.setText(
            self.tr("Add a random change at the right, and this shows what it makes of a picture in 24 draws.")
        )
        self.hint.show()


def _caption(mixture: tuple[tuple[str, float], ...]) -> str:
    """The classes of a draw with their shares, which go without saying where there is but one."""
    if len(mixture) == 1:
        return mixture[0][0]
    return "\n".join(f"{name} {share:.0%}" for name, share in mixture)
