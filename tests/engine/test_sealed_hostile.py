"""SavedModels of strangers: each is looked into before TensorFlow loads it, and refused with what was found."""

import queue
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from sealed_models import PICTURE, Kept, with_head
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.framework import op_def_registry

from workbench.domain.sealed import FILEPATH, content_hash
from workbench.engine.build import BuildError, build_model
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError
from workbench.engine.model_import import import_model
from workbench.engine.sealed import trial
from workbench.engine.sealed.inspection import facts_of
from workbench.engine.sealed.kept import facts_in
from workbench.engine.sealed.ops import CHANGING, CODE, DRAWING, FILES, PURE
from workbench.engine.sealed.scope import sealed_in

pytestmark = pytest.mark.engine

Change = Callable[[Any], None]


@pytest.fixture
def saved(kept: Kept) -> Path:
    return kept.saved


@pytest.fixture(autouse=True)
def _nothing_is_loaded(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In these tests no SavedModel may be loaded in the engine's own process, whatever happens."""
    request.getfixturevalue("kept")

    def load(*_: object, **__: object) -> None:
        raise AssertionError("it was loaded")

    monkeypatch.setattr(tf.saved_model, "load", load)


def altered(saved: Path, target: Path, change: Change) -> Path:
    """A copy whose graph is another one."""
    shutil.copytree(saved, target)
    message: Any = saved_model_pb2.SavedModel()
    message.ParseFromString((saved / "saved_model.pb").read_bytes())
    change(message)
    (target / "saved_model.pb").write_bytes(message.SerializeToString())
    return target


def refused(folder: Path, words: str, tmp_path: Path) -> None:
    """The import says these words, and makes nothing."""
    with pytest.raises(EngineError, match=words):
        import_model(folder, str(tmp_path / "project"))
    assert not (tmp_path / "project").exists()


def written(tmp_path: Path, work: Callable[[Any], Any], **parts: Any) -> Path:
    """A SavedModel of a function of pictures."""
    module = tf.Module()
    for name, part in parts.items():
        setattr(module, name, part)
    module.serve = tf.function(work, input_signature=[PICTURE])
    tf.saved_model.save(module, str(tmp_path / "m"), signatures={"serving_default": module.serve})
    return tmp_path / "m"


def _reads_and_writes(x: Any) -> Any:
    tf.io.write_file("stolen.txt", tf.io.read_file("secret.txt"))
    return x


def _runs_python(x: Any) -> Any:
    return tf.py_function(lambda each: each, [x], tf.float32)


def _prints(x: Any) -> Any:
    tf.print("hello")
    return x


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (_reads_and_writes, r"read or write files: ReadFile, WriteFile\. Ask for the model as a \.keras"),
        (_runs_python, "run code of Python: EagerPyFunc"),
        (_prints, "not known to compute only: PrintV2, StringFormat"),
    ],
)
def test_that_operations_which_do_more_than_compute_are_refused_by_name(
    work: Callable[[Any], Any], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("mine")
    refused(written(tmp_path, work), words, tmp_path)
    assert not (tmp_path / "stolen.txt").exists()


def test_that_tables_and_files_of_its_own_are_refused(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("a\nb\n")
    values = tf.lookup.KeyValueTensorInitializer(tf.constant([0, 1], tf.int64), tf.constant([1.0, 2.0]))
    table = tf.lookup.StaticHashTable(values, 0.0)
    tabled = written(tmp_path, lambda x: x + table.lookup(tf.cast(x, tf.int64)), table=table)
    refused(tabled, "needs a table or another store of its own", tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    refused(written(other, lambda x: x, words=tf.saved_model.Asset(str(words))), "reads files of its own", tmp_path)


def _node(message: Any, kind: str, *, of: str = "serve") -> Any:
    """The first node of a kind in a function."""
    for function in message.meta_graphs[0].graph_def.library.function:
        if of in function.signature.name:
            for node in function.node_def:
                if node.op == kind:
                    return node
    raise AssertionError(kind)


def _named_saver(message: Any) -> str:
    names = [each.signature.name for each in message.meta_graphs[0].graph_def.library.function]
    return str(next(name for name in names if "traced_restore" in name))


def _unused_function(message: Any) -> None:
    function = message.meta_graphs[0].graph_def.library.function.add()
    function.signature.name = "sleeping"
    function.node_def.add().op = "WriteFile"


def _saver_that_reads(message: Any) -> None:
    _node(message, "RestoreV2", of="traced_restore").op = "ReadFile"


def _function_that_restores(message: Any) -> None:
    function = message.meta_graphs[0].graph_def.library.function[0]
    node = function.node_def.add()
    node.op = "StatefulPartitionedCall"
    node.attr["f"].func.name = _named_saver(message)


def _called_by_kind(message: Any) -> None:
    message.meta_graphs[0].graph_def.library.function[0].node_def.add().op = _named_saver(message)


def _saver_as_gradient(message: Any) -> None:
    gradient = message.meta_graphs[0].graph_def.library.gradient.add()
    gradient.function_name, gradient.gradient_func = "serve", _named_saver(message)


def _saver_that_stands_in(message: Any) -> None:
    for function in message.meta_graphs[0].graph_def.library.function:
        if function.signature.name == _named_saver(message):
            function.attr["api_implements"].s = b"relu"


def _loadable_saver(message: Any) -> None:
    functions = message.meta_graphs[0].object_graph_def.concrete_functions
    functions[_named_saver(message)].CopyFrom(next(iter(functions.values())))


def _large_constant(message: Any) -> None:
    tensor = _node(message, "Const").attr["value"].tensor
    tensor.ClearField("tensor_content")
    del tensor.tensor_shape.dim[:]
    tensor.tensor_shape.dim.add().size = 10**12


def _object(message: Any, kind: str) -> Any:
    nodes = message.meta_graphs[0].object_graph_def.nodes
    return next(node for node in nodes if node.WhichOneof("kind") == kind)


def _large_variable(message: Any) -> None:
    _object(message, "variable").variable.shape.dim[0].size = 10**12


def _text_variable(message: Any) -> None:
    _object(message, "variable").variable.dtype = 7


def _registered(message: Any) -> None:
    _object(message, "user_object").registered_name = "evil.Package"


def _foreign(message: Any) -> None:
    _object(message, "user_object").user_object.identifier = "estimator"


def _python_name(message: Any) -> None:
    _object(message, "user_object").children[0].local_name = "__class__"


def _own_saving(message: Any) -> None:
    _object(message, "variable").saveable_objects["x"].save_function = 3


def _of_tensorflow_1(message: Any) -> None:
    message.meta_graphs[0].ClearField("object_graph_def")


def _twice(message: Any) -> None:
    message.meta_graphs.add().CopyFrom(message.meta_graphs[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_unused_function, "read or write files: WriteFile"),
        (_saver_that_reads, "read or write files: ReadFile"),
        (_function_that_restores, "call what writes and reads its weights"),
        (_called_by_kind, "call what writes and reads its weights"),
        (_saver_as_gradient, "call what writes and reads its weights"),
        (_saver_that_stands_in, "call what writes and reads its weights"),
        (_loadable_saver, "call what writes and reads its weights"),
        (_large_constant, "it has a constant of 1"),
        (_large_variable, "its weights need"),
        (_text_variable, "weights that are no numbers"),
        (_registered, r"needs Python code that is not in it \(evil\.Package\)"),
        (_foreign, "needs a foreign class, “estimator”"),
        (_python_name, "names parts of Python's own"),
        (_own_saving, "its own way to save"),
        (_of_tensorflow_1, "a SavedModel of TensorFlow 1"),
        (_twice, "a SavedModel of TensorFlow 1"),
    ],
)
def test_that_a_crafted_graph_is_refused(saved: Path, tmp_path: Path, change: Change, words: str) -> None:
    refused(altered(saved, tmp_path / "m", change), words, tmp_path)


def _broken(folder: Path) -> None:
    (folder / "saved_model.pb").write_bytes(b"\x0a\xff\xff\xff\x7f")


def _empty(folder: Path) -> None:
    (folder / "saved_model.pb").write_bytes(b"")


def _no_index(folder: Path) -> None:
    (folder / "variables" / "variables.index").unlink()


def _broken_index(folder: Path) -> None:
    (folder / "variables" / "variables.index").write_bytes(b"\0" * 64)


def _cut_weights(folder: Path) -> None:
    path = folder / "variables" / "variables.data-00000-of-00001"
    path.write_bytes(path.read_bytes()[:1000])


def _link(folder: Path) -> None:
    path = folder / "variables" / "variables.data-00000-of-00001"
    path.unlink()
    path.symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_broken, "cannot be read"),
        (_empty, "a SavedModel of TensorFlow 1"),
        (_no_index, "has no weights beside its graph"),
        (_broken_index, "its weights cannot be read"),
        (_cut_weights, "its list of weights needs"),
        (_link, "is no plain file"),
    ],
)
def test_that_broken_files_and_links_are_refused(
    saved: Path, tmp_path: Path, harm: Callable[[Path], None], words: str
) -> None:
    shutil.copytree(saved, tmp_path / "m")
    harm(tmp_path / "m")
    refused(tmp_path / "m", words, tmp_path)


