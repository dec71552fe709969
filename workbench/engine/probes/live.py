"""Probes on the model that is being trained: often enough to watch it learn, seldom enough not to slow it down."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workbench.engine.data.errors import DataError
from workbench.engine.errors import EngineError
from workbench.engine.objects import short_message
from workbench.engine.probes.base import Look, Subject, to_event
from workbench.engine.probes.loader import kind_of
from workbench.protocol.commands import Unwatch, Watch
from workbench.protocol.events import AnyEvent, Failed

_SECONDS_BETWEEN = 0.2
_LARGEST_SHARE = 0.1

_log = logging.getLogger(__name__)


@dataclass
class _Watched:
    command: Watch
    look: Look | None = None
    cost: float = 0.0
    due: float = 0.0


class LiveProbes:
    """Looks at a model between chunks of its training, in the training thread. Together the looks take at most a tenth
    of the time, and each comes at most five times a second."""

    def __init__(self, subject: Subject, emit: Callable[[AnyEvent], None], watches: Iterable[Watch]) -> None:
        self._subject = subject
        self._emit = emit
        self._watched = {command.ticket: _Watched(command) for command in watches}

    def obey(self, command: Watch | Unwatch, step: int) -> None:
        """Begin or end a watch. A new one is looked at as soon as may be: at once while the training pauses."""
        if isinstance(command, Unwatch):
            self._watched.pop(command.ticket, None)
            return
        watched = self._watched[command.ticket] = _Watched(command)
        self._look(watched, step)

    def tick(self, step: int) -> None:
        """Look at what is due."""
        for watched in list(self._watched.values()):
            if time.monotonic() >= watched.due:
                self._look(watched, step)

    def finish(self, step: int) -> None:
        """A last look, so that what is shown is what was kept."""
        for watched in list(self._watched.values()):
            self._look(watched, step)

    def _look(self, watched: _Watched, step: int) -> None:
        command = watched.command
        try:
            if watched.look is None:
                watched.look = kind_of(command.probe).prepare(self._subject, command.params, command.sample)
                watched.look()  # the first one traces, and would count as slow for ever
            start = time.monotonic()
            seen = watched.look()
        except (EngineError, DataError) as error:
            self._give_up(command, error.message, error.detail)
            return
        except Exception as error:  # noqa: BLE001 - a probe must never end a training; it is logged and told
            _log.exception("The probe %s failed", command.probe)
            self._give_up(command, f"The live picture failed: {short_message(error)} The training goes on.", "")
            return
        cost = time.monotonic() - start
        share = len(self._watched) / _LARGEST_SHARE
        watched.due = time.monotonic() + max(_SECONDS_BETWEEN, cost * share)
        self._emit(to_event(command.ticket, command.probe, seen, step))

    def _give_up(self, command: Watch, message: str, detail: str) -> None:
        self._watched.pop(command.ticket, None)
        self._emit(Failed(command.ticket, message, detail))
