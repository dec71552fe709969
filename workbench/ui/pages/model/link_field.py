"""What a use of a reusable block says of itself in the form, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from workbench.domain.reusable import uses
from workbench.domain.tree import AnyNode, Block, ModelTree
from workbench.ui.widgets.flow import FlowLayout
from workbench.ui.widgets.panel import label


class LinkField(QWidget):
    """Hidden for all but one selected use. `detach_wanted(id)`, `choose_wanted(id)` and `keep_wanted(id)` follow the
    buttons."""

    detach_wanted = Signal(str)
    choose_wanted = Signal(str)
    keep_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id = ""
        self.text = label(role="muted", wrap=True)
        self.choose = QPushButton(self.tr("Parameters…"))
        self.choose.setToolTip(self.tr("Choose which parameters each use sets for itself"))
        self.keep = QPushButton(self.tr("Keep in my blocks"))
        self.keep.setToolTip(self.tr("Offer the block as it is now in the list of layers, for other networks too"))
        self.detach = QPushButton(self.tr("Detach"))
        self.detach.setToolTip(self.tr("Make this one a block of its own, which no longer follows the others"))
        self.choose.clicked.connect(lambda: self.choose_wanted.emit(self._id))
        self.keep.clicked.connect(lambda: self.keep_wanted.emit(self._id))
        self.detach.clicked.connect(lambda: self.detach_wanted.emit(self._id))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        row = QWidget()
        flow = FlowLayout(row)
        for button in (self.choose, self.keep, self.detach):
            flow.addWidget(button)
        layout.addWidget(row)

    def show_node(self, node: AnyNode | None, tree: ModelTree) -> None:
        """Say what a node is a use of."""
        is_use = isinstance(node, Block) and bool(node.linked)
        self.setVisible(is_use)
        if not isinstance(node, Block) or not is_use:
            return
        self._id = node.id
        count = len(uses(tree, node.linked))
        if count == 1:
            self.text.setText(self.tr("A reusable block, used once. Copies of it follow what is changed inside."))
        else:
            self.text.setText(
                self.tr("A reusable block, used {0} times. What is changed inside is changed in all of them.").format(
                    count
                )
            )
