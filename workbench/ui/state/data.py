"""The data of the open project as the engine sees them."""

from PySide6.QtCore import QObject, Signal

from workbench.domain.dataset import DatasetInfo, DatasetSpec
from workbench.domain.project import Project
from workbench.protocol.commands import Cancel, LoadData
from workbench.protocol.events import AnyEvent, DataLoaded, Failed, Progress
from workbench.ui.client import EngineLink
from workbench.ui.document import Document


class DataState(QObject):
    """Loads the data again whenever the document's data change. What was loaded before stays until the new arrive.

    `info` is None before the first data are there; `error` is a sentence, empty when all is well; `loading` is the
    progress (text, fraction or None) or None. `changed` follows any of them; `info_changed` only a new `info`.
    """

    changed = Signal()
    info_changed = Signal()

    def __init__(self, document: Document, client: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.info: DatasetInfo | None = None
        self.loaded_spec: DatasetSpec | None = None
        self.error = ""
        self.loading: tuple[str, float | None] | None = None
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
        folder = str(self._document.path)
        self.error = ""
        self.loading = (self.tr("Loading the data…"), None)
        self._ticket = self._client.ask(
            lambda ticket: LoadData(ticket, spec, folder), lambda event: self._answered(spec, event)
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Give up a load that goes on."""
        if self._ticket:
            self._client.send(Cancel(self._ticket))

    def _document_opened(self) -> None:
        self._asked = None  # the same description may mean other files in another folder
        if self.info is not None and self.loaded_spec != self._document.project.data:
            self.info = self.loaded_spec = None  # what is known belongs to the project before
            self.error = ""
            self.info_changed.emit()
            self.changed.emit()

    def _document_changed(self, _before: Project, after: Project) -> None:
        if after.data != self._asked:
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
                self.info_changed.emit()
            case Failed(message=message, cancelled=cancelled):
                self._ticket, self.loading = 0, None
                self.error = self.tr("Loading was cancelled.") if cancelled else message
        self.changed.emit()
