"""Paints the diagram at any scale: on the screen what is seen of it, in a file all of it."""

import itertools
from collections.abc import Collection, Mapping
from functools import cached_property

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from workbench.domain.diagram import Diagram
from workbench.domain.placing.frames import FRAME_HEAD, ROW_GAP, Placement, Rect, Wire
from workbench.ui.pages.model.diagram.words import Texts, Words
from workbench.ui.pages.model.row_painter import FROZEN_ICON, OUTPUT_ICON, PROBLEM_ICONS
from workbench.ui.theme.icons import outline
from workbench.ui.theme.tokens import RADIUS, RADIUS_SMALL, SMALL, TEXT, Tokens

WORDS_SCALE = 0.5  # below, boxes say only what they are, in large letters
NAMES_SCALE = 0.28  # below, there are only colours
LARGE, MIDDLE = 22, 18
EDGE, STRIP, ICON, SPACE = 12.0, 4.0, 16.0, 8.0
TINT = 0.035  # how much darker each frame is than what is around it
HEAD = 7.0  # of an arrow
FOLD_ICONS = {True: "chevron-right", False: "chevron-down"}


class Drawing:
    """One diagram with its places and texts, in the colours of one scheme. `chosen` are ids of nodes."""

    def __init__(self, drawn: Diagram, places: Placement, texts: Texts, tokens: Tokens) -> None:
        self.diagram = drawn
        self.places = places
        self.texts = texts
        self.tokens = tokens
        self.chosen: Collection[str] = ()
        self.can_fold = True  # on paper there are no arrows to fold what is shown
        above = {frame.node_id: frame.frame for frame in drawn.frames}
        self._depth = {box.node_id: _depth(box.frame, above) for box in drawn.boxes}
        self.kinds = {box.node_id: box.kind for box in drawn.boxes}
        self._paths: dict[int, QPainterPath] = {}
        self._fitted: dict[tuple[str, str, float], str] = {}
        self._fonts = {
            "plain": _font(TEXT),
            "bold": _font(TEXT, QFont.Weight.DemiBold),
            "small": _font(SMALL),
            "middle": _font(MIDDLE, QFont.Weight.Medium),
            "large": _font(LARGE, QFont.Weight.Medium),
        }
        self._metrics = {name: QFontMetricsF(font) for name, font in self._fonts.items()}

    @property
    def bounds(self) -> QRectF:
        """All of it."""
        return QRectF(0, 0, self.places.width, self.places.height)

    def paint(self, painter: QPainter, seen: QRectF, scale: float) -> None:
        """Paint what lies in a rectangle; at a small scale only what can be told apart."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, scale >= NAMES_SCALE)
        if scale < NAMES_SCALE:
            self._paint_outlines(painter, seen, scale)
            return
        left, top, right, bottom = seen.left(), seen.top(), seen.right(), seen.bottom()
        for node_id, rect in self.places.frames.items():
            if rect.y < bottom and rect.bottom > top:
                self._paint_frame(painter, node_id, rect, scale)
        for number, wire in enumerate(self.places.wires):
            if wire.points[0][1] < bottom and wire.points[-1][1] > top:
                self._paint_wire(painter, number, wire)
        self._paint_shared(painter)
        for node_id, rect in self.places.boxes.items():
            if rect.y < bottom and rect.bottom + ROW_GAP > top and rect.x < right and rect.right > left:
                self._paint_box(painter, node_id, rect, scale)

    # --- near

    def _paint_frame(self, painter: QPainter, node_id: str, rect: Rect, scale: float) -> None:
        words, tokens = self.texts.frames[node_id], self.tokens
        is_chosen = node_id in self.chosen
        fill = QColor(tokens.accent if is_chosen else tokens.text)
        fill.setAlphaF(0.08 if is_chosen else TINT)
        painter.setPen(QPen(QColor(self._border(words, is_chosen)), 2 if is_chosen or words.row.severity else 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(_rect(rect), RADIUS, RADIUS)
        self._paint_head(painter, words, rect, self.places.entries.get(node_id, []), scale)

    def _paint_head(self, painter: QPainter, words: Words, rect: Rect, entries: list[float], scale: float) -> None:
        """What a frame is called at the left, how many parameters it has at the right: beside the arrows that enter."""
        tokens = self.tokens
        head = QRectF(rect.x + EDGE, rect.y, rect.width - 2 * EDGE, FRAME_HEAD)
        if self.can_fold:
            self._icon(painter, FOLD_ICONS[False], head.left() + ICON / 2 - 4, head.center().y(), tokens.muted)
            head.setLeft(head.left() + ICON)
        tail = QRectF(head)
        tail.setLeft(max(entries, default=rect.middle) + SPACE)
        head.setRight(min(entries, default=rect.middle) - SPACE)
        if scale < WORDS_SCALE:
            self._text(painter, head, words.title, "middle", tokens.muted)
            return
        tail.setRight(self._marks(painter, words, tail.right(), tail.center().y()))
        params = words.params if self._width(words.params, "small") <= tail.width() else words.brief_params
        self._text(painter, tail, params, "small", tokens.muted, Qt.AlignmentFlag.AlignRight)
        used = self._text(painter, head, words.title, "bold", tokens.text)
        head.setLeft(head.left() + used + SPACE)
        if self._width(words.detail, "small") <= head.width():
            self._text(painter, head, words.detail, "small", tokens.muted)

    def _paint_box(self, painter: QPainter, node_id: str, rect: Rect, scale: float) -> None:
        words, tokens, kind = self.texts.boxes[node_id], self.tokens, self.kinds[node_id]
        is_chosen = node_id in self.chosen and kind != "merge"
        area = _rect(rect)
        color = words.color(tokens)
        if kind == "folded":
            self._paint_pile(painter, area)
        pen = QPen(QColor(self._border(words, is_chosen)), 2 if is_chosen or words.row.severity else 1)
        pen.setStyle(Qt.PenStyle.DashLine if kind == "empty" else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.accent_soft if is_chosen else tokens.panel))
        radius = rect.height / 2 if kind == "merge" else RADIUS_SMALL
        painter.drawRoundedRect(area, radius, radius)
        if kind != "merge":
            strip = QPainterPath()
            strip.addRoundedRect(QRectF(rect.x + 5, rect.y + 7, STRIP, rect.height - 14), 2, 2)
            painter.fillPath(strip, QColor(color))
        if scale < WORDS_SCALE:
            title = area.adjusted(SPACE if kind == "merge" else EDGE, 0, -SPACE, 0)
            font = "middle" if kind == "merge" else "large"
            self._text(painter, title, words.title, font, tokens.text, Qt.AlignmentFlag.AlignCenter)
        elif kind == "merge":
            self._paint_merge(painter, words, area, color)
        else:
            self._paint_words(painter, words, area, color, kind)
        if scale >= WORDS_SCALE and node_id in self.texts.labels:
            self._paint_label(painter, rect, self.texts.labels[node_id], self._depth[node_id])

    def _paint_pile(self, painter: QPainter, area: QRectF) -> None:
        """What is folded looks like several boxes."""
        painter.setPen(QPen(QColor(self.tokens.line), 1))
        painter.setBrush(QColor(self.tokens.raised))
        for step in (6, 3):
            painter.drawRoundedRect(area.translated(step, step), RADIUS_SMALL, RADIUS_SMALL)

    def _paint_words(self, painter: QPainter, words: Words, area: QRectF, color: str, kind: str) -> None:
        tokens = self.tokens
        upper = QRectF(area.x() + EDGE + 4, area.y() + 6, area.width() - 2 * EDGE, 22)
        lower = QRectF(upper.x(), area.bottom() - 26, upper.width(), 20)
        self._icon(painter, words.icon, upper.left() + ICON / 2, upper.center().y(), color)
        upper.setRight(self._marks(painter, words, upper.right(), upper.center().y()))
        if kind == "folded" and self.can_fold:
            self._icon(painter, FOLD_ICONS[True], upper.right() - 6, upper.center().y(), tokens.muted)
            upper.setRight(upper.right() - ICON)
        upper.setLeft(upper.left() + ICON + SPACE)
        used = self._text(painter, upper, words.title, "bold", tokens.text)
        upper.setLeft(upper.left() + used + SPACE)
        self._text(painter, upper, words.detail, "small", tokens.muted)
        right = Qt.AlignmentFlag.AlignRight
        shape_width = self._width(words.shape, "small")
        params = words.params
        if shape_width + SPACE + self._width(params, "small") > lower.width():
            params = words.brief_params
        used = self._text(painter, lower, params, "small", tokens.muted, right)
        lower.setRight(lower.right() - used - SPACE)
        self._text(painter, lower, words.shape, "small", tokens.text)

    def _paint_merge(self, painter: QPainter, words: Words, area: QRectF, color: str) -> None:
        width = min(self._width(words.title, "bold"), area.width() - 2 * EDGE - ICON - SPACE)
        left = area.center().x() - (width + ICON + SPACE) / 2
        self._icon(painter, words.icon, left + ICON / 2, area.center().y(), color)
        text = QRectF(left + ICON + SPACE, area.y(), width + 1, area.height())
        self._text(painter, text, words.title, "bold", self.tokens.text)

    def _paint_label(self, painter: QPainter, rect: Rect, text: str, depth: int) -> None:
        """The shape that leaves a box, beside its arrow, on the ground of the frames around it."""
        width = self._width(text, "small")
        area = QRectF(rect.middle + 5, rect.bottom + 9, width + 6, 16)
        painter.fillRect(area, _between(self.tokens.panel, self.tokens.text, 1 - (1 - TINT) ** depth))
        self._text(painter, area.adjusted(3, 0, 3, 0), text, "small", self.tokens.muted)

    def _marks(self, painter: QPainter, words: Words, right: float, y: float) -> float:
        """Icons at the right end; gives where they begin."""
        tokens, row = self.tokens, words.row
        if row.severity:
            right -= ICON
            color = tokens.bad if row.severity == "error" else tokens.warning
            self._icon(painter, PROBLEM_ICONS[row.severity], right + ICON / 2, y, color)
            right -= SPACE / 2
        if row.frozen:
            right -= ICON
            self._icon(painter, FROZEN_ICON, right + ICON / 2, y, tokens.accent)
            right -= SPACE / 2
        if row.is_output:
            right -= ICON
            self._icon(painter, OUTPUT_ICON, right + ICON / 2, y, tokens.accent)
            right -= SPACE / 2
        return right

    def _border(self, words: Words, is_chosen: bool) -> str:
        if is_chosen:
            return self.tokens.accent
        colors = {"error": self.tokens.bad, "warning": self.tokens.warning, "": self.tokens.raw}
        return colors[words.row.severity]

    # --- arrows

    def _paint_wire(self, painter: QPainter, number: int, wire: Wire) -> None:
        is_chosen = wire.source in self.chosen or wire.target in self.chosen
        color = QColor(self.tokens.accent if is_chosen else self.tokens.muted)
        painter.setPen(QPen(color, 2.0 if is_chosen else 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if number not in self._paths:
            self._paths[number] = _path(wire)
        painter.drawPath(self._paths[number])
        if wire.target is not None:
            x, y = wire.points[-1]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            tip = (QPointF(x, y), QPointF(x - HEAD / 2, y - HEAD), QPointF(x + HEAD / 2, y - HEAD))
            painter.drawPolygon(QPolygonF(tip))

    def _paint_shared(self, painter: QPainter) -> None:
        """Boxes with the same weights are joined by dashed lines from side to side."""
        if not self.diagram.shared:
            return
        painter.setPen(QPen(QColor(self.tokens.accent), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for one, two in self.diagram.shared:
            painter.drawPath(_side_path(self.places.boxes[one], self.places.boxes[two]))

    # --- far

    @cached_property
    def _all_wires(self) -> list[QLineF]:
        lines = []
        for wire in self.places.wires:
            for (x, y), (other_x, other_y) in zip(wire.points, wire.points[1:], strict=False):
                lines.append(QLineF(x, y, other_x, other_y))
        return lines

    @cached_property
    def _colored(self) -> dict[str, list[QRectF]]:
        found: dict[str, list[QRectF]] = {}
        for node_id, rect in self.places.boxes.items():
            severity = self.texts.boxes[node_id].row.severity
            color = {"error": self.tokens.bad, "warning": self.tokens.warning}.get(severity)
            found.setdefault(color or self.texts.boxes[node_id].color(self.tokens), []).append(_rect(rect))
        return found

    def _paint_outlines(self, painter: QPainter, seen: QRectF, scale: float) -> None:
        """Boxes as areas in their colours, all of one colour at once."""
        pen = QPen(QColor(self.tokens.raw), 0)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects([_rect(rect) for rect in self.places.frames.values()])
        painter.drawLines(self._all_wires)
        painter.setPen(Qt.PenStyle.NoPen)
        for color, rects in self._colored.items():
            painter.setBrush(QBrush(QColor(color)))
            painter.drawRects(rects)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.tokens.accent), 3 / scale))
        for node_id in self.chosen:
            rect = self.places.frames.get(node_id) or self.places.boxes.get(node_id)
            if rect is not None:
                painter.drawRect(_rect(rect).adjusted(-3 / scale, -3 / scale, 3 / scale, 3 / scale))

    # --- pieces

    def _width(self, text: str, font: str) -> float:
        return self._metrics[font].horizontalAdvance(text) if text else 0.0

    def _text(
        self,
        painter: QPainter,
        area: QRectF,
        text: str,
        font: str,
        color: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Write into an area what fits, and tell how wide that is."""
        if not text or area.width() < 2 * SPACE:
            return 0.0
        key = text, font, area.width()
        if key not in self._fitted:
            fitted = self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            self._fitted[key] = "" if fitted == "…" else fitted
        painter.setFont(self._fonts[font])
        painter.setPen(QColor(color))
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, self._fitted[key])
        return min(self._width(self._fitted[key], font), area.width())

    def _icon(self, painter: QPainter, name: str, x: float, y: float, color: str) -> None:
        painter.fillPath(outline(name, int(ICON)).translated(x, y), QColor(color))


