"""Several inputs: which columns of a table enter the network by inputs of their own."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.domain.dataset import DatasetInfo, InputSpec
from workbench.domain.edits import (
    NamedEdit,
    add_input,
    remove_input,
    rename_input,
    set_input_columns,
    split_inputs,
)
from workbench.ui.context import Context
from workbench.ui.forms.base import place_text
from workbench.ui.pages.data.columns import ColumnChooser
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

FEWEST_COLUMNS = 2


class InputList(QWidget):
    """One row an input: its name and its columns. Without any a button that splits the columns into two."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._info: DatasetInfo | None = None
        self.rows: list[InputRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Inputs"), "muted"))
        self.split = QPushButton(self.tr("Split the columns"))
        self.split.setProperty("role", "link")
        self.split.setToolTip(
            self.tr("Let some columns enter the network by one input and the others by another, as in wide and deep")
        )
        self.split.clicked.connect(self._split)
        head.addStretch(1)
        head.addWidget(self.split)
        column.addLayout(head)
        self.hint = label(
            self.tr("Each enters the network by an Input of its name. Two of them can take the same column."),
            "small",
            wrap=True,
        )
        column.addWidget(self.hint)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        column.addLayout(self._rows)
        self.add = QPushButton(self.tr("Add an input"))
        self.add.clicked.connect(self._add)
        column.addWidget(self.add)

    def show_inputs(self, inputs: Sequence[InputSpec], columns: Sequence[str], info: DatasetInfo | None) -> None:
        """Show these inputs of a table with these columns, its targets left out; `info` is what is known of it."""
        self._info = info
        while len(self.rows) > len(inputs):
            row = self.rows.pop()
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(inputs):
            self.rows.append(self._row(len(self.rows)))
            self._rows.addWidget(self.rows[-1])
        for row, each in zip(self.rows, inputs, strict=True):
            row.show_input(each, columns)
        self.hint.setVisible(bool(inputs))
        self.add.setVisible(bool(inputs))
        self.split.setVisible(not inputs)
        self.split.setEnabled(info is not None and len(self._features(info)) >= FEWEST_COLUMNS)

    @staticmethod
    def _features(info: DatasetInfo) -> list[str]:
        return [column.name for column in info.columns if column.role == "feature"]

    def _row(self, place: int) -> "InputRow":
        row = InputRow(self._context.theme)
        row.renamed.connect(lambda name: self._apply(self.tr("Rename input"), rename_input(place, name)))
        row.chosen.connect(lambda names: self._apply(self.tr("Choose columns"), set_input_columns(place, names)))
        row.removed.connect(lambda: self._apply(self.tr("Remove input"), remove_input(place)))
        return row

    def _split(self) -> None:
        if self._info is not None:
            self._apply(self.tr("Split into inputs"), split_inputs(self._info.columns))

    def _add(self) -> None:
        """It begins with all columns that are used."""
        columns = self._context.document.project.data.used_columns or ()
        self._apply(self.tr("Add input"), add_input(columns))

    def _apply(self, title: str, edit: NamedEdit) -> None:
        self._context.document.apply(title, edit)


class InputRow(QWidget):
    """`renamed(name)`, `chosen(columns)` and `removed` follow what the person does."""

    renamed = Signal(str)
    chosen = Signal(object)
    removed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the input"))
        self.name.setToolTip(self.tr("Letters without accents, digits and underlines"))
        self.name.editingFinished.connect(self._rename)
        self.columns = ColumnChooser()
        self.columns.setAccessibleName(self.tr("Columns of the input"))
        self.columns.setSizeAdjustPolicy(ColumnChooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.columns.setToolTip(self.tr("Choose the columns that enter by this input"))
        self.columns.list.inferred.hide()
        self.columns.chosen.connect(lambda names: self.chosen.emit(names) if names else None)
        self.remove = QToolButton()
        self.remove.setToolTip(self.tr("Remove this input"))
        self.remove.setIconSize(QSize(16, 16))
        self.remove.clicked.connect(self.removed)
        row.addWidget(self.name, 3)
        row.addWidget(self.columns, 4)
        row.addWidget(self.remove)
        theme.changed.connect(self._refresh_icon)
        self._refresh_icon()

    def show_input(self, spec: InputSpec, columns: Sequence[str]) -> None:
        """Show the name, and which of these columns are taken."""
        self._shown = spec.name
        place_text(self.name, spec.name)
        self.columns.show_columns(columns, spec.columns, "", True)
        self.remove.setAccessibleName(self.tr("Remove input {0}").format(spec.name))

    def _rename(self) -> None:
        if self.name.text() != self._shown:
            self.renamed.emit(self.name.text())
            place_text(self.name, self._shown)  # what could not be taken is not left standing

    def _refresh_icon(self) -> None:
        self.remove.setIcon(self._theme.icon("close"))
