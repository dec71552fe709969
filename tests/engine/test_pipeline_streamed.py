"""Data that are read piece by piece: their views are of a sample, and say so."""

from pathlib import Path

import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.input_pipeline import InputPipeline
from workbench.engine.data import csv_pieces
from workbench.engine.data.load import load_dataset
from workbench.engine.data.raw import no_progress
from workbench.engine.data.tensor import show_tensor
from workbench.engine.input_pipeline import show_pipeline
from workbench.protocol.commands import ShowPipeline, ShowTensor


def test_that_views_of_streamed_data_are_of_a_sample_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    rows = np.random.default_rng(1).normal(size=(600, 3))
    path = tmp_path / "table.csv"
    path.write_text("a,b,label\n" + "\n".join(f"{a:.4f},{b:.4f},{int(c > 0)}" for a, b, c in rows.tolist()))
    spec = DatasetSpec(SourceSpec("csv", {"path": str(path), "reading": "pieces"}), target="label")
    dataset = load_dataset(spec)
    assert dataset.info.stream is not None
    shown = show_pipeline(dataset, ShowPipeline(1, spec, InputPipeline()), no_progress)
    assert shown.samples == len(dataset.x["train"])
    assert shown.notes[0].startswith("These data are read piece by piece")
    assert "# Define x_train and y_train here" in shown.code
    tensor = show_tensor(dataset, ShowTensor(1, spec, what="part"))
    assert tensor.shape == dataset.x["train"].shape
    assert tensor.notes == ("These data are read piece by piece; this is a sample of them.",)