def test_that_a_large_graph_is_not_even_read(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.engine.sealed.inspection.memory_bytes", lambda: 16 * 1000)
    with pytest.raises(EngineError, match="is too large to open here"):
        facts_of(saved, "it")


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (tf.TensorSpec((1, 8), tf.float32, name="x"), "takes or gives 1 samples at a time"),
        (tf.TensorSpec(None, tf.float32, name="x"), "no known number of axes"),
        (tf.TensorSpec((None, 8), tf.string, name="x"), "It takes string"),
        (tf.TensorSpec((None, 8), tf.float64, name="x"), "It takes float64"),
    ],
)
def test_that_an_endpoint_which_no_layer_can_call_says_why(spec: Any, why: str, tmp_path: Path) -> None:
    module = tf.Module()
    module.serve = tf.function(lambda x: x, input_signature=[spec])
    tf.saved_model.save(module, str(tmp_path / "m"), signatures={"serving_default": module.serve})
    refused(tmp_path / "m", why, tmp_path)


def test_that_several_inputs_by_names_are_refused_and_a_module_without_endpoints_too(tmp_path: Path) -> None:
    module = tf.Module()
    spec = tf.TensorSpec((None, 2), tf.float32)
    module._hidden = tf.function(lambda a, b: a + b, input_signature=[spec, spec])
    tf.saved_model.save(module, str(tmp_path / "m"), signatures={"serving_default": module._hidden})
    refused(tmp_path / "m", "takes several inputs by their names", tmp_path)
    tf.saved_model.save(tf.Module(), str(tmp_path / "none"))
    refused(tmp_path / "none", "has no endpoint", tmp_path)


