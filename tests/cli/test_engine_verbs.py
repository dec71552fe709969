"""The verbs over the real engine: train, summary, evaluate, predict, export, new --data, demo."""

import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest
from calling import Call, Result
from PIL import Image

from workbench.__main__ import main
from workbench.cli.documents import (
    EvaluateDocument,
    ExportDocument,
    NewDocument,
    PredictDocument,
    PruneDocument,
    SummaryDocument,
    WeightsDocument,
)
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec
from workbench.domain.weights import files_of
from workbench.protocol.events import AnyEvent, EpochEnded, RunEnded
from workbench.protocol.history import read_history

pytestmark = pytest.mark.engine
EPOCHS = 3


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """The sample of handwritten digits, trained for a few epochs."""
    folder = ProjectFolder.create(tmp_path_factory.mktemp("digits"), sample("digits").project)
    assert main(["train", str(folder.path), "--epochs", str(EPOCHS)]) == 0
    return folder


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of a person's own, with a text column and a number to learn."""
    random = np.random.default_rng(0)
    towns = ["Bath", "Rye", "York"]
    rows = [
        f"{size:.1f},{towns[i % 3]},{rooms},{size / 100 + i % 3 + rooms:.3f}"
        for i, (size, rooms) in enumerate(zip(random.uniform(20, 200, 120), random.integers(1, 6, 120), strict=True))
    ]
    path = tmp_path_factory.mktemp("table") / "houses.csv"
    path.write_text("size,town,rooms,price\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def model_of(folder: ProjectFolder) -> "object":
    import keras

    return keras.saving.load_model(folder.run_folder(folder.newest_run().id) / "model.keras")


def test_that_training_writes_one_object_a_line_and_the_end_last(digits: ProjectFolder, call: Call) -> None:
    result: Result = call("train", digits.path, "--epochs", EPOCHS, "--batch-size", 64, "--seed", 5, "--json")
    assert result.code == 0
    events = [msgspec.json.decode(line, type=AnyEvent) for line in result.out.splitlines()]
    assert [event.epoch for event in events if isinstance(event, EpochEnded)] == list(range(EPOCHS))
    end = events[-1]
    assert isinstance(end, RunEnded)
    assert end.reason == "completed"
    assert end.epochs == EPOCHS
    assert set(end.metrics) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert end.model is not None
    assert Path(end.model).is_file()
    record = digits.read_run(end.run)
    assert record.seed == 5
    assert set(result.lines()[-1]) == {"event", "run", "reason", "epochs", "seconds", "metrics", "model", "message"}
    saved = digits.load()
    assert saved.training.batch_size != 64, "what the command line says instead is not saved in the project"
    digits.delete_run(end.run)


def test_that_people_see_every_epoch_and_where_the_model_is(tmp_path: Path, call: Call) -> None:
    folder = ProjectFolder.create(tmp_path, sample("iris").project)
    result = call("train", folder.path, "--epochs", 2)
    assert "epoch 1/2  loss" in result.err
    assert "epoch 2/2  loss" in result.err
    assert "completed, after 2 epochs" in result.out
    assert str(folder.run_folder(folder.newest_run().id) / "model.keras") in result.out


def test_that_the_summary_has_keras_own_numbers(digits: ProjectFolder, call: Call) -> None:
    summary = call("summary", digits.path, "--json").json(SummaryDocument)
    model = model_of(digits)
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]  # type: ignore[attr-defined]
    assert [layer.name for layer in summary.layers] == [layer.name for layer in layers]
    assert [layer.type for layer in summary.layers] == [type(layer).__name__ for layer in layers]
    assert [layer.output_shape for layer in summary.layers] == [tuple(layer.output.shape) for layer in layers]
    assert [layer.params for layer in summary.layers] == [layer.count_params() for layer in layers]
    assert summary.total_params == model.count_params()  # type: ignore[attr-defined]
    assert summary.trainable_params + summary.non_trainable_params == summary.total_params
    people = call("summary", digits.path)
    assert f"{summary.total_params:,} parameters" in people.out


