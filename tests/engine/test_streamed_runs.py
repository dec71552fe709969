"""Trainings on arrays and databases that are read piece by piece."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from trainings import assert_same_run, layer, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import ModelTree
from workbench.engine.data import array_stream, load_dataset, sqlite_file, typed_stream
from workbench.engine.training import streaming

ROWS = 600


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_stream, "_LEAST_PIECE", 512)
    monkeypatch.setattr(sqlite_file, "_PIECE", 40)
    monkeypatch.setattr(typed_stream, "_ASIDE_ROWS", 40)
    monkeypatch.setattr(streaming, "WINDOW_BYTES", 4_000)


def source(kind: str, folder: Path) -> SourceSpec:
    x = np.random.default_rng(1).normal(size=(ROWS, 4))
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    if kind == "packed arrays":
        np.savez_compressed(folder / "a.npz", x=x, y=y)
        return SourceSpec("npz", {"path": str(folder / "a.npz"), "reading": "pieces"})
    base = sqlite3.connect(folder / "a.db")
    base.execute("CREATE TABLE t (a REAL, b REAL, c REAL, d REAL, y INTEGER)")
    base.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", np.column_stack([x, y]).tolist())
    base.commit()
    base.close()
    chosen = {"table": "t"} if kind == "table" else {"query": "SELECT * FROM t WHERE a > -9"}
    return SourceSpec("sql", {"path": str(folder / "a.db"), "reading": "pieces", **chosen})


@pytest.mark.parametrize(
    "kind",
    [pytest.param("packed arrays", marks=pytest.mark.slow), "table", pytest.param("query", marks=pytest.mark.slow)],
)
def test_that_a_run_resumes_bit_for_bit(kind: str, tmp_path: Path) -> None:
    nodes = (layer("Dense", units=8, activation="relu"), layer("Dropout", rate=0.2), layer("Dense", units=2))
    training = TrainingSpec(batch_size=32, epochs=2, seed=5)
    wanted = Project(data=DatasetSpec(source(kind, tmp_path)), model=ModelTree(nodes), training=training)
    assert load_dataset(wanted.data).info.stream is not None
    folder = new_folder(tmp_path / "p", wanted)
    with talk() as engine:
        whole = engine.train(folder, wanted)
        assert whole.reason == "completed", whole.message
        run = engine.start(folder, wanted)
        engine.step(7)
    with talk() as engine:
        assert engine.train(folder, wanted, run=run).reason == "completed"
    assert_same_run(folder, whole.run, run)
