"""Ten thousand runs, from the click on the Runs page to a list that shows them all. Argument: a folder."""

import sys
import time

from stage import Figures, Gaps, Heartbeat, Paints, new_project, play, wait, wait_until

from workbench.domain.project import Project
from workbench.domain.run import Plan, RunRecord
from workbench.domain.store import ProjectFolder
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.window import MainWindow

RUNS, TIMES = 10_000, 4


def write_runs(folder: ProjectFolder) -> None:
    """Runs as they lie on disk after a long time."""
    for number in range(RUNS):
        moment = (
            f"2026-{1 + number // 1000:02}-{1 + number // 40 % 25:02}T{number // 60 % 24:02}:{number % 60:02}:00+00:00"
        )
        metrics = {"loss": 1 / (1 + number), "accuracy": 0.5, "val_loss": 0.3, "val_accuracy": 0.9}
        record = RunRecord(
            id=f"2026{number:08}-000000-000-{number:04x}",
            name=f"Run {number + 1}",
            status="ended",
            reason="completed",
            started=moment,
            ended=moment,
            seed=1,
            epochs_planned=20,
            epochs_done=20,
            steps_done=800,
            seconds=12.5,
            plan=Plan("xla", 60, 1),
            environment={"python": "3.11", "keras": "3.15.1", "tensorflow": "2.21.0", "cores": "2", "threads": "1"},
            last=metrics,
            best=metrics,
            best_epoch=17,
            data="Handwritten digits",
            layers=8,
            params=13_000,
        )
        folder.write_run(record)


def scene(window: MainWindow) -> Figures:
    window.show_page("model")
    wait(4.0)
    page = window.page("runs")
    assert isinstance(page, RunsPage)
    table = page.table
    paints = Paints(table.viewport())
    seconds: list[float] = []
    gaps = Gaps()
    for _ in range(TIMES):
        window.show_page("model")
        page.model.show_runs([])
        wait(2.0)
        listed: list[float] = []
        note = page.model.modelReset.connect(lambda listed=listed: listed.append(time.perf_counter()))
        heart = Heartbeat()
        heart.start()
        start = time.perf_counter()
        window.show_page("runs")
        wait_until(lambda listed=listed: len(page.model.records) == RUNS and paints.last > listed[-1])
        seconds.append((paints.last - start) * 1000)
        gaps.add(heart.stop())
        page.model.modelReset.disconnect(note)
    return {"listed": seconds, **gaps.figures()}


if __name__ == "__main__":
    folder = new_project(sys.argv[1], Project())
    write_runs(folder)
    play(scene, [str(folder.path)])
