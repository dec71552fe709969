"""The workbench: its Session in this process, trained by a real `Train` command; losses come with its events.

Arguments: the folder of a project, and perhaps a file for the weights that came out.
"""

import sys
import time
from queue import SimpleQueue

from work import report

from workbench.domain.store import ProjectFolder
from workbench.engine.session import Session
from workbench.protocol.commands import Train
from workbench.protocol.events import AnyEvent, BatchesEnded, EpochEnded, Failed, PlanChosen, Ready, RunEnded


class Witness:
    """Takes every event as it comes, from whatever thread."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.moments: list[float] = []
        self.plan: dict[str, object] = {}
        self.waypoints: SimpleQueue[Ready | RunEnded | Failed] = SimpleQueue()

    def take(self, event: AnyEvent) -> None:
        """Keep what the report needs."""
        match event:
            case BatchesEnded():
                self.losses.extend(event.losses)
            case EpochEnded():
                self.moments.append(time.perf_counter())
            case PlanChosen(plan=plan):
                self.plan = {"kind": plan.kind, "chunk": plan.chunk, "threads": plan.threads}
            case Ready() | RunEnded() | Failed():
                self.waypoints.put(event)
            case _:
                pass


def main(folder: str, weights: str | None = None) -> None:
    witness = Witness()
    session = Session(witness.take)
    try:
        assert isinstance(witness.waypoints.get(), Ready)
        asked = time.perf_counter()
        session.handle(Train(ProjectFolder(folder).load(), folder))
        ended = witness.waypoints.get()
        done = time.perf_counter()
    finally:
        session.close()
    assert isinstance(ended, RunEnded), ended
    assert ended.reason == "completed", ended.message
    assert ended.model is not None
    if weights is not None:
        import keras
        from outcome import save_weights

        save_weights(keras.saving.load_model(ended.model), weights)
    report(witness.moments, witness.losses, asked, plan=witness.plan, call=done - asked)


main(*sys.argv[1:])
