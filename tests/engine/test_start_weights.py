"""Layers that start with kept weights: as Keras would with set_weights, in runs, resumed runs and the script."""

import io
import pickle
import runpy
import zipfile
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from networks import info, layer, project, wrapper
from trainings import digits_project, final_state, new_folder, talk

from workbench.domain import weights
from workbench.domain.checks import find_problems
from workbench.domain.edits import clear_start, set_starts
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Layer, Repeat, Start, Wrapper
from workbench.engine.build import build_model, compile_model
from workbench.engine.data.load import load_dataset
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError
from workbench.engine.kept_weights import keep_weights, open_weights
from workbench.engine.objects import BuildError
from workbench.engine.training.order import epoch_order
from workbench.engine.training.state import capture, restore

EPOCHS = 1


@pytest.fixture(scope="module")
def donor() -> dict[str, list[Any]]:
    """The weights of another network of the same layers, by their names."""
    made = digits_project(seed=99)
    model = build_model(made, load_dataset(made.data).info, seed=99)
    return {each.name: [array + 0.01 for array in each.get_weights()] for each in model.layers if each.weights}


def started(folder: Path, donor: dict[str, list[Any]]) -> Project:
    """The digits, whose convolution and normalization start with the donor's weights."""
    made = digits_project(plan="exact", epochs=EPOCHS)
    file = keep_weights(folder, donor)
    ids = {node.class_name: node.id for node in made.model.nodes if isinstance(node, Layer)}
    names = {"Conv2D": "conv2d", "BatchNormalization": "batch_normalization"}
    return set_starts({ids[kind]: Start(file, (name,)) for kind, name in names.items()})(made)


def fitted_by_keras(made: Project, donor: dict[str, list[Any]]) -> Any:
    """What `set_weights` and `fit` make of the project without its starts."""
    dataset = load_dataset(made.data)
    bare = clear_start([node.id for node in made.model.nodes])(made)
    model = build_model(bare, dataset.info, seed=made.training.seed)
    for name in ("conv2d", "batch_normalization"):
        model.get_layer(name).set_weights(donor[name])
    compile_model(model, bare, dataset.info)
    x, y = dataset.x["train"], dataset.y["train"]
    for epoch in range(EPOCHS):
        order = epoch_order(made.training.seed, epoch, len(x), True)
        model.fit(x[order], y[order], batch_size=made.training.batch_size, shuffle=False, verbose=0)
    return model


