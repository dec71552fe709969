"""The input itself as what is learned: for every form of numbers, with labels ignored or none, with noise on it."""

import csv

import numpy as np
import pytest
from PIL import Image

from workbench.domain.dataset import PARTS, DatasetSpec, Noise, SourceSpec, StepSpec
from workbench.engine.data import DataError, inspect_path, load_dataset
from workbench.engine.data.analyses import all_analyses, look_at
from workbench.engine.data.show import show_samples
from workbench.protocol.commands import ShowSamples

RNG = np.random.default_rng(2)
NOISES = [None, Noise(), Noise("salt_and_pepper", 0.3, 4), Noise("masking", 0.5)]


def load(kind, noise=None, **more):
    params = more.pop("params", {})
    return load_dataset(DatasetSpec(SourceSpec(kind, params), task="reconstruction", noise=noise, **more))


def check_script(dataset):
    """The script gives the very arrays, and knows nothing of the workbench."""
    assert "workbench" not in dataset.info.preparation
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: noise.kind if noise else "clean")
@pytest.mark.parametrize("kind", ["digits", "moons", "sine", "wine"])
def test_that_any_numbers_are_learned_themselves_and_the_script_does_the_same(kind, noise):
    dataset = load(kind, noise)
    info = dataset.info
    assert (info.task, info.labels, info.classes, info.target) == ("reconstruction", "number", (), "")
    assert info.target_shape == info.input_shape == dataset.y["train"].shape[1:]
    assert (info.target_low, info.target_high) == pytest.approx(
        (min(y.min() for y in dataset.y.values()), max(y.max() for y in dataset.y.values()))
    )
    for part in PARTS:
        assert np.array_equal(dataset.x[part], dataset.y[part]) == (noise is None)
        assert np.array_equal(dataset.values[part], dataset.y[part])
    check_script(dataset)


def test_that_inputs_without_noise_are_kept_only_once():
    dataset = load("digits")
    assert dataset.y["train"] is dataset.x["train"]
    assert dataset.info.bytes == sum(array.nbytes for array in dataset.x.values())


def test_that_the_target_is_what_other_tasks_get_as_input():
    plain = load_dataset(DatasetSpec(SourceSpec("moons")))
    assert np.array_equal(load("moons", Noise()).y["test"].shape, plain.x["test"].shape)
    assert load("moons").info.scaling == plain.info.scaling


def test_that_gaussian_noise_has_the_deviation_asked_for_and_pictures_stay_in_range():
    off = load("moons", Noise("gaussian", 0.3))
    spread = (off.x["train"] - off.y["train"]).std()
    assert spread == pytest.approx(0.3, rel=0.05)
    pictures = load("digits", Noise("gaussian", 0.5))
    assert (pictures.info.input_low, pictures.info.input_high) == (0.0, 1.0)


def test_that_salt_and_pepper_reaches_the_share_of_dots_asked_for():
    dataset = load("digits", Noise("salt_and_pepper", 0.4))
    x, y = dataset.x["train"], dataset.y["train"]
    salt, pepper = ((x == 1) & (y != 1)).mean(), ((x == 0) & (y != 0)).mean()
    assert salt == pytest.approx(0.2 * (y != 1).mean(), rel=0.1)
    assert pepper == pytest.approx(0.2 * (y != 0).mean(), rel=0.1)


def test_that_masking_hides_whole_dots_of_all_channels():
    dataset = load("shapes", Noise("masking", 0.25), params={"samples": 60, "size": 16})
    hidden = dataset.x["train"] == 0
    assert np.array_equal(hidden.all(axis=-1), hidden.any(axis=-1) & hidden.all(axis=-1))
    assert hidden.all(axis=-1).mean() == pytest.approx(0.25, abs=0.02)


def test_that_the_seed_decides_the_noise():
    same, other = load("moons", Noise(seed=3)), load("moons", Noise(seed=4))
    assert not np.array_equal(same.x["test"], other.x["test"])
    assert np.array_equal(same.y["test"], other.y["test"])


@pytest.mark.parametrize(
    ("noise", "sentence"),
    [
        (Noise("masking", 1.5), "between 0 and 1"),
        (Noise("gaussian", -1), "between 0 and 10"),
        (Noise("gaussian", 0.1, -1), "The seed of the noise"),
    ],
)
def test_that_impossible_noise_is_told(noise, sentence):
    with pytest.raises(DataError, match=sentence):
        load("moons", noise)


def test_that_noise_is_left_out_of_other_tasks_and_said_so():
    dataset = load_dataset(DatasetSpec(SourceSpec("moons"), noise=Noise()))
    plain = load_dataset(DatasetSpec(SourceSpec("moons")))
    assert np.array_equal(dataset.x["train"], plain.x["train"])
    assert any("The noise was left out" in note for note in dataset.info.notes)


