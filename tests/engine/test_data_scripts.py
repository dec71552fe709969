"""The Python source that a data set brings gives the very arrays that the workbench trains on."""

import csv

import numpy as np
import pytest
from PIL import Image

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import load_dataset
from workbench.engine.data.sources import all_sources


def run(info):
    """The variables that the source defines. It may use nothing of the workbench."""
    assert "workbench" not in "\n".join(line for line in info.script.splitlines() if "import" in line)
    variables = {}
    exec(info.script + "\n" + info.preparation, variables)
    return variables


def check(spec):
    """Every array of the script equals the data set's, bit for bit."""
    dataset = load_dataset(spec)
    variables = run(dataset.info)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)
    return dataset


@pytest.mark.parametrize("kind", [entry.kind for entry in all_sources() if entry.group in ("bundled", "generated")])
def test_that_the_script_of_a_source_gives_the_same_arrays(kind):
    check(DatasetSpec(SourceSpec(kind)))


@pytest.mark.parametrize("kind", ["digits", "iris", "sine"])
@pytest.mark.parametrize("scaling", ["none", "standardize", "min_max"])
def test_that_the_script_scales_as_chosen(kind, scaling):
    check(DatasetSpec(SourceSpec(kind), scaling=scaling, split=Split(0.2, 0.1, False, 4)))


@pytest.mark.parametrize("labels", ["integer", "one_hot", "number"])
@pytest.mark.parametrize("kind", ["iris", "moons"])
def test_that_the_script_encodes_labels_as_chosen(kind, labels):
    dataset = check(DatasetSpec(SourceSpec(kind), labels=labels))
    assert dataset.info.labels == labels
    assert dataset.y["train"].shape[1:] == dataset.info.target_shape


@pytest.mark.parametrize("split", [Split(0, 0.2), Split(0.2, 0), Split(0, 0), Split(0.001, 0.001)])
def test_that_the_script_makes_odd_parts(split):
    dataset = check(DatasetSpec(SourceSpec("iris"), split=split))
    assert (dataset.info.sizes["validation"] > 0) == (split.validation > 0)
    assert (dataset.info.sizes["test"] > 0) == (split.test > 0)


@pytest.fixture
def passengers(tmp_path):
    """A table with all that makes tables hard: texts, missing values everywhere, an odd header."""
    rng = np.random.default_rng(0)
    path = tmp_path / "passengers on board.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "age", "fare", "fare", "harbour", "name", "survived"])
        for row in range(120):
            age = "" if rng.random() < 0.2 else f"{rng.uniform(1, 80):.1f}"
            harbour = rng.choice(["Cork, Ireland", "Cherbourg", 'The "Pool"', "NA"])
            fare = "?" if rng.random() < 0.1 else f"{rng.uniform(5, 90):.2f}"
            survived = "" if row == 50 else rng.choice(["yes", "no"])
            writer.writerow([row + 1, age, fare, row % 7, harbour, f"Person {row}", survived])
    return path


@pytest.mark.parametrize("missing", ["drop_rows", "mean", "median", "most_frequent", "zero"])
def test_that_the_script_treats_missing_values_as_chosen(passengers, missing):
    dataset = check(DatasetSpec(SourceSpec("csv", {"path": str(passengers)}), missing=missing))
    assert dataset.info.features == (
        "age",
        "fare",
        "fare (2)",
        "harbour = Cherbourg",
        "harbour = Cork, Ireland",
        'harbour = The "Pool"',
    )
    assert dataset.info.classes == ("no", "yes")
    assert not any(np.isnan(array).any() for array in dataset.x.values())


@pytest.mark.parametrize("target", ["age", "harbour", "survived"])
def test_that_the_script_learns_any_column(passengers, target):
    check(DatasetSpec(SourceSpec("csv", {"path": str(passengers)}), target=target, missing="median"))


def test_that_the_script_takes_the_chosen_features_in_their_order(passengers):
    source = SourceSpec("csv", {"path": str(passengers)})
    dataset = check(DatasetSpec(source, features=("fare (2)", "age"), missing="zero"))
    assert dataset.info.features == ("fare (2)", "age")


@pytest.mark.parametrize(
    ("encoding", "delimiter", "decimal"),
    [("utf-8-sig", ";", ","), ("utf-16", "\t", "."), ("latin-1", "|", ","), ("utf-16-le", ";", ",")],
)
def test_that_the_script_reads_any_dialect(tmp_path, encoding, delimiter, decimal):
    rows = [["Größe", "Länge", "Art"]]
    rows += [[f"{i / 7:.3f}".replace(".", decimal), f"{i * 1.5}".replace(".", decimal), "äö"[i % 2]] for i in range(40)]
    path = tmp_path / "maße.csv"
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    dataset = check(DatasetSpec(SourceSpec("csv", {"path": str(path)})))
    assert dataset.info.features == ("Größe", "Länge")
    assert dataset.info.classes == ("ä", "ö")


