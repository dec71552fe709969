"""Data sets by their name from tensorflow_datasets, with a small library in the place of the real one."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.engine.data import limits, load_dataset, named_set_files
from workbench.engine.data.errors import Cancelled, DataError
from workbench.engine.data.load import forget_loaded

LIBRARY = """
import os, time
from pathlib import Path
import numpy as np

LOADED = True

class DatasetNotFoundError(ValueError):
    pass

class Feature:
    def __init__(self, names=None):
        self.names = names

class Split:
    def __init__(self, count):
        self.num_examples = count

class Info:
    def __init__(self, features, keys, counts):
        self.features, self.supervised_keys = features, keys
        self.splits = {name: Split(count) for name, count in counts.items()}
        self.download_size = self.dataset_size = 1_000

class Builder:
    def __init__(self, name, folder):
        self.name, self.folder = name, Path(folder)
        plain = {"pictures": ("image", "label"), "reviews": ("text", "label"), "bare": None}
        base = name.split("/")[0].split(":")[0]
        if base not in plain:
            raise DatasetNotFoundError(f"Dataset {name} not found.\\nAvailable: many")
        names = ("image", "label", "text", "number", "mixed")
        features = {each: Feature(["cat", "dog", "eel"] if each == "label" else None) for each in names}
        counts = {"train": 90, "train[:10%]": 9, "unlabelled": 6}
        self.info = Info(features, plain[base], counts | ({} if base == "bare" else {"test": 30}))

    def is_prepared(self):
        return (self.folder / self.name / "ready").exists()

    def download_and_prepare(self):
        if os.environ.get("FAKE_SETS") == "offline":
            raise OSError("Network is unreachable")
        if os.environ.get("FAKE_SETS") == "endless":
            time.sleep(600)
        (self.folder / self.name).mkdir(parents=True, exist_ok=True)
        (self.folder / self.name / "ready").touch()

    def as_dataset(self, split, shuffle_files):
        assert not shuffle_files
        return split, self.info.splits[split].num_examples

def builder(name, data_dir=None):
    return Builder(name, data_dir or os.environ["TFDS_DATA_DIR"])

def list_builders(with_community_datasets):
    assert not with_community_datasets
    return ["pictures", "reviews", "bare"]

def as_numpy(dataset):
    split, count = dataset
    random = np.random.default_rng(len(split))
    for place in range(count):
        side = 8 + place % 2
        yield {
            "image": random.integers(0, 256, (8, 8, 3), np.uint8),
            "label": np.int64(-1 if split == "unlabelled" else place % 3),
            "text": f"gr\\u00f6\\u00dfer {place}".encode() * (1 + place % 3),
            "number": np.float32(random.normal()),
            "mixed": random.integers(0, 256, (side, side, 1), np.uint8),
        }
"""


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """The folder of the data sets, and the library on the path."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "tensorflow_datasets.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(str(tmp_path / "library"))
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "sets"))
    monkeypatch.delitem(sys.modules, "tensorflow_datasets", raising=False)
    forget_loaded()
    yield tmp_path / "sets"
    sys.modules.pop("tensorflow_datasets", None)


def spec(name, fields=None, **params):
    return DatasetSpec(SourceSpec("tfds", {"name": name, **params}), **(fields or {}))


def check_script(dataset):
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        np.testing.assert_array_equal(variables[f"x_{part}"], dataset.x[part])
        np.testing.assert_array_equal(variables[f"y_{part}"], dataset.y[part])


def test_that_without_the_library_a_sentence_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(DataError) as caught:
        load_dataset(spec("mnist"))
    assert caught.value.message == (
        "A data set of tensorflow_datasets needs the library tensorflow_datasets, which is not installed. "
        'Install it with: pip install "workbench[datasets]"'
    )


def test_that_a_set_is_prepared_and_read_with_its_classes_and_its_test_set(sets):
    told: list[str] = []
    dataset = load_dataset(spec("pictures"), None, lambda text, fraction: told.append(text))
    assert "Downloading pictures, 2.0 kB" in told
    assert (sets / "pictures" / "ready").exists()
    assert dataset.info.form == "pictures"
    assert dataset.info.classes == ("cat", "dog", "eel")
    assert dataset.info.sizes["test"] == 30
    assert dataset.info.input_shape == (8, 8, 3)
    assert dataset.info.scaling == "divide_255"
    check_script(dataset)


def test_that_a_set_that_is_there_is_not_prepared_again(sets, monkeypatch):
    load_dataset(spec("pictures"))
    forget_loaded()
    monkeypatch.setenv("FAKE_SETS", "offline")
    assert load_dataset(spec("pictures")).info.classes == ("cat", "dog", "eel")


