"""The parts as they lie in time, and where the window shown is."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.domain.dataset import PARTS, Part, SeriesInfo
from workbench.ui.theme import Theme
from workbench.ui.widgets.parts import part_title

BAND = 12
HEIGHT = 32
LEAST = 2


class TimeStrip(QWidget):
    """One band a part from the first to the last of its targets. `chosen(place)` follows the mouse, from 0 to 1."""

    chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._series: SeriesInfo | None = None
        self._place: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("The parts in time"))
        theme.changed.connect(self.update)

    def show_parts(self, series: SeriesInfo) -> None:
        """Show when the parts begin and end."""
        self._series = series
        lines = [f"{part_title(part)}: {first} … {last}" for part, (first, last) in series.spans.items()]
        self.setToolTip("\n".join(lines))
        self.setAccessibleDescription(", ".join(lines))
        self.update()

    def point_at(self, place: float) -> None:
        """Mark where in time the window shown is, from 0 to 1."""
        self._place = place
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        self.chosen.emit(min(1.0, max(0.0, event.position().x() / max(1, self.width() - 1))))

    def _bands(self) -> list[tuple[Part, QRectF]]:
        if self._series is None:
            return []
        width = self.width()
        bands = []
        for part in PARTS:
            if part in self._series.bounds:
                low, high = self._series.bounds[part]
                bands.append((part, QRectF(low * width, 2, max(LEAST, (high - low) * width - 1), BAND)))
        return bands

    def title_places(self) -> list[float]:
        """Where the title of each band begins: with the band, but none over the next one or beyond the right end."""
        metrics = self.fontMetrics()
        bands = self._bands()
        widths = [metrics.horizontalAdvance(part_title(part)) for part, _ in bands]
        places: list[float] = []
        end = 0.0
        for place, (_, band) in enumerate(bands):
            behind = sum(widths[place:]) + BAND * (len(widths) - 1 - place)
            places.append(max(end, min(band.left(), self.width() - behind)))
            end = places[-1] + widths[place] + BAND
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        for number, ((part, band), left) in enumerate(zip(self._bands(), self.title_places(), strict=True)):
            painter.fillRect(band, QColor(tokens.series[number]))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(round(left), HEIGHT - metrics.descent() - 1, part_title(part))
        if self._place is not None:
            x = min(self.width() - 3.0, self._place * self.width())
            painter.fillRect(QRectF(x - 1, 0, 3, BAND + 4), QColor(tokens.text))
        painter.end()
