"""Films and volumes: one frame or slice of each in a gallery, with a slider to go through them, and a strip of one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from workbench.protocol.events import SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.feed import SampleFeed
from workbench.ui.pages.data.gallery import Gallery, GalleryModel
from workbench.ui.plots.colors import Bytes, as_pixels, image_of
from workbench.ui.plots.image_grid import TITLE, ImageGrid
from workbench.ui.plots.masks import beside
from workbench.ui.widgets.panel import label

STRIP = 72
MOST_IN_STRIP = 12


class VolumeModel(GalleryModel):
    """One row a film, of which the frame `frame` is shown."""

    def __init__(self, feed: SampleFeed, context: Context) -> None:
        super().__init__(feed, context)
        self.volumes: list[NDArray[np.uint8]] = []
        self.beside: list[NDArray[Any]] = []
        self.frame = 0

    @property
    def frames(self) -> int:
        """How many frames each has."""
        return len(self.volumes[0]) if self.volumes else 0

    def show_frame(self, frame: int) -> None:
        """Show another frame of all."""
        self.frame = frame
        if self.volumes:
            self._pictures = [image_of(pixels) for pixels in self._drawn(0)]
            self.dataChanged.emit(self.index(0), self.index(len(self._pictures) - 1))

    def strip(self, row: int, frames: Sequence[int]) -> NDArray[np.uint8]:
        """Some frames of one film, with what is learned for their dots."""
        chosen = self.volumes[row][frames]
        return beside(as_pixels(chosen), self.beside[row][frames], self._colors) if self.beside else chosen

    @property
    def _colors(self) -> Sequence[str]:
        return self._context.theme.tokens.series

    def _drawn(self, first: int) -> Bytes:
        """The frame of each from the `first` one on, with what is learned for its dots."""
        frame = min(self.frame, self.frames - 1)
        pixels = as_pixels(np.stack([each[frame] for each in self.volumes[first:]]))
        if not self.beside:
            return pixels
        return beside(pixels, np.stack([each[frame] for each in self.beside[first:]]), self._colors)

    def _restart(self) -> None:
        self.volumes.clear()
        self.beside.clear()
        super()._restart()

    def _add(self, event: SamplesShown) -> None:
        info = self._context.data.info
        if info is None or info.form != "volumes":
            return
        if event.inputs is None or len(event.inputs.shape) != 5 or not event.inputs.shape[0]:
            return
        inputs = to_numpy(event.inputs)
        if info.scaling == "divide_max":  # few grey levels: spread them, all alike
            shares = inputs.astype(np.float32) / max(1.0, float(inputs.max()))
            inputs = (shares * 255).round().astype(np.uint8)
        volumes = [as_bytes(volume) for volume in inputs]
        classes = info.classes
        first = len(self._pictures)
        self.beginInsertRows(QModelIndex(), first, first + len(volumes) - 1)
        self.volumes += volumes
        if event.beside is not None:
            learned = to_numpy(event.beside)
            self.beside += list(learned if learned.ndim == 4 else map(as_bytes, learned))
        for number, pixels in enumerate(self._drawn(first)):
            caption = classes[event.labels[number]] if event.labels and classes else ""
            if event.targets:
                caption = f"{event.targets[number]:.4g}"
            self._pictures.append(image_of(pixels))
            self._captions.append(caption)
            self._tips.append(f"{event.part} {event.indices[number]}: {caption}")
        self.endInsertRows()


def as_bytes(volume: NDArray[Any]) -> NDArray[np.uint8]:
    """A volume (frames, height, width, channels) as bytes; other numbers from its own smallest to its own largest."""
    if volume.dtype == np.uint8:
        return volume
    low, high = float(volume.min()), float(volume.max())
    shares = (volume.astype(np.float32) - low) / ((high - low) or 1.0)
    scaled: NDArray[np.uint8] = (shares * 255).round().astype(np.uint8)
    return scaled


class VolumeView(QWidget):
    """The gallery, the slider below it, and the frames of the film that was clicked."""

    def __init__(self, feed: SampleFeed, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self.model = VolumeModel(feed, context)
        self.gallery = Gallery(feed, context, model=self.model)
        self.gallery.clicked.connect(lambda index: self.show_strip(index.row()))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Frame or slice"))
        self.slider.setToolTip(self.tr("Which frame or slice of each is shown"))
        self.slider.valueChanged.connect(self._frame_chosen)
        self.where = label("", "small")
        self.strip = ImageGrid(context.theme, largest=STRIP)
        self.strip.setFixedHeight(STRIP + TITLE)
        self.strip.setAccessibleName(self.tr("Frames of one sample"))
        self.strip.clicked.connect(lambda place: self.slider.setValue(self._shown[place]))
        self._shown: list[int] = []
        row = QHBoxLayout()
        row.addWidget(self.slider, 1)
        row.addWidget(self.where)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.gallery, 1)
        column.addLayout(row)
        column.addWidget(self.strip)
        feed.restarted.connect(self.strip.clear)
        feed.arrived.connect(self._arrived)

    def show_strip(self, row: int) -> None:
        """Show the frames of one sample side by side; of many, some that are spread evenly."""
        if not 0 <= row < len(self.model.volumes):
            return
        last = self.model.frames - 1
        self._shown = np.unique(np.linspace(0, last, MOST_IN_STRIP).round().astype(int)).tolist()
        self.strip.show_pictures(self.model.strip(row, self._shown), [str(place + 1) for place in self._shown])

    def _arrived(self) -> None:
        if not self.model.frames:
            return
        are_others = self.slider.maximum() != self.model.frames - 1
        self.slider.setRange(0, self.model.frames - 1)
        if are_others and self.model.beside:
            self.slider.setValue(self.model.frames // 2)  # what is marked lies in the first slice least of all
        self._say()
        if not self.strip.count:
            self.show_strip(0)

    def _frame_chosen(self, frame: int) -> None:
        self.model.show_frame(frame)
        self._say()

    def _say(self) -> None:
        self.where.setText(self.tr("{0} of {1}").format(self.slider.value() + 1, self.model.frames))