def test_that_the_script_takes_bad_numbers_as_missing_where_so_chosen(tmp_path):
    lines = ["a;b;c"] + [f"{i};{i * 2 if i != 9 else 'oops'};{i % 2}" for i in range(30)]
    path = tmp_path / "data.csv"
    path.write_text("\n".join(lines))
    source = SourceSpec("csv", {"path": str(path), "bad_numbers": "missing"})
    assert sum(check(DatasetSpec(source)).info.sizes.values()) == 29
    assert sum(check(DatasetSpec(source, missing="mean")).info.sizes.values()) == 30


def save(path, **arrays):
    np.savez_compressed(path, **arrays)
    return DatasetSpec(SourceSpec("npz", {"path": str(path)}))


RNG = np.random.default_rng(1)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": RNG.normal(size=(60, 5)), "y": np.arange(60) % 3},
        {"x": RNG.normal(size=(60, 2)).astype("float32"), "y": np.arange(60) % 2 == 0},
        {"x": RNG.normal(size=60), "y": RNG.normal(size=(60, 1))},
        {"x": RNG.normal(size=(60, 3)), "y": RNG.normal(size=(60, 2))},
        {"x": RNG.normal(size=(60, 3)), "y": np.eye(4)[np.arange(60) % 4]},
        {"x": RNG.normal(size=(60, 3)), "y": np.array(["cat", "dog"])[np.arange(60) % 2]},
        {"x": RNG.normal(size=(60, 3)), "y": np.array([b"cat", b"dog"])[np.arange(60) % 2]},
        {"x": RNG.normal(size=(60, 3)), "y": np.array([3.0, 7.0])[np.arange(60) % 2]},
        {"x": RNG.integers(0, 99, (60, 7)), "y": np.arange(60) % 2},
        {"x": RNG.integers(0, 256, (60, 8, 8), dtype=np.uint8), "y": np.arange(60) % 5},
        {"x": RNG.random((60, 3, 16, 12)).astype("float32"), "y": np.arange(60) % 5},
        {"x": RNG.random((60, 8, 8)) > 0.5, "y": np.arange(60) % 5},
        {"x": RNG.normal(size=(60, 20, 3)).astype(">f4"), "y": np.arange(60) % 2},
    ],
    ids=lambda arrays: f"{arrays['x'].dtype}{arrays['x'].shape}-{arrays['y'].dtype}{arrays['y'].shape}",
)
def test_that_the_script_reads_arrays(tmp_path, arrays):
    check(save(tmp_path / "mine.npz", **arrays))


def test_that_the_script_keeps_an_own_test_set(tmp_path):
    names = np.array(["a", "b", "c"])
    spec = save(
        tmp_path / "own.npz",
        x_train=RNG.random((50, 8, 8)),
        y_train=names[np.arange(50) % 3],
        x_test=RNG.random((10, 8, 8)),
        y_test=names[np.arange(10) % 3],
    )
    dataset = check(spec)
    assert dataset.info.sizes["test"] == 10
    assert dataset.info.input_shape == (8, 8, 1)


def test_that_the_script_reads_npy_files(tmp_path):
    np.save(tmp_path / "X_mine.npy", RNG.normal(size=(40, 3)))
    np.save(tmp_path / "y_mine.npy", np.arange(40) % 2)
    check(DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / "X_mine.npy")})))
    np.save(tmp_path / "table.npy", np.column_stack([RNG.normal(size=(40, 3)), np.arange(40) % 2]))
    dataset = check(DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / "table.npy")})))
    assert dataset.info.task == "binary"


def picture(path, size, mode="RGB", seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    if mode == "I;16":
        array = rng.integers(0, 65536, size, dtype=np.uint16)
    else:
        array = rng.integers(0, 256, (*size, 3) if mode == "RGB" else size, dtype=np.uint8)
    Image.fromarray(array).save(path)


@pytest.mark.parametrize("own_test", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "L", "I;16"])
def test_that_the_script_reads_a_folder_of_pictures(tmp_path, mode, own_test):
    for part in ("train", "test") if own_test else ("",):
        for name in ("big cats", "dogs"):
            for number in range(8):
                size = (12, 10) if number else (20, 30)
                picture(tmp_path / part / name / f"{number}.png", size, mode, seed=number)
            (tmp_path / part / name / "broken.png").write_bytes(b"no picture")
    dataset = check(DatasetSpec(SourceSpec("images", {"path": str(tmp_path)})))
    assert dataset.info.input_shape == (12, 10, 3 if mode == "RGB" else 1)
    assert dataset.info.classes == ("big cats", "dogs")


def test_that_the_data_line_stands_alone(passengers):
    for source in (SourceSpec("digits"), SourceSpec("iris"), SourceSpec("csv", {"path": str(passengers)})):
        script = load_dataset(DatasetSpec(source)).info.script
        (line,) = [line for line in script.splitlines() if line.startswith("DATA = ")]
        assert isinstance(eval(line.removeprefix("DATA = ")), str)
