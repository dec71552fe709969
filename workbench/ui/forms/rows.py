"""One row of a form: label, editor, the way back to the default, and what is wrong with what was typed."""

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from workbench.domain.catalogue import Catalogue, ParamEntry
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.forms.base import mark
from workbench.ui.forms.table import make_editor
from workbench.ui.forms.values import format_several, label_of
from workbench.ui.theme import Theme
from workbench.ui.widgets.tool_tip import tool_tip

LABEL_WIDTH, NARROW_LABEL = 108, 76
ROW_HEIGHT = 33  # two lines of a label

RESET_SIZE = 16


class ParameterRow(QObject):
    """Made once a parameter; `add_to` puts its widgets into a grid."""

    changed = Signal(str, object)
    reset = Signal(str)
    finished = Signal()

    def __init__(self, entry: ParamEntry, catalogue: Catalogue, theme: Theme) -> None:
        super().__init__()
        self.entry = entry
        self._theme = theme
        title = entry.title or label_of(entry.name)
        self.label = QLabel(title)
        self.label.setProperty("role", "field-label")
        self.label.setWordWrap(True)
        self.label.setToolTip(tool_tip(entry.help, entry.name))
        self.label.setAccessibleDescription(entry.help)
        self.editor = make_editor(entry, catalogue, theme)
        self.label.setBuddy(self.editor)
        for face in self.editor.faces():
            face.setAccessibleName(title)
            face.setAccessibleDescription(entry.help)
        self._reset: QToolButton | None = None
        self._problem: QLabel | None = None
        self._head = QHBoxLayout()
        self._narrows: QWidget | None = None
        self._grid: QGridLayout | None = None
        self._line = 0
        self._parts: list[QWidget] = []
        self._hidden: list[QWidget] | None = None
        self.editor.edited.connect(lambda value: self.changed.emit(entry.name, value))
        self.editor.finished.connect(self.finished)
        self.editor.problem_changed.connect(self._show_problem)
        theme.changed.connect(self._refresh_icon)

    def add_to(self, grid: QGridLayout) -> None:
        """Append the row's widgets to a grid of two columns."""
        self.setParent(grid)
        row = grid.rowCount()
        head = QWidget()
        head.setLayout(self._head)
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setSpacing(2)
        self._head.addWidget(self.label, 1)
        button = self.editor.beside_label()
        if button is not None:
            button.setFixedSize(RESET_SIZE + 6, RESET_SIZE + 6)
            self._head.addWidget(button)
        if self.editor.wide:
            grid.addWidget(head, row, 0, 1, 2)
            grid.addWidget(self.editor, row + 1, 0, 1, 2)
            row += 1
        else:
            head.setFixedWidth(LABEL_WIDTH)
            self._narrows = head
            head.setMinimumHeight(ROW_HEIGHT)
            grid.addWidget(head, row, 0)
            grid.addWidget(self.editor, row, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid, self._line = grid, row + 1
        grid.setRowMinimumHeight(self._line, 0)  # makes the line, so that the next row does not take it
        details = self.editor.below()
        if details is not None:
            grid.addWidget(details, row + 2, 0, 1, 2)
        self._parts = [head, self.editor, *([details] if details is not None else [])]

    def set_visible(self, on: bool) -> None:
        """Show or hide all of the row; what was hidden by itself stays so."""
        if on and self._hidden is not None:
            for widget in self._hidden:
                widget.show()
            self._hidden = None
        elif not on and self._hidden is None:
            more = [self._problem] if self._problem is not None else []
            self._hidden = [widget for widget in (*self._parts, *more) if not _is_hidden_by_itself(widget)]
            for widget in self._hidden:
                widget.hide()

    def show_value(self, value: Value, default: Value, *, is_changed: bool, is_mixed: bool = False) -> None:
        """Show a value, and whether it is the default."""
        if is_mixed:
            self.editor.show_mixed()
        else:
            self.editor.set_value(value)
        self.editor.set_is_default(not is_changed)
        mark(self.label, "changed", is_changed)
        if is_changed or self._reset is not None:
            self.reset_button.setVisible(is_changed)
        if is_changed:
            self.reset_button.setToolTip(self.tr("Back to the default: {0}").format(_short(default)))

    def set_narrow(self, narrow: bool) -> None:
        """Leave more of a narrow form to the editor: the title breaks into two lines sooner."""
        if self._narrows is not None:
            self._narrows.setFixedWidth(NARROW_LABEL if narrow else LABEL_WIDTH)
        self.editor.set_narrow(narrow)

    @property
    def reset_button(self) -> QToolButton:
        """The way back to the default, made when it is first needed."""
        if self._reset is None:
            self._reset = self._make_reset_button()
            self._head.insertWidget(1, self._reset, 0, Qt.AlignmentFlag.AlignVCenter)
        return self._reset

    @property
    def problem(self) -> QLabel:
        """What is wrong with what was typed, made when it is first needed."""
        if self._problem is None:
            self._problem = QLabel(self.label.parentWidget())
            self._problem.hide()
            self._problem.setProperty("role", "problem")
            self._problem.setWordWrap(True)
            if self._grid is not None:
                self._grid.addWidget(self._problem, self._line, 0, 1, 2)
        return self._problem

    def _make_reset_button(self) -> QToolButton:
        button = QToolButton(self.label.parentWidget())
        button.hide()
        button.setProperty("role", "reset")
        button.setFixedSize(RESET_SIZE + 2, RESET_SIZE + 2)
        button.setIconSize(QSize(RESET_SIZE - 2, RESET_SIZE - 2))
        button.setIcon(self._theme.icon("restore", self._theme.tokens.accent))
        button.setAccessibleName(self.tr("Set {0} back to its default").format(self.label.text()))
        button.clicked.connect(lambda: self.reset.emit(self.entry.name))
        return button

    def _show_problem(self, sentence: str) -> None:
        if sentence or self._problem is not None:
            self.problem.setText(sentence)
            self.problem.setVisible(bool(sentence))

    def _refresh_icon(self) -> None:
        if self._reset is not None:
            self._reset.setIcon(self._theme.icon("restore", self._theme.tokens.accent))


def _is_hidden_by_itself(widget: QWidget) -> bool:
    """Whether it was hidden, and is not only waiting to be shown for the first time."""
    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def _short(value: Value) -> str:
    if isinstance(value, ObjectSpec):
        return value.class_name
    if isinstance(value, bool):
        return "True" if value else "False"
    return format_several(value)
