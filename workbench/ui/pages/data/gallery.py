"""Pictures as a gallery that scrolls through any number of them."""

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from workbench.domain.dataset import Part
from workbench.protocol.events import SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.feed import SampleFeed
from workbench.ui.plots.colors import as_pixels, image_of
from workbench.ui.plots.masks import beside

SIZES = (48, 72, 112)
CAPTION, GAP = 34, 14  # below a picture, with and without a line of text
Index = QModelIndex | QPersistentModelIndex


def plain_icon(pixmap: QPixmap) -> QIcon:
    """A picture that keeps its colours where it is chosen."""
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


class GalleryModel(QAbstractListModel):
    """One row a picture, with its class below."""

    def __init__(self, feed: SampleFeed, context: Context) -> None:
        super().__init__()
        self._feed = feed
        self._context = context
        self._pictures: list[QImage] = []
        self._captions: list[str] = []
        self._tips: list[str] = []
        self.places: list[tuple[Part, int]] = []
        self.size = SIZES[1]
        feed.restarted.connect(self._restart)
        feed.arrived.connect(self._add)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._captions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._captions[row]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon_of(row)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._tips[row]
        return None

    @property
    def height(self) -> int:
        """How high a picture can be."""
        return self.size

    @property
    def has_captions(self) -> bool:
        """Whether anything is said below the pictures; while there are none, as if."""
        return any(self._captions) or not self._captions

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._feed.has_more

    def fetchMore(self, parent: Index) -> None:
        self._feed.fetch()

    def refresh(self) -> None:
        """Draw all anew after the size changed."""
        self.layoutChanged.emit()

    def _icon_of(self, row: int) -> QIcon:
        picture, ratio = self._pictures[row], 2.0
        side = round(self.size * ratio)
        smooth = picture.width() > side
        mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
        scaled = QPixmap.fromImage(picture.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, mode))
        scaled.setDevicePixelRatio(ratio)
        return plain_icon(scaled)

    def _restart(self) -> None:
        self.beginResetModel()
        self._pictures.clear()
        self._captions.clear()
        self._tips.clear()
        self.places.clear()
        self.endResetModel()

    def _add(self, event: SamplesShown) -> None:
        info = self._context.data.info
        if info is None or info.form != "pictures":
            return  # arrays and films have views of their own on the same feed
        if event.inputs is None or not 3 <= len(event.inputs.shape) <= 4:
            return
        classes = info.classes
        pictures = to_numpy(event.inputs)
        if info.scaling == "divide_max":  # few grey levels: spread them, all alike
            pictures = pictures.astype(np.float32) / max(1.0, float(pictures.max()))
        first = len(self._pictures)
        self.beginInsertRows(QModelIndex(), first, first + len(pictures) - 1)
        drawn = as_pixels(pictures)
        if event.beside is not None:
            drawn = beside(drawn, to_numpy(event.beside), self._context.theme.tokens.series)
        for number, pixels in enumerate(drawn):
            caption = classes[event.labels[number]] if event.labels and classes else ""
            if event.label_sets:
                caption = ", ".join(classes[label] for label in event.label_sets[number])
            if event.targets:
                caption = f"{event.targets[number]:.4g}"
            self._pictures.append(image_of(pixels))
            self._captions.append(caption)
            self._tips.append(f"{event.part} {event.indices[number]}: {caption}")
            self.places.append((event.part, event.indices[number]))
        self.endInsertRows()


class Gallery(QListView):
    """The gallery over a feed. `picked(part, index)` follows a click on a picture."""

    picked = Signal(str, int)

    def __init__(
        self, feed: SampleFeed, context: Context, parent: QWidget | None = None, *, model: GalleryModel | None = None
    ) -> None:
        super().__init__(parent)
        self.pictures = model or GalleryModel(feed, context)
        self.setModel(self.pictures)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # its place is known, so rows fill exactly
        self.setAccessibleName(self.tr("Pictures"))
        self.clicked.connect(lambda place: self.picked.emit(*self.pictures.places[place.row()]))
        self.pictures.rowsInserted.connect(self._share_width)
        self.set_size(SIZES[1])

    def set_size(self, size: int) -> None:
        """Show pictures with sides of this many pixels."""
        self.pictures.size = size
        self.setIconSize(QSize(size, self.pictures.height))
        self._share_width()
        self.pictures.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """The pictures of a row share its width, so that no strip stays empty beside them."""
        least, room = max(self.pictures.size, 64) + 16, self.viewport().width() - 1
        below = CAPTION if self.pictures.has_captions else GAP
        self.setGridSize(QSize(room // max(1, room // least), self.pictures.height + below))
