"""A mask or a picture beside each picture: from folders, arrays and generated shapes."""

import numpy as np
import pytest
from PIL import Image

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, StepSpec
from workbench.engine.data import DataError, inspect_path, load_dataset
from workbench.engine.data.analyses import all_analyses, look_at
from workbench.engine.data.show import show_samples
from workbench.protocol.commands import ShowSamples
from workbench.ui.arrays import to_numpy

RNG = np.random.default_rng(5)
X = RNG.integers(0, 256, (30, 16, 12, 3), dtype=np.uint8)
MASKS = RNG.integers(0, 3, (30, 16, 12))
ONE_HOT = np.eye(4)[RNG.integers(0, 4, (30, 16, 12))]


def check_script(dataset):
    assert "workbench" not in "\n".join(line for line in dataset.info.script.splitlines() if "import" in line)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)
    return dataset


def npz(path, **more):
    return lambda **arrays: (
        np.savez(path / "mine.npz", **arrays),
        load_dataset(DatasetSpec(SourceSpec("npz", {"path": str(path / "mine.npz")}), **more)),
    )[1]


@pytest.mark.parametrize(
    ("y", "classes", "shape"),
    [
        (MASKS, ("0", "1", "2"), (16, 12, 1)),
        (MASKS[..., None].astype(np.uint8), ("0", "1", "2"), (16, 12, 1)),
        ((MASKS > 1).astype(np.uint8) * 255, ("background", "object"), (16, 12, 1)),
        (MASKS > 1, ("background", "object"), (16, 12, 1)),
        (MASKS + 3.0, ("3", "4", "5"), (16, 12, 1)),
        (ONE_HOT, ("0", "1", "2", "3"), (16, 12, 1)),
    ],
    ids=["numbers", "own axis", "black and white", "truth", "from three", "one-hot"],
)
def test_that_arrays_of_class_numbers_are_masks(tmp_path, y, classes, shape):
    dataset = check_script(npz(tmp_path)(x=X, y=y))
    info = dataset.info
    assert (info.task, info.labels, info.target_shape) == ("segmentation", "integer", shape)
    assert info.classes == (classes if y is ONE_HOT or classes[0] != "0" else ("background", *classes[1:]))
    assert dataset.y["train"].dtype == np.int32
    whole = np.concatenate([dataset.values[part] for part in PARTS])
    raw = y.argmax(axis=-1) if y is ONE_HOT else y.reshape(30, 16, 12)
    order = np.concatenate([dataset.indices[part] for part in PARTS])
    numbers = np.searchsorted(np.unique(raw), raw)[order]
    assert np.array_equal(whole, numbers)
    assert info.class_counts["train"] == tuple(np.bincount(dataset.values["train"].ravel(), minlength=len(classes)))


def test_that_masks_can_be_one_hot(tmp_path):
    dataset = check_script(npz(tmp_path, labels="one_hot")(x=X, y=MASKS))
    assert dataset.info.target_shape == (16, 12, 3)
    assert np.array_equal(dataset.y["test"].argmax(axis=-1), dataset.values["test"])


