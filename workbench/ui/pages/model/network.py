"""The middle column: the tree with its totals, or how to begin where there is none."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.domain.summary import ModelSummary
from workbench.ui.context import Context
from workbench.ui.pages.model.empty import EmptyNetwork
from workbench.ui.pages.model.rows import bytes_text, count_text, rows_of
from workbench.ui.pages.model.tree_model import NetworkModel
from workbench.ui.pages.model.tree_view import NetworkView
from workbench.ui.widgets.panel import Panel, label


class NetworkPanel(Panel):
    """`menu_wanted(position)` asks for the context menu at a place on the screen."""

    menu_wanted = Signal(QPoint)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Network"))
        self._context = context
        self.totals = label(role="small", selectable=True)
        self.add_to_head(self.totals)
        self.model = NetworkModel(self)
        self.view = NetworkView(self.model, context.theme)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(
            lambda place: self.menu_wanted.emit(self.view.viewport().mapToGlobal(place))
        )
        self.empty = EmptyNetwork(context.theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        self.body.addWidget(self._stack, 1)
        context.data.info_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the tree of the document and what is known of it."""
        context = self._context
        tree, info, state = context.document.project.model, context.data.info, context.model
        self.model.show_tree(tree, rows_of(tree, context.catalogue, info, state.summary, state.problems))
        self._stack.setCurrentWidget(self.view if tree.nodes else self.empty)
        self.empty.show_data(info)
        self._show_totals(state.summary if tree.nodes else None)

    def _show_totals(self, summary: ModelSummary | None) -> None:
        if summary is None:
            self.totals.setText("")
            self.totals.setToolTip("")
            return
        layers = sum(layer.class_name != "InputLayer" for layer in summary.layers)
        learned = count_text(summary.trainable_params)
        parts = [
            self.tr("1 layer") if layers == 1 else self.tr("{0} layers").format(count_text(layers)),
            self.tr("{0} parameters").format(count_text(summary.total_params)),
            bytes_text(summary.param_bytes),
        ]
        if summary.non_trainable_params:
            parts[1] += " " + self.tr("({0} trainable)").format(learned)
        totals = "  ·  ".join(parts)
        tip = self.tr(
            "{0} parameters learn, {1} do not. The parameters take {2}; "
            "training with one batch is expected to take about {3}."
        ).format(
            learned,
            count_text(summary.non_trainable_params),
            bytes_text(summary.param_bytes),
            bytes_text(summary.peak_bytes),
        )
        if summary.error is not None:
            totals = self.tr("{0} so far").format(totals) if layers else self.tr("Not built yet")
            tip = self.tr("Layers that cannot be built yet are not counted. See the problems below.")
        self.totals.setText(totals)
        self.totals.setToolTip(tip)
