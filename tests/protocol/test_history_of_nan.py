"""A run that diverged keeps its history: JSON has no NaN, but nothing of what was measured is lost."""

import math
from pathlib import Path

from workbench.protocol.codec import to_json
from workbench.protocol.events import BatchesEnded, EpochEnded, RunEnded
from workbench.protocol.history import read_history


def test_that_a_diverged_run_keeps_its_history(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    nan = math.nan
    events = (
        BatchesEnded("r", 0, 0, (1.0, nan, 3.0), {"loss": nan}),
        EpochEnded("r", 0, 3, {"loss": nan, "accuracy": 0.5}),
        RunEnded("r", "diverged", 1, 2.0, {"loss": nan}),
    )
    path.write_bytes(b"".join(to_json(event) + b"\n" for event in events))
    history = read_history(path)
    assert list(history.losses)[::2] == [1.0, 3.0]
    assert math.isnan(history.losses[1])
    assert [epoch.metrics["accuracy"] for epoch in history.epochs] == [0.5]
    assert math.isnan(history.epochs[0].metrics["loss"])
    assert history.ended is not None
    assert history.ended.reason == "diverged"


def test_that_lines_that_are_no_events_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    lines = (b'{"event": "batches_ended", "losses": 3}', b'{"event": "x", "metrics": null}', b"[1]", b"\xff", b'{"cut')
    path.write_bytes(b"\n".join(lines))
    assert len(read_history(path).losses) == 0