def test_that_a_copy_which_somebody_changed_is_not_loaded(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    shutil.copytree(kept.folder, folder)
    project = with_head(kept)
    data = next(folder.glob("saved_models/*/variables/variables.data*"))
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(bytes(content))
    info = load_dataset(project.data).info
    with sealed_in(folder), pytest.raises(BuildError, match="was changed since it was kept, so it is not loaded"):
        build_model(project, info)
    with sealed_in(folder):
        summary = describe(project, info)
    assert summary.error is not None
    assert "was changed since it was kept" in summary.error.message
    assert not summary.sealed
    shutil.rmtree(folder / "saved_models")
    with sealed_in(folder), pytest.raises(BuildError, match="is not in the project's folder"):
        build_model(project, info)
    with pytest.raises(BuildError, match="only in the folder of its project"):
        build_model(project, info)


def test_that_a_copy_renamed_to_fit_its_content_is_still_held_to_its_operations(kept: Kept, tmp_path: Path) -> None:
    source = next((kept.folder / "saved_models").iterdir())
    altered(source, tmp_path / "m", _unused_function)
    name = content_hash(tmp_path / "m")
    (tmp_path / "p" / "saved_models").mkdir(parents=True)
    (tmp_path / "m").rename(tmp_path / "p" / "saved_models" / name)
    with sealed_in(tmp_path / "p"), pytest.raises(EngineError, match="read or write files: WriteFile"):
        facts_in(f"saved_models/{name}", "it")


def test_that_a_project_from_elsewhere_is_tried_before_it_is_loaded_and_what_fails_is_told(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "another machine"))
    tried = []
    monkeypatch.setattr(trial, "_tried", lambda *args: tried.append(args) or {"serving_default": "It crashes."})
    project = with_head(kept)
    for _ in range(2):
        with sealed_in(kept.folder), pytest.raises(BuildError, match=r"of “features” does not work: It crashes\."):
            build_model(project, load_dataset(project.data).info)
    assert len(tried) == 1  # and it is remembered


def test_that_the_child_is_waited_for_only_so_long_and_its_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def waited(*answers: bytes) -> None:
        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        for each in answers:
            lines.put(each)
        trial._wait(lines, "It", 1000, lambda text, part: None)

    monkeypatch.setattr(trial, "SECONDS", 0.0)
    monkeypatch.setattr(trial, "_PATIENCE", 0.01)
    with pytest.raises(EngineError, match="It did not answer within 0 seconds"):
        waited(b'{"type":"began"}\n')
    with pytest.raises(EngineError, match="The process that tried It died"):
        waited(b"printed by somebody\n", b"")
    with pytest.raises(EngineError, match=r"It needs more than 1\.0 kB of memory"):
        waited(b'{"type":"too large"}\n')


def test_that_one_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", 2.0)

    def endless(x: Any) -> Any:
        return tf.while_loop(lambda each: tf.reduce_sum(each) < np.inf, lambda each: (each * 0,), (x,))[0]

    refused(written(tmp_path, endless), "“m” did not answer within 2 seconds", tmp_path)


def test_that_every_allowed_operation_exists_and_keeps_nothing() -> None:
    keeping = {"VarHandleOp", "ReadVariableOp", "DisableCopyOnRead", "VarIsInitializedOp", "VariableShape"}
    keeping |= {"ResourceGather", "ResourceGatherNd"}  # which read a variable
    keeping |= {"StatefulPartitionedCall", "While", "If", "Case"}  # which call functions that are looked into
    for name in PURE:
        known = op_def_registry.get(name)
        assert known is not None, name
        assert known.is_stateful == (name in keeping), name
    assert not PURE & (FILES | CODE | DRAWING | CHANGING)
    assert FILEPATH == "filepath"  # as Keras calls it
