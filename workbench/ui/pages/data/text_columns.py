"""Columns of a table that are read for their words: added from a menu, each with the form of the step that makes
tokens."""

from collections.abc import Mapping
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.domain.catalogue import StepEntry
from workbench.domain.dataset import ColumnInfo, StageInfo, StepSpec, TextColumn
from workbench.domain.edits import (
    NamedEdit,
    combined,
    move_text,
    own_text_input,
    read_words,
    remove_text,
    set_text_params,
)
from workbench.domain.edits.texts import BAG, ROW
from workbench.domain.project import Project
from workbench.domain.values import Value
from workbench.ui.context import Context
from workbench.ui.pages.data.card_list import CardEdits, CardList, Offer
from workbench.ui.widgets.elided import ElidedButton

TOKENIZE = "tokenize"
MOST_OFFERED = 15
MOST_SUGGESTED = 3


class TextList(CardList):
    """One card a column that is read for its words, and a button that adds another in one of two forms. Hidden where
    the data have no columns of texts."""

    edits = CardEdits(remove_text, move_text, set_text_params)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, self.tr("Texts as words"), self.tr("Read a column for its words…"), parent)

    def _items(self) -> list[tuple[StepSpec, StepEntry]]:
        entry = self._context.catalogue.step(TOKENIZE)
        return [
            (StepSpec(TOKENIZE, text.params), msgspec.structs.replace(entry, kind=text.column, title=text.column))
            for text in self._context.document.project.data.texts
        ]

    def _around(self, place: int) -> tuple[StageInfo, StageInfo] | None:
        """The text that goes in, and how many inputs come out."""
        info = self._context.data.info
        name = self._context.document.project.data.texts[place].column
        told = None if info is None or self._is_loading else next((t for t in info.texts if t.column == name), None)
        if told is None:
            return None
        last = None if told.vocabulary_size is None else float(told.vocabulary_size - 1)
        low = None if last is None else 0.0
        return StageInfo((), self.tr("text")), StageInfo((told.width,), self.tr("columns"), low, last)

    def _offers(self) -> list[Offer]:
        columns = text_columns(self._context)
        offers: list[Offer] = []
        for column in sorted(columns, key=lambda column: not column.prose)[:MOST_OFFERED]:
            for title, summary, params in (
                (
                    self.tr("{0}: bag of words"),
                    self.tr("A column for each of the most frequent words, which says whether the text has it"),
                    BAG,
                ),
                (
                    self.tr("{0}: row of tokens"),
                    self.tr("The numbers of its words in their order, for an input with an Embedding"),
                    ROW,
                ),
            ):
                edit = read_words(column.name, params, _columns(self._context))
                offers.append(Offer(title.format(column.name), summary, edit))
        return offers

    def _add(self, offer: Offer) -> None:
        self._context.document.apply(self.tr("Read words"), offer.edit)

    def _change(self, edit: NamedEdit, title: str) -> None:
        """What becomes a row of tokens gets an input of its own as well."""
        project = self._context.document.project
        before, after = project.data.texts, edit(project).data.texts
        for was, text in zip(before, after, strict=True):
            if _is_row(text) and not _is_row(was):
                own = own_text_input(text.column, _columns(self._context))
                edit = NamedEdit(edit.name, combined(edit.name, edit, own), edit.merge_key)
        super()._change(edit, title)

    def _show_words(self) -> None:
        spec = self._context.document.project.data
        used = spec.used_columns
        idle = [text.column for text in spec.texts if used is not None and text.column not in used]
        if idle:
            self.hint.setText(self.tr("Not used, as no input takes it: {0}").format(", ".join(idle)))
            self.hint.show()
            return
        left_out = any(column.role == "ignored" for column in text_columns(self._context))
        some = self.tr("None. Some columns of texts are left out.")
        self.hint.setText(some if left_out else self.tr("None. Each different text is a category."))
        self.hint.setVisible(not self.cards and not self.menu.isEmpty())


class ProseOffer(QWidget):
    """A button for each column of sentences that is left out: one click, and the network learns from its words."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.buttons: list[ElidedButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        context.document.changed.connect(self._document_changed)
        context.data.info_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Offer the columns of sentences that are left out now."""
        left_open = self._context.document.project.data.used_columns is None
        columns = [each for each in text_columns(self._context) if each.prose and each.role == "ignored" and left_open]
        for button in self.buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(column.name) for column in columns[:MOST_SUGGESTED]]
        for button in self.buttons:
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setVisible(bool(self.buttons))

    def _button(self, name: str) -> ElidedButton:
        button = ElidedButton(self.tr("Learn from the words of “{0}”").format(name))
        button.setProperty("role", "link")
        button.setAccessibleName(self.tr("Learn from the words of {0}").format(name))
        button.setToolTip(self.tr("Makes a bag of them: a column for each of the most frequent ones"))
        button.clicked.connect(partial(self._read, name, BAG))
        return button

    def _read(self, name: str, params: Mapping[str, Value]) -> None:
        self._context.document.apply(self.tr("Read words"), read_words(name, params, _columns(self._context)))

    def _document_changed(self, before: Project, after: Project) -> None:
        if before.data is not after.data:
            self.refresh()


def text_columns(context: Context) -> list[ColumnInfo]:
    """The columns of texts that could be read for their words and are not."""
    spec = context.document.project.data
    read = {text.column for text in spec.texts} | {spec.target, *spec.more_targets}
    return [
        column
        for column in _columns(context)
        if column.kind == "category" and column.role != "target" and column.name not in read
    ]


def _columns(context: Context) -> tuple[ColumnInfo, ...]:
    """The columns of the table that the project wants; none while another one is still shown, or where it is no
    table."""
    data = context.data
    wanted = context.document.project.data.source
    if data.info is None or data.info.form != "table" or data.loaded_spec is None or data.loaded_spec.source != wanted:
        return ()
    return data.info.columns


def _is_row(text: TextColumn) -> bool:
    return text.params.get("output", "int") == "int"
