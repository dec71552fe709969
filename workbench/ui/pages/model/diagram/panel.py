"""The diagram with its buttons, kept in step with the tree: one selection, one state of what is folded."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from workbench.domain.diagram import CONTAINERS, Diagram, diagram, shapes_of
from workbench.domain.files import write_atomically
from workbench.domain.graph import GraphError
from workbench.domain.placing.frames import Placement, place
from workbench.domain.tree import AnyNode, ModelTree, walk
from workbench.domain.tree_tools import parents
from workbench.ui.background import in_background
from workbench.ui.context import Context, Severity
from workbench.ui.pages.model.diagram.drawing import Drawing
from workbench.ui.pages.model.diagram.export import Picture, as_png, as_svg
from workbench.ui.pages.model.diagram.view import DiagramView
from workbench.ui.pages.model.diagram.words import Texts, Words, texts_of
from workbench.ui.pages.model.rounds import sums_of_all
from workbench.ui.pages.model.rows import Row
from workbench.ui.pages.model.tree_view import NetworkView
from workbench.ui.widgets.menu_button import give_menu
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.tool_tip import tool_tip

LONG_MS = 150  # what takes longer is told


class DiagramPanel(QWidget):
    """`menu_wanted(place)` asks for the context menu at a place on the screen; `form_wanted` for the form of what is
    selected; `laid_out` follows each new diagram."""

    menu_wanted = Signal(QPoint)
    form_wanted = Signal()
    laid_out = Signal()

    def __init__(self, context: Context, tree_view: NetworkView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._tree_view = tree_view
        self._tree = ModelTree()
        self._rows: Mapping[str, Row] = {}
        self._nodes: dict[str, AnyNode] = {}
        self._parents: dict[str, AnyNode | None] = {}
        self._drawn: Diagram | None = None
        self._places = Placement()
        self._texts = Texts({}, {}, {})
        self._asked: tuple[ModelTree, frozenset[str]] | None = None
        self._under_way = False
        self._is_stale = True
        self._is_missed = False  # whether something was selected while nothing was seen here
        self._is_own = False  # whether what is selected was selected here, where it is in sight
        self._icons: list[tuple[QToolButton, str]] = []
        self.view = DiagramView()
        self.view.tip_of = self.tip_of
        self.message = label(role="muted", wrap=True)
        self.message.hide()
        self._late = QTimer(self, singleShot=True, interval=LONG_MS)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._assemble()
        self._connect()
        self._refresh_theme()

    # --- what is shown

    def show_network(self, tree: ModelTree, rows: Mapping[str, Row]) -> None:
        """Show a network with what is known of it; while the diagram is not seen it is only noted."""
        if tree is not self._tree:
            self._nodes = {node.id: node for node in walk(tree.nodes)}
            self._parents = parents(tree)
        self._tree, self._rows = tree, rows
        self.refresh()

    def refresh(self) -> None:
        """Lay the network out again if it has changed, and show what is known of it now."""
        self._soon.stop()
        self._is_stale = not self.isVisible()
        if self._is_stale or self._under_way:
            return
        wanted = self._tree, self._folded()
        if self._asked is not None and self._asked[0] is wanted[0] and self._asked[1] == wanted[1]:
            self._show_texts()
            return
        self._asked = wanted
        self._under_way = True
        self._late.start()
        before, places = self._drawn, self._places
        in_background(self, lambda: _lay_out(*wanted, before, places), self._show_laid_out, self._failed)

    def tip_of(self, node_id: str) -> str:
        """What the tool tip of a box or frame says."""
        words = self._texts.frames.get(node_id) or self._texts.boxes.get(node_id)
        if words is None:
            return ""
        takes = [link.source for link in self._drawn.links if link.target == node_id] if self._drawn else []
        tree = self._context.document.project.model
        node = next((each for each in walk(tree.nodes) if each.id == node_id), None)
        sums = sums_of_all(node, words.row.rounds, tree)
        return tool_tip(
            "\n".join(self._tip_lines(words, takes, sums)),
            " ".join((words.title, words.row.whole or words.detail)).strip(),
        )

    def save(self, path: Path) -> None:
        """Write the whole diagram to a file: PNG or SVG by its ending."""
        if self._drawn is None:
            return
        name = self._context.document.project.name
        picture = Picture(self._drawn, self._places, self._texts, name)
        is_svg = path.suffix.lower() == ".svg"
        in_background(
            self,
            lambda: write_atomically(path, as_svg(picture) if is_svg else as_png(picture)),
            lambda _: self._tell(self._saved(path, is_svg or picture.scale >= 1), "good"),
            lambda error: self._tell(self.tr("{0} could not be written: {1}").format(path, error), "bad"),
        )

    def ask_save(self, suffix: str = "svg") -> None:
        """Ask where to save the diagram."""
        name = f"{self._context.document.project.name or 'network'}.{suffix}".replace("/", "-")
        dialog = QFileDialog(self, self.tr("Save the diagram"), str(Path.home() / name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = {"svg": self.tr("Drawing (*.svg)"), "png": self.tr("Picture (*.png)")}
        dialog.setNameFilters([filters[suffix], *(text for each, text in filters.items() if each != suffix)])
        dialog.setDefaultSuffix(suffix)
        dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix("png" if "*.png" in text else "svg"))
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale or self._is_missed:
            self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._drawn is not None:
            self._show_texts()

    # --- from the tree

    def _folded(self) -> frozenset[str]:
        view = self._tree_view
        containers = (node_id for node_id, node in self._nodes.items() if isinstance(node, CONTAINERS))
        return frozenset(each for each in containers if not view.isExpanded(view.network.index_of(each)))

    def _chosen(self) -> tuple[frozenset[str], str | None]:
        """What is selected, as it is seen here, and the current one of it."""
        view = self._tree_view
        rows = view.selectionModel().selectedRows()
        seen = {view.network.id_at(index): self._seen(view.network.id_at(index)) for index in rows}
        chosen = frozenset(each for each in seen.values() if each is not None)
        current = seen.get(view.network.id_at(view.currentIndex())) if view.currentIndex().isValid() else None
        return chosen, current if current is not None else next(iter(chosen), None)

    def _seen(self, node_id: str) -> str | None:
        """Where a node is seen: itself, or in the folded container or the wrapper around it; None: not at all."""
        drawing = self.view.drawing
        seen: str | None = node_id
        while drawing is not None and seen is not None:
            if seen in drawing.places.frames or seen in drawing.places.boxes:
                return seen
            parent = self._parents.get(seen)
            seen = parent.id if parent is not None else None
        return None

    def _show_chosen(self, *, show: bool) -> None:
        self.view.choose(*self._chosen(), show=show)

    def _chosen_changed(self) -> None:
        self._is_missed = self._is_missed or not self.isVisible()
        self._show_chosen(show=self.isVisible() and not self._is_own)

    def _fold_changed(self, index: QModelIndex) -> None:
        if isinstance(self._tree_view.network.node_at(index), CONTAINERS):
            self._soon.start()

    # --- to the tree

    def _choose(self, node_id: str | None, added: bool) -> None:
        self._is_own = True
        self._select(node_id, added)
        self._is_own = False

    def _select(self, node_id: str | None, added: bool) -> None:
        view = self._tree_view
        if node_id is None:
            if not added:
                view.choose(())
            return
        if not added:
            view.choose((node_id,))
            return
        flags = QItemSelectionModel.SelectionFlag
        index = view.network.index_of(node_id)
        view.selectionModel().select(index, flags.Toggle | flags.Rows)
        view.selectionModel().setCurrentIndex(index, flags.NoUpdate)

    def _fold(self, node_id: str) -> None:
        index = self._tree_view.network.index_of(node_id)
        self._tree_view.setExpanded(index, not self._tree_view.isExpanded(index))

    def _open_form(self, node_id: str) -> None:
        self._choose(node_id, added=False)
        self.form_wanted.emit()

    # --- what was laid out

    def _show_laid_out(self, made: tuple[Diagram, Placement] | GraphError) -> None:
        self._late.stop()
        self._under_way = False
        self._show_busy("")
        is_error = isinstance(made, GraphError)
        self.message.setVisible(is_error)
        self.view.setVisible(not is_error)
        if isinstance(made, GraphError):
            self.message.setText(str(made))
        else:
            self._drawn, self._places = made
            self._write()
            before = self.view.current
            self.fold_all.setEnabled(any(isinstance(node, CONTAINERS) for node in self._nodes.values()))
            self.view.show_drawing(self._drawing())
            chosen, current = self._chosen()
            # Unfolded for what was selected in it, or shown again.
            self.view.choose(chosen, current, show=current != before or self._is_missed)
            self._is_missed = False
        self.laid_out.emit()
        self.refresh()  # what has changed meanwhile

    def _failed(self, error: Exception) -> None:
        reason = self.tr("The diagram could not be laid out ({0}). The tree shows the same network.").format(error)
        self._show_laid_out(GraphError("", reason))

    def _show_texts(self) -> None:
        if self._drawn is not None:
            self._write()
            self.view.show_texts(self._drawing())
            self._show_chosen(show=self._is_missed)
            self._is_missed = self._is_missed and not self.isVisible()

    def _write(self) -> None:
        if self._drawn is not None:
            shapes = shapes_of(self._context.model.summary)
            self._texts = texts_of(self._drawn, self._nodes, self._rows, shapes, self._context.catalogue)

    def _drawing(self) -> Drawing:
        return Drawing(self._drawn or Diagram(), self._places, self._texts, self._context.theme.tokens)

    def _tip_lines(self, words: Words, takes: list[str], sums: Sequence[str]) -> list[str]:
        row = words.row
        lines = [row.problem] if row.problem else []
        shapes = [self._texts.labels[each] for each in takes if each in self._texts.labels]
        if shapes:
            lines.append(self.tr("Takes {0}").format(",  ".join(shapes)))
        if row.shape:
            lines.append(self.tr("Gives {0}").format(row.shape))
        if words.params and not any("parameters" in line for line in sums):
            lines.append(words.params)
        lines += sums
        if row.is_output:
            lines.append(self.tr("It is an output of the network."))
        if row.frozen:
            lines.append(self.tr("Frozen: it keeps its weights while training."))
        return lines

    # --- pieces

    def _assemble(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(2)
        self.busy = QLabel()
        self.busy.setProperty("role", "small")
        bar.addWidget(self.busy)
        bar.addStretch(1)
        for icon, text, call in (
            ("minus", self.tr("Zoom out (−, or Ctrl and the wheel)"), self.view.zoom_out),
            ("plus", self.tr("Zoom in (+, or Ctrl and the wheel)"), self.view.zoom_in),
        ):
            bar.addWidget(self._button(icon, text, call))
        self.full = QToolButton()
        self.full.setToolTip(self.tr("Zoom to 100 % (1)"))
        self.full.setAccessibleName(self.tr("Zoom to 100 %"))
        self.full.setText("100 %")
        self.full.setMinimumWidth(self.full.fontMetrics().horizontalAdvance("100 %") + 14)
        self.full.clicked.connect(self.view.zoom_full)
        bar.insertWidget(bar.count() - 1, self.full)
        self.fit = self._button("fit-to-page-outline", self.tr("Show the whole network (0)"), self.view.fit)
        self.fold_all = self._button(
            "unfold-less-horizontal", self.tr("Fold or unfold all blocks"), self._fold_or_unfold_all
        )
        self.export = self._button("export-variant", self.tr("Save the diagram as a drawing or a picture"), None)
        menu = QMenu(self)
        menu.addAction(self.tr("Drawing (SVG)…")).triggered.connect(lambda: self.ask_save("svg"))
        menu.addAction(self.tr("Picture (PNG)…")).triggered.connect(lambda: self.ask_save("png"))
        give_menu(self.export, menu)
        for button in (self.fit, self.fold_all, self.export):
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(bar)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.message, 1, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        tree_view, view = self._tree_view, self.view
        self._late.timeout.connect(lambda: self._show_busy(self.tr("Laying out…")))
        self._soon.timeout.connect(self.refresh)
        tree_view.chosen_changed.connect(self._chosen_changed)
        tree_view.expanded.connect(self._fold_changed)
        tree_view.collapsed.connect(self._fold_changed)
        view.choice_wanted.connect(self._choose)
        view.fold_wanted.connect(self._fold)
        view.form_wanted.connect(self._open_form)
        view.menu_wanted.connect(self.menu_wanted)
        view.zoomed.connect(lambda scale: self.full.setText(f"{100 * scale:.0f} %"))
        self._context.document.opened.connect(view.forget)
        self._context.theme.changed.connect(self._refresh_theme)

    def _button(self, icon: str, text: str, call: Callable[[], object] | None) -> QToolButton:
        button = QToolButton()
        button.setToolTip(text)
        button.setAccessibleName(text)
        if call is not None:
            button.clicked.connect(lambda _checked=False: call())
        self._icons.append((button, icon))
        return button

    def _fold_or_unfold_all(self) -> None:
        view = self._tree_view
        containers = [each for each, node in self._nodes.items() if isinstance(node, CONTAINERS)]
        fold = not self._folded()
        for node_id in containers:
            view.setExpanded(view.network.index_of(node_id), not fold)

    def _show_busy(self, text: str) -> None:
        self.busy.setText(text)

    def _tell(self, message: str, severity: Severity) -> None:
        self._context.notice(message, severity)

    def _saved(self, path: Path, is_whole: bool) -> str:
        if is_whole:
            return self.tr("Saved as {0}.").format(path)
        return self.tr("Saved as {0}, made smaller because it is so long. As SVG it keeps every detail.").format(path)

    def _refresh_theme(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self._context.theme.icon(icon))
        self._show_texts()


def _lay_out(
    tree: ModelTree, folded: frozenset[str], before: Diagram | None, places: Placement
) -> tuple[Diagram, Placement] | GraphError:
    """The diagram of a tree and its places, the former ones where nothing has moved; or why there is none."""
    try:
        drawn = diagram(tree, folded)
    except GraphError as error:
        return error
    return (drawn, places if drawn == before else place(drawn))
