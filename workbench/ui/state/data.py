"""The data of the open project as the engine sees them."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.domain import trust
from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.files import StoreError
from workbench.domain.project import Project
from workbench.domain.trust import Allowance, Demand
from workbench.domain.values import Value
from workbench.protocol.commands import Cancel, InspectFile, LoadData
from workbench.protocol.events import AnyEvent, DataLoaded, Failed, FileInspected, Progress
from workbench.ui.client import EngineLink
from workbench.ui.document import Document


def place_of(source: SourceSpec, folder: Path) -> str:
    """Where data of the person's own lie: the address of a database, or a path that starts from the project's folder;
    empty for all others."""
    url, path = source.params.get("url"), source.params.get("path")
    return str(url) if url else str(folder / str(path)) if path else ""


class DataState(QObject):
    """Loads the data again whenever the document's data change. What was loaded before stays until the new arrive.

    `columns` are the names in a table of the person's own, also of one that could not be loaded, else empty. `info` is
    None before the first data are there; `demand` is what these data need to be allowed (to run code, or to ask another
    machine), after which `trust` loads them, None where there is nothing to ask; `permissions` are what the person
    allowed of their code, which `withdraw` takes back; `error` is a sentence, empty when all is well; `loading` is the
    progress (text, fraction or None) or None. `changed` follows any of them; `info_changed` only a new `info`.
    """

    changed = Signal()
    info_changed = Signal()
    columns_changed = Signal()

    def __init__(self, document: Document, client: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.info: DatasetInfo | None = None
        self.loaded_spec: DatasetSpec | None = None
        self.columns: tuple[str, ...] = ()
        self.error = ""
        self.demand: Demand | None = None
        self.permissions: tuple[Allowance, ...] = ()
        self.loading: tuple[str, float | None] | None = None
        self._came_with_project: SourceSpec | None = None
        self._document = document
        self._client = client
        self._ticket = 0
        self._asked: DatasetSpec | None = None
        document.opened.connect(self._document_opened)
        document.changed.connect(self._document_changed)
        client.state_changed.connect(self._link_changed)

    def load(self) -> None:
        """Load the data of the document now; an earlier load that still goes on is given up."""
        if self._ticket:
            self._client.forget(self._ticket)
            self._client.send(Cancel(self._ticket))
        spec = self._asked = self._document.project.data
        self._ticket = 0
        self.demand = self._demand(spec)
        codes = [demand for demand in self._demands(spec) if demand.code is not None]
        self.permissions = tuple(kept for code in codes if (kept := trust.allowance_of(code)) is not None)
        if self.demand is not None:
            self.loading = None
            self.error = self._why(self.demand)
            self.changed.emit()
            return
        folder = str(self._document.path)
        self.error = ""
        self.loading = (self.tr("Loading the data…"), None)
        self._ticket = self._client.ask(
            lambda ticket: LoadData(ticket, spec, folder), lambda event: self._answered(spec, event)
        )
        self.changed.emit()

    def trust(self, whatever_it_holds: bool = False) -> None:
        """The person allows what the data need: load them. With `whatever_it_holds` the code may change without being
        asked for again."""
        if self.demand is not None:
            demand = self.demand
            if not self._document.keep_aside(lambda: trust.allow(demand, whatever_it_holds=whatever_it_holds)):
                return
        self.load()

    def withdraw(self) -> tuple[Allowance, ...]:
        """The code of these data no longer runs until it is allowed anew. Gives what was allowed, for `restore`."""
        taken = self.permissions
        if not self._document.keep_aside(lambda: trust.withdraw(taken)):
            return ()
        self.load()
        return taken

    def restore(self, permissions: tuple[Allowance, ...]) -> None:
        """Allow again what was withdrawn, just as it was."""
        if self._document.keep_aside(lambda: trust.restore(permissions)):
            self.load()

    def cancel(self) -> None:
        """Give up a load that goes on."""
        if self._ticket:
            self._client.send(Cancel(self._ticket))

    def _demand(self, spec: DatasetSpec) -> Demand | None:
        """The first of what the person has not allowed yet. An address that they typed here is allowed with that."""
        for demand in self._demands(spec):
            if trust.is_allowed(demand):
                continue
            if demand.code is not None or spec.source == self._came_with_project:
                return demand
            try:
                trust.allow(demand)
            except OSError:
                return demand
        return None

    def _demands(self, spec: DatasetSpec) -> list[Demand]:
        """All that these data need to be allowed, whether it is already or not."""
        entry = next((entry for entry in load_catalogue().sources if entry.kind == spec.source.kind), None)
        found: list[Demand] = []
        if entry is None:
            return found
        for params in _read_with(spec):
            try:
                demand = trust.demand_of(entry, params, self._document.path)
            except StoreError:
                continue  # the engine finds the same, and says it
            if demand is not None:
                found.append(demand)
        return found

    def _why(self, demand: Demand) -> str:
        if demand.code is None:
            return self.tr("The data of this project lie on another machine. Connect to it if you trust the address.")
        return self.tr("The data come from Python code. It runs once you allow it.")

    def _look_for_columns(self, source: SourceSpec) -> None:
        """A table that cannot be loaded as it is wanted may have a column to learn, or to leave out, instead."""
        if not load_catalogue().is_table(source.kind) or (
            self.loaded_spec is not None and self.loaded_spec.source == source
        ):
            return
        path = place_of(source, self._document.path)
        if not path:  # drawn, not read
            return
        self._client.ask(
            lambda ticket: InspectFile(ticket, path, source.params), lambda event: self._looked(source, event)
        )

    def _looked(self, source: SourceSpec, event: AnyEvent) -> None:
        if isinstance(event, FileInspected) and source == self._document.project.data.source:
            self._set_columns(event.columns)

    def _set_columns(self, columns: tuple[str, ...]) -> None:
        if columns != self.columns:
            self.columns = columns
            self.columns_changed.emit()

    def _document_opened(self) -> None:
        self._came_with_project = self._document.project.data.source
        self._asked = None  # the same description may mean other files in another folder
        if self.info is not None and self.loaded_spec != self._document.project.data:
            self.info = self.loaded_spec = None  # what is known belongs to the project before
            self.columns = ()
            self.error = ""
            self.info_changed.emit()
            self.changed.emit()

    def _document_changed(self, _before: Project, after: Project) -> None:
        if after.data == self._asked:
            return
        known = self._asked is not None and not self._ticket and self.loaded_spec == self._asked
        if known and self._asked is not None and after.data.arrays == self._asked.arrays:
            self._asked = self.loaded_spec = after.data  # what is for training only changes no array
            self.changed.emit()
        else:
            self.load()

    def _link_changed(self, state: str) -> None:
        if state == "starting" and (self.info is None or self.loaded_spec != self._document.project.data):
            self.load()

    def _answered(self, spec: DatasetSpec, event: AnyEvent) -> None:
        match event:
            case Progress(text=text, fraction=fraction):
                self.loading = (text, fraction)
            case DataLoaded(info=info):
                self._ticket, self.loading = 0, None
                self.info, self.loaded_spec = info, spec
                is_table = load_catalogue().is_table(spec.source.kind)
                self._set_columns(tuple(column.name for column in info.columns) if is_table else ())
                self.info_changed.emit()
            case Failed(message=message, cancelled=cancelled):
                self._ticket, self.loading = 0, None
                self.error = self.tr("Loading was cancelled.") if cancelled else message
                if not cancelled:
                    self._look_for_columns(spec.source)
        self.changed.emit()


def _read_with(spec: DatasetSpec) -> list[dict[str, Value]]:
    """The parameters of all that is read: of the source, and of the files of validation and test samples."""
    split = spec.split
    others = (split.validation_file, split.test_file) if split.way == "files" else ()
    return [spec.source.params, *({**spec.source.params, "path": path} for path in others if path)]
