"""The samples as cards, group by group, and the search among them."""

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workbench.domain.samples import SampleEntry
from workbench.domain.tree import Layer, walk
from workbench.ui.context import Context
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.tool_tip import tool_tip

ICON = 26
_STEPS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class SampleCard(QFrame):
    """One sample; pressed by mouse, Enter or Space."""

    pressed = Signal()

    def __init__(self, entry: SampleEntry, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._context = context
        self.setProperty("role", "card")
        # All are as wide as their column, which no text makes wider than another.
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(entry.title)
        self.setAccessibleDescription(f"{entry.description} {entry.notes}".strip())
        if entry.notes:
            self.setToolTip(tool_tip(entry.notes))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(4)
        self._icon = QLabel()
        layout.addWidget(self._icon)
        layout.addWidget(label(entry.title, "heading", wrap=True))
        layout.addWidget(label(entry.description, "small", wrap=True))
        layout.addStretch(1)
        context.theme.changed.connect(self._refresh)
        self._refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click within the card opens it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def _refresh(self) -> None:
        tokens = self._context.theme.tokens
        icon = self._context.theme.icon(sample_icon(self.entry), tokens.accent)
        self._icon.setPixmap(icon.pixmap(QSize(ICON, ICON)))


class SampleCards(QWidget):
    """Cards in as many columns as there is room for, those of a group under its heading. `chosen(entry)` follows a
    press; `left` says that the keys went up beyond the first row."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._columns = 1
        self._places: list[tuple[SampleCard, int, int]] = []
        self._words: dict[str, str] = {}
        self.cards: list[SampleCard] = []
        self.headings: dict[str, QLabel] = {}
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(GAP)

    @property
    def hits(self) -> list["SampleCard"]:
        """The cards that are shown, in their order."""
        return [card for card, _, _ in self._places]

    def fill(self, entries: tuple[SampleEntry, ...]) -> None:
        """Make the cards."""
        titles = group_titles()
        for entry in entries:
            if entry.group not in self.headings:
                self.headings[entry.group] = label(titles.get(entry.group, self.tr("More")), "title")
            card = SampleCard(entry, self._context)
            card.pressed.connect(lambda entry=entry: self.chosen.emit(entry))
            self.cards.append(card)
        self._place(self.cards)

    def arrange(self, columns: int) -> None:
        """Show so many cards beside one another."""
        if columns != self._columns:
            self._columns = columns
            self._place(self.hits)

    def show_hits(self, text: str) -> None:
        """Show only the samples that have all words of a text in what is said of them; all for no words."""
        words = text.casefold().split()
        if words and not self._words:
            self._words = {card.entry.id: words_of(card.entry) for card in self.cards}
        self._place([card for card in self.cards if all(word in self._words[card.entry.id] for word in words)])

    def focus_first(self) -> None:
        """Go to the first card that is shown, if there is one."""
        if self._places:
            self._go_to(self.hits[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from card to card, and up from the first row to what is above."""
        focused, hits, key = self.focusWidget(), self.hits, event.key()
        if focused not in hits or key not in _STEPS:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go_to(hits[max(0, min(hits.index(focused) + _STEPS[key], len(hits) - 1))])
        else:
            self._go_along(focused, _STEPS[key])

    def _go_along(self, card: QWidget, by: int) -> None:
        """To the nearest card of the row below (1) or above (-1)."""
        row, column = next((row, column) for each, row, column in self._places if each is card)
        others = sorted({other for _, other, _ in self._places if (other - row) * by > 0}, key=lambda at: at * by)
        if others:
            beside = [(abs(at - column), each) for each, other, at in self._places if other == others[0]]
            self._go_to(min(beside, key=lambda pair: pair[0])[1])
        elif by < 0:
            self.left.emit()

    def _go_to(self, card: "SampleCard") -> None:
        card.setFocus(Qt.FocusReason.TabFocusReason)
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(card)

    def _place(self, shown: list["SampleCard"]) -> None:
        """Lay cards out anew, each group from the left of a row."""
        self.setUpdatesEnabled(False)
        for column in range(max(self._columns, self.grid.columnCount())):
            self.grid.setColumnStretch(column, int(column < self._columns))
        while self.grid.takeAt(0) is not None:
            pass
        self._places = []
        row, column, group = -1, 0, None
        for card in shown:
            if card.entry.group != group:
                group, row, column = card.entry.group, row + 2, 0
                self.headings[group].setContentsMargins(0, GAP if row > 1 else 0, 0, 0)
                self.grid.addWidget(self.headings[group], row - 1, 0, 1, self._columns)
            elif column == self._columns:
                row, column = row + 1, 0
            self.grid.addWidget(card, row, column)
            self._places.append((card, row, column))
            column += 1
        seen = set(self.hits)
        for card in self.cards:
            card.setVisible(card in seen)
        for name, heading in self.headings.items():
            heading.setVisible(any(card.entry.group == name for card in shown))
        self.setUpdatesEnabled(True)


def group_titles() -> dict[str, str]:
    """What the groups of samples are called."""
    return {
        "pictures": _tr("Pictures"),
        "tables": _tr("Tables"),
        "points": _tr("Points in the plane"),
        "curves": _tr("Curves and time series"),
        "texts": _tr("Texts"),
        "networks": _tr("Networks of other shapes"),
        "reuse": _tr("Reusing what was learned"),
        "book": _tr("From the Keras book"),
    }


def words_of(entry: SampleEntry) -> str:
    """What a sample is found by, in small letters: what its card says, the name of its group, other words for what its
    data are and what is learned, the name that the field has for its kind of network ("multi-head"), and the classes of
    its layers."""
    others = {
        "pictures": _tr("pictures images photos"),
        "table": _tr("table csv columns"),
        "points": _tr("points plane"),
        "series": _tr("time series forecast"),
        "text": _tr("text words language"),
        "classes": _tr("classification classes"),
        "regression": _tr("regression numbers"),
        "masks": _tr("segmentation masks"),
        "reconstruction": _tr("autoencoder reconstruction without labels"),
    }
    layers = {node.class_name for node in walk(entry.project.model.nodes) if isinstance(node, Layer)}
    tags = (others.get(tag, tag) for tag in entry.tags)
    title = group_titles().get(entry.group, "")
    names = (entry.id.replace("_", " "), entry.id.replace("_", "-"))
    return " ".join((entry.title, entry.description, title, *names, *tags, *sorted(layers))).casefold()


def sample_icon(entry: SampleEntry) -> str:
    """The icon of a sample, by what its data are."""
    for tag, icon in (
        ("pictures", "image-outline"),
        ("text", "text-box-outline"),
        ("points", "scatter-plot-outline"),
        ("table", "table"),
        ("series", "chart-line"),
        ("regression", "chart-bell-curve"),
    ):
        if tag in entry.tags:
            return icon
    return "shape-outline"


def _tr(text: str) -> str:
    return QCoreApplication.translate("SampleCards", text)
