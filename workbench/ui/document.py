"""The open project with its undo stack and its folder. Views listen to `changed` and compare parts by identity."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from workbench.domain.project import Project
from workbench.domain.reusable import in_step
from workbench.domain.store import ProjectFolder

Edit = Callable[[Project], Project]
AUTOSAVE_MS = 800


class _Change(QUndoCommand):
    """One edit, as the project before and after it. Changes with the same merge key become one."""

    def __init__(self, document: "Document", name: str, after: Project, merge_key: str) -> None:
        super().__init__(name)
        self._document = document
        self._before = document.project
        self._after = after
        self._merge_key = merge_key

    def id(self) -> int:
        return hash(self._merge_key) & 0x7FFFFFFF if self._merge_key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        self._document._show(self._after)

    def undo(self) -> None:
        self._document._show(self._before)


class Document(QObject):
    """One project in a folder. `changed(before, after)` follows every edit, undo, redo and opening.

    `failed(message)` says that the folder could not be written; the project in memory stays as it is.
    """

    changed = Signal(object, object)
    opened = Signal()
    saved = Signal()
    failed = Signal(str)

    def __init__(self, folder: ProjectFolder, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.project = project
        self.undo_stack = QUndoStack(self)
        self.is_temporary = False
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self.autosave)

    def apply(self, name: str, edit: Edit, merge_key: str = "") -> None:
        """Do an edit, so that it can be undone under this name. An edit that changes nothing leaves no trace.

        Raises what the edit raises (ValueError with a sentence for a person).
        """
        after = edit(self.project)
        model = in_step(self.project.model, after.model)
        if model is not after.model:
            after = msgspec.structs.replace(after, model=model)
        if after is not self.project and after != self.project:
            self.undo_stack.push(_Change(self, name, after, merge_key))

    def replace(self, folder: ProjectFolder, project: Project, *, temporary: bool = False, clean: bool = True) -> None:
        """Open another project in the place of this one. `clean` False: it differs from the file (after recovery)."""
        self._autosave.stop()
        before, self.project = self.project, project
        self.folder = folder
        self.is_temporary = temporary
        self.undo_stack.clear()
        if not clean:
            self.undo_stack.resetClean()
        self.opened.emit()
        self.changed.emit(before, project)

    def save(self) -> bool:
        """Write the project file; False when that failed (`failed` says why)."""
        self._autosave.stop()
        try:
            self.folder.save(self.project)
        except OSError as error:
            self.failed.emit(self.tr("The project could not be saved: {0}").format(error.strerror or error))
            return False
        self.undo_stack.setClean()
        self.saved.emit()
        return True

    def keep_aside(self, change: Callable[[], object]) -> bool:
        """Change what this machine keeps beside the project, such as what is allowed; False, and told, where that
        cannot be written."""
        try:
            change()
        except OSError as error:
            self.failed.emit(self.tr("That could not be kept: {0}").format(error.strerror or error))
            return False
        return True

    def autosave(self) -> None:
        """Keep the unsaved state beside the project file, for a recovery after a crash."""
        try:
            self.folder.autosave(self.project)
        except OSError as error:
            self.failed.emit(self.tr("The project could not be kept safe: {0}").format(error.strerror or error))

    def history(self) -> tuple[Project, ...]:
        """The project as it is, and as each undo and redo would make it."""
        commands = (self.undo_stack.command(number) for number in range(self.undo_stack.count()))
        changes = [command for command in commands if isinstance(command, _Change)]
        return (self.project, *(project for change in changes for project in (change._before, change._after)))

    @property
    def path(self) -> Path:
        """The project's folder."""
        return self.folder.path

    def _show(self, project: Project) -> None:
        before, self.project = self.project, project
        self._autosave.start()
        self.changed.emit(before, project)
