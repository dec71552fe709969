"""Opening, saving and closing: projects, models and data, asked for by menu, drop or command line."""

import logging
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.domain import trust
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_data, use_data
from workbench.domain.places import unsaved_folder
from workbench.domain.project import Project
from workbench.domain.samples import SampleEntry, first_network, samples
from workbench.domain.store import (
    ProjectFolder,
    StoreError,
    default_projects_folder,
    new_working_folder,
    unsaved_projects,
)
from workbench.protocol.commands import ImportModel, InspectFile, LoadData
from workbench.protocol.events import AnyEvent, DataLoaded, Failed, FileInspected, ModelImported
from workbench.ui.context import Context
from workbench.ui.model_files import MODEL_SUFFIXES, SAVED_MODEL, SCRIPT_SUFFIX, holds_model
from workbench.ui.settings import LAST_PROJECT, PAGE, RECENT

log = logging.getLogger(__name__)
RECENT_COUNT = 12
UNSAVED_COUNT = 6
PROJECT_FILE = "project.json"


class Files(QObject):
    """Moves projects between the window and the disk. Tells failures as notices; never loses the open project."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._document = context.document
        self._window: QWidget | None = None

    def begin(self, window: QWidget, project: str | None, sample: str | None, data: str | None) -> None:
        """Open what the command line names, else what was open last, else show the welcome."""
        self._window = window
        settings = self._context.settings
        if sample is not None:
            entry = next(entry for entry in samples() if entry.id == sample)
            if not self._open_last_of(entry):
                self.open_sample(entry)
        elif project is not None:
            self.open(Path(project))
        elif data is not None:
            self._context.page_wanted.emit("welcome")
            self.open_data(Path(data), fresh=True)
        else:
            last = settings.get(LAST_PROJECT)
            page = settings.get(PAGE)
            if last and (Path(last) / PROJECT_FILE).exists() and self.open(Path(last)):
                self._context.page_wanted.emit(page or "model")
            else:
                self._context.page_wanted.emit("welcome")

    def open_sample(self, entry: SampleEntry) -> None:
        """A new project from a sample."""
        self._new(entry.project, entry)

    def open_any(self, path: Path, *, fresh: bool = False) -> None:
        """Open whatever the path is: a project, a model, or data (see `open_data`)."""
        if (path / PROJECT_FILE).is_file() or path.name == PROJECT_FILE:
            self.open(path)
        elif holds_model(path):
            self.open_model(path)
        else:
            self.open_data(path, fresh=fresh)

    def open(self, path: Path) -> bool:
        """Open a project folder (or its project.json). False when that could not be; a notice says why."""
        folder = ProjectFolder(path.parent if path.name == PROJECT_FILE else path)
        try:
            project = folder.load()
            folder.lock()
            recovered = folder.recovery()
        except (StoreError, OSError) as error:
            self._context.notice(str(error), "bad")
            return False
        self._leave()
        temporary = _is_unsaved(folder.path)
        self._document.replace(folder, recovered or project, temporary=temporary, clean=recovered is None)
        self._remember(folder.path)
        if recovered is not None and not temporary:
            self._context.notice(
                self.tr("Changes that were not saved last time are back."),
                "info",
                self.tr("Discard them"),
                lambda: self._discard_recovery(folder, project),
            )
        return True

    def open_data(self, path: Path, *, fresh: bool = False) -> None:
        """Use a person's own file or folder: in the open project, or `fresh` in a new one with a first network."""
        self._context.client.ask(
            lambda ticket: InspectFile(ticket, str(path)), lambda event: self._inspected(event, fresh)
        )

    def open_model(self, path: Path) -> None:
        """Open the file of a model, a SavedModel (folder or ZIP), or the network of a script, as a new project."""
        if path.suffix.lower() == SCRIPT_SUFFIX:
            self._open_script(path)
            return
        folder = str(new_working_folder())
        self._context.client.ask(lambda ticket: ImportModel(ticket, str(path), folder), self._imported)

    def save(self, parent: QWidget) -> None:
        """Save in its folder; a project without one is asked for a place."""
        if self._document.is_temporary:
            self.ask_save_as(parent)
        elif self._document.save():
            self._context.notice(self.tr("Saved in {0}.").format(self._document.path), "good")

    def save_as(self, path: Path) -> bool:
        """Save the project with its runs in another folder. An existing folder with something in it is refused."""
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            self._context.notice(self.tr("{0} is not empty. Choose another name.").format(path), "bad")
            return False
        old, project = self._document.folder, self._named(path)
        try:
            folder = old.copy_to(path, project)
            folder.lock()
            trust.follow(old.path, folder.path)
        except (StoreError, OSError) as error:
            self._context.notice(self.tr("The project could not be saved: {0}").format(error), "bad")
            return False
        old.unlock()
        if self._document.is_temporary:
            old.remove()
        self._document.replace(folder, project)
        self._remember(folder.path)
        self._context.notice(self.tr("Saved in {0}.").format(path), "good")
        return True

    def close(self) -> None:
        """Before the window closes: keep everything so that it comes back as it was."""
        self._keep()

    def recent(self) -> list[Path]:
        """Projects that were saved or opened, the newest first, as far as they still exist."""
        return [Path(path) for path in self._context.settings.get(RECENT) if (Path(path) / PROJECT_FILE).is_file()]

    def unsaved(self) -> list[tuple[str, Path]]:
        """Name and folder of the newest projects without a place of their own, but for the one that is open."""
        found = []
        for folder in unsaved_projects()[:UNSAVED_COUNT]:
            if folder.path != self._document.path:
                try:
                    found.append((folder.load().name, folder.path))
                except StoreError:
                    log.warning("%s cannot be read", folder.path, exc_info=True)
        return found

    def ask_open(self, parent: QWidget) -> None:
        """Ask for a project folder and open it."""
        dialog = self._dialog(parent, self.tr("Open project"), default_projects_folder(), folder=True)
        dialog.fileSelected.connect(lambda path: self.open(Path(path)))
        dialog.open()

    def ask_open_model(self, parent: QWidget) -> None:
        """Ask for the file of a model and open it."""
        dialog = self._dialog(parent, self.tr("Open model"), Path.home())
        endings = " ".join((*(f"*{suffix}" for suffix in (*MODEL_SUFFIXES, SCRIPT_SUFFIX, ".zip")), SAVED_MODEL))
        dialog.setNameFilter(self.tr("Keras models and scripts ({0})").format(endings))
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)  # there are more endings than room for them
        dialog.fileSelected.connect(lambda path: self.open_model(Path(path)))
        dialog.open()

    def ask_open_data(self, parent: QWidget, *, fresh: bool = False) -> None:
        """Ask for a data file and open it (see `open_data`)."""
        dialog = self._dialog(parent, self.tr("Open data file"), Path.home())
        endings = dict.fromkeys(suffix for entry in self._context.catalogue.sources for suffix in entry.suffixes)
        kinds = self.tr("Data ({0})").format(" ".join(f"*{suffix}" for suffix in endings))
        dialog.setNameFilters([kinds, self.tr("All files (*)")])
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.fileSelected.connect(lambda path: self.open_data(Path(path), fresh=fresh))
        dialog.open()

    def ask_open_pictures(self, parent: QWidget, *, fresh: bool = False) -> None:
        """Ask for a folder of pictures and open it (see `open_data`)."""
        dialog = self._dialog(parent, self.tr("Open folder of pictures or texts"), Path.home(), folder=True)
        dialog.fileSelected.connect(lambda path: self.open_data(Path(path), fresh=fresh))
        dialog.open()

    def ask_save_as(self, parent: QWidget) -> None:
        """Ask for a new folder and save there."""
        start = default_projects_folder()
        start.mkdir(parents=True, exist_ok=True)
        dialog = self._dialog(parent, self.tr("Save project as a folder"), start)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # `save_as` never overwrites
        dialog.setLabelText(QFileDialog.DialogLabel.FileName, self.tr("Name of the new folder:"))
        dialog.selectFile(self._document.project.name.replace("/", "-"))
        dialog.fileSelected.connect(lambda path: self.save_as(Path(path)))
        dialog.open()

    @staticmethod
    def _dialog(parent: QWidget, title: str, start: Path, *, folder: bool = False) -> QFileDialog:
        """A file dialog that does not stop the program while it is open. It starts in the folder, or in the nearest one
        around it that is there: Qt would take the name of another one for what is chosen."""
        there = next((place for place in (start, *start.parents) if place.is_dir()), start)
        dialog = QFileDialog(parent, title, str(there))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        if folder:
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return dialog

    def _open_script(self, path: Path) -> None:
        """The network of a script, which is read and never run, as a new project."""
        # Not at the top: the window would take longer to start.
        from workbench.domain.reading.script_file import ScriptFileError, project_of_script, read_script_file
        from workbench.ui.reading import told_of

        try:
            script = read_script_file(path)
            project = project_of_script(script, path.stem)
        except ScriptFileError as error:
            self._context.notice(str(error), "bad")
            return
        self._new(project)
        self._context.page_wanted.emit("model")
        self._context.notice(told_of(script), "warning" if script.unread else "good")

    def _new(self, project: Project, entry: SampleEntry | None = None) -> None:
        try:
            folder = ProjectFolder.create(new_working_folder(), project)
            if entry is not None:
                entry.unpack(folder.path)
            folder.lock()
        except (StoreError, OSError) as error:
            self._context.notice(self.tr("A new project could not be made: {0}").format(error), "bad")
            return
        self._leave()
        self._document.replace(folder, project, temporary=True)
        self._remember(folder.path)

    def _inspected(self, event: AnyEvent, fresh: bool) -> None:
        match event:
            case FileInspected(source=source, suggested_target=target, path=path):
                spec = DatasetSpec(source, target=target)
                if fresh:
                    self._load_for_new(spec, Path(path).stem)
                else:
                    awaited = self._awaited(source)
                    other = use_data(spec, named=not self._document.is_temporary)
                    self._document.apply(self.tr("Open data"), other if awaited is None else set_data(awaited))
                    self._context.page_wanted.emit("data")
            case Failed(message=message):
                self._context.notice(message, "bad")

    def _awaited(self, source: SourceSpec) -> DatasetSpec | None:
        """The data of the project as they are, but from this file, where it is the one that a data set of Keras waits
        for: what the project makes of them stays. None for all other files."""
        data = self._document.project.data
        if source.kind != data.source.kind or self._context.catalogue.source(source.kind).group != "keras":
            return None
        return msgspec.structs.replace(data, source=SourceSpec(source.kind, {**data.source.params, **source.params}))

    def _load_for_new(self, spec: DatasetSpec, name: str) -> None:
        """The first network depends on what is in the data, so they are loaded before there is a project."""
        self._context.notice(self.tr("Loading {0}…").format(name))
        self._context.client.ask(
            lambda ticket: LoadData(ticket, spec), lambda event: self._loaded_for_new(event, spec, name)
        )

    def _loaded_for_new(self, event: AnyEvent, spec: DatasetSpec, name: str) -> None:
        match event:
            case DataLoaded(info=info):
                self._new(Project(name=name, data=spec, model=first_network(info)))
                self._context.page_wanted.emit("data")
                self._context.notice(self.tr("A first network for {0} is ready. Press Train.").format(name), "good")
            case Failed(cancelled=False):
                # The file itself can be read, so what is wrong is how: the Data page says it, and offers the choices.
                self._new(Project(name=name, data=spec))
                self._context.page_wanted.emit("data")
            case Failed(message=message):
                self._context.notice(message, "bad")

    def _imported(self, event: AnyEvent) -> None:
        match event:
            case ModelImported(folder=folder, run=run, has_data=has_data, sealed=is_sealed):
                if self.open(Path(folder)):
                    self._context.page_wanted.emit("inspect" if run and has_data else "model")
                    if not has_data:
                        self._tell_of_stand_in(is_sealed)
            case Failed(message=message):
                self._context.notice(message, "bad")

    def _tell_of_stand_in(self, is_sealed: bool) -> None:
        kind = self._document.project.data.source.kind
        title = next((each.title for each in self._context.catalogue.sources if each.kind == kind), kind)
        text = self.tr("The file has a network, but no data. Until you choose some, “{0}” stand in for them.")
        if is_sealed:
            text = self.tr(
                "The SavedModel does not say what its layers are, so it is one sealed layer, whose weights are not "
                "trained. Until you choose data, “{0}” stand in for them."
            )
        self._context.notice(
            text.format(title),
            "info",
            self.tr("Choose data"),
            lambda: self._context.page_wanted.emit("data"),
        )

    def _open_last_of(self, entry: SampleEntry) -> bool:
        """Come back to the work on a sample, if that is what was open last."""
        last = self._context.settings.get(LAST_PROJECT)
        if not last or not _is_unsaved(Path(last)):
            return False
        try:
            project = ProjectFolder(last).load()
        except StoreError:
            return False
        return project.name == entry.project.name and self.open(Path(last))

    def _leave(self) -> None:
        document = self._document
        folder = document.folder
        if self._is_untouched_sample():
            folder.unlock()
            folder.remove()
            return
        self._keep()

    def _keep(self) -> None:
        document = self._document
        if document.is_temporary or not document.undo_stack.isClean():
            document.autosave()
        document.folder.unlock()

    def _is_untouched_sample(self) -> bool:
        """Nothing is lost with it: it opens again from the welcome just as it is."""
        document = self._document
        as_given = any(document.project == entry.project for entry in samples())
        return document.is_temporary and as_given and document.folder.exists() and not document.folder.list_runs()

    def _discard_recovery(self, folder: ProjectFolder, project: Project) -> None:
        folder.discard_recovery()
        self._document.replace(folder, project)

    def _named(self, path: Path) -> Project:
        return msgspec.structs.replace(self._document.project, name=path.name)

    def _remember(self, path: Path) -> None:
        settings = self._context.settings
        settings.set(LAST_PROJECT, str(path))
        if not _is_unsaved(path):
            others = [other for other in settings.get(RECENT) if other != str(path)]
            settings.set(RECENT, [str(path), *others][:RECENT_COUNT])


def _is_unsaved(path: Path) -> bool:
    return path.parent == unsaved_folder()
