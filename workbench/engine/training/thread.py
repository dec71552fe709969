"""The thread that trains: one for each training."""

import threading
from collections.abc import Callable

from workbench.engine.training.mailbox import Mailbox, TrainingCommand
from workbench.engine.workers import Emit, Report, Tickets, do
from workbench.protocol.commands import Shutdown, Train, Watch
from workbench.protocol.events import AnyEvent, Failed, RunEnded


class TrainingThread:
    """Trains what a command asks for, obeying what is posted. What fails before the first step becomes a `Failed`."""

    def __init__(
        self,
        command: Train,
        emit: Emit,
        tickets: Tickets,
        need_tensorflow: Callable[[], int],
        watches: Callable[[], list[Watch]],
    ) -> None:
        self.ticket = command.ticket
        self._command = command
        self._emit = emit
        self._tickets = tickets
        self._need_tensorflow = need_tensorflow
        self._watches = watches
        self._mailbox = Mailbox()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="training")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def post(self, command: TrainingCommand) -> None:
        """Have a command obeyed between two chunks."""
        self._mailbox.post(command)

    def suspend(self) -> None:
        """Pause with a checkpoint and end; what has not begun is given up."""
        self._tickets.cancel(self.ticket)
        self._mailbox.post(Shutdown())

    def is_alive(self) -> bool:
        """Whether it trains or prepares to. What is left after the end of its run was told takes a moment, and is
        waited for."""
        if self._is_over:
            self._thread.join()
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def _run(self) -> None:
        do(self.ticket, self._train, self._emit_around, self._tickets)

    def _train(self, report: Report) -> None:
        threads = self._need_tensorflow()
        from workbench.engine.training.job import TrainingJob

        TrainingJob(self._command, self._mailbox, self._emit_within, threads, self._watches, report).run()

    def _emit_around(self, event: AnyEvent) -> None:
        self._is_over = self._is_over or isinstance(event, Failed)
        self._emit(event)

    def _emit_within(self, event: AnyEvent) -> None:
        self._is_over = self._is_over or isinstance(event, RunEnded)
        self._emit(event)
