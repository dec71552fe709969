"""The Model page: it only assembles its columns and passes on what they say."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QTabWidget, QWidget

from workbench.domain.parts.fault import placed
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.summary import LayerSummary
from workbench.domain.tree import AnyNode, Base, Block, children_of, walk
from workbench.ui.context import Context, Notice
from workbench.ui.pages.model.actions import NetworkActions
from workbench.ui.pages.model.choice import next_choice
from workbench.ui.pages.model.code import CodeView
from workbench.ui.pages.model.commands import Commands
from workbench.ui.pages.model.fields import NAME
from workbench.ui.pages.model.freeze_dialog import FreezeDialog
from workbench.ui.pages.model.kept_weights import KeptWeights
from workbench.ui.pages.model.mime import Drop
from workbench.ui.pages.model.network import NetworkPanel
from workbench.ui.pages.model.palette import Palette
from workbench.ui.pages.model.parts.window import PartsWindow
from workbench.ui.pages.model.problems import ProblemList
from workbench.ui.pages.model.properties import Properties
from workbench.ui.pages.model.replacing import ask_class
from workbench.ui.pages.model.room import Room
from workbench.ui.pages.model.wrappers import ask_wrapper
from workbench.ui.settings import NETWORK_AS
from workbench.ui.widgets.panel import Panel


class ModelPage(QSplitter):
    """Palette at the left, the network with its problems and code in the middle, the form at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._context = context
        self._parts_window: PartsWindow | None = None
        self._told_of_parts: Notice | None = None
        self.palette_panel = Palette(context)
        self.network = NetworkPanel(context)
        self.view = self.network.view
        self.commands = Commands(context, self.view.chosen, self)
        self.kept_weights = KeptWeights(context, self)
        self.properties = Properties(context, self.commands.do)
        self.problems = ProblemList(context)
        self.code = CodeView(context)
        self.tabs = self._make_tabs()
        self._assemble()
        self.network_actions = NetworkActions(self, self.view, context.theme, self._handlers())
        self.network.segments["diagram"].setToolTip(self.network_actions.by_name["diagram"].toolTip())
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show_chosen)
        self._connect()
        self._model_changed()
        self._show_chosen()
        QTimer.singleShot(0, self, self._tell_of_parts)

    def actions(self) -> list[QAction]:
        """What the window's Edit menu shows for this page."""
        return self.network_actions.for_layers

    def menu_actions(self) -> list[QAction]:
        """What the page's own menu shows."""
        return self.network_actions.for_page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def show_node(self, node_id: str) -> None:
        """Select a node and show it."""
        self.view.choose((node_id,))
        self.network.focus_network()

    def show_base(self) -> None:
        """Open the window that puts bases into the network."""
        from workbench.ui.pages.model.base_window import BaseWindow

        self._show_beside(self.findChild(BaseWindow) or BaseWindow(self._context, self))

    def show_weights(self) -> None:
        """Open the window that takes weights from runs and files."""
        # Not at the top: the window would take longer to start.
        from workbench.ui.pages.model.weights_window import WeightsWindow

        self._show_beside(self.findChild(WeightsWindow) or WeightsWindow(self._context, self))

    def _show_beside(self, window: QWidget) -> None:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()
        window.activateWindow()

    def show_parts(self, name: str = "", line: int = 0) -> None:
        """Show the project's own parts in a window beside this one: a file of them, at a line."""
        if self._parts_window is None:
            self._parts_window = PartsWindow(self._context, self)
        self._parts_window.show()
        self._parts_window.activateWindow()  # which brings it to the front where there are windows
        if name:
            self._parts_window.choose(name, line)

    def show_reusable(self) -> None:
        """Make the selected block reusable, or a block of all that is selected."""
        # Not at the top: the window would take longer to start.
        from workbench.ui.pages.model.reusable_window import ReusableWindow

        nodes = self._chosen_nodes()
        if not (len(nodes) == 1 and isinstance(nodes[0], Block)):
            self.commands.wrap()
            nodes = self._chosen_nodes()
        if len(nodes) == 1 and isinstance(nodes[0], Block):
            window = ReusableWindow(self._context, nodes[0], self.commands.do, self)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.keep_wanted.connect(self.palette_panel.keep)
            window.show()

    def _tell_of_parts(self) -> None:
        """Say that a project brings code which is off, with a way to read it."""
        context = self._context
        if context.document.project.parts and not context.parts.allowed:
            message = self.tr("This project brings Python code of its own, which is off until you allow it.")
            self._told_of_parts = context.notice(message, "warning", self.tr("Read it"), self.show_parts)

    def _parts_changed(self) -> None:
        """What was told of the parts holds no longer once they are allowed."""
        if self._told_of_parts is not None and self._context.parts.allowed:
            self._context.withdrawn.emit(self._told_of_parts)
            self._told_of_parts = None

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self.problems, self.tr("Problems"))
        tabs.addTab(self.code, self.tr("Code"))
        tabs.setAccessibleName(self.tr("Problems and code"))
        return tabs

    def _assemble(self) -> None:
        below = Panel()
        below.layout().setContentsMargins(14, 4, 14, 8)  # type: ignore[union-attr]
        below.body.addWidget(self.tabs, 1)
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.addWidget(self.network)
        middle.addWidget(below)
        self._room = Room(self, self.palette_panel, middle, self.properties)

    def _make_room(self) -> None:
        has_layers = bool(self._context.document.project.model.nodes)
        is_both = has_layers and self._context.settings.get(NETWORK_AS) == "both"
        has_palette = self._room.share(is_both=is_both)
        self.network.to_palette.setVisible(not has_palette)

    def _search_palette(self) -> None:
        if self.palette_panel.isHidden():
            self._context.settings.set(NETWORK_AS, "tree")
        self.palette_panel.focus_search()

    def _setting_changed(self, key: str) -> None:
        if key == NETWORK_AS.key:
            self._make_room()

    def _connect(self) -> None:
        context = self._context
        self._is_another = False
        context.document.changed.connect(self._document_changed)
        context.document.opened.connect(self._project_opened)
        context.model.changed.connect(self._model_changed)
        context.parts.changed.connect(self._parts_changed)
        context.data.changed.connect(self._show_fine)
        context.node_wanted.connect(self.show_node)
        context.theme.changed.connect(self._show_count)
        context.settings.changed.connect(self._setting_changed)
        self.network.to_palette.clicked.connect(self._search_palette)
        self.palette_panel.add_wanted.connect(self._add)
        self.palette_panel.own_part_wanted.connect(self.show_parts)
        self.palette_panel.left.connect(self.network.focus_network)
        self.palette_panel.added_by_mouse.connect(self.network.focus_network)
        self.network.empty.first_network_wanted.connect(self.commands.add_first_network)
        self.network.empty.search_wanted.connect(self._search_palette)
        self.network.menu_wanted.connect(self._show_menu)
        self.network.form_wanted.connect(self._go_to_form)
        self.network.diagram_made.connect(self._take_diagram)
        self.network.model.rename_wanted.connect(self.commands.rename)
        self.network.model.dropped.connect(self._dropped, Qt.ConnectionType.QueuedConnection)
        self.properties.left.connect(self.network.focus_network)
        self.properties.link.choose_wanted.connect(self.show_reusable)
        self.properties.link.keep_wanted.connect(self.palette_panel.keep)
        self.view.chosen_changed.connect(self._chosen_changed)
        self.view.form_wanted.connect(self._go_to_form)
        self.problems.problem_chosen.connect(self._show_place)
        self._context.problem_wanted.connect(self._show_place)
        self.problems.repair_wanted.connect(lambda repair: self.commands.repair(repair.title, repair.edit))

    def _handlers(self) -> dict[str, Callable[[], object]]:
        commands = self.commands
        return {
            "cut": commands.cut,
            "copy": commands.copy,
            "paste": commands.paste,
            "duplicate": commands.duplicate,
            "delete": commands.remove,
            "rename": self._rename,
            "enable": commands.toggle_enabled,
            "freeze": commands.toggle_frozen,
            "freeze_up_to": commands.freeze_up_to,
            "freeze_all_but": self._ask_freeze,
            "start_afresh": commands.start_afresh,
            "output": commands.toggle_output,
            "wrap": commands.wrap,
            "wrap_in_residual": commands.wrap_in_residual,
            "wrap_in_repeat": commands.wrap_in_repeat,
            "wrap_in_layer": lambda: ask_wrapper(self.view, self._chosen_nodes(), commands.wrap_in_layer),
            "share": commands.share,
            "replace": self._ask_class,
            "unroll": commands.unroll,
            "reusable": self.show_reusable,
            "detach": commands.detach,
            "unwrap": commands.unwrap,
            "move_up": lambda: commands.move(-1),
            "move_down": lambda: commands.move(1),
            "move_in": commands.move_in,
            "move_out": commands.move_out,
            "select_all": self.view.selectAll,
            "find": self._search_palette,
            "insert_base": self.show_base,
            "start_with": self.show_weights,
            "unused_weights": self.kept_weights.look_through,
            "parts": self.show_parts,
            "search": self.network.find_bar.begin,
            "search_next": lambda: self.network.find_bar.step(1),
            "search_previous": lambda: self.network.find_bar.step(-1),
            "diagram": self.network.switch,
            "save_diagram": self.network.ask_save_diagram,
        }

    def _take_diagram(self, view: QWidget) -> None:
        """What can be done with layers in the tree can be done in the diagram."""
        view.addActions(self.network_actions.for_layers)

    def _document_changed(self, before: Project, after: Project) -> None:
        is_another, self._is_another = self._is_another, False
        if before.parts is not after.parts:
            self.palette_panel.refresh()
            self._soon.start()
        if before.model is after.model:
            return
        chosen = self.view.chosen()
        self.network.refresh()
        self._make_room()
        wanted = () if is_another else next_choice(before, after, chosen)
        if wanted != self.view.chosen():
            self.view.choose(wanted)
        self._soon.start()  # not at once: the question to the engine leaves first

    def _project_opened(self) -> None:
        """The change that follows is to another project, of which nothing is chosen yet although all is new."""
        self._is_another = True
        self._soon.start()
        QTimer.singleShot(0, self, self._tell_of_parts)

    def _model_changed(self) -> None:
        self.network.refresh()
        self._show_fine()
        self._show_count()
        self._soon.start()

    def _chosen_changed(self) -> None:
        self.network_actions.refresh(self._chosen_nodes())
        self._soon.start()

    def _show_chosen(self) -> None:
        self._soon.stop()
        nodes = self._chosen_nodes()
        self.network_actions.refresh(nodes)
        info = self._context.data.info
        if not nodes and self.view.currentIndex().isValid() and self.view.selectionModel().hasSelection():
            self.properties.show_data(info, info.title if info else "")
            return
        self.properties.show_nodes(nodes, self._built())

    def _chosen_nodes(self) -> list[AnyNode]:
        wanted = set(self.view.chosen())
        return [node for node in walk(self.commands.tree.nodes) if node.id in wanted]

    def _built(self) -> dict[str, list[LayerSummary]]:
        built: dict[str, list[LayerSummary]] = {}
        summary = self._context.model.summary
        for layer in summary.layers if summary else ():
            built.setdefault(layer.node_id, []).append(layer)
        return built

    def _show_fine(self) -> None:
        context = self._context
        if not context.document.project.model.nodes:
            fine = self.tr("Nothing to check yet: the network has no layers.")
        elif context.data.info is None:
            fine = context.data.error or self.tr("The network is checked as soon as the data are loaded.")
        elif context.model.error:
            fine = context.model.error
        elif context.model.summary is None:
            fine = self.tr("The network is checked as soon as the engine has started.")
        else:
            fine = self.tr("No problems. The network is ready to train.")
        self.problems.show_problems(context.model.problems, fine)

    def _show_count(self) -> None:
        problems, theme = self._context.model.problems, self._context.theme
        is_error = bool(self._context.model.errors)
        title = self.tr("Problems")
        self.tabs.setTabText(0, f"{title}  {len(problems)}" if problems else title)
        if problems:
            icon = theme.icon("alert-outline", theme.tokens.bad if is_error else theme.tokens.warning)
        else:
            icon = theme.icon("check-circle-outline", theme.tokens.good)
        self.tabs.setTabIcon(0, icon)
        self.tabs.setTabIcon(1, theme.icon("code-braces"))

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.network_actions.for_layers)
        menu.popup(place)

    def _ask_class(self) -> None:
        ask_class(self.view, self._chosen_nodes(), self._context.catalogue, self._context.theme, self.commands.replace)

    def _go_to_form(self) -> None:
        self._show_chosen()
        self.properties.focus_first()

    def _rename(self) -> None:
        chosen = self.view.chosen()
        if chosen and self.view.isVisible():
            self.view.edit(self.network.model.index_of(chosen[0]))
        elif chosen:
            self._show_chosen()
            self.properties.focus_on(NAME)

    def _ask_freeze(self) -> None:
        nodes = self._chosen_nodes()
        within = nodes[0].id if len(nodes) == 1 and children_of(nodes[0]) else ""
        params = {node_id: sum(layer.params for layer in layers) for node_id, layers in self._built().items()}
        dialog = FreezeDialog(self.commands.tree, within, params, self)
        dialog.wanted.connect(self.commands.do)
        self._context.document.changed.connect(dialog.close)
        dialog.open()

    def _add(self, node: AnyNode) -> None:
        if isinstance(node, Base) and not node.children:
            self.show_base()  # only a person can say which
        else:
            self.commands.add(node)

    def _dropped(self, drop: Drop, parent_id: str | None, index: int) -> None:
        nodes = tuple(self.palette_panel.make(key) for key in drop.keys) if drop.keys else drop.nodes
        if drop.keys and any(isinstance(node, Base) for node in nodes):
            self.show_base()
        else:
            self.commands.drop(drop, parent_id, index, nodes)

    def _show_place(self, problem: Problem) -> None:
        if problem.node_id:
            self.view.choose((problem.node_id,))
            self._show_chosen()
            if problem.field:
                self.properties.focus_on(problem.field)
        elif problem.field:
            self._context.page_wanted.emit("train")
        place = placed(problem.message)
        if place is not None and any(part.name == place[0] for part in self._context.document.project.parts):
            self.show_parts(*place)
        elif problem.code == "own_part":
            self.show_parts()
