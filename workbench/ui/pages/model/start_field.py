"""What the selected layers start with, where that is kept weights, and the button that forgets them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from workbench.domain.edits.start import has_start, start_of
from workbench.domain.summary import LayerSummary
from workbench.domain.tree import AnyNode, walk
from workbench.ui.pages.model.rows import MISSED
from workbench.ui.widgets.panel import label

MOST_NAMES = 3


class StartField(QWidget):
    """Hidden where all start afresh. `clear_wanted(ids)` follows the button."""

    clear_wanted = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[str, ...] = ()
        self.text = label(role="muted", wrap=True)
        self.button = QPushButton(self.tr("Start afresh"))
        self.button.setToolTip(self.tr("Forget the kept weights: the first ones are drawn by chance again"))
        self.button.clicked.connect(lambda: self.clear_wanted.emit(self._ids))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(6)
        layout.addWidget(self.text)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_nodes(self, nodes: Sequence[AnyNode], built: dict[str, list[LayerSummary]]) -> None:
        """Say with what these nodes, and those inside them, start."""
        self._ids = tuple(node.id for node in nodes)
        self.setVisible(has_start(nodes))
        inside = [inner for node in nodes for inner in walk((node,))]
        starts = [start for node in inside if (start := start_of(node)) is not None]
        missed = any(layer.start in MISSED for node in inside for layer in built.get(node.id, ()))
        names = list(dict.fromkeys(name for start in starts for name in start.layers))
        shown = ", ".join(f"“{name}”" for name in names[:MOST_NAMES])
        if len(names) > MOST_NAMES:
            shown = self.tr("{0} and {1} more layers").format(shown, len(names) - MOST_NAMES)
        if missed and len(names) == 1:
            self.text.setText(self.tr("The kept weights of {0} do not fit.").format(shown))
        elif missed:
            self.text.setText(self.tr("Some of the kept weights do not fit."))
        else:
            self.text.setText(self.tr("Starts with the kept weights of {0}.").format(shown))
