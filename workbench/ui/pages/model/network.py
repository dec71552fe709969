"""The middle column: the network as tree, as diagram or as both, with its totals; or how to begin without one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QToolButton, QWidget

from workbench.domain.summary import ModelSummary
from workbench.ui.context import Context
from workbench.ui.pages.model.empty import EmptyNetwork
from workbench.ui.pages.model.find_bar import FindBar, found_nodes
from workbench.ui.pages.model.rows import Row, rows_of
from workbench.ui.pages.model.sizes import bytes_text, count_text
from workbench.ui.pages.model.tree_model import Column, NetworkModel
from workbench.ui.pages.model.tree_view import NetworkView
from workbench.ui.settings import NETWORK_AS
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import Panel, label
from workbench.ui.widgets.segment import Segment

if TYPE_CHECKING:
    from workbench.ui.pages.model.diagram.panel import DiagramPanel

NARROW = 440  # a tree of less pixels beside the diagram leaves the numbers to it


class NetworkPanel(Panel):
    """`menu_wanted(position)` asks for the context menu at a place on the screen; `form_wanted` for the form of what is
    selected; `diagram_made(view)` tells of the view of the diagram, which is made when it is first seen."""

    menu_wanted = Signal(QPoint)
    form_wanted = Signal()
    diagram_made = Signal(QWidget)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Network"))
        self._context = context
        self.totals = label(role="small", wrap=True, selectable=True)
        self.diagram: DiagramPanel | None = None
        self.model = NetworkModel(self)
        self.view = NetworkView(self.model, context.theme)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(
            lambda place: self.menu_wanted.emit(self.view.viewport().mapToGlobal(place))
        )
        self.empty = EmptyNetwork(context.theme)
        self._seen: QWidget = self.view  # of a network with layers
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        self.to_palette = self._make_way_to_palette()
        self.segments = self._make_segments()
        self._rows: Mapping[str, Row] = {}
        self.find_bar = FindBar(context.theme, self._found, self.view.chosen)
        self.find_bar.chosen.connect(self.view.choose)
        self.find_bar.left.connect(self.focus_network)
        self.view.chosen_changed.connect(self._refresh_search)
        self.body.addWidget(self.find_bar)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self.totals)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show_as)
        context.settings.changed.connect(self._setting_changed)
        context.data.info_changed.connect(self.refresh)
        self._show_as()
        self.refresh()

    def refresh(self) -> None:
        """Show the tree of the document and what is known of it."""
        context = self._context
        tree, info, state = context.document.project.model, context.data.info, context.model
        rows = self._rows = rows_of(tree, context.catalogue, info, state.summary, state.problems)
        self.model.folder = context.document.path
        self.model.show_tree(tree, rows)
        if self.diagram is not None:
            self.diagram.show_network(tree, rows)
        self._stack.setCurrentWidget(self._seen if tree.nodes else self.empty)
        self.empty.show_data(info)
        self._show_totals(state.summary if tree.nodes else None)
        self._refresh_search()

    def switch(self) -> None:
        """From the tree to the diagram, or back."""
        settings = self._context.settings
        settings.set(NETWORK_AS, "diagram" if settings.get(NETWORK_AS) == "tree" else "tree")
        self.focus_network()

    def focus_network(self) -> None:
        """Give the keyboard to what is seen of the network."""
        seen = self.view if self.diagram is None or self.view.isVisible() else self.diagram.view
        seen.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_save_diagram(self) -> None:
        """Ask where to save the diagram, which is shown for it."""
        if not self._context.document.project.model.nodes:
            self._context.notice(self.tr("The network has no layers to draw yet. Add some first."), "warning")
            return
        if self._context.settings.get(NETWORK_AS) == "tree":
            self._context.settings.set(NETWORK_AS, "both")
        self._show_as()
        if self.diagram is not None:
            self.diagram.ask_save()

    def _found(self, text: str) -> tuple[str, ...]:
        context = self._context
        return found_nodes(text, context.document.project.model, self._rows, context.model.summary)

    def _refresh_search(self) -> None:
        if self.find_bar.isVisible():
            self.find_bar.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.diagram is None:
            self._soon.start()  # not at once: the window is painted first

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_out_columns()

    def _make_way_to_palette(self) -> QToolButton:
        button = QToolButton()
        button.setToolTip(self.tr("Show the layers to add, in the place of the diagram  (Ctrl+F)"))
        button.setAccessibleName(self.tr("Show the layers to add"))
        button.hide()
        theme = self._context.theme
        theme.changed.connect(lambda: button.setIcon(theme.icon("plus")))
        button.setIcon(theme.icon("plus"))
        self.add_to_head(button)
        return button

    def _make_segments(self) -> dict[str, Segment]:
        texts = {
            "tree": (self.tr("Tree"), self.tr("The layers in rows, to build the network")),
            "both": (self.tr("Both"), self.tr("Tree and diagram side by side")),
            "diagram": (self.tr("Diagram"), self.tr("The network drawn as boxes and arrows")),
        }
        segments = {}
        for name, (text, tip) in texts.items():
            segment = Segment(text)
            segment.setToolTip(tip)
            segment.setAccessibleName(self.tr("Network as: {0}").format(text))
            segment.clicked.connect(lambda _checked=False, name=name: self._choose(name))
            self.add_to_head(segment)
            segments[name] = segment
        return segments

    def _choose(self, name: str) -> None:
        self._context.settings.set(NETWORK_AS, name)
        self._show_as()  # also where it was chosen already, which unchecks the button

    def _setting_changed(self, key: str) -> None:
        if key == NETWORK_AS.key:
            self._show_as()

    def _show_as(self) -> None:
        """Show tree and diagram as the setting has it."""
        wanted = self._context.settings.get(NETWORK_AS)
        for name, segment in self.segments.items():
            segment.setChecked(name == wanted)
        if wanted != "tree" and self.diagram is None and self.isVisible():
            self._make_diagram()
        if self.diagram is not None:
            self.diagram.setVisible(wanted != "tree")
            self.view.setVisible(wanted != "diagram")
        self._leave_out_columns()

    def _make_diagram(self) -> None:
        from workbench.ui.pages.model.diagram.panel import DiagramPanel  # late: many never look at it

        self.diagram = DiagramPanel(self._context, self.view)
        self.diagram.menu_wanted.connect(self.menu_wanted)
        self.diagram.form_wanted.connect(self.form_wanted)
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setHandleWidth(GAP)
        sides.setChildrenCollapsible(False)
        sides.addWidget(self.view)
        sides.addWidget(self.diagram)
        sides.setSizes([1000, 1000])
        self._stack.insertWidget(0, sides)
        self._seen = sides
        self.diagram_made.emit(self.diagram.view)
        self.refresh()

    def _leave_out_columns(self) -> None:
        """Beside the diagram, which has the numbers too, a narrow tree keeps its room for names."""
        is_beside = self.diagram is not None and self._context.settings.get(NETWORK_AS) == "both"
        for column in (Column.SHAPE, Column.PARAMS):
            self.view.setColumnHidden(column, is_beside and self.width() < 2 * NARROW)

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
