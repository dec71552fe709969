"""The way of commands into the training thread, which looks into its mailbox between two chunks."""

import queue
from typing import TypeAlias

from workbench.protocol.commands import Continue, Pause, SetLearningRate, Shutdown, Step, Stop, Unwatch, Watch

TrainingCommand: TypeAlias = Pause | Continue | Step | Stop | SetLearningRate | Watch | Unwatch | Shutdown


class Mailbox:
    """Commands in the order in which they came. `post` may be called from any thread."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[TrainingCommand] = queue.SimpleQueue()

    def post(self, command: TrainingCommand) -> None:
        """Leave a command for the training thread."""
        self._queue.put(command)

    def take(self, *, wait: bool) -> TrainingCommand | None:
        """The next command; None when there is none and nobody wants to wait."""
        try:
            return self._queue.get(block=wait)
        except queue.Empty:
            return None
