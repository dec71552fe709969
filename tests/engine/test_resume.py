"""A run that was interrupted and resumed ends bit for bit where an uninterrupted one ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from trainings import (
    SGD,
    Talk,
    assert_same_run,
    dense_project,
    digits_project,
    history_of,
    moons_project,
    new_folder,
    talk,
)

from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.training import EarlyStopping
from workbench.engine.threads import apply_threads
from workbench.engine.training import choose
from workbench.engine.training.checkpoint import Checkpoints
from workbench.protocol.codec import FrameSplitter, decode_event, encode
from workbench.protocol.commands import Continue, SetLearningRate, Train
from workbench.protocol.events import BatchesEnded, Failed, LearningRateChanged, RunEnded, RunStarted


def interrupted(folder: ProjectFolder, project: Project, batches: list[int]) -> tuple[str, str]:
    """An uninterrupted run, and one whose engine ended after each of these numbers of further batches."""
    with talk() as engine:
        whole = engine.train(folder, project).run
    with talk() as engine:
        run = engine.start(folder, project)
        engine.step(batches[0] - 1)
    for count in batches[1:]:
        with talk() as engine:
            assert engine.start(folder, project, run=run) == run
            engine.step(count - 1)
    with talk() as engine:
        assert engine.train(folder, project, run=run).reason in ("completed", "early_stopping")
    return whole, run


@pytest.mark.parametrize("optimizer", [pytest.param(None, marks=pytest.mark.slow), SGD])
def test_that_dropout_and_batch_normalization_resume_bit_for_bit(tmp_path: Path, optimizer: object) -> None:
    project = digits_project(optimizer=optimizer, epochs=2)
    folder = new_folder(tmp_path / "p", project)
    whole, run = interrupted(folder, project, [7, 20])  # in the first epoch, in the second
    assert_same_run(folder, whole, run)
    assert len(history_of(folder, run).losses) == 2 * 20
    assert history_of(folder, run).resumed_at == [7, 27]


@pytest.mark.slow
def test_that_a_run_compiled_by_xla_resumes_bit_for_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "_worth_compiling", lambda *_: True)
    monkeypatch.setattr(choose, "_time", lambda candidate: 0.001 if candidate.kind == "xla" else 0.01)
    project = dense_project(epochs=2)
    folder = new_folder(tmp_path / "p", project)
    whole, run = interrupted(folder, project, [9])
    plan = folder.read_run(run).plan
    assert plan is not None
    assert plan.kind == "xla"
    assert_same_run(folder, whole, run)


def test_that_early_stopping_and_its_best_weights_survive_an_interruption(tmp_path: Path) -> None:
    stopping = EarlyStopping(patience=2, min_delta=0.05)
    project = moons_project(epochs=30, early_stopping=stopping, optimizer=SGD)
    folder = new_folder(tmp_path / "p", project)
    whole, run = interrupted(folder, project, [8, 6])
    assert folder.read_run(whole).reason == "early_stopping"
    assert_same_run(folder, whole, run)
    for name in ("best.weights.h5", "model.keras"):
        assert (folder.run_folder(run) / name).exists()
    assert folder.read_run(whole).best == folder.read_run(run).best
    assert folder.read_run(whole).best_epoch == folder.read_run(run).best_epoch


def test_that_a_changed_learning_rate_survives_an_interruption(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)

    def begin(engine: Talk) -> str:
        run = engine.start(folder, project)
        engine.step(1)
        engine.send(SetLearningRate(0.01))
        assert engine.until(LearningRateChanged).step == 2
        return run

    with talk() as engine:
        whole = begin(engine)
        engine.send(Continue())
        engine.until(RunEnded)
    with talk() as engine:
        run = begin(engine)
    with talk() as engine:
        engine.train(folder, project, run=run)
    assert_same_run(folder, whole, run)
    assert [event.value for event in history_of(folder, run).learning_rates] == pytest.approx([0.01])


def test_that_a_killed_engine_loses_nothing_but_what_it_computes_again(tmp_path: Path) -> None:
    project = digits_project(epochs=12)
    folder = new_folder(tmp_path / "p", project)
    threads = apply_threads()
    killed = start_and_kill(folder, project, threads, after=60)
    assert folder.read_run(killed).status == "running"
    with talk() as engine:
        resumed = engine.train(folder, project, run=killed)
        started = next(event for event in engine.seen if isinstance(event, RunStarted))
        assert started.resumed
        whole = engine.train(folder, project)
    assert resumed.reason == whole.reason == "completed"
    assert_same_run(folder, whole.run, killed)


def start_and_kill(folder: ProjectFolder, project: Project, threads: int, after: int) -> str:
    """Train in an engine process and kill it after so many batches; gives the run."""
    command = [sys.executable, "-m", "workbench", "engine", "--threads", str(threads)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(encode(Train(project, str(folder.path), ticket=1)))
        frames = FrameSplitter()
        run, done = "", 0
        while done < after:
            data = process.stdout.read(65536)
            assert data, "the engine ended by itself"
            for event in map(decode_event, frames.feed(data)):
                assert not isinstance(event, (Failed, RunEnded)), event
                if isinstance(event, RunStarted):
                    run = event.run
                if isinstance(event, BatchesEnded):
                    done = event.first_step + len(event.losses)
        process.kill()
    return run


def test_that_a_run_trained_on_other_threads_says_with_how_many_to_start(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
    record = folder.read_run(run)
    text = (folder.run_folder(run) / "run.json").read_text()
    assert record.plan is not None
    changed = text.replace(f'"threads": {record.plan.threads}', '"threads": 7')
    (folder.run_folder(run) / "run.json").write_text(changed)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), run=run, ticket=4))
        failed = engine.until(Failed)
    assert failed.ticket == 4
    assert failed.detail == "threads=7"
    assert "7 threads" in failed.message


def test_that_changed_data_are_noticed_before_a_run_goes_on(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b,y\n" + "".join(f"{i},{i * i % 7},{i % 2}\n" for i in range(40)))
    project = moons_project()
    source = type(project.data.source)("csv", {"path": str(table)})
    project = type(project)(data=type(project.data)(source), model=project.model, training=project.training)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
    table.write_text(table.read_text().replace("1,1,1\n", "1,2,1\n"))
    with talk() as engine:
        engine.send(Train(project, str(folder.path), run=run, ticket=4))
        assert "data have changed" in engine.until(Failed).message


def test_that_a_damaged_newest_checkpoint_gives_way_to_the_one_before(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        whole = engine.train(folder, project).run
        run = engine.start(folder, project)
        engine.step(2)
    checkpoints = folder.run_folder(run) / "checkpoint"
    newest = max(checkpoints.glob("[ab].npz"), key=lambda path: path.stat().st_mtime_ns)
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 0xFF
    newest.write_bytes(content)
    with talk() as engine:
        engine.train(folder, project, run=run)
    assert_same_run(folder, whole, run)
    assert Checkpoints(checkpoints).facts() is not None


def test_that_a_finished_run_goes_on_when_more_epochs_are_asked_for(tmp_path: Path) -> None:
    short, long = moons_project(epochs=2), moons_project(epochs=4)
    folder = new_folder(tmp_path / "p", short)
    with talk() as engine:
        run = engine.train(folder, short).run
        engine.send(Train(short, str(folder.path), run=run, ticket=3))
        assert "nothing is left to train" in engine.until(Failed).message
        engine.train(folder, short, run=run, epochs=4)
        whole = engine.train(folder, long).run
    assert_same_run(folder, whole, run)
    assert folder.read_run(run).epochs_planned == 4
