"""The first thing a person sees: samples that train at one click, data of one's own, projects of before."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.domain.samples import SampleEntry, samples
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import Panel, label
from workbench.ui.widgets.tool_tip import tool_tip

MOST_COLUMNS = 4
CARD_WIDTH = 270
ICON = 26
SIDE_WIDTH = 300
RECENT = 8


class SampleCard(QFrame):
    """One sample; pressed by mouse, Enter or Space."""

    pressed = Signal()

    def __init__(self, entry: SampleEntry, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._context = context
        self.setProperty("role", "card")
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


class Welcome(QWidget):
    """Samples at the left; data of one's own and earlier projects at the right."""

    def __init__(self, context: Context, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._files = files
        self._columns = 0
        self.cards: list[SampleCard] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self._samples(), 1)
        row.addWidget(self._side())

    def showEvent(self, event: object) -> None:
        """The cards are made when they are seen first; earlier projects may have changed since."""
        if not self.cards:
            self._fill_cards()
        self._fill_recent()

    def _samples(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 18, 18, 18)
        column.setSpacing(6)
        heading = label(self.tr("Build a network, train it, watch it learn"), wrap=True)
        heading.setStyleSheet("font-size: 22px; font-weight: 600;")
        column.addWidget(heading)
        text = self.tr(
            "Choose a sample: its network is ready to train, and its data are on your machine already, "
            "but for those of the Keras book, which are loaded first."
        )
        column.addWidget(label(text, "muted", wrap=True))
        column.addSpacing(10)
        grid = QGridLayout()
        grid.setSpacing(GAP)
        self._grid = grid
        column.addLayout(grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _fill_cards(self) -> None:
        for entry in samples():
            card = SampleCard(entry, self._context)
            card.pressed.connect(lambda entry=entry: self._files.open_sample(entry))
            self.cards.append(card)
        columns, self._columns = max(1, self._columns), 0
        self._arrange(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(max(1, min(MOST_COLUMNS, (self.width() - SIDE_WIDTH) // CARD_WIDTH)))

    def _arrange(self, columns: int) -> None:
        """As many cards beside one another as there is room for."""
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def _side(self) -> Panel:
        panel = Panel(self.tr("Your own data"))
        panel.setFixedWidth(SIDE_WIDTH)
        text = self.tr(
            "A table (CSV, Excel, Parquet, SQLite), arrays (NPZ, NPY, TFRecord), a text, or a folder with one "
            "sub-folder of pictures or texts a class."
        )
        panel.body.addWidget(label(text, "muted", wrap=True))
        self.open_data = self._button(
            self.tr("Open data file…"), lambda parent: self._files.ask_open_data(parent, fresh=True)
        )
        self.open_pictures = self._button(
            self.tr("Open folder…"), lambda parent: self._files.ask_open_pictures(parent, fresh=True)
        )
        panel.body.addWidget(self.open_data)
        panel.body.addWidget(self.open_pictures)
        panel.body.addWidget(label(self.tr("Or drop a file or folder on this window."), "small", wrap=True))
        panel.body.addSpacing(GAP)
        panel.body.addWidget(label(self.tr("Projects and models"), "title"))
        panel.body.addWidget(self._button(self.tr("Open project…"), self._files.ask_open))
        self.open_model = self._button(self.tr("Open Keras model…"), self._files.ask_open_model)
        panel.body.addWidget(self.open_model)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        panel.body.addLayout(self._recent)
        panel.body.addStretch(1)
        return panel

    def _button(self, title: str, call: Callable[[QWidget], None]) -> QPushButton:
        button = QPushButton(title)
        button.clicked.connect(lambda: call(self.window()))
        return button

    def _fill_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for path in self._files.recent()[:RECENT]:
            self._add_project(path.name, path)
        unsaved = self._files.unsaved()
        if unsaved:
            self._recent.addSpacing(GAP)
            self._recent.addWidget(label(self.tr("Not saved yet"), "small"))
        for name, path in unsaved:
            self._add_project(f"{name}  ·  {_changed(path)}", path)

    def _add_project(self, name: str, path: Path) -> None:
        button = QPushButton(name)
        button.setProperty("role", "link")
        button.setToolTip(str(path))
        button.setStyleSheet("text-align: left;")
        button.clicked.connect(lambda: self._files.open(path))
        self._recent.addWidget(button)


def _changed(folder: Path) -> str:
    """When a project was last worked on: unsaved ones of the same sample have the same name."""
    try:
        seconds = max(entry.stat().st_mtime for entry in (folder, *folder.glob("*.json")))
    except OSError:
        return ""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)), "d MMM, HH:mm")


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
