"""What can be done with runs. Each is an operation off the window's thread or a command to the engine, and says how
it went."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from workbench.domain import project_file, weights
from workbench.domain.difference import Difference, differences
from workbench.domain.edits import set_training
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import UNROLL, Cancel, Evaluate, Export, ExportKind, Quantization
from workbench.protocol.events import Answer, AnyEvent, Evaluated, Exported, Failed, Progress
from workbench.ui.background import in_background
from workbench.ui.context import Context

PROJECT_FILE = "project.json"


class RunActions(QObject):
    """`changed` says that the list of runs is another one now; `evaluated(run, metrics)` brings the test's numbers,
    none where that failed. `exporting(text, fraction)` tells what an export does, `exported` that none is under way."""

    changed = Signal()
    evaluated = Signal(str, object)
    exporting = Signal(str, object)
    exported = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._exports: dict[int, Callable[[], None]] = {}  # what asks for each again, with its steps laid out

    def rename(self, run: str, name: str) -> None:
        """Give a run another name."""
        folder = self._folder
        self._do(lambda: folder.rename_run(run, name), lambda _record: self.changed.emit())

    def delete(self, records: list[RunRecord]) -> None:
        """Move runs to the trash; the notice has the way back."""
        folder, runs = self._folder, [record.id for record in records]
        shown = self._context.run.run
        if self._context.run.busy and shown in runs:
            self._context.notice(self.tr("This run is still training. Stop it before it is deleted."), "warning")
            return

        def delete() -> None:
            for run in runs:
                folder.delete_run(run)

        def done(_result: None) -> None:
            one, many = self.tr("{0} was deleted.").format(records[0].name), self.tr("{0} runs were deleted.")
            text = one if len(records) == 1 else many.format(len(records))
            self._context.notice(text, "info", self.tr("Undo"), partial(self._restore, folder, runs))
            self.changed.emit()

        self._do(delete, done)

    def resume(self, run: str) -> None:
        """Go on with a run where it was left."""
        if self._context.run.busy:
            self._context.notice(self.tr("A training is under way already. Stop it first."), "warning")
            return
        self._context.run.train(run)
        self._context.page_wanted.emit("train")

    def use_hyperparameters(self, record: RunRecord) -> None:
        """Set the document's hyperparameters to those of a run, as one edit."""

        def use(project: Project) -> None:
            training = project.training
            edit = set_training(**{name: getattr(training, name) for name in training.__struct_fields__})
            title = self.tr("Use hyperparameters of {0}").format(record.name)
            self._context.document.apply(title, edit)
            self._context.notice(self.tr("The hyperparameters of {0} are set.").format(record.name), "good")

        self._read_project(record.id, use)

    def open_as_project(self, record: RunRecord, path: Path) -> None:
        """Make a new project of what a run was trained with, with the weights that its layers start with, and open
        it."""

        folder = self._folder

        def create(project: Project) -> None:
            def work() -> None:
                made = ProjectFolder.create(path, project)
                weights.copy_files(folder.path, made.path, weights.files_of(project.model))

            self._do(work, lambda _result: self._context.project_wanted.emit(path))

        self._read_project(record.id, create)

    def compare(self, records: list[RunRecord], then: Callable[[str, str, tuple[Difference, ...]], None]) -> None:
        """What differs between two runs, the older first, or between a run and the project as it is now: `then` gets
        the names of both and the differences."""
        folder, now = self._folder, self._context.document.project
        older, *rest = sorted(records, key=lambda record: record.started)
        other = rest[0] if rest else None

        def read() -> tuple[Difference, ...]:
            return differences(folder.project_of_run(older.id), folder.project_of_run(other.id) if other else now)

        self._do(read, lambda found: then(older.name, other.name if other else self.tr("the project now"), found))

    def evaluate(self, record: RunRecord) -> None:
        """Loss and metrics on the test part."""
        folder = str(self._folder.path)
        self._context.client.ask(
            lambda ticket: Evaluate(ticket, folder, record.id, "test"), partial(self._tested, record)
        )

    def export(
        self,
        record: RunRecord,
        kind: ExportKind,
        path: Path,
        with_preparation: bool = False,
        quantization: Quantization = "none",
        unroll: bool = False,
        *,
        agreed: bool = True,
    ) -> None:
        """Write the model of a run, for raw data with its preparation inside. `agreed`: the person has agreed to
        overwrite a file that is there."""
        folder, overwrite, laid_out = str(self._folder.path), agreed and path.is_file(), unroll and kind == "litert"

        def with_steps_laid_out() -> None:
            self.export(record, kind, path, with_preparation, quantization, True, agreed=agreed)

        ticket = self._context.client.ask(
            lambda ticket: Export(
                ticket, folder, record.id, str(path), kind, overwrite, with_preparation, quantization, laid_out
            ),
            self._answered,
        )
        self._exports[ticket] = with_steps_laid_out
        self.exporting.emit(self.tr("Exporting {0}").format(path.name), None)

    def cancel_export(self) -> None:
        """Give up what is being exported."""
        for ticket in self._exports:
            self._context.client.send(Cancel(ticket))

    def show_folder(self, record: RunRecord) -> None:
        """Open the run's folder in the system's file manager."""
        self._show(self._folder.run_folder(record.id))

    @property
    def _folder(self) -> ProjectFolder:
        return self._context.document.folder

    def _restore(self, folder: ProjectFolder, runs: list[str]) -> None:
        def restore() -> None:
            for run in runs:
                folder.restore_run(run)

        self._do(restore, lambda _result: self.changed.emit())

    def _read_project(self, run: str, then: Callable[[Project], None]) -> None:
        path = self._folder.run_folder(run) / PROJECT_FILE
        self._do(lambda: project_file.read(path), then)

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        in_background(self, work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._context.notice(str(error), "bad")
        self.changed.emit()

    def _tested(self, record: RunRecord, event: AnyEvent) -> None:
        match event:
            case Evaluated(metrics=metrics):
                self.evaluated.emit(record.id, metrics)
            case Failed(message=message):
                self._context.notice(message, "bad")
                self.evaluated.emit(record.id, {})
            case _:
                pass

    def _show(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._context.notice(self.tr("It is in {0}.").format(path), "info")

    def _answered(self, event: AnyEvent) -> None:
        if isinstance(event, Progress):
            self.exporting.emit(self.tr("Exporting: {0}").format(event.text), event.fraction)
            return
        again = self._exports.pop(event.ticket, None) if isinstance(event, Answer) else None
        if not self._exports:
            self.exported.emit()
        match event:
            case Exported(path=path, notes=notes):
                text = " ".join([self.tr("The model was exported to {0}.").format(path), *notes])
                self._context.notice(text, "good", self.tr("Show folder"), lambda: self._show(Path(path).parent))
            case Failed(cancelled=True):
                self._context.notice(self.tr("The export was given up. Nothing was written."))
            case Failed(message=message, detail=detail) if detail == UNROLL:
                self._context.notice(message, "bad", self.tr("Lay the steps out"), again)
            case Failed(message=message):
                self._context.notice(message, "bad")
            case _:
                pass
