"""Asks how many layers at the top learn, and shows which these are."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from workbench.domain.edits import NamedEdit, freeze_all_but
from workbench.domain.freezing import but_the_top, layers_in
from workbench.domain.naming import title
from workbench.domain.tree import ModelTree, Wrapper, children_of, walk
from workbench.ui.pages.model.sizes import count_text
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.spin import fitted
from workbench.ui.widgets.wheel import steady

SHOWN = 4
USUAL = 3
LEAST, WIDEST, BESIDE_TEXT = 410, 280, 48


class FreezeDialog(QDialog):
    """`wanted(edit)` follows when the person presses Freeze. `params` has the parameter count of each node by its id,
    as far as it is known. Whoever shows it lets it go when the network changes."""

    wanted = Signal(object)

    def __init__(self, tree: ModelTree, within: str, params: dict[str, int], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Freeze all but the top"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tree, self._params = tree, params
        self._names = {node.id: node for node in walk(tree.nodes)}
        self.count = fitted(QSpinBox())
        self.count.setAccessibleName(self.tr("How many layers learn"))
        self.within = steady(QComboBox())
        self.within.setAccessibleName(self.tr("Where"))
        self.within.addItem(self.tr("the whole network"), "")
        for node in walk(tree.nodes):
            if not isinstance(node, Wrapper) and any(layers_in(children_of(node))):
                self.within.addItem(title(node), node.id)
        self.within.setCurrentIndex(max(0, self.within.findData(within)))
        widest = max(self.within.fontMetrics().horizontalAdvance(name) for name in self._places())
        self.within.setMinimumWidth(min(WIDEST, widest + BESIDE_TEXT))
        self.preview = label("", "small", wrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.freeze = self.buttons.addButton(self.tr("Freeze"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.freeze.setDefault(True)
        self.freeze.setProperty("role", "primary")
        self._assemble()
        self.within.currentIndexChanged.connect(self._choose_place)
        self.count.valueChanged.connect(self._tell)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        self._choose_place()
        self.count.selectAll()
        self.count.setFocus()

    def edit(self) -> NamedEdit:
        """What the person has chosen."""
        return freeze_all_but(self.count.value(), self.within.currentData())

    def _places(self) -> list[str]:
        return [self.within.itemText(row) for row in range(self.within.count())]

    def _assemble(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(self.tr("Only the top")))
        row.addWidget(self.count)
        row.addWidget(label(self.tr("layers learn, of")))
        row.addWidget(self.within, 1)
        layout.addLayout(row)
        note = self.tr("The top of a network is its end, next to the output. A layer in a repetition counts once.")
        self.preview.setMinimumWidth(LEAST)  # not of the dialog itself, which would then cut what needs more
        layout.addWidget(label(note, "small", wrap=True))
        layout.addWidget(self.preview)
        layout.addWidget(self.buttons)

    def _choose_place(self) -> None:
        node = self._names.get(self.within.currentData())
        count = len(list(layers_in(self._tree.nodes if node is None else (node,))))
        self.count.setRange(0, count)
        self.count.setValue(min(self.count.value() or USUAL, count))
        self._tell()

    def _tell(self) -> None:
        frozen = but_the_top(self._tree, self.count.value(), self.within.currentData())
        learning = [layer for layer in layers_in(self._tree.nodes) if layer.id not in frozen and layer.enabled]
        if not learning:
            self.preview.setText(self.tr("Then no layer learns."))
            return
        names = [title(layer) for layer in learning[-SHOWN:]]
        text = ("… " if len(learning) > SHOWN else "") + ", ".join(names)
        told = self.tr("Then these learn: {0}").format(text)
        if self._params:
            count = sum(self._params.get(layer.id, 0) for layer in learning)
            told += self.tr(" ({0} of {1} parameters)").format(
                count_text(count), count_text(sum(self._params.values()))
            )
        self.preview.setText(told)

    def _accept(self) -> None:
        self.wanted.emit(self.edit())
        self.accept()