def test_that_a_run_from_kept_weights_is_set_weights_and_fit_bit_for_bit_also_resumed_and_as_a_script(
    tmp_path: Path, donor: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = new_folder(tmp_path / "p", digits_project())
    made = started(folder.path, donor)
    with talk() as engine:
        ended = engine.train(folder, made)
        paused = engine.start(folder, made)
    expected = fitted_by_keras(made, donor).get_weights()
    for mine, theirs in zip(keras.models.load_model(str(ended.model)).get_weights(), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    monkeypatch.chdir(folder.path)
    Path("script.py").write_text(export_script(made, load_dataset(made.data).info), encoding="utf-8")
    for mine, theirs in zip(runpy.run_path("script.py")["model"].get_weights(), expected, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    for path in (folder.path / weights.FOLDER).iterdir():
        path.unlink()  # a checkpoint has all that a resumed run needs
    with talk() as engine:
        assert engine.train(folder, made, run=paused).reason == "completed"
    for name, array in final_state(folder, ended.run).items():
        np.testing.assert_array_equal(array, final_state(folder, paused)[name])


def test_that_each_round_of_a_repetition_and_a_wrapper_with_its_layer_start_with_their_own(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    dense = [[rng.normal(size=(6, 6)).astype("float32"), np.full(6, number, "float32")] for number in range(2)]
    lstm = keras.layers.Bidirectional(keras.layers.LSTM(3))
    lstm.build((None, 6, 6))
    both = [rng.normal(size=weight.shape).astype("float32") for weight in lstm.weights]
    file = keep_weights(tmp_path, {"first": dense[0], "second": dense[1], "both ways": both})
    inner = msgspec.structs.replace(layer("Dense", units=6), start=Start(file, ("first", "second")))
    repeat = Repeat(id="r", times=3, children=(inner,))
    around = wrapper("Bidirectional", layer("LSTM", units=3))
    made = set_starts({around.id: Start(file, ("both ways",))})(project(repeat, around))
    assert isinstance(made.model.nodes[1], Wrapper)
    assert made.model.nodes[1].child.start is not None
    model = build_model(made, info((6, 6)), seed=1, folder=tmp_path)
    for number in range(2):
        for mine, theirs in zip(model.layers[1 + number].get_weights(), dense[number], strict=True):
            np.testing.assert_array_equal(mine, theirs)
    assert not np.array_equal(model.layers[3].get_weights()[0], dense[1][0])
    for mine, theirs in zip(model.layers[4].get_weights(), both, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    afresh = clear_start(("r", around.id))(made)
    assert not weights.files_of(afresh.model)


def test_that_a_normalization_uses_the_mean_and_variance_that_it_starts_with(tmp_path: Path) -> None:
    file = keep_weights(tmp_path, {"n": [np.full(3, 2.0, "float32"), np.full(3, 4.0, "float32"), np.array(7)]})
    node = msgspec.structs.replace(layer("Normalization"), start=Start(file, ("n",)))
    model = build_model(project(node), info((3,)), folder=tmp_path)
    np.testing.assert_allclose(model.predict(np.full((1, 3), 6.0), verbose=0), np.full((1, 3), 2.0))
    assert not [each for each in find_problems(project(node)) if each.code == "normalization_not_adapted"]
    resumed = build_model(project(node), info((3,)))
    model.compile("sgd", "mse")
    resumed.compile("sgd", "mse")
    restore(resumed, capture(model))
    np.testing.assert_allclose(resumed.predict(np.full((1, 3), 6.0), verbose=0), np.full((1, 3), 2.0))


def test_that_weights_of_another_shape_start_afresh_with_a_warning_and_lost_ones_stop_the_training(
    tmp_path: Path,
) -> None:
    file = keep_weights(tmp_path, {"small": [np.ones((5, 2)), np.ones(2)]})
    fits = msgspec.structs.replace(layer("Dense", units=2), start=Start(file, ("small",)))
    wide = msgspec.structs.replace(layer("Dense", units=4), start=Start(file, ("small",)))
    lost = msgspec.structs.replace(layer("Dense", units=3), start=Start(file, ("gone",)))
    evil = msgspec.structs.replace(layer("Dense", units=1), start=Start("../../etc/passwd", ("x",)))
    made = project(fits, wide, lost, evil)
    summary = describe(made, info((5,)), tmp_path)
    assert [each.start for each in summary.layers] == ["kept", "misfit", "missing", "missing"]
    assert describe(made, info((5,))).layers[1].start == ""
    problems = [each for each in find_problems(made, info((5,)), summary) if each.code.startswith("start_")]
    assert [(each.severity, each.node_id) for each in problems] == [
        ("error", lost.id),
        ("error", evil.id),
        ("warning", wide.id),
    ]
    mended = made
    for problem in problems:
        mended = problem.repairs[0].edit(mended)
    assert [node.start is None for node in mended.model.nodes if isinstance(node, Layer)] == [False, True, True, True]
    with pytest.raises(BuildError, match="cannot be read"):
        build_model(made, info((5,)), folder=tmp_path)
    model = build_model(project(fits, wide), info((5,)), seed=1, folder=tmp_path)
    assert (model.layers[1].get_weights()[0] == 1).all()
    assert not (model.layers[2].get_weights()[0] == 1).any()


def npy(array: Any, *, allow_pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=allow_pickle)
    return stream.getvalue()


def archive(members: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


HUGE = npy(np.zeros(2)).replace(b"(2,), }", b"(9999999999,), }").replace(b"          \n", b"\n", 1)
HOSTILE = {
    "no archive": b"PK\x03\x04 nothing",
    "empty": b"",
    "packed": archive({"d/0.npy": npy(np.zeros(100_000))}, zipfile.ZIP_DEFLATED),
    "pickle": archive({"d/0.npy": npy(np.array([{}], dtype=object), allow_pickle=True)}),
    "plain pickle": archive({"d/0.npy": pickle.dumps([1])}),
    "cut": archive({"d/0.npy": npy(np.zeros(100))[:-8]}),
    "absurd": archive({"d/0.npy": HUGE}),
    "a hole": archive({"d/0.npy": npy(np.zeros(2)), "d/2.npy": npy(np.zeros(2))}),
    "no layer": archive({"0.npy": npy(np.zeros(2))}),
    "a text": archive({"d/0.npy": npy(np.array(["a"]))}),
    "code as a header": archive({"d/0.npy": b"\x93NUMPY\x01\x00\x20\x00" + b"__import__('os').getcwd()".ljust(32)}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_that_a_crafted_file_of_weights_is_refused_before_anything_is_read(tmp_path: Path, kind: str) -> None:
    file = weights.keep(tmp_path, HOSTILE[kind])
    with pytest.raises(EngineError, match="damaged"):
        open_weights(tmp_path, file)


def test_that_equal_weights_are_kept_once_and_go_along_with_the_project(tmp_path: Path) -> None:
    arrays = {"d": [np.arange(6, dtype="float16").reshape(2, 3), np.zeros((), "int64")]}
    folder = ProjectFolder.create(tmp_path / "p", Project())
    file = keep_weights(folder.path, arrays)
    assert keep_weights(folder.path, arrays) == file
    assert [path.name for path in (folder.path / weights.FOLDER).iterdir()] == [file]
    copy = folder.copy_to(tmp_path / "copy", Project())
    kept = open_weights(copy.path, file)
    assert kept.shapes == {"d": ((2, 3), ())}
    for mine, theirs in zip(kept.arrays("d"), arrays["d"], strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype


def test_that_a_layer_of_another_class_forgets_the_weights() -> None:
    from workbench.domain.catalogue import load_catalogue
    from workbench.domain.edits import replace_class

    node = msgspec.structs.replace(layer("Dense", units=2), start=Start("0" * 32 + ".npz", ("d",)))
    made = replace_class((node.id,), load_catalogue().entry("layers", "Conv2D"))(project(node))
    assert layout(made.model).steps[-1].start is None
