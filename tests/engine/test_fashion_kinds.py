"""Some kinds of the clothes of Fashion-MNIST, and few of them."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError


def test_that_two_kinds_are_told_apart_and_numbered_anew() -> None:
    data = load_dataset(DatasetSpec(SourceSpec("fashion_mnist", {"kinds": ("Shirt", "Sandal"), "samples": 200})))
    assert data.info.classes == ("Sandal", "Shirt")
    assert data.info.task == "binary"
    assert len(data.x["train"]) + len(data.x["validation"]) == 200
    assert len(data.x["test"]) == 400
    assert set(data.y["test"].ravel().tolist()) == {0, 1}


def test_that_the_script_takes_the_same_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = load_dataset(DatasetSpec(SourceSpec("fashion_mnist", {"kinds": ("Bag", "Shirt", "Coat"), "samples": 50})))
    path = tmp_path / "script.py"
    path.write_text(f"{data.info.script}\n{data.info.preparation}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    made = runpy.run_path(str(path))
    np.testing.assert_array_equal(made["x_train"], data.x["train"])
    np.testing.assert_array_equal(made["y_train"], data.y["train"])
    np.testing.assert_array_equal(made["y_test"], data.y["test"])


def test_that_kinds_that_are_not_there_and_a_single_one_are_refused() -> None:
    with pytest.raises(DataError, match="no 'Hat'"):
        load_dataset(DatasetSpec(SourceSpec("fashion_mnist", {"kinds": ("Hat", "Bag")})))
    with pytest.raises(DataError, match="at least two"):
        load_dataset(DatasetSpec(SourceSpec("fashion_mnist", {"kinds": ("Bag",)})))
