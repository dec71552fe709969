"""Editors of what is typed as text: words, lists, shapes, anything."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from workbench.domain.catalogue import ParamEntry
from workbench.domain.values import Value
from workbench.ui.forms.base import Editor, place_text
from workbench.ui.forms.values import (
    LONGEST_TEXT,
    format_json,
    format_several,
    format_texts,
    parse_json,
    parse_several,
    parse_texts,
)
from workbench.ui.widgets.undoing import undone_by_window


class LineEditor(Editor):
    """A line of text that is read into a value."""

    def __init__(self, entry: ParamEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._value: Value = entry.default
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST_TEXT)
        if entry.optional:
            self.field.setPlaceholderText(QCoreApplication.translate("forms", "none"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field)
        self.setFocusProxy(self.field)
        self.field.textEdited.connect(self._typed)
        self.field.editingFinished.connect(self.finished)
        undone_by_window(self.field, lambda: not self.problem)

    def read(self, text: str) -> Value:
        """The value of a text. Raises ValueError with a sentence."""
        return text or (None if self.entry.optional else "")

    def write(self, value: Value) -> str:
        """The text of a value."""
        return "" if value is None else str(value)

    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        if self.field.hasFocus() and value == self._value:
            return
        self._value = value
        place_text(self.field, self.write(value) if value is not None or not self.entry.optional else "")
        self.set_problem("")

    def show_mixed(self) -> None:
        self.field.clear()
        self.field.setPlaceholderText(QCoreApplication.translate("forms", "various"))

    def faces(self) -> list[QWidget]:
        return [self.field]

    def _typed(self, text: str) -> None:
        try:
            value = self.read(text)
        except ValueError as error:
            self.set_problem(str(error))
            return
        self.set_problem("")
        self._value = value
        self.edited.emit(value)


class SequenceEditor(LineEditor):
    """Numbers with commas between them."""

    def read(self, text: str) -> Value:
        return parse_several(text, self.entry)

    def write(self, value: Value) -> str:
        return format_several(value)


class WordsEditor(LineEditor):
    """Words with commas between them."""

    def read(self, text: str) -> Value:
        return parse_texts(text, self.entry)

    def write(self, value: Value) -> str:
        return format_texts(value)


class AnyEditor(LineEditor):
    """Whatever the catalogue knows no better editor for, as JSON."""

    def read(self, text: str) -> Value:
        return parse_json(text, self.entry)

    def write(self, value: Value) -> str:
        return format_json(value)
