"""Volumes come with a mask for each slice, from folders and from arrays."""

import numpy as np
import pytest
from PIL import Image
from test_data_scripts import check
from trainings import new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.engine.data import DataError, inspect_path, load_dataset
from workbench.engine.data.analyses import all_analyses, look_at
from workbench.engine.data.raw import no_progress
from workbench.engine.data.show import show_samples
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Predict, ShowSamples
from workbench.protocol.events import Predicted

SLICES = (4, 12, 4, 4)


def draw(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path)


@pytest.fixture
def folder(tmp_path):
    """Four volumes of four or twelve slices, whose names sort wrongly as texts; slice k is 20 k bright, and its mask
    has k % 3 · 100 in its left half."""
    root = tmp_path / "scans"
    for number, slices in enumerate(SLICES):
        for place in range(slices):
            name = f"patient {number + 9}"
            draw(root / "images" / name / f"slice{place + 1}.png", np.full((6, 8), 20 * place))
            mask = np.zeros((6, 8))
            mask[:, :4] = place % 3 * 100
            draw(root / "masks" / name / f"slice{place + 1}_mask.png", mask)
    return root


def spec_of(root, **params):
    return DatasetSpec(SourceSpec("volume_pairs", {"path": str(root), **params}))


def test_that_volumes_come_with_the_masks_of_their_slices(folder):
    dataset = check(spec_of(folder))
    info = dataset.info
    assert (info.form, info.task, info.input_shape, info.target_shape) == (
        "volumes",
        "segmentation",
        (4, 6, 8, 1),
        (4, 6, 8, 1),
    )
    assert info.classes == ("background", "100", "200")
    assert any("1 volume has another number of slices; all were brought to 4" in note for note in info.notes)
    x, y = dataset.source.x, dataset.source.y
    assert x[0, :, 0, 0, 0].tolist() == [0, 20, 40, 60]
    assert x[1, :, 0, 0, 0].tolist() == [0, 80, 140, 220]  # slices 1, 5, 8 and 12 of twelve
    assert y[0, :, 0, 0].tolist() == [0, 1, 2, 0]
    assert y[1, :, 0, 0].tolist() == [0, 1, 1, 2]
    assert not y[..., 4:].any()


def test_that_the_person_chooses_slices_size_and_names(folder):
    dataset = check(spec_of(folder, length=3, how="first", size=(3, 4), classes=("air", "bone", "skin")))
    assert dataset.info.input_shape == (3, 3, 4, 1)
    assert dataset.info.classes == ("air", "bone", "skin")
    assert set(np.unique(dataset.source.y)) == {0, 1, 2}


def test_that_black_and_white_masks_are_cut(folder):
    dataset = check(spec_of(folder, what="black_white"))
    assert dataset.info.classes == ("background", "object")
    assert dataset.source.y[0, :, 0, 0].tolist() == [0, 0, 1, 0]


def test_that_such_a_folder_is_recognised_and_shown(folder):
    found = inspect_path(str(folder), 1)
    assert (found.source.kind, found.detected["Volumes"]) == ("volume_pairs", "4")
    dataset = load_dataset(DatasetSpec(found.source))
    shown = show_samples(dataset, ShowSamples(0, dataset.spec, "train", 0, 9))
    assert shown.beside is not None
    assert shown.inputs.shape[1:] == (4, 6, 8, 1)
    assert shown.beside.shape[1:] == (4, 6, 8)


def test_that_what_does_not_belong_together_is_told(folder):
    draw(folder / "images" / "patient 7" / "1.png", np.zeros((6, 8)))
    (folder / "masks" / "patient 3").mkdir()
    notes = load_dataset(spec_of(folder)).info.notes
    assert any("Folders without a partner were left out: images/patient 7." in note for note in notes)
    draw(folder / "masks" / "patient 7" / "1.png", np.zeros((6, 8)))
    draw(folder / "masks" / "patient 7" / "2.png", np.zeros((6, 8)))
    with pytest.raises(DataError, match="“images/patient 7” has 1 slice, but “masks/patient 7” 2 masks"):
        load_dataset(spec_of(folder))


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"classes": ("a", "b")}, "The masks have 3 classes, but 2 names are given"),
        ({"inputs": "scans"}, "has no sub-folder “scans”"),
    ],
)
def test_that_wrong_wishes_are_told(folder, params, sentence):
    with pytest.raises(DataError, match=sentence):
        load_dataset(spec_of(folder, **params))


def test_that_pictures_in_the_place_of_masks_are_told(folder):
    rng = np.random.default_rng(0)
    for path in sorted((folder / "masks").rglob("*.png")):
        draw(path, rng.integers(0, 256, (6, 8)))
    with pytest.raises(DataError, match="What lies in “masks” has too many values for masks"):
        load_dataset(spec_of(folder))


def test_that_a_damaged_mask_is_named(folder):
    (folder / "masks" / "patient 9" / "slice2_mask.png").write_bytes(b"broken")
    with pytest.raises(DataError, match=r"patient 9/slice2_mask\.png cannot be used"):
        load_dataset(spec_of(folder))


def test_that_a_first_network_marks_volumes(folder, tmp_path):
    spec = spec_of(folder)
    dataset = load_dataset(spec)
    for entry in all_analyses():
        if "volumes" in entry.forms:
            look_at(dataset, entry.kind, no_progress)
    project = Project(data=spec, model=first_network(dataset.info), training=TrainingSpec(epochs=1))
    work = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(work, project)
        predicted = engine.ask(Predict(4, str(work.path), ended.run, (Sample(part="test"),)), Predicted)
    assert ended.reason == "completed"
    assert "mean_iou" in predicted.predictions[0].measures