def _font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont()
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def _rect(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)


def _path(wire: Wire) -> QPainterPath:
    """Straight down beside boxes, curved between rows."""
    points = wire.points
    path = QPainterPath(QPointF(*points[0]))
    last = len(points) - 2
    for number, ((x, y), (other_x, other_y)) in enumerate(itertools.pairwise(points)):
        if number == last and wire.target is not None:
            other_y -= HEAD / 2  # under the head of the arrow
        if abs(x - other_x) < 0.5:
            path.lineTo(other_x, other_y)
        else:
            bend = (other_y - y) * 0.55
            path.cubicTo(x, y + bend, other_x, other_y - bend, other_x, other_y)
    return path


def _side_path(one: Rect, two: Rect) -> QPainterPath:
    """From the right side of one box to that of another, around on the right."""
    y, other_y = one.y + one.height / 2, two.y + two.height / 2
    reach = max(one.right, two.right) + min(60.0, 14 + abs(other_y - y) / 12)
    path = QPainterPath(QPointF(one.right, y))
    path.cubicTo(reach, y, reach, other_y, two.right, other_y)
    return path


def _depth(frame: str | None, above: Mapping[str, str | None]) -> int:
    depth = 0
    while frame is not None:
        depth, frame = depth + 1, above[frame]
    return depth


def _between(one: str, other: str, share: float) -> QColor:
    """A colour between two, nearer to the first."""
    first, second = QColor(one), QColor(other)
    parts = ((first.redF(), second.redF()), (first.greenF(), second.greenF()), (first.blueF(), second.blueF()))
    return QColor.fromRgbF(*((1 - share) * a + share * b for a, b in parts))
