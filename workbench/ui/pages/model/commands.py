"""What can be done with the network, as edits of the document on the selected nodes."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from workbench.domain import clipboard, edits
from workbench.domain.catalogue import ClassEntry
from workbench.domain.first_network import first_network
from workbench.domain.freezing import frozen_layers, layers_in
from workbench.domain.project import Project
from workbench.domain.sealed import is_sealed
from workbench.domain.tree import (
    AnyNode,
    Block,
    Branches,
    Input,
    ModelTree,
    Repeat,
    Residual,
    Wrapper,
    children_of,
    find,
)
from workbench.domain.tree_tools import parents, topmost
from workbench.domain.weights import copy_files, files_of
from workbench.ui.background import in_background
from workbench.ui.context import Context
from workbench.ui.pages.model import moving
from workbench.ui.pages.model.mime import Drop, weights_folder, write_nodes

Place = tuple[str | None, int | None]


class Commands(QObject):
    """`chosen` gives the ids of the selected nodes. An edit that is impossible becomes a notice."""

    def __init__(self, context: Context, chosen: Callable[[], tuple[str, ...]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.chosen = chosen

    @property
    def tree(self) -> ModelTree:
        """The network as it is now."""
        return self._context.document.project.model

    def do(self, edit: edits.NamedEdit, session: int = 0) -> bool:
        """Do an edit; False when it was impossible. Edits of one merge key and session are undone as one."""
        key = f"{edit.merge_key}#{session}" if edit.merge_key and session else ""
        try:
            self._context.document.apply(edit.name, edit.apply, key)
        except ValueError as error:
            self._context.notice(str(error), "warning")
            return False
        return True

    def repair(self, name: str, edit: Callable[[Project], Project]) -> None:
        """Do a repair."""
        self.do(edits.NamedEdit(name, edit))

    def add(self, node: AnyNode) -> None:
        """Put a node behind the selection, into an empty block that is selected, or at the end; inputs to the top."""
        parent_id, index = (None, 0) if isinstance(node, Input) else self._place_behind_selection()
        self.do(edits.add_nodes((node,), parent_id, index))

    def add_first_network(self) -> None:
        """Lay a sensible network for the data."""
        info = self._context.data.info
        if info is not None:
            self.do(edits.set_model(first_network(info), self.tr("Add a first network")))

    def drop(self, drop: Drop, parent_id: str | None, index: int, nodes: tuple[AnyNode, ...]) -> None:
        """What was dropped at a place: nodes to move, or `nodes` to put in."""
        if drop.moving:
            self.do(edits.move(drop.moving, parent_id, index))
        elif drop.keys:
            self.do(edits.add_nodes(nodes, parent_id, index))
        else:
            self._with_weights(nodes, drop.folder, lambda: self.do(edits.paste(nodes, parent_id, index)))

    def cut(self) -> None:
        """Copy the selection and remove it."""
        chosen = self.chosen()
        if chosen:
            self.copy()
            name = self.tr("Cut layers") if len(chosen) > 1 else self.tr("Cut layer")
            self.do(edits.NamedEdit(name, edits.remove(chosen).apply))

    def copy(self) -> None:
        """Put the selection on the clipboard, as text that another window takes too."""
        chosen = self.chosen()
        if chosen:
            QGuiApplication.clipboard().setMimeData(write_nodes(self.tree, chosen, self._context.document.path))

    def paste(self) -> None:
        """Put the layers on the clipboard behind the selection: nodes of ours, or layers of Keras in Python."""
        data = QGuiApplication.clipboard().mimeData()
        text = data.text() if isinstance(data, QMimeData) else ""
        if not clipboard.is_nodes(text) and self._paste_python(text):
            return
        try:
            nodes = clipboard.read(text)
        except clipboard.ClipboardError as error:
            self._context.notice(str(error), "warning")
            return
        folder = weights_folder(data) if isinstance(data, QMimeData) else ""
        self._with_weights(nodes, folder, lambda: self.do(edits.paste(nodes, *self._place_behind_selection())))

    def _with_weights(self, nodes: tuple[AnyNode, ...], folder: str, then: Callable[[], object]) -> None:
        """Bring the weights that nodes start with from the project's folder that they come from, before they do. Where
        that is not to be had they come without, and the check of their start says so."""
        target = self._context.document.path
        files = files_of(ModelTree(nodes)) if folder and Path(folder) != target else ()
        if not files:
            then()
            return

        def is_here(_result: object) -> None:
            if self._context.document.path == target:
                then()

        def failed(error: Exception) -> None:
            self._context.notice(self.tr("The kept weights could not be copied. {0}").format(error), "warning")
            is_here(None)

        in_background(self, lambda: copy_files(Path(folder), target, files), is_here, failed)

    def _paste_python(self, text: str) -> bool:
        """Put layers of Keras in Python behind the selection; False where the text is nothing of that kind."""
        # Not at the top: the window would take longer to start.
        from workbench.ui.pages.model.python_paste import looks_like_python, python_paste

        if not looks_like_python(text):
            return False
        edit, told, severity = python_paste(text, *self._place_behind_selection())
        if edit is None or self.do(edit):
            self._context.notice(told, severity)
        return True

    def remove(self) -> None:
        """Remove the selection."""
        self.do(edits.remove(self.chosen()))

    def duplicate(self) -> None:
        """Copy the selection behind itself."""
        self.do(edits.duplicate(self.chosen()))

    def rename(self, node_id: str, name: str) -> None:
        """Give a node a name."""
        self.do(edits.rename(node_id, name))

    def toggle_enabled(self) -> None:
        """Disable what is selected, or enable it when all of it is disabled."""
        nodes = self._nodes()
        self.do(edits.set_enabled(self.chosen(), not any(node.enabled for node in nodes)))

    def toggle_frozen(self) -> None:
        """Freeze what is selected, or let it learn when all of it is frozen, also by what it stands in."""
        nodes = [node for node in self._nodes() if hasattr(node, "trainable") and not is_sealed(node)]
        inside = {layer.id for layer in layers_in(topmost(self.tree, self.chosen()))}
        learns = any(getattr(node, "trainable", False) for node in nodes)
        if inside:
            learns = not inside <= frozen_layers(self.tree)
        self.do(edits.set_trainable(self.chosen(), False) if learns else edits.unfreeze(self.chosen()))

    def freeze_up_to(self) -> None:
        """Freeze the selection and all that leads to it."""
        self.do(edits.freeze_up_to(self.chosen()))

    def start_afresh(self) -> None:
        """Forget the weights that are kept for what is selected."""
        self.do(edits.clear_start(self.chosen()))

    def toggle_output(self) -> None:
        """Make the selection outputs of the network, or outputs no longer."""
        self.do(edits.toggle_outputs(self.chosen()))

    def wrap(self) -> None:
        """Put the selection into a block."""
        self.do(edits.wrap_in_block(self.chosen()))

    def wrap_in_residual(self) -> None:
        """Put the selection into a residual block."""
        self.do(edits.wrap_in_residual(self.chosen()))

    def wrap_in_repeat(self) -> None:
        """Put the selection into a repetition."""
        self.do(edits.wrap_in_repeat(self.chosen()))

    def wrap_in_layer(self, class_name: str) -> None:
        """Put a wrapper of Keras around each selected layer."""
        self.do(edits.wrap_in_layer(self.chosen(), class_name))

    def replace(self, entry: ClassEntry) -> None:
        """Make the selected layers of another class."""
        self.do(edits.replace_class(self.chosen(), entry))

    def share(self) -> None:
        """Use the selected layers again with the same weights."""
        self.do(edits.share(self.chosen()))

    def unroll(self) -> None:
        """Put every round of the selected repetitions in their place."""
        self.do(edits.unroll(self.chosen()))

    def detach(self) -> None:
        """Make the selected uses of reusable blocks blocks of their own."""
        self.do(edits.detach(self.chosen()))

    def unwrap(self) -> None:
        """Put what is in the selected blocks in their place."""
        self.do(edits.unwrap(self.chosen()))

    def move(self, steps: int) -> None:
        """Move the selection up (-1) or down (1) among its siblings, and out of its block at the end of it."""
        self._move_to(moving.beside(self.tree, self.chosen(), steps))

    def move_in(self) -> None:
        """Move the selection into the block beside it."""
        spot = moving.inside(self.tree, self.chosen())
        if spot is None and self.chosen():
            self._context.notice(self.tr("There is no block right above or below to move into."), "info")
        self._move_to(spot)

    def move_out(self) -> None:
        """Move the selection out of its block, behind it."""
        self._move_to(moving.outside(self.tree, self.chosen()))

    def _move_to(self, spot: moving.Spot | None) -> None:
        if spot is not None:
            self.do(edits.move(self.chosen(), *spot))

    def _nodes(self) -> list[AnyNode]:
        return [find(self.tree, node_id) for node_id in self.chosen()]

    def _place_behind_selection(self) -> Place:
        chosen = self.chosen()
        if not chosen:
            return None, None
        node = find(self.tree, chosen[-1])
        if isinstance(node, Block | Repeat | Residual) and not node.children:
            return node.id, 0
        parent_of = parents(self.tree)
        parent = parent_of[node.id]
        while isinstance(parent, Wrapper | Branches):
            node, parent = parent, parent_of[parent.id]
        siblings = children_of(parent) if parent else self.tree.nodes
        return parent.id if parent else None, [each.id for each in siblings].index(node.id) + 1
