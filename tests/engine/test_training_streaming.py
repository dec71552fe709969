"""Training on data read piece by piece: every sample once an epoch, exact, resumable, and never too much held."""

import os
import time
from pathlib import Path

import keras
import numpy as np
import pytest
from trainings import assert_same_run, history_of, layer, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import ModelTree
from workbench.engine.data import csv_pieces
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.load import load_dataset
from workbench.engine.data.piece import read_piece
from workbench.engine.training import choose, kept, streaming
from workbench.engine.training.plans import Data, Kind, prepare, runner
from workbench.engine.training.streaming import Streamed
from workbench.protocol.commands import Continue, Evaluate
from workbench.protocol.events import Evaluated, RunEnded

BATCH = 32


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    monkeypatch.setattr(streaming, "WINDOW_BYTES", 4_000)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(1_500, 3))
    lines = ["row,a,b,c,label"]
    lines += [
        f"{number},{a:.4f},{b:.4f},{c:.4f},{int(a * b + c > 0)}" for number, (a, b, c) in enumerate(rows.tolist())
    ]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def spec(path: Path) -> DatasetSpec:
    source = SourceSpec("csv", {"path": str(path), "reading": "pieces"})
    return DatasetSpec(source, target="label", features=("row", "a", "b", "c"), scaling="none")


def streamed(dataset: Dataset) -> Streamed:
    return Streamed(dataset, "train", BATCH, window_bytes=4_000)


def epoch_of(data: Streamed, chunk: int) -> tuple[np.ndarray, np.ndarray]:
    xs, ys, first = [], [], 0
    while first < data.samples:
        count = min(chunk, data.reach(first))
        x, y, order, start = data.chunk(first, count)
        places = np.asarray(order)[start : start + count]
        xs.append(np.asarray(x)[places])
        ys.append(np.asarray(y)[places])
        first += count
    return np.concatenate(xs), np.concatenate(ys)


def test_that_an_epoch_has_every_training_sample_once_in_an_order_of_its_own(table: Path) -> None:
    data = streamed(load_dataset(spec(table)))
    orders = []
    for seed, epoch in ((5, 0), (5, 1), (5, 0), (6, 0)):
        data.begin(seed, epoch, shuffle=True)
        orders.append(epoch_of(data, 100)[0][:, 0].tolist())
    data.close()
    assert len(set(orders[0])) == len(orders[0]) == data.samples
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] == orders[2]
    assert orders[0] != orders[1] != orders[3]


def test_that_samples_keep_their_order_where_they_are_not_shuffled(table: Path) -> None:
    data = streamed(load_dataset(spec(table)))
    rows = epoch_of(data, 77)[0][:, 0].tolist()
    data.close()
    assert rows == sorted(rows)


def test_that_a_place_in_the_epoch_is_found_again_without_what_came_before(table: Path) -> None:
    dataset = load_dataset(spec(table))
    first, second = streamed(dataset), streamed(dataset)
    for data in (first, second):
        data.begin(5, 3, shuffle=True)
    whole, _ = epoch_of(first, 64)
    x, _, _, start = second.chunk(640, BATCH)
    again = np.asarray(x)[start : start + BATCH]
    for data in (first, second):
        data.close()
    np.testing.assert_array_equal(again, whole[640 : 640 + BATCH])


def test_that_no_more_than_a_few_windows_are_held(table: Path) -> None:
    data = streamed(load_dataset(spec(table)))
    data.begin(5, 0, shuffle=True)
    held = []
    for first in range(0, data.samples, BATCH):
        data.chunk(first, min(BATCH, data.reach(first)))
        held.append(len(data._windows.ready) + len(data._windows.waiting))
    data.close()
    assert len(data._order.windows) > 4
    assert max(held) <= 2


def network() -> keras.Model:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


