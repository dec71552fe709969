"""The view of the diagram: zoom, panning, the mouse and the keyboard."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QToolTip,
    QWidget,
)

from workbench.domain.placing.frames import FRAME_HEAD, Rect
from workbench.ui.pages.model.diagram.drawing import EDGE, ICON, Drawing
from workbench.ui.pages.model.diagram.walking import Way, next_node, node_at, rect_of

STEP = 1.25
LEAST, MOST = 0.05, 4.0
LEGIBLE = 0.8  # at less than this what is opened is not shown whole
EDGE_OF_SIGHT = 40
SPARE = 4  # the view keeps two pixels free on each side before it shows scroll bars
WAYS: dict[int, Way] = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}


class _Sheet(QGraphicsItem):
    """The whole diagram as one item: a thousand items painted one by one would take longer than a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing: Drawing | None = None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # tells what is exposed

    def show_drawing(self, drawing: Drawing) -> None:
        self.prepareGeometryChange()
        self.drawing = drawing
        self.update()

    def boundingRect(self) -> QRectF:
        return self.drawing.bounds if self.drawing else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.drawing is not None:
            exposed: QRectF = option.exposedRect
            scale = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
            self.drawing.paint(painter, exposed, scale)


class DiagramView(QGraphicsView):
    """`choice_wanted(id or None, added)` asks for a node to be selected, alone or too; `fold_wanted(id)` for a block
    to be folded or unfolded; `form_wanted(id)` for the form of a layer; `menu_wanted(place)` for the context menu at a
    place on the screen; `zoomed(scale)` follows the zoom."""

    choice_wanted = Signal(object, bool)
    fold_wanted = Signal(str)
    form_wanted = Signal(str)
    menu_wanted = Signal(QPoint)
    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _Sheet()
        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        scene.addItem(self._sheet)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Diagram of the network"))
        self.tip_of: Callable[[str], str] = lambda node_id: ""
        self._current: str | None = None
        self._pressed: QPoint | None = None
        self._is_panning = False
        self._is_new = True
        self._is_untouched = True  # whether nobody has zoomed or scrolled yet

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._sheet.drawing

    @property
    def scale_now(self) -> float:
        """The zoom; 1 is 100 %."""
        return self.transform().m11()

    @property
    def current(self) -> str | None:
        """The node from which the keys lead on."""
        return self._current

    # --- what is shown

    def forget(self) -> None:
        """What is shown next is another network: it is shown from the top."""
        self._is_new = True

    def show_drawing(self, drawing: Drawing) -> None:
        """Show a diagram. Zoom stays, and so does the place on the screen of what is selected or in the middle."""
        anchor = None if self._is_new or self.drawing is None else self._anchor(self.drawing, drawing)
        self._sheet.show_drawing(drawing)
        self.setSceneRect(drawing.bounds)
        if anchor is not None:
            node_id, before = anchor
            self._scroll(self._on_screen(node_id) - before)
        elif self._is_new and drawing.places.boxes:
            self._is_new = False
            self.show_from_top()

    def show_texts(self, drawing: Drawing) -> None:
        """Show the same places with other texts or colours."""
        self._sheet.show_drawing(drawing)

    def choose(self, node_ids: Collection[str], current: str | None, *, show: bool) -> None:
        """Mark nodes as selected, and bring the current one into sight."""
        self._current = current
        drawing = self.drawing
        if drawing is None:
            return
        drawing.chosen = node_ids
        self._sheet.update()
        rect = rect_of(drawing.places, current) if current is not None else None
        if rect is not None and show:
            room = self.viewport().size() / self.scale_now - QSize(2 * EDGE_OF_SIGHT, 2 * EDGE_OF_SIGHT)
            wide, high = min(rect.width, room.width()), min(rect.height, room.height())  # from its title on
            self.ensureVisible(QRectF(rect.x, rect.y, max(1, wide), max(1, high)), EDGE_OF_SIGHT, EDGE_OF_SIGHT)
        if rect is not None and current is not None:
            self.setAccessibleDescription(self.tip_of(current))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # --- zoom

    def zoom(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom, with what is at a place of the view staying there; without one, what is selected there, else its
        middle."""
        place = at if at is not None else self._heart()
        least = min(LEAST, self._fitting())
        scale = max(least, min(MOST, scale))
        fixed = self.mapToScene(place.toPoint())
        self.resetTransform()
        self.scale(scale, scale)
        self._scroll(QPointF(self.mapFromScene(fixed)) - place)
        self._is_untouched = False
        self.zoomed.emit(scale)

    def _heart(self) -> QPointF:
        """The middle of what is selected if it is in sight, else that of the view."""
        drawing, seen = self.drawing, self.viewport().rect()
        rect = rect_of(drawing.places, self._current) if drawing is not None and self._current is not None else None
        if rect is not None:
            place = self.mapFromScene(QPointF(rect.middle, rect.y + rect.height / 2))
            if seen.contains(place):
                return QPointF(place)
        return QPointF(seen.center())

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom(self.scale_now * STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom(self.scale_now / STEP)

    def zoom_full(self) -> None:
        """To 100 %."""
        self.zoom(1.0)

    def fit(self) -> None:
        """Show all of it."""
        self.zoom(min(1.0, self._fitting()))

    def show_from_top(self) -> None:
        """As much as can be read, from the inputs on."""
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width() - SPARE
        wide, fitting = room / max(1.0, self.sceneRect().width()), self._fitting()
        self.zoom(min(1.0, fitting if fitting >= LEGIBLE else max(LEGIBLE, wide)))
        self.centerOn(self._beginning())
        self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())
        self._is_untouched = True

    def _beginning(self) -> QPointF:
        """The middle of the box that stands highest; a wide diagram may have it far off its own middle."""
        drawing = self.drawing
        rects = [] if drawing is None else [rect_of(drawing.places, name) for name in drawing.places.boxes]
        first = min((rect for rect in rects if rect is not None), key=lambda rect: rect.y, default=None)
        if first is None:
            return self.sceneRect().center()
        return QPointF(first.x + first.width / 2, first.y)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_untouched and self.drawing is not None:
            self.show_from_top()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._is_untouched = False
        super().scrollContentsBy(dx, dy)

    def _fitting(self) -> float:
        bounds = self.sceneRect()
        if bounds.isEmpty():
            return 1.0
        size = self.maximumViewportSize()
        width, height = size.width() - SPARE, size.height() - SPARE
        return max(1e-4, min(width / bounds.width(), height / bounds.height()))

    def _scroll(self, by: QPointF) -> None:
        for bar, step in ((self.horizontalScrollBar(), by.x()), (self.verticalScrollBar(), by.y())):
            bar.setValue(bar.value() + round(step))

    def _anchor(self, old: Drawing, new: Drawing) -> tuple[str, QPointF] | None:
        """What stays where it is on the screen, and where that is."""
        middle = QPointF(self.viewport().rect().center())
        near: tuple[float, str] | None = None
        for node_id in (*([self._current] if self._current is not None else []), *old.places.boxes):
            if rect_of(old.places, node_id) is None or rect_of(new.places, node_id) is None:
                continue
            place = self._on_screen(node_id)
            if node_id == self._current and self.viewport().rect().contains(place.toPoint()):
                return node_id, place
            away = (place - middle).manhattanLength()
            if near is None or away < near[0]:
                near = away, node_id
        return (near[1], self._on_screen(near[1])) if near else None

    def _on_screen(self, node_id: str) -> QPointF:
        drawing = self.drawing
        rect = rect_of(drawing.places, node_id) if drawing else None
        return QPointF(self.mapFromScene(QPointF(rect.middle, rect.y))) if rect else QPointF()

    # --- mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y() / 120
            if turned:
                self.zoom(self.scale_now * STEP**turned, event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = event.position().toPoint()
            self._is_panning = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._pressed is None:
            node_id = self.node_at(place)
            is_on_arrow = node_id is not None and self._is_on_arrow(node_id, place)
            hand = Qt.CursorShape.PointingHandCursor if is_on_arrow else Qt.CursorShape.ArrowCursor
            if self.viewport().cursor().shape() != hand:
                self.viewport().setCursor(hand)
            return
        if not self._is_panning:
            if (place - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._is_panning = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._scroll(QPointF(self._pressed - place))
        self._pressed = place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if self._is_panning:
            self._is_panning = False
            self.viewport().unsetCursor()
        elif pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            node_id = self.node_at(pressed)
            if node_id is not None and self._is_on_arrow(node_id, pressed):
                self.fold_wanted.emit(node_id)
            else:
                added = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
                self.choice_wanted.emit(node_id, bool(event.modifiers() & added))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        node_id = self.node_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and node_id is not None:
            self._open(node_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            node_id = self.node_at(event.pos())
            if node_id is not None and self.drawing is not None and node_id not in self.drawing.chosen:
                self.choice_wanted.emit(node_id, False)
            self.menu_wanted.emit(event.globalPos())
        else:
            place = self._on_screen(self._current).toPoint() if self._current is not None else self.rect().center()
            self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            node_id = self.node_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if node_id is None else self.tip_of(node_id), self.viewport())
            return True
        return super().viewportEvent(event)

    def node_at(self, place: QPoint) -> str | None:
        """The node that is seen at a place of the view."""
        point = self.mapToScene(place)
        return node_at(self.drawing.places, point.x(), point.y()) if self.drawing else None

    def _is_on_arrow(self, node_id: str, place: QPoint) -> bool:
        """Whether a place is on the small arrow that folds a frame or unfolds a box."""
        drawing, point = self.drawing, self.mapToScene(place)
        if drawing is None:
            return False
        if drawing.kinds.get(node_id) == "folded":
            rect: Rect | None = drawing.places.boxes[node_id]
            return rect is not None and point.x() > rect.right - 2 * ICON and point.y() < rect.y + rect.height / 2
        rect = drawing.places.frames.get(node_id)
        return rect is not None and point.x() < rect.x + EDGE + ICON and point.y() < rect.y + FRAME_HEAD

    # --- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in WAYS and self.drawing is not None:
            node_id = next_node(self.drawing.diagram, self.drawing.places, self._current, WAYS[key])
            if node_id is not None:
                self.choice_wanted.emit(node_id, False)
                self.choose(self.drawing.chosen, self._current, show=True)
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self._open(self._current)
            return
        zooms = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_1: self.zoom_full,
        }
        if key in zooms:
            zooms[Qt.Key(key)]()
            return
        super().keyPressEvent(event)

    def _open(self, node_id: str) -> None:
        """Fold or unfold a container; of a layer, go to its form."""
        drawing = self.drawing
        if drawing is None:
            return
        if node_id in drawing.places.frames or drawing.kinds.get(node_id) == "folded":
            self.fold_wanted.emit(node_id)
        else:
            self.form_wanted.emit(node_id)
