"""A SavedModel that nobody described becomes one sealed layer, which answers as it did and trains a head."""

import re
import runpy
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from sealed_models import Kept, with_head
from trainings import assert_same_run, final_state, talk

from workbench.domain.applications import BaseSource
from workbench.domain.project import Project
from workbench.domain.script.files import write_script
from workbench.domain.sealed import CLASS_NAME, ENDPOINT, OUTPUT
from workbench.domain.store import ProjectFolder
from workbench.domain.surgery import Operation
from workbench.domain.tree import Layer, ModelTree, Wrapper
from workbench.domain.values import Value
from workbench.engine.base_models import make_base
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError
from workbench.engine.model_import import import_model
from workbench.engine.probes.base import Subject
from workbench.engine.probes.loader import kind_of
from workbench.engine.sealed import trial
from workbench.engine.sealed.inspection import facts_of
from workbench.engine.sealed.scope import sealed_in
from workbench.engine.surgery.operate import operated
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Evaluate, Export, Predict
from workbench.protocol.events import Evaluated, Exported, Predicted
from workbench.protocol.probes import activation

pytestmark = pytest.mark.engine


def changed(project: Project, **params: Value) -> Project:
    """The project with other parameters of its sealed layer."""
    nodes = tuple(
        msgspec.structs.replace(node, params={**node.params, **params})
        if getattr(node, "class_name", "") == CLASS_NAME
        else node
        for node in project.model.nodes
    )
    return msgspec.structs.replace(project, model=ModelTree(nodes))


def answers(kept: Kept, project: Project, x: Any) -> Any:
    with sealed_in(kept.folder):
        return build_model(project, load_dataset(project.data).info)(x, training=False).numpy()


def test_that_a_saved_model_of_tensorflow_alone_becomes_a_layer_that_answers_as_it_did(kept: Kept) -> None:
    node = kept.node
    assert (node.class_name, node.params[ENDPOINT], node.trainable) == (CLASS_NAME, "serving_default", False)
    assert kept.project.data.source.kind == "digits"
    x = load_dataset(kept.project.data).x["test"][:9]
    np.testing.assert_array_equal(answers(kept, kept.project, x), kept.module.serve(x).numpy())
    for output in ("features", "sum"):
        other = changed(kept.project, **{ENDPOINT: "two", OUTPUT: output})
        np.testing.assert_array_equal(answers(kept, other, x), kept.module.two(x)[output].numpy())
    served = changed(kept.project, **{ENDPOINT: "serve", OUTPUT: ""})
    np.testing.assert_array_equal(answers(kept, served, x), kept.module.serve(x).numpy())


def test_that_it_is_described_from_its_graph_alone(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.layers, "TFSMLayer", None)
    project = with_head(kept)
    info = load_dataset(project.data).info
    with sealed_in(kept.folder):
        summary = describe(project, info)
    layer = next(each for each in summary.layers if each.class_name == CLASS_NAME)
    assert (layer.input_shape, layer.output_shape, layer.params, layer.trainable_params) == ((8, 8, 1), (6,), 900, 0)
    assert summary.trainable_params == 6 * 10 + 10
    facts = summary.sealed[str(kept.node.params["filepath"])]
    assert [each.name for each in facts.usable] == ["serving_default", "serve", "two"]
    refusals = {each.name: each.refusal for each in facts.endpoints if each.refusal}
    assert "draws by chance" in refusals["drawing"]
    assert "changes its own weights" in refusals["counting"]


def test_that_keras_counts_the_same_weights(kept: Kept) -> None:
    with sealed_in(kept.folder):
        model = build_model(with_head(kept), load_dataset(kept.project.data).info)
    assert model.count_params() == 900 + 70
    assert [each.path.split("/")[0] for each in model.trainable_weights] == ["dense", "dense"]


