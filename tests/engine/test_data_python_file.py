"""A person's own Python file: run in a process of its own once it is allowed, told when it fails, ended on demand."""

import os
import re
import textwrap
import time

import numpy as np
import pytest

from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.domain.project import Project
from workbench.domain.resources import resource
from workbench.domain.script import export_script
from workbench.domain.trust import allow, allowed_here, demand_of
from workbench.engine.data import DataError, inspect_path, load_dataset
from workbench.engine.data.errors import Cancelled
from workbench.engine.data.load import forget_loaded
from workbench.engine.data.own_code_arrays import Told, gathered

ENTRY = load_catalogue().source("python")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4))
Y = np.arange(60) % 3

SLOW = pytest.mark.slow


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Nothing is allowed yet, and nothing loaded."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    forget_loaded()


@pytest.fixture
def write(tmp_path):
    """Write a data file beside an NPZ that it may read."""
    np.savez(tmp_path / "mine.npz", x=X, y=Y)

    def written(body, name="data.py"):
        path = tmp_path / name
        path.write_text("import numpy as np\n" + textwrap.dedent(body), encoding="utf-8")
        return path

    return written


def spec_of(path, **params):
    return DatasetSpec(SourceSpec("python", {"path": str(path), **params}))


def load(path, progress=lambda text, fraction: None, **params):
    with allowed_here():
        return load_dataset(spec_of(path, **params), path.parent, progress)


def told(path):
    with pytest.raises(DataError) as error:
        load(path)
    assert error.value.message.endswith(".")
    return error.value.message


def check_script(dataset):
    """The exported script runs the same file and has the same arrays."""
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)
    return dataset


BODIES = {
    "pair": "def load():\n    z = np.load('mine.npz')\n    return z['x'], z['y']",
    "lists": "def load():\n    return [[i, i % 7] for i in range(40)], ['odd' if i % 2 else 'even' for i in range(40)]",
    "pairs": "def load():\n    z = np.load('mine.npz')\n    return (z['x'], z['y']), (z['x'][:9] + 1, z['y'][:9])",
    "dict": "def load():\n    z = np.load('mine.npz')\n    return {'x': z['x'], 'y': z['y'], 'classes': list('abc')}",
    "parts": "def load():\n    z = np.load('mine.npz')\n"
    "    return dict(x_train=z['x'], y_train=z['y'], x_test=z['x'][:9], y_test=z['y'][:9])",
    "texts": "def load():\n    return [f'a sentence no {i} ü' for i in range(30)], [b'no', b'yes'] * 15",
    "pictures": "def load():\n    places = np.arange(20)\n"
    "    return np.arange(1280, dtype='uint8').reshape(20, 8, 8), np.eye(4)[places % 4]",
}


@pytest.mark.parametrize("way", BODIES)
def test_that_what_load_returns_becomes_the_data_and_the_script_has_the_same(write, way):
    dataset = check_script(load(write(BODIES[way])))
    forms = {"texts": "text", "pictures": "pictures"}
    assert dataset.info.form == forms.get(way, "arrays")
    if way in ("pair", "dict", "parts"):
        assert np.array_equal(dataset.raw("train", range(5)), X[dataset.indices["train"][:5]])
    expected = {"dict": ("a", "b", "c"), "lists": ("even", "odd"), "texts": ("no", "yes")}
    if way in expected:
        assert dataset.info.classes == expected[way]
    if way in ("pairs", "parts"):
        assert dataset.info.sizes["test"] == 9


def test_that_the_test_samples_may_come_from_a_further_file_of_code(write, tmp_path):
    write(BODIES["texts"].replace("a sentence", "a test sentence"), "further.py")
    split = Split(way="files", test_file="further.py")
    source = spec_of(write(BODIES["texts"])).source
    with allowed_here():
        dataset = check_script(load_dataset(DatasetSpec(source, split=split), tmp_path))
    assert all(text.startswith("a test") for text in dataset.raw("test", range(30)))
    forget_loaded()
    allow(demand_of(ENTRY, source.params, tmp_path))
    with pytest.raises(DataError, match=r"further\.py, which runs only once you allow it"):
        load_dataset(DatasetSpec(source, split=split), tmp_path)