def test_that_texts_are_refused():
    with pytest.raises(DataError, match="Tokens of texts cannot be learned as the input itself"):
        load("reviews")


def test_that_steps_of_preparation_change_the_target_too():
    steps = (StepSpec("powers", {"products": False}),)
    dataset = load("moons", Noise(), steps=steps)
    assert dataset.info.target_shape == (4,)
    check_script(dataset)


@pytest.fixture
def sensors(tmp_path):
    path = tmp_path / "sensors.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "c", "state"])
        for row in range(60):
            hole = "" if row == 7 else f"{row * 0.5}"
            writer.writerow([row, hole, RNG.normal(), "on" if row % 2 else "off"])
    return path


@pytest.mark.parametrize(
    ("more", "features"),
    [
        ({}, ("a", "b", "c", "state = off", "state = on")),
        ({"target": "state"}, ("a", "b", "c")),
        ({"features": ("c", "a")}, ("c", "a")),
    ],
)
@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
def test_that_a_table_learns_all_columns_but_the_one_named_as_target(sensors, more, features, missing):
    dataset = load("csv", params={"path": str(sensors)}, missing=missing, **more)
    info = dataset.info
    assert info.features == features
    used = {name.split(" = ")[0] for name in features}
    assert {column.name for column in info.columns if column.role == "feature"} == used
    assert {column.role for column in info.columns} <= {"feature", "ignored"}
    assert sum(info.sizes.values()) == 60 - (missing == "drop_rows" and "b" in features)
    assert any("“state” is left out" in note for note in info.notes) == ("target" in more)
    check_script(dataset)


def test_that_bundled_tables_leave_out_what_they_know_to_be_the_label():
    assert len(load("iris").info.features) == 4


@pytest.mark.parametrize(
    "arrays",
    [{"x": RNG.random((30, 5))}, {"images": RNG.random((30, 8, 8))}, {"x_train": RNG.random((30, 6, 3))}],
    ids=["rows", "pictures", "sequences"],
)
def test_that_arrays_without_targets_open(tmp_path, arrays):
    path = tmp_path / "mine.npz"
    np.savez(path, **arrays)
    assert inspect_path(path).source == SourceSpec("npz", {"path": str(path)})
    dataset = load_dataset(DatasetSpec(SourceSpec("npz", {"path": str(path)})))
    assert dataset.info.task == "reconstruction"
    check_script(dataset)


def test_that_arrays_without_targets_keep_their_own_test_set(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, x_train=RNG.random((30, 5)), x_test=RNG.random((9, 5)))
    dataset = load_dataset(DatasetSpec(SourceSpec("npz", {"path": str(path)})))
    assert dataset.info.sizes["test"] == 9
    check_script(dataset)


def test_that_all_columns_of_a_lone_array_can_be_inputs(tmp_path):
    path = tmp_path / "rows.npy"
    np.save(path, RNG.random((30, 5)))
    source = SourceSpec("npz", {"path": str(path), "unlabelled": True})
    dataset = load_dataset(DatasetSpec(source))
    assert dataset.info.input_shape == (5,)
    check_script(dataset)


def test_that_another_task_without_targets_is_told(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, x=RNG.random((30, 5)))
    with pytest.raises(DataError, match="mine has no targets"):
        load_dataset(DatasetSpec(SourceSpec("npz", {"path": str(path)}), task="binary"))


@pytest.fixture
def pictures(tmp_path):
    for place in range(8):
        Image.fromarray(RNG.integers(0, 256, (12, 10, 3), dtype=np.uint8)).save(tmp_path / f"{place}.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    return tmp_path


def test_that_a_folder_of_pictures_without_sub_folders_opens(pictures):
    found = inspect_path(pictures)
    assert (found.source.kind, found.detected) == ("images", {"Pictures": "9"})
    dataset = load_dataset(DatasetSpec(found.source))
    assert (dataset.info.task, dataset.info.target_shape) == ("reconstruction", (12, 10, 3))
    assert sum(dataset.info.sizes.values()) == 8
    assert any("broken.png" in note for note in dataset.info.notes)
    check_script(dataset)


def test_that_classes_of_such_a_folder_cannot_be_wished_for(pictures):
    with pytest.raises(DataError, match="has no targets"):
        load_dataset(DatasetSpec(SourceSpec("images", {"path": str(pictures)}), task="multiclass"))


@pytest.mark.parametrize("kind", [pytest.param("digits", marks=pytest.mark.slow), "wine", "moons"])
def test_that_every_way_of_looking_suits_data_without_targets(kind):
    dataset = load(kind)
    for entry in all_analyses():
        if dataset.info.form in entry.forms:
            found = look_at(dataset, entry.kind, lambda text, fraction: None)
            assert found.arrays or found.findings
    shown = show_samples(dataset, ShowSamples(1, dataset.spec, "train", 0, 5))
    assert (shown.labels, shown.targets, len(shown.indices)) == ((), (), 5)
