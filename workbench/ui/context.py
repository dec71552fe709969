"""What every page is given: the document, the engine, and the states that follow from them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal

from workbench.domain.catalogue import Catalogue
from workbench.ui.catalogue import with_parts
from workbench.ui.client import EngineLink
from workbench.ui.document import Document
from workbench.ui.settings import Settings
from workbench.ui.state.data import DataState
from workbench.ui.state.folds import FoldSeries
from workbench.ui.state.model import ModelState
from workbench.ui.state.parts import PartsState
from workbench.ui.state.run import RunState
from workbench.ui.theme import Theme

Severity: TypeAlias = Literal["info", "good", "warning", "bad"]


@dataclass(frozen=True)
class Notice:
    """Something told without asking; `action` is what its button, named `action_text`, does. One of the program, such
    as that its engine ended, is true of all projects."""

    message: str
    severity: Severity = "info"
    action_text: str = ""
    action: Callable[[], None] | None = None
    of_program: bool = False


class Context(QObject):
    """Made once by the window and handed down.

    `page_wanted(name)` asks for a page; `node_wanted(id)` for a node of the tree to be shown; `problem_wanted(problem)`
    for the place on the Model page where it is mended; `run_wanted(id)` for a run to be opened in the viewer;
    `project_wanted(path)` for the project in a folder to be opened; `noticed` carries a `Notice`, `withdrawn` one that
    no longer holds.
    """

    page_wanted = Signal(str)
    problem_wanted = Signal(object)
    node_wanted = Signal(str)
    run_wanted = Signal(str)
    project_wanted = Signal(Path)
    noticed = Signal(object)
    withdrawn = Signal(object)

    def __init__(
        self,
        document: Document,
        client: EngineLink,
        catalogue: Catalogue,
        settings: Settings,
        theme: Theme,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.client = client
        self.catalogue: Catalogue = with_parts(catalogue, lambda: document.project.parts)
        self.settings = settings
        self.theme = theme
        self.data = DataState(document, client, self)
        self.model = ModelState(document, client, self.data, self)
        self.parts = PartsState(document, client, self.model, self)
        self.run = RunState(document, client, self)
        self.run.status_changed.connect(self.parts.keep_text)
        self.folds = FoldSeries(document, self.run, self)

    def notice(
        self,
        message: str,
        severity: Severity = "info",
        action_text: str = "",
        action: Callable[[], None] | None = None,
        *,
        of_program: bool = False,
    ) -> Notice:
        """Tell the person something at the foot of the window, with at most one button; gives what can be withdrawn."""
        notice = Notice(message, severity, action_text, action, of_program)
        self.noticed.emit(notice)
        return notice
