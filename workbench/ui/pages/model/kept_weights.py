"""Weights that are kept in the project's folder and that no layer needs any more."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from workbench.domain import clipboard
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.unused_weights import KeptFiles, from_trash, look_through, to_trash
from workbench.domain.weights import NAME, files_of
from workbench.ui.background import in_background
from workbench.ui.context import Context
from workbench.ui.pages.model.sizes import bytes_text
from workbench.ui.widgets.counts import files

T = TypeVar("T")


class KeptWeights(QObject):
    """Tells what is unused, moves it to the project's trash when the person wants it, and back. What an undo, a run or
    the clipboard needs stays."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def look_through(self) -> None:
        """Say how much is unused, with a button that removes it."""
        folder, held = self._context.document.folder, self._held()
        self._do(lambda: look_through(folder, *_named(*held)), self._tell)

    def remove(self) -> None:
        """Move to the trash what is unused now, which may be less than was told."""
        folder, held = self._context.document.folder, self._held()

        def work() -> dict[str, int]:
            unused = look_through(folder, *_named(*held)).unused
            to_trash(folder, unused)
            return unused

        def done(moved: dict[str, int]) -> None:
            told = self.tr(
                "Moved into the project's folder “trash/weights”: {0}. Delete that folder to free the space, or move "
                "the files back into the folder “weights” should anything need them."
            ).format(_sized(moved))
            self._context.notice(told, "good", self.tr("Undo"), lambda: self._restore(folder, moved))

        self._do(work, done)

    def _restore(self, folder: ProjectFolder, moved: dict[str, int]) -> None:
        def done(_result: None) -> None:
            self._context.notice(self.tr("The weights are back."), "good")

        self._do(lambda: from_trash(folder, moved), done)

    def _tell(self, kept: KeptFiles) -> None:
        notes = [self._unused(kept)]
        if kept.for_undo:
            text = self.tr("Needed only by an undo or by copied layers, until the project is opened anew: {0}.")
            notes.append(text.format(_sized(kept.for_undo)))
        if kept.for_runs:
            text = self.tr("Needed only by runs, or by runs in the trash: {0}.")
            notes.append(text.format(_sized(kept.for_runs)))
        if kept.unused:
            self._context.notice(" ".join(notes), "warning", self.tr("Move to the trash"), self.remove)
        else:
            self._context.notice(" ".join(notes), "info")

    def _unused(self, kept: KeptFiles) -> str:
        if not kept.all:
            return self.tr("This project keeps no weights for layers to start with, so there is nothing to remove.")
        if not kept.unused:
            return self.tr("All kept weights are needed: {0}.").format(_sized(kept.all))
        return self.tr("Kept weights that nothing needs any more: {0}.").format(_sized(kept.unused))

    def _held(self) -> tuple[tuple[Project, ...], str]:
        """What nobody but the window knows of: the document with its undo and redo, and the text on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        return self._context.document.history(), data.text() if isinstance(data, QMimeData) else ""

    def _do(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        in_background(self, work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._context.notice(str(error), "bad")


def _sized(found: dict[str, int]) -> str:
    """ "3 files with 45 MB"."""
    text = QCoreApplication.translate("KeptWeights", "{0} with {1}")
    return text.format(files(len(found)), bytes_text(sum(found.values())))


def _named(history: Sequence[Project], text: str) -> tuple[set[str], set[str]]:
    """The files of weights that layers start with now; and in any state of the project and on the clipboard."""
    trees = {id(project.model): project.model for project in history}
    copied = NAME.findall(text) if clipboard.is_nodes(text) else ()
    return set(files_of(history[0].model)), {*copied, *(file for tree in trees.values() for file in files_of(tree))}