@pytest.mark.parametrize(
    ("y", "low", "high"),
    [(X // 2, 0.0, 127 / 255), (RNG.random((30, 16, 12)), 0.0, 1.0), (X / 1.0, 0.0, 255.0)],
    ids=["bytes", "grey", "numbers"],
)
def test_that_pictures_beside_pictures_are_learned_as_numbers(tmp_path, y, low, high):
    dataset = check_script(npz(tmp_path)(x=X, y=y))
    info = dataset.info
    assert (info.task, info.classes, len(info.target_shape)) == ("regression", (), 3)
    assert info.target_low == pytest.approx(low, abs=0.02)
    assert info.target_high == pytest.approx(high, rel=0.02)


def test_that_channels_that_come_first_are_moved_in_both(tmp_path):
    dataset = check_script(npz(tmp_path)(x=X.transpose(0, 3, 1, 2), y=X.transpose(0, 3, 1, 2) // 3))
    assert dataset.info.input_shape == dataset.info.target_shape == (16, 12, 3)


def test_that_an_own_test_set_keeps_its_masks(tmp_path):
    dataset = check_script(npz(tmp_path)(x_train=X, y_train=MASKS + 1, x_test=X[:7], y_test=MASKS[:7] + 1))
    assert np.array_equal(dataset.values["test"], MASKS[:7])


@pytest.mark.parametrize(
    ("y", "more", "sentence"),
    [
        (MASKS[:, :9], {}, "has the shape 9×12 for each sample, but the inputs 16×12×3"),
        (MASKS, {"task": "multiclass"}, "Choose the task segmentation or regression"),
        (X, {"task": "segmentation"}, "has 3 numbers for each place, which are no classes"),
        (np.zeros((30, 16, 12), int), {"task": "segmentation"}, "have 1 different values"),
        (np.arange(30 * 16 * 12).reshape(30, 16, 12), {"task": "segmentation"}, "from 2 to 256 classes"),
        (np.arange(30) % 2, {"task": "segmentation"}, "has no class for each place"),
    ],
)
def test_that_targets_that_do_not_fit_are_told(tmp_path, y, more, sentence):
    with pytest.raises(DataError, match=sentence):
        npz(tmp_path, **more)(x=X, y=y)


def test_that_generated_shapes_come_with_masks():
    source = SourceSpec("shapes", {"samples": 60, "size": 24, "learn": "mask"})
    dataset = check_script(load_dataset(DatasetSpec(source)))
    assert dataset.info.classes == ("background", "circle", "square", "triangle", "cross")
    plain = load_dataset(DatasetSpec(SourceSpec("shapes", {"samples": 60, "size": 24})))
    assert np.array_equal(np.sort(dataset.source.y.reshape(60, -1).max(axis=1) - 1), np.sort(plain.source.y))


def draw(path, pixels, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)


@pytest.fixture
def folder(tmp_path):
    for place in range(8):
        draw(tmp_path / "images" / f"{place}.png", X[place])
        draw(tmp_path / "masks" / f"{place}_mask.png", MASKS[place].astype(np.uint8) * 100)
    return tmp_path


def pairs(path, **params):
    return load_dataset(DatasetSpec(SourceSpec("picture_pairs", {"path": str(path), **params})))


def test_that_a_folder_of_pictures_and_masks_is_recognised_and_read(folder):
    found = inspect_path(folder)
    assert (found.source.kind, found.detected) == ("picture_pairs", {"Pairs": "8", "Folders": "images, masks"})
    dataset = check_script(load_dataset(DatasetSpec(found.source)))
    assert dataset.info.classes == ("background", "100", "200")
    assert np.array_equal(dataset.source.x, X[:8])
    assert np.array_equal(dataset.source.y, MASKS[:8])


def test_that_files_without_a_partner_are_named(folder):
    draw(folder / "images" / "lonely.png", X[9])
    draw(folder / "masks" / "astray.png", MASKS[9].astype(np.uint8))
    (folder / "masks" / "3_mask.png").write_bytes(b"no picture")
    dataset = check_script(pairs(folder))
    assert sum(dataset.info.sizes.values()) == 7
    notes = " ".join(dataset.info.notes)
    assert "2 files have no partner and were skipped: images/lonely.png, masks/astray.png." in notes
    assert "1 file could not be read and was skipped: masks/3_mask.png" in notes
    with pytest.raises(DataError, match=r"images/lonely\.png has no partner"):
        pairs(folder, broken="error")


def test_that_sub_folders_and_classes_can_have_any_name(folder):
    (folder / "images").rename(folder / "Fotos")
    (folder / "masks").rename(folder / "Masken")
    dataset = check_script(pairs(folder, inputs="Fotos", targets="Masken", classes=("paper", "ink", "edge")))
    assert (dataset.info.classes, dataset.info.target) == (("paper", "ink", "edge"), "Masken")
    for params, sentence in (
        ({}, "no sub-folder of pictures by its name"),
        ({"inputs": "Fotos", "targets": "gone"}, "has no sub-folder “gone”"),
        ({"inputs": "Fotos", "targets": "Masken", "classes": ("a",)}, "3 classes, but 1 names are given"),
    ):
        with pytest.raises(DataError, match=sentence):
            pairs(folder, **params)


def test_that_pictures_of_other_names_belong_to_none(folder):
    for place in range(8):
        (folder / "masks" / f"{place}_mask.png").rename(folder / "masks" / f"m{place}.png")
    with pytest.raises(DataError, match=r"No picture in “images” has one of the same name"):
        pairs(folder)


def test_that_two_masks_of_one_picture_are_told(folder):
    draw(folder / "masks" / "3.png", MASKS[3].astype(np.uint8))
    with pytest.raises(DataError, match="belong to the same picture"):
        pairs(folder)


def test_that_colours_and_palettes_are_classes(tmp_path):
    palette = [0, 0, 0, 255, 0, 0, 0, 0, 255]
    for place in range(6):
        draw(tmp_path / "images" / f"{place}.png", X[place])
        mask = Image.fromarray(MASKS[place].astype(np.uint8), "P")
        mask.putpalette(palette)
        (tmp_path / "masks").mkdir(exist_ok=True)
        mask.save(tmp_path / "masks" / f"{place}.png")
    assert np.array_equal(check_script(pairs(tmp_path)).source.y, MASKS[:6])
    for path in (tmp_path / "masks").iterdir():
        Image.open(path).convert("RGB").save(path)
    dataset = check_script(pairs(tmp_path))
    assert dataset.info.classes == ("#000000", "#0000ff", "#ff0000")


def test_that_smeared_black_and_white_masks_are_cut_in_the_middle(tmp_path):
    for place in range(6):
        draw(tmp_path / "images" / f"{place}.png", X[place].repeat(4, 0).repeat(4, 1))
        square = np.zeros((64, 48), np.uint8)
        square[8:40, 8:30] = 255
        draw(tmp_path / "masks" / f"{place}.jpg", square, quality=60)
    dataset = check_script(pairs(tmp_path))
    assert dataset.info.classes == ("background", "object")
    assert dataset.source.y[0].sum() == 32 * 22


def test_that_pictures_beside_pictures_come_from_folders_too(tmp_path):
    for place in range(6):
        draw(tmp_path / "noisy" / f"{place}.png", X[place])
        draw(tmp_path / "clean" / f"{place}.png", X[place] // 2)
    dataset = check_script(load_dataset(DatasetSpec(inspect_path(tmp_path).source)))
    assert (dataset.info.task, dataset.info.target_shape) == ("regression", (16, 12, 3))
    assert dataset.y["train"].max() == pytest.approx(127 / 255, abs=0.01)


def test_that_masks_are_brought_to_the_size_of_the_pictures_without_new_values(folder):
    dataset = check_script(pairs(folder, size=(7, 9)))
    assert dataset.info.target_shape == (7, 9, 1)
    assert dataset.info.classes == ("background", "100", "200")


def test_that_every_way_of_looking_suits_masks(folder):
    dataset = pairs(folder)
    for entry in all_analyses():
        if dataset.info.form in entry.forms:
            found = look_at(dataset, entry.kind, lambda text, fraction: None)
            assert found.arrays or found.findings
    shown = show_samples(dataset, ShowSamples(1, dataset.spec, "train", 0, 3, label=2))
    assert (shown.labels, shown.targets) == ((), ())
    assert np.array_equal(to_numpy(shown.beside), dataset.values["train"][:3])


def test_that_grey_pictures_keep_their_masks(folder):
    spec = DatasetSpec(SourceSpec("picture_pairs", {"path": str(folder)}), steps=(StepSpec("grey"),))
    dataset = check_script(load_dataset(spec))
    assert (dataset.info.input_shape, dataset.info.target_shape) == ((16, 12, 1), (16, 12, 1))
