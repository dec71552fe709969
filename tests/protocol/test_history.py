"""A history is the same while it grows and when it is read again, whatever happened to its file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.run import RunRecord
from workbench.protocol.codec import to_json
from workbench.protocol.events import BatchesEnded, EpochEnded, LearningRateChanged, RunEnded, RunEvent, RunStarted
from workbench.protocol.history import History, read_history


def started(step: int = 0, resumed: bool = False) -> RunStarted:
    record = RunRecord(id="r", name="Run 1", status="running", started="", seed=1, epochs_planned=4)
    return RunStarted("r", "/runs/r", record, batches_per_epoch=3, epochs=4, start_step=step, resumed=resumed)


def batches(first: int, *losses: float) -> BatchesEnded:
    return BatchesEnded("r", first // 3, first, losses, {"loss": losses[-1]}, 0.1)


def epoch(number: int) -> EpochEnded:
    return EpochEnded("r", number, 3 * number + 3, {"loss": 1.0 / (number + 1)})


STORY: list[RunEvent] = [
    started(),
    batches(0, 3.0, 2.5, 2.0),
    epoch(0),
    LearningRateChanged("r", 3, 0.01),
    batches(3, 1.9, 1.8, 1.7),
    epoch(1),
]


def write(path: Path, events: list[RunEvent], rest: bytes = b"") -> None:
    path.write_bytes(b"".join(to_json(event) + b"\n" for event in events) + rest)


def test_that_there_is_an_empty_history_before_there_is_a_file(tmp_path: Path) -> None:
    assert list(read_history(tmp_path / "history.jsonl").losses) == []


def test_that_a_read_history_is_the_one_that_was_seen(tmp_path: Path) -> None:
    seen = History()
    for event in STORY:
        seen.append(event)
    write(tmp_path / "history.jsonl", STORY)
    read = read_history(tmp_path / "history.jsonl")
    assert read.losses == seen.losses
    assert read.epochs == seen.epochs == [epoch(0), epoch(1)]
    assert read.learning_rates == seen.learning_rates


@given(st.integers(0, 100))
def test_that_a_line_cut_by_a_kill_is_left_out(tmp_path_factory, cut: int) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("cut") / "history.jsonl"
    line = to_json(batches(6, 1.5))
    write(path, STORY, line[: min(cut, len(line) - 1)])
    assert list(read_history(path).losses) == [3.0, 2.5, 2.0, 1.9, 1.8, 1.7]


@pytest.mark.parametrize(
    "line",
    [
        b'{"event":"paused","run":"\xed\xa0\x80","epoch":0,"step":0}',
        b'{"event":"paused","unknown":' + b"[" * 100_000,
        bytes(range(128, 256)) * 100,
        b'{"event":"of the future"}',
    ],
    ids=["no text", "deep", "bytes", "unknown"],
)
def test_that_a_line_which_cannot_be_read_spoils_no_other(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "history.jsonl"
    good = to_json(BatchesEnded(run="r", epoch=0, first_step=0, losses=(0.5, 0.25)))
    path.write_bytes(line + b"\n" + good + b"\n" + line)
    assert list(read_history(path).losses) == [0.5, 0.25]


def test_that_a_resumed_run_forgets_what_it_computes_again(tmp_path: Path) -> None:
    write(tmp_path / "h", [*STORY, started(4, resumed=True), batches(4, 1.81, 1.71), epoch(1)])
    history = read_history(tmp_path / "h")
    assert list(history.losses) == [3.0, 2.5, 2.0, 1.9, 1.81, 1.71]
    assert history.epochs == [epoch(0), epoch(1)]
    assert history.learning_rates == [LearningRateChanged("r", 3, 0.01)]
    assert history.resumed_at == [4]


def test_that_going_on_takes_the_end_away(tmp_path: Path) -> None:
    ended = RunEnded("r", "stopped", 2, 1.0, {})
    write(tmp_path / "h", [*STORY, ended])
    assert read_history(tmp_path / "h").ended == ended
    write(tmp_path / "h", [*STORY, ended, started(6, resumed=True)])
    assert read_history(tmp_path / "h").ended is None
