"""The little box beside the cross-hair: where it stands, and every line's value there."""

from html import escape

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import HEAVY, RADIUS_SMALL, SMALL

DISTANCE = 14


class Readout(QLabel):
    """Lies above the plot and lets the mouse through."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.hide()
        self.refresh_theme()

    def refresh_theme(self) -> None:
        """Take the colours of the theme."""
        tokens = self._theme.tokens
        self.setStyleSheet(
            f"background: {tokens.raised}; color: {tokens.text}; border: 1px solid {tokens.line};"
            f"border-radius: {RADIUS_SMALL}px; padding: 5px 7px; font-size: {SMALL}px;"
        )

    def show_values(self, place: str, rows: list[tuple[str, str, str]], at: QPoint) -> None:
        """Show the place and rows of (colour, name, value) beside a point of the parent."""
        cells = "".join(
            f'<tr><td style="color:{color}">━&nbsp;</td><td>{escape(name)}&nbsp;&nbsp;</td>'
            f'<td align="right">{escape(value)}</td></tr>'
            for color, name, value in rows
        )
        head = f'<span style="font-weight:{HEAVY}">{escape(place)}</span>'
        self.setText(f"{head}<table cellspacing=0 cellpadding=0>{cells}</table>")
        self.adjustSize()
        area = self._area.size()
        x = at.x() + DISTANCE
        if x + self.width() > area.width():
            x = max(0, at.x() - DISTANCE - self.width())
        self.move(x, max(0, min(at.y(), area.height() - self.height())))
        self.raise_()
        self.show()
