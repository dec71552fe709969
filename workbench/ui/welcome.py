"""The first thing a person sees: samples that train at one click, data of one's own, projects of before."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDateTime, QEvent, QLocale, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.domain.samples import SampleEntry, samples
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.sample_cards import SampleCard, SampleCards
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.page_action import page_action
from workbench.ui.widgets.panel import Panel, label

MOST_COLUMNS = 4
CARD_WIDTH = 270
SIDE_WIDTH = 300
BESIDE_NAME = 46  # margins of the panel and of a button in it
SEARCH_WIDTH = 200
MARGIN = 18
RECENT = 8


class Welcome(QWidget):
    """Samples at the left; data of one's own and earlier projects at the right."""

    def __init__(self, context: Context, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._files = files
        self.samples = SampleCards(context)
        self.samples.chosen.connect(self._open_sample)
        self.samples.left.connect(self.focus_search)
        self.search = self._make_search()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self._samples(), 1)
        row.addWidget(self._side())

    @property
    def cards(self) -> list[SampleCard]:
        """All samples, found or not."""
        return self.samples.cards

    def showEvent(self, event: object) -> None:
        """The cards are made when they are seen first; earlier projects may have changed since."""
        if not self.cards:
            self.samples.fill(samples())
        self._fill_recent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.samples.arrange(max(1, min(MOST_COLUMNS, (self.width() - SIDE_WIDTH) // CARD_WIDTH)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search, Enter and the arrow down go to the first sample that is found; Escape shows all again."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self.samples.focus_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From a sample, Escape goes back to the search and shows all again."""
        if event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self.focus_search()
        else:
            super().keyPressEvent(event)

    def focus_search(self) -> None:
        """Begin to search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setFixedWidth(SEARCH_WIDTH)
        search.setPlaceholderText(self.tr("Search the samples"))
        search.setAccessibleName(self.tr("Search the samples"))
        search.setClearButtonEnabled(True)
        theme = self._context.theme
        icon = search.addAction(theme.icon("magnify"), QLineEdit.ActionPosition.LeadingPosition)
        find = page_action(
            self,
            "find_sample",
            theme.icon("magnify"),
            self.tr("&Search a sample"),
            self.tr("Go to the search field of the samples"),
            "Ctrl+F",
            self.focus_search,
            everywhere=True,
        )
        self.addAction(find)
        search.setToolTip(find.toolTip())
        for action in (icon, find):
            theme.changed.connect(lambda action=action: action.setIcon(theme.icon("magnify")))
        search.textChanged.connect(self._searched)
        search.installEventFilter(self)
        return search

    def _samples(self) -> QWidget:
        """The heading with the search stays where it is, the cards below move."""
        self.area = QScrollArea()
        bar = self.area.verticalScrollBar()
        right = MARGIN + bar.sizeHint().width()
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, MARGIN, right, 0)
        head.setSpacing(GAP)
        heading = label(self.tr("Build a network, train it, watch it learn"), wrap=True)
        heading.setStyleSheet("font-size: 22px; font-weight: 600;")
        head.addWidget(heading, 1)
        head.addWidget(self.search)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, 6, right, MARGIN)
        # The cards end where the search does, with and without a scroll bar.
        bar.rangeChanged.connect(
            lambda low, high: column.setContentsMargins(MARGIN, 6, MARGIN if high > low else right, MARGIN)
        )
        column.setSpacing(10)
        self.told = label("", "muted", wrap=True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self.told)
        column.addWidget(self.samples)
        column.addStretch(1)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inner)
        whole = QWidget()
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self.area, 1)
        self._tell()
        return whole

    def _searched(self, text: str) -> None:
        self.samples.show_hits(text)
        self._tell()
        self.area.verticalScrollBar().setValue(0)

    def _tell(self) -> None:
        """How to begin; or, of a search, what it found and what to do."""
        text, count = self.search.text().strip(), len(self.samples.hits)
        if not text:
            told = self.tr(
                "Choose a sample: its network is ready to train, and its data are on your machine already, "
                "but for those of the Keras book, which are loaded first."
            )
        elif count:
            one = self.tr("One sample found. Enter goes to it, Esc shows all again.")
            several = self.tr("{0} of {1} samples found. Enter goes to the first, Esc shows all again.")
            told = one if count == 1 else several.format(count, len(self.cards))
        else:
            told = self.tr(
                "No sample is called or described like “{0}”. Try another word, such as “pictures” or “regression”, "
                "or press Esc to see all."
            ).format(text)
        self.told.setText(told)

    def _open_sample(self, entry: SampleEntry) -> None:
        self.search.clear()
        self._files.open_sample(entry)

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
        self.open_model = self._button(self.tr("Open model or script…"), self._files.ask_open_model)
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
            self._add_project(name, path, f"  ·  {_changed(path)}")

    def _add_project(self, name: str, path: Path, when: str = "") -> None:
        """A long name is cut, never the time that tells two of them apart."""
        button = QPushButton()
        metrics = button.fontMetrics()
        room = SIDE_WIDTH - BESIDE_NAME - metrics.horizontalAdvance(when)
        button.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) + when)
        button.setAccessibleName(name + when)
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
