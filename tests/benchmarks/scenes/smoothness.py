"""A training with the Train page in sight: gaps of the event loop, and how soon Pause and Stop act.

Arguments: a sample, seconds to watch, and a folder for the project.
"""

import sys
import time

import msgspec
from stage import Figures, Gaps, Heartbeat, new_project, play, wait, wait_until

from workbench.domain.samples import sample
from workbench.protocol.events import AnyEvent, Paused, RunEnded
from workbench.ui.window import MainWindow

PAUSES, STOPS = 6, 3
MANY_EPOCHS = 100_000


class Moments:
    """When the engine's answers came."""

    def __init__(self, window: MainWindow) -> None:
        self.of: dict[type, float] = {}
        window.context.client.received.connect(self._received)

    def _received(self, event: AnyEvent) -> None:
        if isinstance(event, Paused | RunEnded):
            self.of[type(event)] = time.perf_counter()


def train(window: MainWindow) -> None:
    """Press Train and wait for the first batches."""
    run = window.context.run
    window.actions_by_name["train"].trigger()
    wait_until(lambda: run.status == "training" and run.steps_done > 0)


def latency(window: MainWindow, moments: Moments, action: str, answer: type) -> float:
    """Milliseconds from an action to the engine's answer."""
    moments.of.clear()
    start = time.perf_counter()
    window.actions_by_name[action].trigger()
    wait_until(lambda: answer in moments.of)
    return (moments.of[answer] - start) * 1000


def scene(window: MainWindow) -> Figures:
    context = window.context
    window.show_page("train")
    wait_until(lambda: context.client.state == "ready" and context.model.summary is not None)
    wait(1.0)
    moments, heart = Moments(window), Heartbeat()
    training, turning = Gaps(), Gaps()
    stops: list[float] = []
    pauses: list[float] = []
    steps = 0
    for number in range(STOPS):
        heart.start()
        train(window)
        turning.add(heart.stop())
        heart.start()
        wait(float(sys.argv[2]) if number == 0 else 1.0)
        steps = max(steps, context.run.steps_done)
        training.add(heart.stop())
        heart.start()
        for _ in range(PAUSES if number == 0 else 0):
            pauses.append(latency(window, moments, "pause", Paused))
            window.actions_by_name["pause"].trigger()
            wait_until(lambda: context.run.status == "training")
            wait(0.3)
        stops.append(latency(window, moments, "stop", RunEnded))
        wait(0.5)
        turning.add(heart.stop())
    assert "tensorflow" not in sys.modules
    return {**training.figures(), **turning.figures("turns"), "pause": pauses, "stop": stops, "steps": steps}


if __name__ == "__main__":
    entry = sample(sys.argv[1])
    spec = msgspec.structs.replace(entry.project.training, epochs=MANY_EPOCHS)
    folder = new_project(sys.argv[3], msgspec.structs.replace(entry.project, training=spec))
    play(scene, [str(folder.path)])