def test_that_evaluate_gives_what_keras_gives(digits: ProjectFolder, call: Call) -> None:
    from workbench.engine.data import load_dataset

    answer = call("evaluate", digits.path, "--json").json(EvaluateDocument)
    data = load_dataset(digits.load().data, digits.path)
    expected = model_of(digits).evaluate(data.x["test"], data.y["test"], verbose=0, return_dict=True)  # type: ignore[attr-defined]
    assert answer.part == "test"
    assert answer.run == digits.newest_run().id
    assert answer.metrics == pytest.approx(expected, rel=1e-5)
    part = call("evaluate", digits.path, "--part", "validation", "--run", answer.run[:18], "--json").json(
        EvaluateDocument
    )
    assert part.part == "validation"
    last = digits.read_run(answer.run).last
    assert part.metrics == pytest.approx({name: last[f"val_{name}"] for name in part.metrics}, rel=1e-5)


def test_that_pictures_are_predicted_with_probabilities(digits: ProjectFolder, tmp_path: Path, call: Call) -> None:
    from workbench.engine.data import load_dataset

    data = load_dataset(digits.load().data, digits.path)
    for place in range(2):
        dots = np.asarray(data.raw("test", [place]))[0, ..., 0] / 16 * 255
        Image.fromarray(np.round(dots).astype(np.uint8)).save(tmp_path / f"{place}.png")
    answer = call("predict", digits.path, tmp_path / "0.png", tmp_path / "1.png", "--json").json(PredictDocument)
    assert [prediction.name for prediction in answer.predictions] == ["0.png", "1.png"]
    assert answer.classes == tuple("0123456789")
    expected = model_of(digits).predict(data.x["test"][:2], verbose=0)  # type: ignore[attr-defined]
    assert [prediction.label for prediction in answer.predictions] == [str(row.argmax()) for row in expected]
    assert sum(answer.predictions[0].values) == pytest.approx(1, abs=1e-5)
    assert "%" in call("predict", digits.path, tmp_path / "0.png").out


def test_that_arrays_are_predicted_row_by_row(digits: ProjectFolder, tmp_path: Path, call: Call) -> None:
    np.savez(tmp_path / "some.npz", x=np.zeros((3, 8, 8)))
    answer = call("predict", digits.path, tmp_path / "some.npz", "--json").json(PredictDocument)
    assert len(answer.predictions) == 3
    wrong = call("predict", digits.path, tmp_path / "nowhere.png")
    assert wrong.code == 1
    assert "nowhere.png is not there" in wrong.err


def test_that_a_table_of_ones_own_becomes_a_project_that_trains_and_predicts(
    table: Path, tmp_path: Path, call: Call
) -> None:
    made = call("new", "--data", table, tmp_path / "p", "--json").json(NewDocument)
    assert (made.task, made.target, made.input_shape) == ("regression", "price", (5,))
    assert call("train", made.project, "--epochs", 2).code == 0
    new = tmp_path / "new.csv"
    new.write_text("town,rooms,size,price\nRye,3,50,4.5\nBath,1,70,\n", encoding="utf-8")
    answer = call("predict", made.project, new, "--json").json(PredictDocument)
    assert [len(prediction.values) for prediction in answer.predictions] == [1, 1]
    assert [prediction.label for prediction in answer.predictions] == [None, None]
    assert answer.predictions[0].truth is not None
    assert answer.predictions[1].truth is None


def test_that_the_target_can_be_named(table: Path, tmp_path: Path, call: Call) -> None:
    made = call("new", "--data", table, tmp_path / "p", "--target", "town", "--json").json(NewDocument)
    assert (made.task, made.classes) == ("multiclass", ("Bath", "Rye", "York"))
    wrong = call("new", "--data", table, tmp_path / "q", "--target", "colour")
    assert wrong.code == 1
    assert "colour" in wrong.err
    assert not (tmp_path / "q").exists()


def test_that_data_which_cannot_be_read_make_no_project(tmp_path: Path, call: Call) -> None:
    (tmp_path / "bad.csv").write_bytes(b"\x00\x01\x02" * 100)
    for path in (tmp_path / "bad.csv", tmp_path / "nowhere.csv"):
        result = call("new", "--data", path, tmp_path / "p")
        assert result.code == 1
        assert path.name in result.err
        assert not (tmp_path / "p").exists()


