"""Films and volumes: arrays with an axis more than pictures have."""

import numpy as np
import pytest
from PIL import Image
from trainings import new_folder, talk

from workbench.domain.checks import find_problems
from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer
from workbench.engine.data import DataError, inspect_path, load_dataset
from workbench.engine.data.analyses import all_analyses, look_at
from workbench.engine.data.show import show_samples
from workbench.engine.describe import describe
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Predict, ShowSamples
from workbench.protocol.events import Predicted
from workbench.ui.arrays import to_numpy

pytestmark = pytest.mark.engine
RNG = np.random.default_rng(6)
FILMS = RNG.integers(0, 256, (40, 6, 8, 10, 3), dtype=np.uint8)
Y = np.arange(40) % 2


def load(path, x, form="volumes", **more):
    np.savez(path / "films.npz", x=x, y=Y[: len(x)])
    return load_dataset(DatasetSpec(SourceSpec("npz", {"path": str(path / "films.npz"), "form": form}), **more))


def check_script(dataset):
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)
    return dataset


@pytest.mark.parametrize(
    ("x", "shape", "scaling"),
    [
        (FILMS, (6, 8, 10, 3), "divide_255"),
        (FILMS[..., 0], (6, 8, 10, 1), "divide_255"),
        (FILMS[..., :1] > 99, (6, 8, 10, 1), "none"),
        (RNG.normal(size=(40, 6, 8, 10, 1)), (6, 8, 10, 1), "standardize"),
    ],
    ids=["colour", "grey", "truth", "numbers"],
)
def test_that_films_are_scaled_as_pictures(tmp_path, x, shape, scaling):
    info = check_script(load(tmp_path, x)).info
    assert (info.form, info.task, info.input_shape, info.scaling) == ("volumes", "binary", shape, scaling)


def test_that_a_file_of_films_opens_as_such_and_an_old_project_as_before(tmp_path):
    dataset = load(tmp_path, FILMS, form="auto")
    assert (dataset.info.form, dataset.info.scaling) == ("arrays", "none")
    assert inspect_path(tmp_path / "films.npz").source.params["form"] == "volumes"
    np.save(tmp_path / "lone.npy", FILMS)
    assert inspect_path(tmp_path / "lone.npy").source.params["form"] == "volumes"
    np.savez(tmp_path / "flat.npz", x=FILMS[:, 0], y=Y)
    assert "form" not in inspect_path(tmp_path / "flat.npz").source.params


def test_that_what_is_no_film_is_told(tmp_path):
    with pytest.raises(DataError, match="Samples of the shape 8 are no films or volumes"):
        load(tmp_path, RNG.normal(size=(40, 8)))


def test_that_films_are_shown_and_looked_at(tmp_path):
    dataset = load(tmp_path, FILMS)
    shown = show_samples(dataset, ShowSamples(1, dataset.spec, "train", 0, 4))
    assert np.array_equal(to_numpy(shown.inputs), dataset.raw("train", range(4)))
    for entry in all_analyses():
        if "volumes" in entry.forms:
            found = look_at(dataset, entry.kind, lambda text, fraction: None)
            assert found.arrays or found.findings


@pytest.mark.parametrize("task", ["auto", "reconstruction"])
def test_that_a_first_network_for_films_trains(tmp_path, task):
    dataset = load(tmp_path, FILMS, task=task)
    project = Project(data=dataset.spec, model=first_network(dataset.info), training=TrainingSpec(epochs=1))
    names = {node.class_name for node in project.model.nodes if isinstance(node, Layer)}
    assert "Conv3D" in names
    assert find_problems(project, dataset.info, describe(project, dataset.info)) == ()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        predicted = engine.ask(Predict(4, str(folder.path), ended.run, (Sample(part="test"),)), Predicted)
    assert ended.reason == "completed"
    assert predicted.predictions[0].label in ("0", "1", None)


@pytest.fixture
def folder(tmp_path):
    """Six clips of two classes, of four to twelve frames, whose names sort wrongly as texts."""
    root = tmp_path / "films"
    for name, lengths in (("left", (4, 12, 4)), ("right", (4, 5, 4))):
        for number, length in enumerate(lengths):
            for frame in range(length):
                path = root / name / f"clip {number + 9}" / f"frame{frame + 1}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(np.full((6, 5), 20 * frame, np.uint8)).save(path)
    (root / "right" / "clip 1").mkdir()
    return root


def clips(path, **params):
    return check_script(load_dataset(DatasetSpec(SourceSpec("clips", {"path": str(path), **params}))))


def test_that_folders_of_frames_are_films_in_the_order_of_their_numbers(folder):
    dataset = clips(folder)
    info = dataset.info
    assert (info.form, info.classes, info.input_shape) == ("volumes", ("left", "right"), (4, 6, 5, 1))
    assert dataset.source.x[0, :, 0, 0, 0].tolist() == [0, 20, 40, 60]
    assert dataset.source.x[1, :, 0, 0, 0].tolist() == [0, 80, 140, 220], "spread from the first to the last"
    assert "2 clips have another number of frames; all were brought to 4." in info.notes
    assert "Folders without frames were left out: clip 1." in info.notes


def test_that_the_person_chooses_length_and_frames(folder):
    first = clips(folder, length=6, how="first").source.x[:, :, 0, 0, 0]
    assert first[1].tolist() == [0, 20, 40, 60, 80, 100]
    assert first[0].tolist() == [0, 20, 40, 60, 60, 60]
    spread = clips(folder, length=6).source.x[0, :, 0, 0, 0]
    assert spread.tolist() == sorted(spread.tolist())
    assert (spread[0], spread[-1]) == (0, 60)


def test_that_a_damaged_frame_is_named(folder):
    (folder / "left" / "clip 10" / "frame1.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"left/clip 10/frame1\.png cannot be used"):
        clips(folder)


def test_that_one_class_of_films_is_too_few(folder):
    for path in sorted((folder / "right").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    with pytest.raises(DataError, match="Only the sub-folder “left”"):
        clips(folder)


def test_that_films_taken_for_whole_numbers_are_told_what_they_may_be(tmp_path):
    notes = load(tmp_path, FILMS, form="auto").info.notes
    assert any("If they are films or volumes, say so" in note for note in notes)
    assert not any("Embedding" in note for note in notes)
    assert not any("films" in note for note in load(tmp_path, FILMS).info.notes)
