"""Editors of numbers: one, or one for each axis."""

import math

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workbench.domain.catalogue import ParamEntry
from workbench.domain.values import Value
from workbench.ui.forms.base import Editor, place_text
from workbench.ui.forms.texts import SequenceEditor
from workbench.ui.forms.values import check_bounds, format_number, parse_number

LEAST_FIELD = 34


class NumberField(QLineEdit):
    """A field for one number. ↑ and ↓ step it (with Shift by ten), Page up and Page down double and halve it.

    `changed` follows each keystroke and step; `left` comes when focus leaves or Enter is pressed.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, entry: ParamEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = entry
        self._whole = entry.kind in ("int", "ints")
        if entry.optional:
            self.setPlaceholderText(QCoreApplication.translate("forms", "none"))
        self.textEdited.connect(self.changed)
        self.returnPressed.connect(self.left)

    def read(self) -> int | float | None:
        """The number. None when it is empty and may be. Raises ValueError with a sentence."""
        text = self.text().strip()
        if self._entry.optional and text.lower() in ("", "none"):
            return None
        number = parse_number(text, whole=self._whole)
        check_bounds(number, self._entry.low, self._entry.high)
        return number

    def show_number(self, value: Value) -> None:
        """Show a number; what reads as the same number is left as it was typed."""
        try:
            if self.text() and self.read() == value:
                return
        except ValueError:
            pass
        place_text(self, format_number(value) if isinstance(value, int | float) else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        times = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Up:
                self._step(times)
            case Qt.Key.Key_Down:
                self._step(-times)
            case Qt.Key.Key_PageUp:
                self._scale(2.0)
            case Qt.Key.Key_PageDown:
                self._scale(0.5)
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def _current(self) -> float:
        try:
            number = parse_number(self.text(), whole=self._whole)
        except ValueError:
            default = self._entry.default
            number = default if isinstance(default, int | float) else 0
        return number

    def _step(self, times: int) -> None:
        number = self._current()
        if self._whole:
            self._take(number + times)
            return
        size = abs(number) or 0.1
        exponent = math.floor(math.log10(size) + 1e-9)
        shrinks = (times < 0) == (number > 0)
        if shrinks and math.isclose(size, 10.0**exponent):
            exponent -= 1
        self._take(round(number + times * 10.0**exponent, 12 - exponent if exponent < 0 else 6))

    def _scale(self, factor: float) -> None:
        number = self._current() * factor
        self._take(int(number) if self._whole else number)

    def _take(self, number: float) -> None:
        entry = self._entry
        if entry.low is not None:
            number = max(number, entry.low)
        if entry.high is not None:
            number = min(number, entry.high)
        text = format_number(int(number) if self._whole else float(number))
        if text != self.text():
            self.setText(text)
            self.changed.emit()


class NumberEditor(Editor):
    """A whole or decimal number; empty means None where the entry allows it."""

    def __init__(self, entry: ParamEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Value = entry.default
        self.field = NumberField(entry)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field)
        self.setFocusProxy(self.field)
        self.field.changed.connect(self._typed)
        self.field.left.connect(self.finished)

    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        if self.problem and value == self._value and self.field.hasFocus():
            return
        self._value = value
        self.field.show_number(value)
        self.set_problem("")

    def show_mixed(self) -> None:
        self.field.clear()
        self.field.setPlaceholderText(QCoreApplication.translate("forms", "various"))

    def faces(self) -> list[QWidget]:
        return [self.field]

    def _typed(self) -> None:
        try:
            value = self.field.read()
        except ValueError as error:
            self.set_problem(str(error))
            return
        self.set_problem("")
        self._value = value
        self.edited.emit(value)


class AxesEditor(Editor):
    """One whole number for each axis ("3 × 3"). All equal are one number where the default is one.

    Values of another form (a pair for each axis) are edited as text.
    """

    def __init__(self, entry: ParamEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry = entry
        self._value: Value = entry.default
        self._count = entry.dimensions or 1
        self.fields = [NumberField(entry) for _ in range(self._count)]
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for place, field in enumerate(self.fields):
            if place:
                times = QLabel("×")
                times.setProperty("role", "muted")
                row.addWidget(times)
            row.addWidget(field, 1)
            field.changed.connect(lambda place=place: self._typed(place))
            field.left.connect(self.finished)
        self.text = SequenceEditor(entry)
        self.text.edited.connect(self._typed_as_text)
        self.text.problem_changed.connect(self.set_problem)
        self.text.finished.connect(self.finished)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._row)
        layout.addWidget(self.text)
        self.text.setVisible(False)
        self.setFocusProxy(self.fields[0])
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        for field in self.fields:
            placeholder = field.fontMetrics().horizontalAdvance(field.placeholderText()) + 21
            field.setMinimumWidth(LEAST_FIELD if narrow else max(LEAST_FIELD, placeholder))

    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        if self.problem and value == self._value and any(field.hasFocus() for field in self.fields):
            return
        self._value = value
        numbers = self._numbers(value)
        self._row.setVisible(numbers is not None)
        self.text.setVisible(numbers is None)
        if numbers is None:
            self.text.set_value(value)
        else:
            for field, number in zip(self.fields, numbers, strict=True):
                field.show_number(number)
        self.set_problem("")

    def show_mixed(self) -> None:
        self._row.setVisible(True)
        self.text.setVisible(False)
        for field in self.fields:
            field.clear()
            field.setPlaceholderText("…")

    def faces(self) -> list[QWidget]:
        return [*self.fields, self.text.field]

    def _numbers(self, value: Value) -> list[Value] | None:
        """One number for each field, or None where they cannot show the value."""
        if value is None or isinstance(value, int):
            return [value] * self._count
        if isinstance(value, tuple) and len(value) == self._count and all(isinstance(item, int) for item in value):
            return list(value)
        return None

    def _typed(self, place: int) -> None:
        typed = self.fields[place].text()
        if self._value is None and typed.strip():
            for field in self.fields:
                if not field.text().strip():
                    field.setText(typed)
        try:
            numbers = [field.read() for field in self.fields]
            if any(number is None for number in numbers) and any(number is not None for number in numbers):
                raise ValueError(QCoreApplication.translate("forms", "Fill in all of them, or none."))
        except ValueError as error:
            self.set_problem(str(error))
            return
        self.set_problem("")
        self._value = self._joined(numbers)
        self.edited.emit(self._value)

    def _joined(self, numbers: list[int | float | None]) -> Value:
        alike = len(set(numbers)) == 1
        if alike and (numbers[0] is None or isinstance(self._entry.default, int) or len(numbers) == 1):
            return numbers[0]
        default = self._entry.default
        if alike and default is None:
            return numbers[0]
        return tuple(numbers)

    def _typed_as_text(self, value: Value) -> None:
        self._value = value
        self.edited.emit(value)
