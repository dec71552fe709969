"""What the split makes: how many samples each part or fold has, and of which classes, as bars."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.domain.dataset import PARTS, DatasetInfo
from workbench.ui.theme import Theme
from workbench.ui.widgets.parts import part_title

ROW_HEIGHT = 20
SPACE = 10
MOST = 20
MOST_NAMED = 12


@dataclass(frozen=True)
class _Row:
    """A bar: its samples, one count a class where there are classes; of a fold also how many train in it."""

    title: str
    size: int
    counts: tuple[int, ...]
    trains: int | None = None
    looked_at: bool = False


class PartsView(QWidget):
    """One bar a part; with folds one for what validates in each, and one for the test part."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[_Row] = []
        self._more = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What the split makes"))
        theme.changed.connect(self.update)

    def show_info(self, info: DatasetInfo | None, fold: int) -> None:
        """Show the parts of these data, or their folds, of which the one that is looked at stands out."""
        rows = [] if info is None else (self._folds(info, fold) if info.folds else self._parts(info))
        test = rows[-1:] if info is not None and info.folds else []
        kept = MOST - len(test)
        self._more = max(0, len(rows) - len(test) - kept)
        self._rows = [*rows[: len(rows) - len(test)][:kept], *test]
        total = sum(info.sizes.values()) if info is not None else 0
        lines = [self._line(row, total, info.classes) for row in self._rows] if info is not None else []
        self.setToolTip("\n".join(lines))
        self.setAccessibleDescription("; ".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW_HEIGHT * (len(self._rows) + bool(self._more)))

    def _parts(self, info: DatasetInfo) -> list[_Row]:
        return [_Row(part_title(part), info.sizes.get(part, 0), info.class_counts.get(part, ())) for part in PARTS]

    def _folds(self, info: DatasetInfo, looked_at: int) -> list[_Row]:
        rows = [
            _Row(
                self.tr("Fold {0}").format(number),
                fold.validation,
                fold.validation_counts,
                fold.train,
                number == looked_at,
            )
            for number, fold in enumerate(info.folds, 1)
        ]
        return [*rows, _Row(part_title("test"), info.sizes.get("test", 0), info.class_counts.get("test", ()))]

    def _line(self, row: _Row, total: int, classes: tuple[str, ...]) -> str:
        text = self.tr("{0}: {1} samples ({2})").format(row.title, f"{row.size:,}", f"{row.size / max(1, total):.1%}")
        if row.trains is not None:
            text = self.tr("{0} validate what {1} train").format(text, f"{row.trains:,}")
        named = [f"{name} {count:,}" for name, count in zip(classes, row.counts, strict=False)]
        if not named:
            return text
        return f"{text}: {', '.join(named[:MOST_NAMED])}{' …' if len(named) > MOST_NAMED else ''}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        highest = max((row.size for row in self._rows), default=1) or 1
        metrics = painter.fontMetrics()
        titles = [metrics.horizontalAdvance(row.title) + SPACE + 4 for row in self._rows]
        left = max(titles, default=0)
        right = max((metrics.horizontalAdvance(f"{row.size:,}") for row in self._rows), default=0) + SPACE
        vertical = Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(self._rows):
            top = place * ROW_HEIGHT
            painter.setFont(strong if row.looked_at else self.font())
            painter.setPen(QColor(tokens.text if row.looked_at else tokens.muted))
            painter.drawText(0, top, left, ROW_HEIGHT, vertical, row.title)
            self._paint_bar(
                painter, row, QRectF(left, top + 5, (self.width() - left - right), ROW_HEIGHT - 10), highest
            )
            painter.setPen(QColor(tokens.muted))
            painter.setFont(self.font())
            painter.drawText(0, top, self.width(), ROW_HEIGHT, vertical | Qt.AlignmentFlag.AlignRight, f"{row.size:,}")
        if self._more:
            text = self.tr("and {0} folds more").format(self._more)
            painter.drawText(0, len(self._rows) * ROW_HEIGHT, self.width(), ROW_HEIGHT, vertical, text)
        painter.end()

    def _paint_bar(self, painter: QPainter, row: _Row, room: QRectF, highest: int) -> None:
        """As long as the part is large against the largest; each class a piece of it in its colour."""
        tokens = self._theme.tokens
        colors = tokens.series if sum(row.counts) == row.size else (tokens.accent,)
        pieces = row.counts if sum(row.counts) == row.size else (row.size,)
        done = 0
        for number, count in enumerate(pieces):
            start, end = (room.width() * edge / highest for edge in (done, done + count))
            piece = QRectF(room.left() + start, room.top(), end - start, room.height())
            painter.fillRect(piece, QColor(colors[number % len(colors)]))
            done += count
