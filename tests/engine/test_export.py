"""Models leave and come back whole; strange files are refused before anything is made of them."""

import zipfile
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
import tensorflow as tf
from trainings import digits_project, new_folder, talk

from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.engine import model_files
from workbench.engine.data.load import load_dataset
from workbench.protocol.commands import Evaluate, Export, ImportModel, Train
from workbench.protocol.events import Evaluated, Exported, Failed, ModelImported

Trained = tuple[Project, ProjectFolder, str]


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    project = digits_project(epochs=1)
    folder = new_folder(tmp_path_factory.mktemp("digits") / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
    return project, folder, ended.run


def export(trained: Trained, output: Path, to: Any, overwrite: bool = False) -> Exported | Failed:
    _, folder, run = trained
    with talk() as engine:
        engine.send(Export(3, str(folder.path), run, str(output), to, overwrite))
        return engine.until(msgspec.Struct, lambda event: isinstance(event, (Exported, Failed)))  # type: ignore[return-value, type-var]


def model_of(trained: Trained) -> Any:
    _, folder, run = trained
    return keras.models.load_model(folder.run_folder(run) / "model.keras", safe_mode=True)


def test_that_every_kind_of_export_computes_the_same(digits: Trained, tmp_path: Path) -> None:
    project, _, _ = digits
    x = load_dataset(project.data).x["test"][:5]
    model = model_of(digits)
    expected = model.predict(x, verbose=0)

    done = export(digits, tmp_path / "a", "keras")
    assert isinstance(done, Exported)
    assert done.path == str(tmp_path / "a.keras")
    np.testing.assert_array_equal(keras.models.load_model(done.path).predict(x, verbose=0), expected)

    done = export(digits, tmp_path / "b.h5", "weights")
    assert isinstance(done, Exported)
    assert done.path == str(tmp_path / "b.weights.h5")
    clone = keras.models.clone_model(model)
    clone.load_weights(done.path)
    np.testing.assert_array_equal(clone.predict(x, verbose=0), expected)

    done = export(digits, tmp_path / "c", "saved_model")
    assert isinstance(done, Exported)
    served = tf.saved_model.load(done.path)
    np.testing.assert_allclose(served.serve(tf.constant(x)), expected, atol=1e-6)

    done = export(digits, tmp_path / "d.py", "script")
    assert isinstance(done, Exported)
    compile(Path(done.path).read_text(), done.path, "exec")
    assert "keras" in Path(done.path).read_text()


@pytest.mark.parametrize("to", ["keras", "weights", "script"])
def test_that_nothing_is_overwritten_unless_asked(digits: Trained, tmp_path: Path, to: str) -> None:
    ending = {"keras": "x.keras", "weights": "x.weights.h5", "script": "x.py"}[to]
    target = tmp_path / ending
    target.write_text("mine")
    refused = export(digits, target, to)
    assert isinstance(refused, Failed)
    assert "is there already" in refused.message
    assert target.read_text() == "mine"
    assert isinstance(export(digits, target, to, overwrite=True), Exported)
    assert target.read_bytes() != b"mine"


def test_that_a_folder_with_other_things_is_never_replaced(digits: Trained, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    refused = export(digits, target, "saved_model", overwrite=True)
    assert isinstance(refused, Failed)
    assert (target / "thesis.txt").exists()


def test_that_a_failed_export_leaves_the_old_file_and_no_rubbish(
    digits: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.keras"
    target.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model_files, "_sync", fail)
    refused = export(digits, target, "keras", overwrite=True)
    assert isinstance(refused, Failed)
    assert "disk is full" in refused.message
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.keras"]


def test_that_an_exported_model_comes_back_as_a_project_that_goes_on(digits: Trained, tmp_path: Path) -> None:
    project, _, run = digits
    assert isinstance(export(digits, tmp_path / "x.keras", "keras"), Exported)
    with talk() as engine:
        imported = engine.ask(ImportModel(4, str(tmp_path / "x.keras"), str(tmp_path / "new")), ModelImported)
        here = engine.ask(Evaluate(5, str(tmp_path / "new"), imported.run), Evaluated)
        there = engine.ask(Evaluate(6, str(digits[1].path), run), Evaluated)
        engine.send(Train(project, str(tmp_path / "new"), run=imported.run, ticket=9))
        assert engine.until(Failed).message
    assert imported.project == project
    assert ProjectFolder(tmp_path / "new").load() == project
    assert here.metrics == there.metrics
    record = ProjectFolder(tmp_path / "new").read_run(imported.run)
    assert record.status == "ended"
    assert "Imported" in record.message
    assert record.layers == len(project.model.nodes)


def test_that_an_import_overwrites_no_project(digits: Trained, tmp_path: Path) -> None:
    assert isinstance(export(digits, tmp_path / "x.keras", "keras"), Exported)
    existing = new_folder(tmp_path / "mine", digits_project(seed=77))
    with talk() as engine:
        engine.send(ImportModel(4, str(tmp_path / "x.keras"), str(existing.path)))
        assert "project already" in engine.until(Failed).message
    assert existing.load().training.seed == 77


def rewritten(source: Path, target: Path, changes: dict[str, bytes | None]) -> Path:
    """A copy of an archive with members changed, left out (None) or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if changes.get(name, b"") is not None:
                new.writestr(name, changes.get(name) or old.read(name))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name] or b"")
    return target


def config_with(source: Path, **changes: Any) -> bytes:
    """The configuration of a model whose first real layer is changed."""
    with zipfile.ZipFile(source) as archive:
        config = msgspec.json.decode(archive.read("config.json"))
    for part in config["config"]["layers"]:
        if part["class_name"] == "Dense":
            part.update({key: value for key, value in changes.items() if key != "config"})
            part["config"].update(changes.get("config", {}))
    return msgspec.json.encode(config)


def test_that_strange_archives_are_refused_with_a_sentence(digits: Trained, tmp_path: Path) -> None:
    _, folder, run = digits
    good = folder.run_folder(run) / "model.keras"
    lambda_config = config_with(good, class_name="Lambda", config={"function": {"class_name": "__lambda__"}})
    cases: dict[str, tuple[bytes | dict[str, bytes | None], str]] = {
        "text": (b"no archive at all", "damaged or no .keras"),
        "cut": (good.read_bytes()[:-2000], "damaged or no .keras"),
        "more": ({"payload.py": b"import os"}, "other files"),
        "code": ({"config.json": lambda_config}, "program code"),
        "module": ({"config.json": config_with(good, module="os", class_name="system")}, "foreign module"),
        "absurd": ({"config.json": config_with(good, config={"units": 10**9})}, "damaged"),
        "json": ({"config.json": b"{"}, "cannot be read"),
        "deep": ({"config.json": b'{"a": ' + b"[" * 90 + b"]" * 90 + b"}"}, "nested too deep"),
        "deeper": ({"config.json": b"[" * 100_000}, "cannot be read"),
        "list": ({"config.json": b"[]"}, "describes no network"),
        "class": ({"config.json": config_with(good, class_name="NoSuchLayer")}, "network is damaged"),
        "units": ({"config.json": config_with(good, config={"units": 3})}, "do not fit its network"),
        "weights": ({"model.weights.h5": b"\x00" * 100}, "no weights"),
        "bomb": ({"model.weights.h5": bytes(50_000_000)}, "too large to open"),
        "project": ({"workbench.json": b"{}"}, "not a project"),
    }
    with talk() as engine:
        for name, (content, words) in cases.items():
            path = tmp_path / f"{name}.keras"
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                rewritten(good, path, content)
            engine.send(ImportModel(4, str(path), str(tmp_path / f"new-{name}")))
            failed = engine.until(Failed)
            assert words in failed.message, (name, failed)
            assert not (tmp_path / f"new-{name}" / "project.json").exists()


def test_that_importing_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with talk() as engine:
        engine.send(ImportModel(4, str(tmp_path / "no.keras"), str(tmp_path / "new")))
        assert "is not there" in engine.until(Failed).message
