"""The pages of the window, one package each; a package in this folder with a `PAGE` is a page.

A page imports its widgets only when it is made: plots and numpy take longer to import than the first paint may.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from workbench.ui.context import Context


@runtime_checkable
class WithMenu(Protocol):
    """A page that has a menu of its own, beside what it adds to the Edit menu."""

    def menu_actions(self) -> list[QAction]:
        """What the menu shows."""


@dataclass(frozen=True)
class PageEntry:
    """A page: its name, what the rail shows, its place there, and how it is made. `title` is called to translate it."""

    name: str
    title: Callable[[], str]
    icon: str
    order: int
    make: Callable[[Context], QWidget]


def load_pages() -> list[PageEntry]:
    """All pages in the order of the rail."""
    pages = [
        importlib.import_module(f"{__name__}.{module.name}").PAGE
        for module in pkgutil.iter_modules(__path__)
        if module.ispkg
    ]
    return sorted(pages, key=lambda page: page.order)
