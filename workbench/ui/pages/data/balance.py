"""How many samples each class has, as bars."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.domain.dataset import PARTS, DatasetInfo
from workbench.ui.theme import Theme

ROW_HEIGHT = 20
NAME_SHARE = 0.42
SPACE = 10
MOST = 14


class BalanceBars(QWidget):
    """One bar a class over all parts; the part for training is the strong piece of it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[tuple[str, int, int]] = []
        self._more = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Balance of the classes"))
        theme.changed.connect(self.update)

    def show_counts(self, info: DatasetInfo) -> None:
        """Show the classes of these data; nothing for a regression."""
        counts = [info.class_counts.get(part, ()) for part in PARTS]
        rows = []
        for number, name in enumerate(info.classes):
            total = sum(part[number] for part in counts if number < len(part))
            training = counts[0][number] if number < len(counts[0]) else 0
            rows.append((name, training, total))
        self._rows, self._more = rows[:MOST], max(0, len(rows) - MOST)
        text = ", ".join(f"{name}: {total}" for name, _training, total in rows)
        self.setAccessibleDescription(text)
        tip = self.tr("{0}: {1} ({2} for training)")
        self.setToolTip("\n".join(tip.format(name, f"{total:,}", f"{training:,}") for name, training, total in rows))
        self.setVisible(bool(rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW_HEIGHT * (len(self._rows) + bool(self._more)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        highest = max((total for _name, _training, total in self._rows), default=1) or 1
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name, _training, _total in self._rows), default=0)
        left = min(widest + SPACE + 2, round(self.width() * NAME_SHARE))
        counts = max((metrics.horizontalAdvance(f"{total:,}") for _name, _training, total in self._rows), default=0)
        room = self.width() - left - counts - SPACE
        for number, (name, training, total) in enumerate(self._rows):
            top = number * ROW_HEIGHT
            painter.setPen(QColor(tokens.text))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left - SPACE)
            painter.drawText(0, top, left, ROW_HEIGHT, Qt.AlignmentFlag.AlignVCenter, shown)
            bar = round(room * total / highest)
            painter.fillRect(left, top + 5, bar, ROW_HEIGHT - 10, QColor(tokens.accent_soft))
            strong = round(room * training / highest)
            painter.fillRect(left, top + 5, strong, ROW_HEIGHT - 10, QColor(tokens.accent))
            painter.setPen(QColor(tokens.muted))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(0, top, self.width(), ROW_HEIGHT, right, f"{total:,}")
        if self._more:
            painter.setPen(QColor(tokens.muted))
            text = self.tr("and {0} classes more").format(self._more)
            painter.drawText(0, len(self._rows) * ROW_HEIGHT, self.width(), ROW_HEIGHT, 0, text)