@pytest.mark.parametrize("kind", ["graph", "xla", "keras"])
def test_that_training_piece_by_piece_is_training_on_the_same_batches_to_the_bit(kind: Kind, table: Path) -> None:
    dataset = load_dataset(spec(table))
    data = streamed(dataset)
    data.begin(5, 0, shuffle=True)
    x, y = epoch_of(data, 100)
    held = Data.of(x, y)
    results = []
    for source in (data, held):
        model = network()
        prepare(model, source, BATCH)
        steps = runner(model, source, BATCH, "train_step", kind)
        steps.warm_up()
        model.reset_metrics()
        losses = np.concatenate([steps.run(first, 7)[0] for first in range(0, steps.batches, 7)])
        results.append((losses, model.get_weights()))
    data.close()
    assert len(results[0][0]) == -(-data.samples // BATCH)
    np.testing.assert_array_equal(results[0][0], results[1][0])
    for ours, theirs in zip(results[0][1], results[1][1], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_that_a_plan_is_not_chosen_by_the_time_that_reading_takes(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = 0.0
    clock = time.perf_counter

    def slowly(given: Dataset, piece: int) -> tuple[np.ndarray, np.ndarray]:
        nonlocal late
        late += 10
        return read_piece(given, piece)

    monkeypatch.setattr(streaming, "read_piece", slowly)
    monkeypatch.setattr(choose.time, "perf_counter", lambda: clock() + late)
    data = streamed(load_dataset(spec(table)))
    model = network()
    prepare(model, data, BATCH)
    plan, _ = choose.choose_plan(model, data, BATCH, "exact", 100, 2)
    data.close()
    assert late
    assert plan.chunk > 1


def project(path: Path, **training: object) -> Project:
    nodes = (
        layer("BatchNormalization"),
        layer("Dense", units=8, activation="relu"),
        layer("Dropout", rate=0.2),
        layer("Dense", units=1, activation="sigmoid"),
    )
    return Project(
        name="table",
        data=spec(path),
        model=ModelTree(nodes),
        training=TrainingSpec(batch_size=BATCH, epochs=2, seed=5, **training),  # type: ignore[arg-type]
    )


def test_that_a_streamed_run_resumes_bit_for_bit(table: Path, tmp_path: Path) -> None:
    wanted = project(table)
    folder = new_folder(tmp_path / "p", wanted)
    with talk() as engine:
        whole = engine.train(folder, wanted).run
    with talk() as engine:
        run = engine.start(folder, wanted)
        engine.step(11)
    with talk() as engine:
        engine.start(folder, wanted, run=run)
        engine.step(30)
    with talk() as engine:
        assert engine.train(folder, wanted, run=run).reason == "completed"
    assert_same_run(folder, whole, run)


def test_that_a_streamed_run_learns_from_all_and_is_evaluated_on_all(table: Path, tmp_path: Path) -> None:
    wanted = project(table)
    folder = new_folder(tmp_path / "p", wanted)
    info = load_dataset(wanted.data).info
    assert info.stream is not None
    with talk() as engine:
        ended = engine.train(folder, wanted)
        answer = engine.ask(Evaluate(2, str(folder.path), ended.run, "test"), Evaluated)
    batches = -(-info.stream.sizes["train"] // BATCH)
    assert len(history_of(folder, ended.run).losses) == 2 * batches
    assert 0 < answer.metrics["loss"] < 5


def test_that_a_file_that_changes_ends_the_run_with_a_sentence(table: Path, tmp_path: Path) -> None:
    wanted = project(table)
    folder = new_folder(tmp_path / "p", wanted)
    with talk() as engine:
        engine.start(folder, wanted)
        os.utime(table, ns=(1, 1))
        engine.send(Continue())
        ended = engine.until(RunEnded)
    assert ended.reason == "failed"
    assert "was changed while it was in use" in ended.message


def test_that_each_piece_is_decoded_once_in_all_epochs(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = load_dataset(spec(table))
    read: list[int] = []

    def counted(given: Dataset, piece: int) -> tuple[np.ndarray, np.ndarray]:
        read.append(piece)
        return read_piece(given, piece)

    monkeypatch.setattr(streaming, "read_piece", counted)
    data = streamed(dataset)
    first = epoch_of(data, 100)
    data.begin(5, 1, shuffle=True)
    epoch_of(data, 100)
    data.begin(0, 2, shuffle=False)
    again = epoch_of(data, 100)
    data.close()
    assert sorted(read) == sorted(dataset.pieces["train"].tolist())
    for mine, theirs in zip(first, again, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("fault", ["full", "no folder"])
def test_that_a_full_disk_only_means_that_pieces_are_decoded_anew(
    fault: str, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "full":
        monkeypatch.setattr(kept, "MOST_BYTES", 1)
    else:
        (tmp_path / "file").touch()
        monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "file"))
    data = streamed(load_dataset(spec(table)))
    first = epoch_of(data, 100)
    again = epoch_of(data, 100)
    data.close()
    for mine, theirs in zip(first, again, strict=True):
        np.testing.assert_array_equal(mine, theirs)
