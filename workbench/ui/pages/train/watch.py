"""Asks the engine for pictures of the network: of the one that trains, several times a second; else of the last run."""

from PySide6.QtCore import QObject, Signal

from workbench.domain.values import Value
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Probe, Unwatch, Watch
from workbench.protocol.events import Answer, AnyEvent, Failed, Probed
from workbench.ui.context import Context


class LiveWatch(QObject):
    """One probe at a time. `seen(Probed)` brings what was seen, `failed(message)` why nothing can be.

    Nothing is asked while `active` is off (the page is not seen).
    """

    seen = Signal(object)
    failed = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._active = False
        self._wanted: tuple[str, dict[str, Value], Sample | None] | None = None
        self._ticket = 0
        self._once = 0
        context.client.received.connect(self._received)
        context.client.state_changed.connect(self._link_changed)
        context.run.ended.connect(lambda _event: self._look_again())
        context.run.replaced.connect(self._look_again)

    def want(self, probe: str, params: dict[str, Value], sample: Sample | None) -> None:
        """Look at this from now on."""
        if (probe, params, sample) != self._wanted:
            self._wanted = (probe, params, sample)
            self._begin()

    def stop(self) -> None:
        """Look at nothing."""
        self._wanted = None
        self._end()

    def set_active(self, active: bool) -> None:
        """Whether anybody sees what is looked at."""
        if active == self._active:
            return
        self._active = active
        if active:
            self._begin()
        else:
            self._end()

    def _begin(self) -> None:
        if not self._active or self._wanted is None or self._context.client.state == "dead":
            return
        probe, params, sample = self._wanted
        if not self._ticket:
            self._ticket = self._context.client.next_ticket()
        self._context.client.send(Watch(self._ticket, probe, params, sample))
        self._look_once()

    def _end(self) -> None:
        if self._ticket and self._context.client.state != "dead":
            self._context.client.send(Unwatch(self._ticket))
        self._ticket = 0
        if self._once:
            self._context.client.forget(self._once)
            self._once = 0

    def _look_again(self) -> None:
        if self._active and self._wanted is not None:
            self._look_once()

    def _look_once(self) -> None:
        """A run that trains no more is looked at once; the engine's answer comes when it comes."""
        run = self._context.run
        if self._wanted is None or run.busy or not run.run or run.status == "lost" or not run.folder:
            return
        probe, params, sample = self._wanted
        if self._once:
            self._context.client.forget(self._once)
        folder, name = run.folder, run.run
        self._once = self._context.client.ask(
            lambda ticket: Probe(ticket, folder, name, probe, params, sample), self._looked
        )

    def _looked(self, event: AnyEvent) -> None:
        self._once = 0
        match event:
            case Probed():
                self.seen.emit(event)
            case Failed(message=message, cancelled=False) if self._context.client.state != "dead":
                self.failed.emit(message)
            case _:
                pass

    def _received(self, event: AnyEvent) -> None:
        if not isinstance(event, Answer) or not event.ticket or event.ticket != self._ticket:
            return
        match event:
            case Probed():
                self.seen.emit(event)
            case Failed(message=message):
                self.failed.emit(message)
            case _:
                pass

    def _link_changed(self, state: str) -> None:
        if state == "dead":
            self._ticket = 0
            self._once = 0
        elif state == "starting":
            self._begin()
