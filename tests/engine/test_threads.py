"""The number of threads: from the environment, as learned on this machine, or all cores."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from workbench.engine import threads


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    monkeypatch.delenv("WORKBENCH_THREADS", raising=False)


def test_that_all_cores_are_used_where_nothing_was_learned() -> None:
    assert threads.learned() is None
    assert threads.chosen_threads() == os.cpu_count()


def test_that_what_was_measured_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {1: (1.0, 8.0), 4: (2.0, 2.4), 8: (4.0, 3.0)}
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(threads, "_measured_elsewhere", times.__getitem__)
    assert threads.learn().threads == 4
    assert threads.learned() == threads.learn()
    assert threads.chosen_threads() == 4
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert threads.learned() is None  # another machine
    monkeypatch.setenv("WORKBENCH_THREADS", "3")
    assert threads.chosen_threads() == 3


def test_that_all_cores_stay_where_fewer_are_hardly_faster() -> None:
    assert threads._best({1: 1.0, 2: 2.0}, {1: 8.0, 2: 7.8}) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"machine": "other", "threads": 2}'])
def test_that_a_damaged_memory_is_forgotten(content: bytes) -> None:
    threads._file().write_bytes(content)
    assert threads.learned() is None


@pytest.mark.slow
def test_that_one_number_is_measured_in_a_process_of_its_own() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "workbench.engine.threads", "--measure", "1"], capture_output=True, check=True
    ).stdout
    dense, convolution = msgspec.json.decode(answer.splitlines()[-1], type=tuple[float, float])
    assert 0 < dense < convolution


def test_that_learning_is_given_up_when_there_is_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    learner = threads.Learner(wait=60)
    learner.start()
    learner.stop()
    busy = threads.Learner(wait=0)
    busy.start()
    while busy._process is None:
        pass
    busy.stop()
    assert threads.learned() is None
    assert busy._process.returncode is not None