@pytest.mark.engine
@pytest.mark.parametrize(
    "end",
    ["", pytest.param(".batch(7)", marks=SLOW), pytest.param(".batch(5, drop_remainder=True).unbatch()", marks=SLOW)],
)
def test_that_a_tf_dataset_is_gathered_and_the_script_has_the_same(write, end):
    body = f"""
        import tensorflow as tf

        def load():
            z = np.load("mine.npz")
            scale = tf.data.Dataset.from_tensor_slices((z["x"], z["y"])).map(lambda x, y: (2 * x, y))
            return scale{end}
        """
    dataset = check_script(load(write(body)))
    assert sum(dataset.info.sizes.values()) == 60
    assert np.array_equal(dataset.source.x, 2 * X)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("from_tensor_slices((np.ones((8, 2)), np.ones(8))).repeat()", "never ends"),
        pytest.param("from_tensor_slices(np.ones((8, 2)))", "no pairs", marks=SLOW),
        pytest.param("from_tensor_slices((np.ones((8, 2)), np.ones(8))).take(0)", "is empty", marks=SLOW),
        pytest.param("from_tensor_slices((np.ones((8, 2, 2)), np.ones((8, 2))))", "a sample or a batch", marks=SLOW),
        pytest.param("from_generator(lambda: iter(()), (tf.int32, tf.int32))", "output_signature", marks=SLOW),
    ],
)
def test_that_a_tf_dataset_that_cannot_be_gathered_is_told(write, made, expected):
    path = write(f"import tensorflow as tf\n\ndef load():\n    return tf.data.Dataset.{made}")
    assert expected in told(path)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "def load():\n    x = 1\n    return x / 0",
            "data.py, line 4, failed with ZeroDivisionError: division by zero.",
        ),
        ("def load(:\n    pass", "data.py, line 2 is no Python"),
        ("x = 1", "there is no function load()"),
        ("def load(path):\n    return path", "missing 1 required positional argument"),
        ("def load():\n    return {'a': np.ones(3), 'b': np.ones(3)}", "load() returned “a” 3, “b” 3"),
        ("def load():\n    return np.ones((4, 2)), np.ones(3)", "3 entries for 4 samples"),
        ("def load():\n    return dict(x=np.ones((4, 2)), y=[0, 1, 2, 1], classes=['a', 'b'])", "from 0 to 1"),
        ("def load():\n    return np.ones((1 << 34, 1 << 10), 'int8'), np.ones(4)", "memory"),
        ("def load():\n    sys.exit()\nimport sys", "data.py, line 3, ends the program"),
        ("import os\nos._exit(3)", "ended before it gave data"),
        ("def load():\n    return input(), 1", "line 3, failed with EOFError"),
        ("import helper", "line 2, failed with ModuleNotFoundError: No module named 'helper'"),
    ],
)
def test_that_what_is_wrong_is_told_with_its_line(write, body, expected):
    write("def load():\n    return 1", "helper.py")
    assert expected in told(write(body))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "load() returned nothing"),
        ((1, 2, 3), "an object of the type tuple"),
        ({}, "load() returned nothing"),
        (([[1, 2], [3]], [0, 1]), "differ in shape"),
        ((np.ones((4, 2)), [object()] * 4), "an object of the type object at sample 0"),
        ((np.ones((4, 2), complex), np.ones(4)), "the type complex128"),
        (({"a": np.ones(4)}, np.ones(4)), "is a dict"),
        ((np.ones((4, 2)), [b"\xff"] * 4), "bytes that are no text"),
        ({"x": [["a", "b"]], "y": [1]}, "rows of texts"),
        ({"x": np.ones(4), "y": np.ones(4), "classes": "ab"}, "list of the names"),
        ({3: np.ones(4)}, "the key '3'"),
        ({str(place): np.ones(1) for place in range(101)}, "101 arrays"),
        ((np.broadcast_to(np.int8(1), (1 << 40, 2)), np.ones(4)), "the arrays take 2199.0 GB, but 1.0 MB can be used"),
    ],
)
def test_that_what_cannot_be_data_is_told(value, expected):
    with pytest.raises(Told, match=re.escape(expected)) as error:
        gathered(value, 1_000_000, lambda text: None)
    assert str(error.value).endswith(".")


