"""Asks which class takes the place of that of layers: those of the same group first, the others by their groups."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QTreeView, QWidget

from workbench.domain.catalogue import Catalogue, ClassEntry
from workbench.domain.tree import AnyNode
from workbench.ui.pages.model.palette_entries import NO_LAYERS_OF_THEIR_OWN
from workbench.ui.pages.model.rows import class_icon
from workbench.ui.theme import Theme
from workbench.ui.widgets.tool_tip import tool_tip

NAME = "classes"


def ask_class(
    view: QTreeView, nodes: Sequence[AnyNode], catalogue: Catalogue, theme: Theme, then: Callable[[ClassEntry], None]
) -> None:
    """A menu at the selected layers; `then` gets the class that was chosen."""
    menu = class_menu(nodes, catalogue, theme, then, view)
    menu.popup(view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).bottomLeft()))
    menu.setActiveAction(menu.actions()[0])


def class_menu(
    nodes: Sequence[AnyNode],
    catalogue: Catalogue,
    theme: Theme,
    then: Callable[[ClassEntry], None],
    parent: QWidget | None = None,
) -> QMenu:
    """The classes that could take the place of those of some layers."""
    menu = QMenu(parent)
    menu.setObjectName(NAME)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(QCoreApplication.translate("Replacing", "Classes"))
    present = {getattr(node, "class_name", "") for node in nodes}
    groups: dict[str, list[ClassEntry]] = {}
    for entry in catalogue.of("layers"):
        if not entry.wraps and entry.group not in NO_LAYERS_OF_THEIR_OWN:
            groups.setdefault(entry.group, []).append(entry)
    own = [group for group, entries in groups.items() if present & {entry.name for entry in entries}]
    for group in own:
        _fill(menu, [entry for entry in groups.pop(group) if present != {entry.name}], theme, then)
        menu.addSeparator()
    for group, entries in groups.items():
        _fill(menu.addMenu(group), entries, theme, then)
    return menu


def _fill(menu: QMenu, entries: Sequence[ClassEntry], theme: Theme, then: Callable[[ClassEntry], None]) -> None:
    menu.setToolTipsVisible(True)
    for entry in entries:
        action = menu.addAction(theme.icon(class_icon(entry)), entry.name, partial(then, entry))
        action.setToolTip(tool_tip(entry.summary))
