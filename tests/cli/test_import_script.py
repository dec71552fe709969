"""`workbench import SCRIPT.py DIR`: the network of a script, without running it."""

from pathlib import Path

import pytest
from calling import Call

from workbench.cli.documents import ImportDocument
from workbench.cli.engine import Engine
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Input, Layer

SCRIPT = """\
import os
from tensorflow import keras

os.remove("never")
model = keras.Sequential()
model.add(keras.layers.Flatten(input_shape=(28, 28, 1)))
model.add(keras.layers.Dense(n_units, activation="relu"))
model.add(keras.layers.Dense(10, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y, epochs=7)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "clothes.py"
    path.write_text(SCRIPT)
    return path


def no_engine(*_: object) -> None:
    raise AssertionError("no engine is needed")


def test_that_a_script_becomes_a_project_without_an_engine(
    call: Call, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "__init__", no_engine)
    result = call("import", script, tmp_path / "made")
    assert result.code == 0
    assert "with 3 layers" in result.out
    assert result.err == "Line 7: units of Dense is `n_units`, which is not known here; 64 stands in its place.\n"
    project = ProjectFolder(tmp_path / "made").load()
    assert project.name == "clothes"
    assert project.data.source.kind == "fashion_mnist"
    assert project.training.epochs == 7
    assert [node.class_name for node in project.model.nodes if isinstance(node, Layer)] == ["Flatten", "Dense", "Dense"]
    assert isinstance(project.model.nodes[0], Input)


def test_that_programs_get_what_could_not_be_read(call: Call, script: Path, tmp_path: Path) -> None:
    document = call("import", "--json", script, tmp_path / "made").json(ImportDocument)
    assert document.run is None
    assert [each.line for each in document.unread] == [7]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print('hello')\n", "There is no network of Keras in this text."),
        ("model = Sequential([\n  Dense(3\n", "Line 2: This is no valid Python"),
        ("x = '\0'", "zero bytes"),
        ("# " + "x" * 1_100_000, "more than 1,000,000 characters"),
    ],
)
def test_that_a_text_without_a_network_is_refused(text: str, said: str, call: Call, tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(text)
    result = call("import", path, tmp_path / "made")
    assert result.code == 1
    assert said in result.err
    assert not (tmp_path / "made").exists()


def test_that_files_which_are_no_text_are_refused(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_bytes(b"model = '\xff'")
    assert "no text in UTF-8" in call("import", path, tmp_path / "made").err
    assert "could not be read" in call("import", tmp_path / "none.py", tmp_path / "made").err
