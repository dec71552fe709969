"""`workbench import` of a SavedModel that Keras does not describe, and what the other verbs make of the project."""

from pathlib import Path

import pytest
from calling import Call

from workbench.cli.documents import ImportDocument, SummaryDocument
from workbench.domain.store import ProjectFolder

pytestmark = pytest.mark.engine


def test_that_an_undescribed_saved_model_becomes_a_sealed_layer(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    from workbench.engine.sealed import trial

    tried: list[object] = []
    monkeypatch.setattr(trial, "_tried", lambda *args: tried.append(args) or {})
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])
    model.export(tmp_path / "theirs", verbose=False)
    made = call("import", tmp_path / "theirs", tmp_path / "mine")
    assert made.code == 0, made.err
    assert "it is one sealed layer, which is not trained" in made.out
    again = call("import", "--json", tmp_path / "theirs", tmp_path / "again").json(ImportDocument)
    assert (again.sealed, again.run) == (True, None)
    assert len(tried) == 1  # a SavedModel is tried once on a machine
    project = ProjectFolder(tmp_path / "mine").load()
    assert project.name == "theirs"
    told = call("summary", tmp_path / "mine", "--json").json(SummaryDocument)
    assert (told.total_params, told.trainable_params) == (model.count_params(), 0)
    assert (told.layers[-1].type, told.layers[-1].output_shape) == ("TFSMLayer", (None, 10))
    refused = call("base", tmp_path / "mine", tmp_path / "theirs" / "saved_model.pb", "--cut", "dense")
    assert refused.code != 0
    assert "no layers to be cut at" in refused.err