def test_that_texts_are_read_as_texts(sets):
    dataset = load_dataset(spec("reviews"))
    assert dataset.info.form == "text"
    assert dataset.raw("train", [0])[0].startswith("größer ")
    check_script(dataset)


def test_that_features_splits_and_folder_can_be_chosen(sets, tmp_path):
    chosen = {"train": "train[:10%]", "test": "", "x": "image", "y": "number", "data_dir": "other"}
    dataset = load_dataset(spec("bare", **chosen), tmp_path)
    assert (tmp_path / "other" / "bare" / "ready").exists()
    assert dataset.info.task == "regression"
    assert sum(dataset.info.sizes.values()) == 9
    check_script(dataset)
    only = load_dataset(spec("bare", x="image"), tmp_path)
    assert only.info.task == "reconstruction"


def test_that_pictures_of_different_sizes_are_brought_to_one(sets):
    with pytest.raises(DataError, match=r"different shapes\. Give a size for pictures"):
        load_dataset(spec("pictures", x="mixed"))
    dataset = load_dataset(spec("pictures", x="mixed", size=(6, 5)))
    assert dataset.info.input_shape == (6, 5, 1)
    check_script(dataset)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"name": "pictuers"}, "knows no data set “pictuers”. Did you mean pictures?"),
        ({"name": "huggingface:evil/code"}, "name of the data set cannot be read"),
        ({"name": "pictures/a=1,b=2"}, "name of the data set cannot be read"),
        ({"name": "../pictures"}, "name of the data set cannot be read"),
        ({"name": "pictures", "train": "validation"}, r"has no split “validation”. Choose among: train, train\[:10%\]"),
        ({"name": "pictures", "train": "a b"}, "is no split"),
        ({"name": "pictures", "train": ""}, "No split to train on"),
        ({"name": "pictures", "test": "unlabelled"}, "samples whose class is not known"),
        ({"name": "pictures", "x": "sound"}, "has no feature “sound”. Choose among: image, label"),
        ({"name": "bare"}, "does not say what to learn from. Choose among: image, label"),
    ],
)
def test_that_what_cannot_be_read_is_told(sets, params, words):
    with pytest.raises(DataError, match=words):
        load_dataset(spec(**params))


def test_that_offline_a_sentence_says_how_to_get_it(sets, monkeypatch):
    monkeypatch.setenv("FAKE_SETS", "offline")
    with pytest.raises(DataError) as caught:
        load_dataset(spec("pictures"))
    assert f"with: tfds build pictures – then copy the folder pictures from there into {sets}." in caught.value.message
    assert "Network is unreachable" in caught.value.detail


def test_that_a_download_can_be_given_up(sets, monkeypatch):
    monkeypatch.setenv("FAKE_SETS", "endless")
    asked = 0

    def progress(text: str, fraction: float | None) -> None:
        nonlocal asked
        asked += text.startswith("Downloading")
        if asked == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        load_dataset(spec("pictures"), None, progress)


def test_that_nothing_is_held_that_is_too_large(sets, monkeypatch):
    monkeypatch.setattr(limits, "memory_budget", lambda: 90 * 8 * 8 * 3 - 1)
    with pytest.raises(DataError, match=r"“image” of pictures would take 17\.3 kB of memory"):
        load_dataset(spec("pictures"))


def test_that_nothing_is_downloaded_that_the_disk_has_no_room_for(sets, monkeypatch):
    monkeypatch.setattr(named_set_files.shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_000))
    with pytest.raises(DataError, match=r"pictures takes 2\.0 kB on the disk, but only 3\.0 kB are free"):
        load_dataset(spec("pictures"))


@pytest.mark.parametrize("key", ["pythonClassName", "python_class_name", "type"])
def test_that_files_in_a_folder_of_the_project_lead_to_no_code_of_others(sets, tmp_path, key):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (tmp_path / "mine" / "pictures").mkdir(parents=True)
    (tmp_path / "mine" / "pictures" / "1.0.0").symlink_to(folder)
    good = {"pythonClassName": "tensorflow_datasets.core.features.image_feature.Image"}
    for value, fine in ((good, True), ({"features": [good, {key: "evil.Feature"}]}, False)):
        (folder / "features.json").write_text(json.dumps(value))
        if fine:
            load_dataset(spec("pictures", data_dir="mine"), tmp_path)
        else:
            with pytest.raises(DataError, match="needs Python code of others, which is not run"):
                load_dataset(spec("pictures", data_dir="mine"), tmp_path)


def test_that_the_library_is_not_loaded_to_tell_what_sources_there_are(sets):
    from workbench.engine.data.sources import all_sources

    assert "tfds" in {entry.kind for entry in all_sources()}
    assert "tensorflow_datasets" not in sys.modules
