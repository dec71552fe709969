"""The curves of a run of a million batches: redraws with more coming in, and zoomed. Argument: a folder."""

import math
import random
import sys
import time

from stage import Figures, new_project, play, wait

from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.protocol.events import BatchesEnded, EpochEnded, RunStarted
from workbench.protocol.history import History
from workbench.ui.plots.stack import CurveStack
from workbench.ui.window import MainWindow

POINTS, EPOCHS, CHUNK = 1_000_000, 100, 250
REDRAWS = 60


def history() -> History:
    """A long run with a noisy falling loss and an accuracy."""
    chance = random.Random(1)
    made = History()
    record = RunRecord(id="r", name="Run 1", status="running", started="", seed=1, epochs_planned=EPOCHS)
    per_epoch = POINTS // EPOCHS
    made.append(
        RunStarted("r", "", record, batches_per_epoch=per_epoch, epochs=2 * EPOCHS, metric_names=("loss", "accuracy"))
    )
    for first in range(0, POINTS, CHUNK):
        made.append(chunk(chance, first, per_epoch))
        if (first + CHUNK) % per_epoch == 0:
            step = first + CHUNK
            metrics = {"loss": level(step), "accuracy": 1 - level(step), "val_loss": 0.1 + level(step)}
            made.append(EpochEnded("r", step // per_epoch - 1, step, metrics))
    return made


def chunk(chance: random.Random, first: int, per_epoch: int) -> BatchesEnded:
    """The next batches."""
    losses = tuple(level(first + n) * (0.5 + chance.random()) for n in range(CHUNK))
    running = {"loss": level(first), "accuracy": 1 - level(first)}
    return BatchesEnded("r", first // per_epoch, first, losses, running)


def level(step: int) -> float:
    return 0.02 + math.exp(-step / 200_000)


def scene(window: MainWindow) -> Figures:
    run = history()
    stack = CurveStack(window.context.theme, window.context.settings)
    stack.resize(760, 680)
    stack.setWindowTitle("curves")
    stack.show()
    stack.show_history(run, "Run 1")
    wait(1.0)
    chance = random.Random(2)
    figures: dict[str, list[float]] = {"more comes": [], "zoomed": []}
    views = [plot.view for plot in stack.plots.values()]
    for number in range(REDRAWS):
        if number == REDRAWS // 2:
            for view in views:
                view.box.setRange(xRange=(20.0, 60.0), padding=0)
                view._zoomed()
        run.append(chunk(chance, len(run.losses), POINTS // EPOCHS))
        start = time.perf_counter()
        stack.refresh()
        for view in views:
            view.widget.viewport().repaint()
        figures["more comes" if number < REDRAWS // 2 else "zoomed"].append((time.perf_counter() - start) * 1000)
        wait(0.03)
    stack.close()
    return {"redraws": figures, "points": len(run.losses)}


if __name__ == "__main__":
    play(scene, [str(new_project(sys.argv[1], Project()).path)])