def test_that_a_head_learns_from_it_is_resumed_and_the_script_gives_the_same(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = with_head(kept, plan="exact")
    folder = ProjectFolder(kept.folder)
    with talk() as engine:
        ended = engine.train(folder, project)
        assert ended.reason == "completed", ended.message
        paused = engine.start(folder, project)
    with talk() as engine:  # another engine goes on, as after a night
        assert engine.train(folder, project, run=paused).reason == "completed"
        assert_same_run(folder, ended.run, paused)
        info = load_dataset(project.data).info
        result = engine.ask(Evaluate(3, str(folder.path), ended.run, "test"), Evaluated)
        told = engine.ask(Predict(4, str(folder.path), ended.run, (Sample("test", 0), Sample("test", 1))), Predicted)
    assert len(told.predictions) == 2
    with sealed_in(kept.folder):
        write_script(tmp_path / "script.py", project, info, describe(project, info), kept.folder)
    monkeypatch.chdir(tmp_path)
    made = runpy.run_path("script.py")
    # Plain Keras opens the run's model where the SavedModel lies, once it is told to trust it.
    expected = keras.models.load_model(folder.run_folder(ended.run) / "model.keras", safe_mode=False)
    for mine, theirs in zip(made["model"].get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert result.metrics["loss"] == pytest.approx(made["results"]["loss"])
    assert final_state(folder, ended.run)


def test_that_one_becomes_a_base_of_an_open_project(kept: Kept, tmp_path: Path) -> None:
    source = BaseSource(str(kept.saved / "saved_model.pb"))
    base = make_base(source, kept.folder, (8, 8, 1))  # which was tried already on this machine
    assert (base.name, base.source, base.shape, base.trainable) == ("features", "features", (8, 8, 1), False)
    assert [getattr(node, "params", {}) for node in base.children] == [kept.node.params]
    with pytest.raises(EngineError, match="no layers to be cut at"):
        make_base(BaseSource(str(kept.saved), cut="relu"), kept.folder, (8, 8, 1))
    other = replaced(with_head(kept), base)
    x = load_dataset(other.data).x["test"][:5]
    assert answers(kept, other, x).shape == (5, 10)


def test_that_a_look_into_the_network_shows_the_output_that_is_taken(kept: Kept) -> None:
    project = changed(with_head(kept), **{ENDPOINT: "two", OUTPUT: "sum"})
    dataset = load_dataset(project.data)
    with sealed_in(kept.folder):
        subject = Subject(build_model(project, dataset.info), project, dataset)
        seen = kind_of("feature_maps").prepare(subject, {}, Sample("test", 3))()
    expected = kept.module.two(dataset.x["test"][3:4])["sum"].numpy()[0]
    np.testing.assert_allclose(seen.arrays[activation("tfsm_layer")].reshape(-1), expected, rtol=1e-5)


def test_that_its_weights_cannot_be_changed_by_hand(kept: Kept) -> None:
    project = with_head(kept)
    dataset = load_dataset(project.data)
    with sealed_in(kept.folder):
        subject = Subject(build_model(project, dataset.info), project, dataset)
        operated(subject, [Operation("zero", "dense")], lambda text, part: None)
        with pytest.raises(EngineError, match="“tfsm_layer” is sealed, so its weights stay as they are"):
            operated(subject, [Operation("zero", "tfsm_layer")], lambda text, part: None)


def replaced(project: Project, node: Any) -> Project:
    """The project with another node in the place of the sealed layer."""
    nodes = tuple(node if getattr(each, "class_name", "") == CLASS_NAME else each for each in project.model.nodes)
    return msgspec.structs.replace(project, model=ModelTree(nodes))


@pytest.mark.parametrize(
    ("above", "words"),
    [
        (Layer(id="f", class_name="Flatten"), r"takes 8 × 8 × 1\. Let an Input of this shape"),
        (Layer(id="c", class_name="Conv2D", params={"filters": 3, "kernel_size": 1}), "takes 8 × 8 × 1"),
    ],
)
def test_that_what_does_not_fit_is_told_before_anything_is_loaded(kept: Kept, above: Layer, words: str) -> None:
    project = with_head(kept)
    entry, node, *rest = project.model.nodes
    made = msgspec.structs.replace(project, model=ModelTree((entry, above, node, *rest)))
    with sealed_in(kept.folder):
        error = describe(made, load_dataset(made.data).info).error
    assert error is not None
    assert re.search(words, error.message)


def test_that_it_cannot_stand_in_a_wrapper(kept: Kept) -> None:
    wrapper = Wrapper(id="w", class_name="TimeDistributed", child=kept.node)
    made = replaced(with_head(kept), wrapper)
    with sealed_in(kept.folder):
        error = describe(made, load_dataset(made.data).info).error
    assert error is not None
    assert "cannot stand in a wrapper" in error.message


def test_that_two_inputs_are_handed_on_as_a_list(kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    joined = keras.layers.Normalization(mean=0.5, variance=2.0)(keras.layers.Concatenate()([a, b]))
    keras.Model([a, b], keras.layers.Dense(2)(joined)).export(tmp_path / "m", verbose=False)
    monkeypatch.setattr(trial, "_tried", lambda *_: {})
    project = import_model(tmp_path / "m", str(tmp_path / "p")).project
    *inputs, node = project.model.nodes
    assert [getattr(each, "shape", None) for each in inputs] == [(4,), (3,)]
    assert node.inputs == tuple(each.id for each in inputs)
    with sealed_in(tmp_path / "p"):
        model = build_model(project, load_dataset(project.data).info)
    x = [np.ones((5, 4), np.float32), np.ones((5, 3), np.float32)]
    known = keras.layers.TFSMLayer(str(tmp_path / "m"), call_endpoint="serve")
    np.testing.assert_array_equal(model(x).numpy(), known(x).numpy())


def test_that_each_form_of_export_holds_it_or_says_what_to_do(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = with_head(kept, epochs=1)
    folder = ProjectFolder(kept.folder)

    def exported(to: Any, **more: Any) -> Exported:
        target = str(tmp_path / to / "m")
        return engine.ask(Export(5, str(folder.path), run, target, to, **more), Exported)

    with talk() as engine:
        run = engine.train(folder, project).run
        plan = folder.read_run(run).plan
        assert plan is not None
        assert plan.features is not None
        assert plan.features.layer == "tfsm_layer"  # computed once, as it never changes
        for form in ("keras", "weights", "saved_model"):
            assert exported(form).difference == 0, form
        for form in ("litert", "onnx"):
            assert (exported(form).difference or 0) < 1e-6, form
        for form in ("h5", "json"):
            with pytest.raises(AssertionError, match="cannot hold a sealed SavedModel"):
                exported(form)
    monkeypatch.chdir(tmp_path / "keras")  # where the folder of the SavedModel lies beside the file
    opened = keras.models.load_model("m.keras", safe_mode=False)
    assert opened.count_params() == 900 + 70
    facts = facts_of(tmp_path / "saved_model" / "m", "it")  # which comes back as one sealed layer
    assert facts.usable[0].gives[0].shape == (10,)


def test_that_what_keras_exports_of_usual_layers_is_allowed(tmp_path: Path) -> None:
    words = keras.Input((12,), dtype="int32")
    x = keras.layers.Embedding(50, 8, mask_zero=True)(words)
    x = keras.layers.LayerNormalization()(x + keras.layers.MultiHeadAttention(2, 4)(x, x))
    x = keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True))(x)
    x = keras.layers.GRU(4)(keras.layers.Conv1D(4, 3, padding="causal", activation="gelu")(x))
    pictures = keras.Input((16, 16, 3))
    y = keras.layers.Rescaling(1 / 255)(pictures)
    y = keras.layers.DepthwiseConv2D(3, activation="relu6")(keras.layers.ZeroPadding2D()(y))
    y = keras.layers.BatchNormalization()(keras.layers.Conv2DTranspose(2, 3)(keras.layers.UpSampling2D()(y)))
    y = keras.layers.Dropout(0.5)(keras.layers.GlobalAveragePooling2D()(keras.layers.MaxPooling2D()(y)))
    for name, model in {"words": keras.Model(words, x), "pictures": keras.Model(pictures, y)}.items():
        model.export(tmp_path / name, verbose=False)
        facts = facts_of(tmp_path / name, name)
        assert [each.name for each in facts.usable] == ["serving_default", "serve"]
        assert facts.usable[0].params == model.count_params()