def test_that_code_runs_only_once_it_is_allowed_and_again_when_it_changed(write, tmp_path):
    path = write("open('ran', 'w').close()\n" + BODIES["pair"])
    spec = spec_of("data.py")
    with pytest.raises(DataError, match="only once you allow it"):
        load_dataset(spec, tmp_path)
    assert not (tmp_path / "ran").exists()
    allow(demand_of(ENTRY, spec.source.params, tmp_path))
    assert load_dataset(spec, tmp_path).info.input_shape == (4,)
    assert (tmp_path / "ran").exists()
    path.write_text(path.read_text("utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(DataError, match="only once you allow it"):
        load_dataset(spec, tmp_path)
    with pytest.raises(DataError, match="only once you allow it"):
        load_dataset(spec_of(path), tmp_path / "elsewhere")


def test_that_what_runs_is_what_was_shown_whatever_encoding_the_file_names(write, tmp_path):
    """In UTF-7 the comment would end in the middle, and the rest would run."""
    path = write(BODIES["pair"])
    trick = b"# coding: utf-7\n# harmless +AAo-open('ran', 'w')\n"
    path.write_bytes(trick + path.read_bytes())
    load(path)
    assert not (tmp_path / "ran").exists()


def test_that_changed_code_gives_the_changed_data(write):
    first = load(write(BODIES["pair"]))
    assert load(write(BODIES["pair"])).info.fingerprint == first.info.fingerprint
    second = load(write(BODIES["pair"].replace("z['x'],", "z['x'] + 1,")))
    assert np.array_equal(second.source.x, X + 1)
    assert second.info.fingerprint != first.info.fingerprint


def test_that_an_endless_loop_is_ended_when_it_is_given_up(write, tmp_path):
    path = write("import os\nopen('pid', 'w').write(str(os.getpid()))\n\ndef load():\n    while True:\n        pass")
    pid = tmp_path / "pid"

    def progress(text, fraction):
        assert text == "Running data.py"
        if pid.exists() and pid.read_text():
            raise Cancelled

    before = time.monotonic()
    with pytest.raises(Cancelled):
        load(path, progress)
    assert time.monotonic() - before < 60
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_that_prints_go_to_the_log_and_processes_that_the_code_starts_are_ended_with_it(write, capfd):
    body = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    load(write(body + "print('a line of mine')\n" + BODIES["pair"]))
    out, err = capfd.readouterr()
    assert "a line of mine" in err
    assert out == ""


def test_that_a_file_is_looked_into_without_running_it(write, tmp_path):
    found = inspect_path(write("open('ran', 'w').close()\n" + BODIES["pair"]))
    assert found.source == SourceSpec("python", {"path": str(tmp_path / "data.py")})
    assert found.preview[0] == ("import numpy as np",)
    assert not (tmp_path / "ran").exists()
    for body, expected in (("x = 1", "no function load"), ("def (", "line 2 is no Python"), ("\0", "no Python")):
        with pytest.raises(DataError, match=expected):
            inspect_path(write(body))


def test_that_the_template_gives_data_and_its_script_runs_alone(tmp_path):
    path = tmp_path / "data.py"
    path.write_bytes(resource("data_file.py").read_bytes())
    dataset = check_script(load(path))
    assert dataset.info.form == "points"
    assert dataset.info.classes == ("ring", "disc")
    script = export_script(Project(data=dataset.spec), dataset.info)
    compile(script, "script.py", "exec")
    assert script.index("import runpy") < script.index("import keras")
