"""Samples of one part, fetched from the engine a page at a time as the person scrolls."""

from PySide6.QtCore import QObject, Signal

from workbench.domain.dataset import Part
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import AnyEvent, Failed, SamplesShown
from workbench.ui.context import Context

PAGE_SIZE = 120


class SampleFeed(QObject):
    """`arrived(SamplesShown)` follows each `fetch`; `restarted` says that what came before no longer counts."""

    restarted = Signal()
    arrived = Signal(object)
    failed = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.part: Part = "train"
        self.label: int | None = None
        self.total = 0
        self.fetched = 0
        self._ticket = 0

    def restart(self, part: Part, label: int | None = None) -> None:
        """Begin with the first samples of a part, of one class or of all."""
        self.part, self.label = part, label
        self.clear()
        self.fetch()

    def clear(self) -> None:
        """Forget what came, and what is still to come."""
        if self._ticket:
            self._context.client.forget(self._ticket)
        self.total = self.fetched = self._ticket = 0
        self.restarted.emit()

    @property
    def has_more(self) -> bool:
        """Whether there are samples that were not fetched yet."""
        return self.fetched < self.total

    def fetch(self, count: int = PAGE_SIZE) -> None:
        """Ask for the next samples, unless an answer is still on its way."""
        spec = self._context.data.loaded_spec
        if spec is None or self._ticket or (self.fetched and not self.has_more):
            return
        part, label, start = self.part, self.label, self.fetched
        folder = str(self._context.document.path)
        self._ticket = self._context.client.ask(
            lambda ticket: ShowSamples(ticket, spec, part, start, count, label, folder), self._answered
        )

    def _answered(self, event: AnyEvent) -> None:
        match event:
            case SamplesShown():
                self._ticket = 0
                self.total = event.total
                self.fetched += len(event.indices)
                self.arrived.emit(event)
            case Failed(message=message):
                self._ticket = 0
                self.failed.emit(message)