def test_that_a_filter_is_removed_and_the_result_kept(digits: ProjectFolder, call: Call) -> None:
    before = digits.newest_run()
    looked = call("prune", digits.path, "--json").json(PruneDocument)
    assert looked.before == looked.after
    layer = looked.layers[0]
    done = call("prune", digits.path, "--remove", f"{layer}:2", "--zero", looked.layers[-1], "--keep", "smaller")
    assert done.code == 0
    assert f"Unit 2 of “{layer}” was removed.\nThe weights of “{looked.layers[-1]}” were set to zero." in done.out
    kept = digits.newest_run()
    assert (kept.name, kept.params < before.params) == ("smaller", True)
    assert call("evaluate", digits.path, "--run", "smaller", "--json").code == 0
    wrong = call("prune", digits.path, "--run", before.id, "--remove", "nothing:1")
    assert wrong.code == 1
    assert "no layer “nothing”" in wrong.err
    assert call("prune", digits.path, "--remove", layer).code == 2
    digits.delete_run(kept.id)


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("keras", "m.keras"),
        ("weights", "m.weights.h5"),
        ("saved_model", "m"),
        ("script", "m.py"),
        ("picture", "m.svg"),
        ("tfrecord", "data"),
    ],
)
def test_that_models_are_exported_and_nothing_is_overwritten(
    to: str, name: str, digits: ProjectFolder, tmp_path: Path, call: Call
) -> None:
    answer = call("export", digits.path, tmp_path / name, "--to", to, "--json").json(ExportDocument)
    assert answer.path == str(tmp_path / name)
    assert (tmp_path / name).exists()
    again = call("export", digits.path, tmp_path / name, "--to", to)
    assert again.code == 1
    assert "is there already" in again.err
    assert call("export", digits.path, tmp_path / name, "--to", to, "--overwrite").code == 0


def test_that_a_model_that_takes_raw_pictures_says_how_close_it_is(
    digits: ProjectFolder, tmp_path: Path, call: Call
) -> None:
    wanted = ("export", digits.path, tmp_path / "raw.keras", "--to", "keras", "--with-preparation")
    answer = call(*wanted, "--json").json(ExportDocument)
    assert answer.difference is not None
    assert answer.difference < 1e-6
    people = call(*wanted, "--overwrite")
    assert "It takes raw pictures of the shape 8×8×1" in people.out
    assert "differ from those of the workbench by" in people.out
    wrong = call("export", digits.path, tmp_path / "d.py", "--to", "script", "--with-preparation")
    assert wrong.code == 2
    assert "--with-preparation goes with --to keras" in wrong.err


