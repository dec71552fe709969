"""The network's numbers while it is edited: shapes, parameter counts, problems."""

import time

from PySide6.QtCore import QObject, Signal

from workbench.domain.checks import find_problems
from workbench.domain.machine import memory_bytes
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.summary import ModelSummary
from workbench.protocol.commands import Describe
from workbench.protocol.events import AnyEvent, Described, Failed
from workbench.ui.client import EngineLink
from workbench.ui.document import Document
from workbench.ui.state.data import DataState


class ModelState(QObject):
    """Asks the engine to describe the network after every edit; at most one question is under way, the newest next.

    `summary` None: not known yet. `described` is the project that `summary` belongs to; `seconds` how long the last
    answer took; `error` says in a sentence why there was none. `changed` follows every new summary or list of problems.
    """

    changed = Signal()

    def __init__(self, document: Document, client: EngineLink, data: DataState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.summary: ModelSummary | None = None
        self.described: Project | None = None
        self.problems: tuple[Problem, ...] = ()
        self.seconds = 0.0
        self.error = ""
        self._document = document
        self._client = client
        self._data = data
        self._under_way = False
        self._again = False
        document.opened.connect(self._forget)
        document.changed.connect(self._document_changed)
        data.info_changed.connect(self.describe)
        client.state_changed.connect(self._link_changed)

    def describe(self) -> None:
        """Ask for the numbers of the network as it is now."""
        info = self._data.info
        if info is None or self._client.state == "dead":
            self._find_problems()
            return
        if self._under_way:
            self._again = True
            return
        project = self._document.project
        folder = str(self._document.path)
        started = time.perf_counter()
        self._under_way = True
        self._client.ask(
            lambda ticket: Describe(ticket, project, info, folder),
            lambda event: self._answered(project, started, event),
        )

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop training."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def _document_changed(self, before: Project, after: Project) -> None:
        if any(getattr(before, part) is not getattr(after, part) for part in ("model", "training", "parts")):
            self.describe()

    def _link_changed(self, state: str) -> None:
        if state == "ready" and self.described is not self._document.project:
            self.describe()

    def _forget(self) -> None:
        """Another project was opened: what is known belongs to the one before."""
        self.summary = self.described = None
        self.problems = ()

    def _answered(self, project: Project, started: float, event: AnyEvent) -> None:
        self._under_way = False
        self.error = event.message if isinstance(event, Failed) and not event.cancelled else ""
        if isinstance(event, Described):
            self.summary = event.summary
            self.described = project
            self.seconds = time.perf_counter() - started
        if self._again:
            # The shapes may be shown already; the problems wait for the newest answer, so that none flickers.
            self._again = False
            self.describe()
            self.changed.emit()
        else:
            self._find_problems()

    def _find_problems(self) -> None:
        summary = self.summary if self.described is self._document.project else None
        self.problems = find_problems(self._document.project, self._data.info, summary, memory_bytes())
        self.changed.emit()
