"""How numbers, times and runs read for a person."""

from collections.abc import Mapping

from workbench.domain.folds import Spread
from workbench.domain.run import RunRecord
from workbench.domain.store import is_alive

REASONS = {
    "completed": "completed",
    "early_stopping": "stopped early: it no longer got better",
    "stopped": "stopped",
    "diverged": "diverged",
    "failed": "failed",
}


def number(value: float | None) -> str:
    """A metric with four digits that count."""
    if value is None:
        return "–"
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.4g}"


def metrics(values: Mapping[str, float]) -> str:
    """Metrics on one line."""
    return "  ".join(f"{name} {number(value)}" for name, value in values.items())


def spread_text(spread: Spread) -> str:
    """The mean of a metric with its standard deviation."""
    return number(spread.mean) if spread.deviation is None else f"{number(spread.mean)} ± {number(spread.deviation)}"


def duration(seconds: float) -> str:
    """A time: seconds with one digit below ten, minutes and hours above."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d} h"


def status(record: RunRecord) -> str:
    """What became of a run. One whose process died says so."""
    if record.status == "ended":
        return REASONS.get(record.reason or "", "ended")
    if is_alive(record):
        return "training" if record.status == "running" else "paused"
    return "interrupted: resume it with train --resume"


def run_row(record: RunRecord) -> tuple[str, ...]:
    """The cells of a run in the list."""
    started = record.started.replace("T", " ")[:16]
    epochs = f"{record.epochs_done}/{record.epochs_planned}"
    return (
        record.id,
        started,
        status(record),
        epochs,
        duration(record.seconds),
        _main(record.last),
        _main(record.best),
    )


def _main(values: Mapping[str, float]) -> str:
    """The value that says most: a validation metric, else a validation loss, else what there is."""
    names = sorted(values, key=lambda name: (not name.startswith("val_"), name.endswith("loss"), name))
    return f"{names[0]} {number(values[names[0]])}" if names else ""
