"""An engine link without a process: it keeps what was sent and answers with recorded events."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias, TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer

from workbench.protocol.commands import AnyCommand
from workbench.protocol.events import AnyEvent, Ready
from workbench.ui.client import EngineLink

C = TypeVar("C")
Answer: TypeAlias = AnyEvent | Iterable[AnyEvent]

RECORDED = Path(__file__).parent / "recorded"
READY = Ready(keras="3.15.1", tensorflow="2.21.0", device="CPU", cores=2, threads=1, pid=4711)
_events = msgspec.json.Decoder(AnyEvent)


def recorded(name: str) -> list[AnyEvent]:
    """The events in `recorded/<name>.jsonl`, one a line, as a real engine sent them."""
    lines = (RECORDED / f"{name}.jsonl").read_bytes().splitlines()
    return [_events.decode(line) for line in lines if line.strip()]


class FakeEngine(EngineLink):
    """`sent` holds every command. `reply_with` says how to answer a kind of command; answers come from the event loop,
    never from within `send`, as with the real engine. Commands without an answer stay unanswered."""

    def __init__(self, parent: QObject | None = None, *, ready: bool = True) -> None:
        super().__init__(parent)
        self.sent: list[AnyCommand] = []
        self.starts: list[int | None] = []
        self._answers: dict[type, Callable[[AnyCommand], Answer]] = {}
        self.state = "starting"
        if ready:
            self.receive(READY)

    def send(self, command: AnyCommand) -> None:
        self.sent.append(command)
        answer = self._answers.get(type(command))
        if answer is not None:
            events = answer(command)
            ticket = getattr(command, "ticket", 0)
            QTimer.singleShot(0, self, lambda: self.replay(events, ticket))

    def reply_with(self, kind: type[C], answer: Answer | Callable[[C], Answer]) -> None:
        """Answer commands of this kind with an event, with several, or with what a function makes of the command.

        The events' tickets are set to the command's.
        """
        made = answer if callable(answer) else lambda _command: answer
        self._answers[kind] = made  # type: ignore[assignment]

    def replay(self, events: Answer, ticket: int | None = None) -> None:
        """Receive events now, in order; with their tickets replaced when one is given."""
        several = [events] if isinstance(events, msgspec.Struct) else list(events)
        for event in several:
            if ticket is not None and "ticket" in event.__struct_fields__:
                event = msgspec.structs.replace(event, ticket=ticket)
            self.receive(event)

    def of(self, kind: type[C]) -> list[C]:
        """All commands of one kind that were sent."""
        return [command for command in self.sent if isinstance(command, kind)]

    def last(self, kind: type[C]) -> C:
        """The newest command of one kind. Raises IndexError when none was sent."""
        return self.of(kind)[-1]

    def die(self, message: str = "The engine stopped unexpectedly.") -> None:
        """End as a crashed engine does."""
        self._set_state("dead")
        self._fail_pending()
        self.died.emit(message)

    def start(self, threads: int | None = None) -> None:
        """A new engine in the place of this one, ready when the event loop comes round."""
        self.starts.append(threads)
        self._set_state("dead")
        self._fail_pending()
        self._set_state("starting")
        QTimer.singleShot(0, self, lambda: self.receive(READY))

    def restart(self) -> None:
        """Start again after a death: "starting", then "ready"."""
        self._set_state("starting")
        self.receive(READY)