def test_that_the_script_of_an_untrained_project_trains(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("new", "iris", tmp_path / "p").code == 0
    answer = call("export", tmp_path / "p", tmp_path / "iris.py", "--to", "script", "--json").json(ExportDocument)
    assert answer.run is None
    assert call("export", tmp_path / "p", tmp_path / "iris.svg", "--to", "picture").code == 0
    assert "<svg" in (tmp_path / "iris.svg").read_text()
    text = (tmp_path / "iris.py").read_text(encoding="utf-8")
    planned = ProjectFolder(tmp_path / "p").load().training.epochs
    (tmp_path / "iris.py").write_text(text.replace(f"EPOCHS = {planned}", "EPOCHS = 1"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert runpy.run_path("iris.py")["results"]["accuracy"] > 0


def test_that_a_project_with_errors_is_not_trained(tmp_path: Path, call: Call) -> None:
    node = Layer(id="a", class_name="Dense", params={"units": 2, "activation": "softmax"})
    project = Project(data=DatasetSpec(SourceSpec("iris")), model=ModelTree((node,)))
    folder = ProjectFolder.create(tmp_path, project)
    result = call("train", folder.path, "--json")
    assert result.code == 1
    assert "error" in result.err
    assert "3" in result.err
    assert result.out == ""
    assert folder.list_runs() == []


def test_that_a_diverged_training_failed_but_is_kept(tmp_path: Path, call: Call) -> None:
    entry = sample("sine").project
    wild = msgspec.structs.replace(entry.training, optimizer=ObjectSpec("SGD", {"learning_rate": 1e30}))
    folder = ProjectFolder.create(tmp_path, msgspec.structs.replace(entry, training=wild))
    result = call("train", folder.path, "--json")
    assert result.code == 1
    assert result.lines()[-1]["reason"] == "diverged"
    assert result.err.startswith("workbench: ")
    assert folder.newest_run().reason == "diverged"


def test_that_the_demo_leaves_model_history_and_picture(tmp_path: Path, call: Call) -> None:
    result = call("demo", tmp_path / "demo", "--epochs", 1)
    assert result.code == 0
    folder = ProjectFolder(tmp_path / "demo")
    place = folder.run_folder(folder.newest_run().id)
    assert (place / "model.keras").is_file()
    assert len(read_history(place / "history.jsonl").epochs) == 1
    assert (place / "history.csv").read_text(encoding="utf-8").count("\n") == 2
    with Image.open(place / "curves.png") as picture:
        assert picture.width > 800
    for name in ("model.keras", "history.csv", "curves.png"):
        assert str(place / name) in result.out


def test_that_nothing_but_json_reaches_standard_output(digits: ProjectFolder, call: Call) -> None:
    for words in (("summary",), ("evaluate",), ("runs",)):
        result = call(*words, digits.path, "--json")
        assert result.code == 0
        assert len(result.lines()) == 1
        assert result.err == ""


def test_that_rare_classes_are_made_up_for_by_a_word_on_the_command_line(digits: ProjectFolder, call: Call) -> None:
    result = call("train", digits.path, "--epochs", 1, "--balance", "class_weights", "--json")
    assert result.code == 0
    run = digits.newest_run().id
    trained = msgspec.json.decode((digits.run_folder(run) / "project.json").read_bytes())
    assert trained["data"]["balance"] == "class_weights"
    assert digits.load().data.balance == "none"
    digits.delete_run(run)
    assert call("train", digits.path, "--resume", "--balance", "none").code == 2


def test_that_a_project_starts_with_the_weights_of_a_run_and_of_a_file(
    digits: ProjectFolder, call: Call, tmp_path: Path
) -> None:
    made = ProjectFolder.create(tmp_path / "second", sample("digits").project)
    result = call("weights", digits.path, made.path, "--json")
    report = result.json(WeightsDocument).report
    assert {each.layer for each in report.taken} == {"conv2d", "conv2d_1", "dense", "dense_1"}
    assert len(files_of(made.load().model)) == 1
    assert "of Handwritten digits" in report.title
    assert call("export", made.path, tmp_path / "s.py", "--to", "script").code == 0
    assert (tmp_path / "weights" / files_of(made.load().model)[0]).is_file()
    (tmp_path / "bad.h5").write_bytes(b"bad")
    before = made.file.read_bytes()
    refused = call("weights", tmp_path / "bad.h5", made.path)
    assert (refused.code, made.file.read_bytes()) == (1, before)
    assert "damaged" in refused.err


def test_that_photographs_are_learned_on_the_base_that_comes_along(call: Call, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for kind, low in (("dark", 0), ("light", 128)):
        (tmp_path / "pictures" / kind).mkdir(parents=True)
        for number in range(6):
            pixels = random.integers(low, low + 128, (64, 64, 3)).astype("uint8")
            Image.fromarray(pixels).save(tmp_path / "pictures" / kind / f"{number}.png")
    made = tmp_path / "made"
    assert call("new", "--data", tmp_path / "pictures", made, "--base", "efficientnetlite0").code == 0
    summary = call("summary", made, "--json").json(SummaryDocument)
    assert summary.non_trainable_params > 3_000_000
    assert summary.trainable_params < 3_000
    assert ProjectFolder(made).load().data.scaling == "none"
    assert call("train", made, "--epochs", 1).code == 0
    project = ProjectFolder.create(tmp_path / "second", ProjectFolder(made).load())
    result = call("base", project.path, "nobody")
    assert result.code == 1
    assert "There is no base 'nobody'" in result.err
