"""What a training leaves for a person without a window: a picture of its curves, and its history as a table."""

import csv
import io
from pathlib import Path

from workbench.cli.curves import curves_picture
from workbench.cli.texts import duration
from workbench.domain.files import write_atomically
from workbench.domain.store import ProjectFolder
from workbench.protocol.history import History, read_history

PICTURE, TABLE = "curves.png", "history.csv"


def write_report(folder: ProjectFolder, run_id: str) -> tuple[Path, Path]:
    """Write `curves.png` and `history.csv` into the folder of a run; gives their paths. Raises StoreError, OSError."""
    record = folder.read_run(run_id)
    place = folder.run_folder(run_id)
    history = read_history(place / "history.jsonl")
    epochs = "1 epoch" if record.epochs_done == 1 else f"{record.epochs_done} epochs"
    subtitle = f"Run {record.id} · {epochs} · {duration(record.seconds)}"
    write_atomically(place / PICTURE, curves_picture(history, folder.load().name, subtitle))
    write_atomically(place / TABLE, history_table(history).encode("utf-8"))
    return place / PICTURE, place / TABLE


def history_table(history: History) -> str:
    """A CSV text with a row an epoch: epochs and batches done, metrics, learning rate, seconds."""
    names = list(dict.fromkeys(name for event in history.epochs for name in event.metrics))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["epoch", "batches", *names, "learning_rate", "seconds"])
    for event in history.epochs:
        values = [event.metrics.get(name, "") for name in names]
        rate = "" if event.learning_rate is None else event.learning_rate
        writer.writerow([event.epoch + 1, event.step, *values, rate, round(event.seconds, 3)])
    return text.getvalue()
