"""Asks which wrapper goes around layers, at the place where they stand."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QTreeView

from workbench.domain.catalogue import load_catalogue
from workbench.domain.edits import wrappers_for
from workbench.domain.tree import AnyNode

NAME = "wrappers"


def ask_wrapper(view: QTreeView, nodes: Sequence[AnyNode], then: Callable[[str], None]) -> None:
    """A menu of the wrappers that go around all of the layers; `then` gets the name of the chosen one."""
    menu = QMenu(view)
    menu.setObjectName(NAME)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(QCoreApplication.translate("Wrappers", "Wrappers"))
    menu.setToolTipsVisible(True)
    for name in wrappers_for(nodes):
        action = menu.addAction(name, partial(then, name))
        action.setToolTip(load_catalogue().entry("layers", name).summary)
    below = view.visualRect(view.currentIndex()).bottomLeft()
    menu.popup(view.viewport().mapToGlobal(below))
    if menu.actions():
        menu.setActiveAction(menu.actions()[0])
