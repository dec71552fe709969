"""The words that occur most, as bars."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui.theme import Theme

ROW_HEIGHT = 20
SPACE = 6
WORD_SHARE = 0.5
SHOWN_BLANKS = {" ": "␣", "\n": "↵", "\t": "⇥"}


class WordBars(QWidget):
    """One bar a word; as many words as there is room for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.words: list[tuple[str, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Most frequent words"))
        theme.changed.connect(self.update)

    def show_words(self, words: Sequence[tuple[str, int]]) -> None:
        """Show words, the most frequent first, each with how often it occurs."""
        self.words = [(SHOWN_BLANKS.get(word, word), count) for word, count in words]
        text = ", ".join(f"{word}: {count:,}" for word, count in self.words)
        self.setAccessibleDescription(text)
        self.setToolTip("\n".join(f"{word}: {count:,}" for word, count in self.words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, ROW_HEIGHT * 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        rows = self.words[: max(0, self.height() // ROW_HEIGHT)]
        if not rows:
            return
        painter = QPainter(self)
        tokens, metrics = self._theme.tokens, painter.fontMetrics()
        highest = max(count for _word, count in rows)
        counts = max(metrics.horizontalAdvance(f"{count:,}") for _word, count in rows) + SPACE
        left = min(
            max(metrics.horizontalAdvance(word) for word, _count in rows) + SPACE, round(self.width() * WORD_SHARE)
        )
        room = self.width() - left - counts
        for number, (word, count) in enumerate(rows):
            top = number * ROW_HEIGHT
            painter.setPen(QColor(tokens.text))
            shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, left - SPACE)
            painter.drawText(0, top, left, ROW_HEIGHT, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.fillRect(
                left, top + 5, max(1, round(room * count / highest)), ROW_HEIGHT - 10, QColor(tokens.accent)
            )
            painter.setPen(QColor(tokens.muted))
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(0, top, self.width(), ROW_HEIGHT, side, f"{count:,}")
