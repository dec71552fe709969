"""Dragging rows of a view: what follows the pointer stands beside it, so that the place where they land can be seen."""

from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QDrag, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractItemView

from workbench.ui.theme.tokens import RADIUS_SMALL, ROW

BESIDE = QPoint(-14, -10)
"""From the top left of what is drawn to the pointer."""

WIDEST = 240
MARGIN = 10


def drag_rows(view: QAbstractItemView, actions: Qt.DropAction) -> None:
    """Drag the selected rows of a view, as `startDrag` does, until they are let go."""
    indexes = [index for index in view.selectedIndexes() if index.flags() & Qt.ItemFlag.ItemIsDragEnabled]
    data = view.model().mimeData(indexes) if indexes else None
    if data is None:
        return
    drag = QDrag(view)
    drag.setMimeData(data)
    drag.setPixmap(picture_of(view, [index for index in indexes if index.column() == 0]))
    drag.setHotSpot(BESIDE)
    wanted = view.defaultDropAction()
    drag.exec(actions, wanted if wanted & actions else Qt.DropAction.CopyAction)


def picture_of(view: QAbstractItemView, rows: list[QModelIndex]) -> QPixmap:
    """A small label with the text of a row, or with how many there are."""
    text = str(rows[0].data() or "") if rows else ""
    if len(rows) > 1:
        text = QCoreApplication.translate("Dragging", "{0} layers").format(len(rows))
    metrics, ratio = view.fontMetrics(), view.devicePixelRatioF()
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, WIDEST)
    area = QRect(0, 0, metrics.horizontalAdvance(text) + 2 * MARGIN, ROW - 4)
    picture = QPixmap(area.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(view.font())
    painter.setBrush(view.palette().color(QPalette.ColorRole.Highlight))
    painter.setPen(view.palette().color(QPalette.ColorRole.Accent))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), RADIUS_SMALL, RADIUS_SMALL)
    painter.setPen(view.palette().color(QPalette.ColorRole.HighlightedText))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
