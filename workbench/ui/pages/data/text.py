"""Texts as paragraphs, with what the network gets of them: its tokens, and the words that occur most."""

from html import escape

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from workbench.protocol.events import SamplesShown
from workbench.protocol.payloads import TextShown
from workbench.ui.context import Context
from workbench.ui.pages.data.feed import SampleFeed
from workbench.ui.pages.data.text_row import TextRow, TextRowDelegate
from workbench.ui.pages.data.words import WordBars
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.tool_tip import plain_tip

Index = QModelIndex | QPersistentModelIndex
WORDS_WIDTH = 170


class TextModel(QAbstractListModel):
    """One row a text."""

    def __init__(self, feed: SampleFeed, context: Context) -> None:
        super().__init__()
        self._feed = feed
        self._context = context
        self.texts: list[TextRow] = []
        feed.restarted.connect(self._restart)
        feed.arrived.connect(self._add)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.texts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.texts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("  ·  ".join(filter(None, (row.caption, row.note))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.caption}, {row.note}: {row.text.text}"
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._feed.has_more

    def fetchMore(self, parent: Index) -> None:
        self._feed.fetch()

    def _restart(self) -> None:
        self.beginResetModel()
        self.texts.clear()
        self.endResetModel()

    def _add(self, event: SamplesShown) -> None:
        if not event.texts:
            return
        info = self._context.data.info
        classes = info.classes if info is not None else ()
        first = len(self.texts)
        self.beginInsertRows(QModelIndex(), first, first + len(event.texts) - 1)
        for number, text in enumerate(event.texts):
            caption = classes[event.labels[number]] if event.labels and classes else ""
            if event.targets:
                caption = f"{event.targets[number]:.4g}"
            self.texts.append(TextRow(text, caption, self._note(text, event.indices[number])))
        self.endInsertRows()

    def _note(self, text: TextShown, index: int) -> str:
        parts = [self.tr("number {0}").format(f"{index:,}")]
        if text.tokens or text.spans:
            many = self.tr("{0} tokens").format(f"{text.tokens:,}")
            parts.append(self.tr("1 token") if text.tokens == 1 else many)
        if text.left_out:
            parts.append(self.tr("{0} cut off").format(f"{text.left_out:,}"))
        return "  ·  ".join(parts)


class TextList(QListView):
    """The paragraphs over a feed."""

    def __init__(self, feed: SampleFeed, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = TextModel(feed, context)
        self.setModel(self.rows)
        self._delegate = TextRowDelegate(self.rows.texts, context.theme, self)
        self.rows.modelReset.connect(self._delegate.forget)
        self.setItemDelegate(self._delegate)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setAccessibleName(self.tr("Texts"))
        context.theme.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._delegate.set_width(self.viewport().width())
        super().resizeEvent(event)


class TextViewer(QWidget):
    """The paragraphs at the left, the most frequent words at the right."""

    def __init__(self, feed: SampleFeed, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.list = TextList(feed, context)
        self.words = WordBars(context.theme)
        self.heading = label(self.tr("Most frequent"), "title")
        self.counted = label("", "small", wrap=True)
        self.legend = label("", "small", wrap=True)
        side = QWidget()
        side.setFixedWidth(WORDS_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self.counted)
        column.addWidget(self.words, 1)
        column.addWidget(self.legend)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.list, 1)
        row.addWidget(side)
        feed.restarted.connect(self._restart)
        feed.arrived.connect(self._add)
        context.theme.changed.connect(self._show_legend)
        self._show_legend()

    def _restart(self) -> None:
        self.words.show_words(())
        self.counted.clear()

    def _add(self, event: SamplesShown) -> None:
        if event.start:
            return
        self.words.show_words(event.frequent)
        cut_short = 0 < event.counted < event.total
        self.counted.setText(self.tr("in the first {0} texts").format(f"{event.counted:,}") if cut_short else "")
        self.counted.setVisible(cut_short)

    def _show_legend(self) -> None:
        tokens = self._context.theme.tokens
        chip = '<span style="background-color:{0}; color:{1};">&nbsp;{2}&nbsp;</span>'
        self.legend.setText(
            chip.format(tokens.accent_soft, tokens.text, escape(self.tr("a token")))
            + " "
            + chip.format(tokens.warning_soft, tokens.warning, escape(self.tr("unknown")))
            + f' <span style="color:{tokens.muted};">{escape(self.tr("left out"))}</span>'
        )
