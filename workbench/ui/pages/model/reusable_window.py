"""A small window beside the network: make a block reusable, and choose which of its parameters each use sets itself."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.domain.catalogue import ParamEntry
from workbench.domain.edits import NamedEdit, make_reusable
from workbench.domain.naming import title
from workbench.domain.tree import AnyNode, Block, Exposed, Layer, Target, Wrapper, walk
from workbench.domain.tree_tools import params_of, spaced
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.context import Context
from workbench.ui.pages.model.fields import class_params
from workbench.ui.theme.tokens import INDENT
from workbench.ui.widgets.panel import label

WIDTH, HEIGHT = 560, 460
NAME_COLUMN = 2
WIDEST, BOX = 260, 26


class ReusableWindow(QDialog):
    """Not modal. `do(edit)` does the edit, False when it was impossible; `keep_wanted(block id)` asks to keep the block
    among the person's own."""

    keep_wanted = Signal(str)

    def __init__(
        self, context: Context, block: Block, do: Callable[[NamedEdit], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._block, self._do = context, block, do
        self.setWindowTitle(self.tr("Reusable block"))
        self.setModal(False)
        self.resize(WIDTH, HEIGHT)
        self.name = QLineEdit(block.name)
        self.name.setAccessibleName(self.tr("Name of the block"))
        self.name.setPlaceholderText(self.tr("such as “double convolution”"))
        self.parameters = self._make_list()
        self.keep = QCheckBox(self.tr("Keep it among my blocks, for other networks too"))
        self.keep.setChecked(True)
        self.message = label(role="bad", wrap=True)
        self.message.hide()
        self.name.textEdited.connect(self.message.hide)
        self._lay_out()
        self._fill()

    def accept(self) -> None:
        """Make the block reusable as it was chosen here."""
        if not self.name.text().strip():
            self.message.setText(self.tr("Give the block a name, to find it again."))
            self.message.show()
            self.name.setFocus()
            return
        edit = make_reusable(self._block.id, self.name.text(), self.exposed(), self._block.linked)
        if self._do(edit):
            if self.keep.isChecked():
                self.keep_wanted.emit(self._block.id)
            super().accept()

    def exposed(self) -> tuple[Exposed, ...]:
        """What is ticked: parameters with the same name are one, which sets all of them."""
        targets: dict[str, list[Target]] = {}
        for item in self._items():
            if item.checkState(0) == Qt.CheckState.Checked:
                target = item.data(0, Qt.ItemDataRole.UserRole)
                name = " ".join(item.text(NAME_COLUMN).split()) or spaced(target.param)
                targets.setdefault(name, []).append(target)
        return tuple(Exposed(name, tuple(each)) for name, each in targets.items())

    def _items(self) -> list[QTreeWidgetItem]:
        tops = [self.parameters.topLevelItem(row) for row in range(self.parameters.topLevelItemCount())]
        inside = [top.child(row) for top in tops if top is not None for row in range(top.childCount())]
        return [item for item in inside if item is not None]

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setColumnCount(3)
        made.setProperty("role", "table")
        made.setUniformRowHeights(True)
        made.setIndentation(INDENT)
        made.setHeaderLabels([self.tr("Parameter"), self.tr("Value"), self.tr("Called")])
        made.setAccessibleName(self.tr("Parameters that each use sets itself"))
        made.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        made.header().setStretchLastSection(False)
        made.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        made.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        return made

    def _fill(self) -> None:
        self.parameters.ensurePolished()  # else rows would be measured without the style sheet, and boxes be cut
        called = {target: each.name for each in self._block.exposed for target in each.targets}
        for node in walk(self._block.children):
            entries = [entry for entry in class_params(node, self._context.catalogue) if not entry.advanced]
            if not isinstance(node, Layer | Wrapper) or not entries:
                continue
            top = QTreeWidgetItem([title(node), "", ""])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.parameters.addTopLevelItem(top)
            for entry in entries:
                top.addChild(_item(node, entry, called))
            top.setExpanded(True)
        self.parameters.resizeColumnToContents(0)
        # Qt does not reckon with the room that the style sheet gives the box to tick.
        self.parameters.setColumnWidth(0, min(WIDEST, self.parameters.columnWidth(0) + BOX))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("&Name"), self.name)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(self.tr("&Make reusable") if not self._block.linked else self.tr("&Apply"))
        ok.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addLayout(form)
        note = self.tr(
            "Tick what each use of the block sets for itself. Parameters that are called the same are changed "
            "together. Everything else is the same in all uses."
        )
        column.addWidget(label(note, "small", wrap=True))
        column.addWidget(self.parameters, 1)
        column.addWidget(self.keep)
        column.addWidget(self.message)
        column.addWidget(buttons)


def _item(node: AnyNode, entry: ParamEntry, called: dict[Target, str]) -> QTreeWidgetItem:
    target = Target(node.id, entry.name)
    value = _shown(params_of(node).get(entry.name, entry.default))
    item = QTreeWidgetItem([spaced(entry.name), value, called.get(target, spaced(entry.name))])
    item.setData(0, Qt.ItemDataRole.UserRole, target)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsUserCheckable
        | Qt.ItemFlag.ItemIsEditable
    )
    item.setCheckState(0, Qt.CheckState.Checked if target in called else Qt.CheckState.Unchecked)
    return item


def _shown(value: Value) -> str:
    if isinstance(value, ObjectSpec):
        return value.class_name
    if isinstance(value, tuple):
        return " × ".join(str(item) for item in value)
    return "" if value is None else str(value)
