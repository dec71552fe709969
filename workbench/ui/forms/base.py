"""What all editors of a form have in common."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip, QWidget

from workbench.domain.values import Value
from workbench.ui.widgets.tool_tip import tip_of_cut
from workbench.ui.widgets.wheel import steady

WIDTH = 130
MINIMUM_WIDTH = 60


class Editor(QWidget):
    """Edits one value. `edited(value)` follows each change by the person that is valid, never `set_value`.

    `finished` says that a series of changes is over (focus left, Enter pressed); `problem_changed` carries a sentence
    when what was typed cannot be taken, and "" when it can again.
    """

    edited = Signal(object)
    finished = Signal()
    problem_changed = Signal(str)
    wide = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = ""

    def value(self) -> Value:
        """The last valid value."""
        raise NotImplementedError

    def set_value(self, value: Value) -> None:
        """Show a value."""
        raise NotImplementedError

    def show_mixed(self) -> None:
        """Show that several things with different values are edited together."""
        raise NotImplementedError

    def faces(self) -> list[QWidget]:
        """The widgets that show the value, for the look of a default."""
        raise NotImplementedError

    def set_is_default(self, is_default: bool) -> None:
        """Look like a default, or like a value of the person's own."""
        for face in self.faces():
            mark(face, "default", is_default)

    def below(self) -> QWidget | None:
        """A widget with details that the form shows over its whole width under this editor's row."""
        return None

    def set_narrow(self, narrow: bool) -> None:
        """Take as little width as can be, where there is little of it."""

    def beside_label(self) -> QWidget | None:
        """A small button that the form puts beside the label."""
        return None

    def set_problem(self, sentence: str) -> None:
        """Mark what is typed as wrong and say why; "" takes the mark away."""
        for face in self.faces():
            mark(face, "invalid", bool(sentence))
        if sentence != self.problem:
            self.problem = sentence
            self.problem_changed.emit(sentence)


def mark(widget: QWidget, name: str, on: bool) -> None:
    """Set a yes-or-no property that the style sheet looks at."""
    if bool(widget.property(name)) != on:
        widget.setProperty(name, on)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class ComboBox(QComboBox):
    """A combo box that the wheel does not change, so that scrolling past it is harmless.

    Its list is as wide as its longest entry.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        steady(self)
        self.setMaxVisibleItems(16)

    def sizeHint(self) -> QSize:
        """A width that fits beside a label; the layout gives more. (A size policy of Qt's own would make the list.)"""
        return QSize(WIDTH, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a short word."""
        return QSize(MINIMUM_WIDTH, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """As Qt paints it, but a text that has no room ends in an ellipsis."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        if self.currentIndex() < 0 and self.placeholderText():
            option.palette.setBrush(QPalette.ColorRole.ButtonText, option.palette.placeholderText())
            option.currentText = self.placeholderText()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, self._room(option)
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """A text that has no room is told by the tool tip too."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.is_cut:
            QToolTip.showText(event.globalPos(), tip_of_cut(self.currentText(), self.toolTip()), self)
            return True
        return super().event(event)

    @property
    def is_cut(self) -> bool:
        """Whether the text ends in an ellipsis."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self.fontMetrics().horizontalAdvance(self.currentText()) > self._room(option)

    def _room(self, option: QStyleOptionComboBox) -> int:
        """The pixels that the text has."""
        part = QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()

    def showPopup(self) -> None:
        view = self.view()
        view.setMinimumWidth(max(self.width(), view.sizeHintForColumn(0) + 28))
        super().showPopup()


def place_text(field: QLineEdit, text: str) -> None:
    """Show a text from its beginning, without telling anybody."""
    if field.text() != text:
        field.setText(text)
        field.setCursorPosition(0)
