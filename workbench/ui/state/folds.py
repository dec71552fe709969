"""Goes on with the next fold when the run on another one has ended."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from workbench.domain.folds import next_fold, series_of, with_fold
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.protocol.events import RunEnded
from workbench.ui.background import in_background
from workbench.ui.document import Document
from workbench.ui.state.run import RunState

GOES_ON = ("completed", "early_stopping", "diverged")


@dataclass(frozen=True)
class _Found:
    """The runs of a series so far, and the project on the fold that is to be trained next, None behind the last."""

    runs: list[RunRecord]
    project: Project | None


class FoldSeries(QObject):
    """What is left of a series stands in the folder of its runs, so that one goes on behind a resumed run as well.
    `ended(records)` follows the last fold; a run that was stopped or failed ends its series without it."""

    ended = Signal(object)

    def __init__(self, document: Document, run: RunState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._run = run
        run.ended.connect(self._run_ended)

    def goes_on(self, event: RunEnded) -> bool:
        """Whether the run that ended is one of a series, which its end does not stop."""
        record = self._run.record
        return record is not None and bool(record.series) and event.reason in GOES_ON

    def _run_ended(self, event: RunEnded) -> None:
        if not self.goes_on(event):
            return
        folder = ProjectFolder(self._run.folder)
        in_background(self, lambda: _look(folder, event.run), lambda found: self._go_on(folder, found))

    def _go_on(self, folder: ProjectFolder, found: _Found) -> None:
        if folder.path != self._document.path or self._run.busy:
            return
        if found.project is None:
            self.ended.emit(found.runs)
        else:
            self._run.train_fold(found.project, found.runs[0].series)


def _look(folder: ProjectFolder, run: str) -> _Found:
    record, records = folder.read_run(run), folder.list_runs()
    fold = next_fold(records, record)
    project = None if fold is None else with_fold(folder.project_of_run(run), fold)
    return _Found(series_of(records, record.series), project)
