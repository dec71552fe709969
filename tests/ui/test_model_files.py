"""What is dropped on the window is known as a model by what is in it, not by its name alone."""

import zipfile
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from PySide6.QtWidgets import QApplication, QListView, QWidget

from workbench.domain.tree import Layer
from workbench.protocol.commands import ImportModel, InspectFile
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.model_files import holds_model
from workbench.ui.theme import Theme

NETWORK = "import keras\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
DATA = "import numpy as np\n\ndef load():\n    return np.zeros((4, 2)), np.zeros(4)\n"


def zipped(path: Path, name: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"0" * 5000)
    return path


def test_that_files_are_told_from_data_by_what_they_hold(tmp_path: Path) -> None:
    network, data, text = tmp_path / "net.py", tmp_path / "data.py", tmp_path / "latin.py"
    network.write_text(NETWORK)
    data.write_text(DATA)
    text.write_bytes(b"x = '\xff'")
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "saved_model.pb").write_bytes(b"")
    models = [network, zipped(tmp_path / "m.zip", "deep/saved_model.pb"), saved, saved / "saved_model.pb"]
    models += [tmp_path / "m.keras", tmp_path / "m.H5"]
    others = [data, text, zipped(tmp_path / "pictures.zip", "cat/1.png"), tmp_path, tmp_path / "gone.zip"]
    assert [holds_model(path) for path in models] == [True] * 6
    assert [holds_model(path) for path in others] == [False] * 5


def test_that_a_dropped_script_opens_as_a_project_and_a_data_file_as_data(
    context: Context, engine: FakeEngine, tmp_path: Path
) -> None:
    files = Files(context)
    (tmp_path / "net.py").write_text(NETWORK)
    (tmp_path / "data.py").write_text(DATA)
    files.open_any(tmp_path / "net.py")
    layers = [node.class_name for node in context.document.project.model.nodes if isinstance(node, Layer)]
    assert (context.document.project.name, layers) == ("net", ["Dense"])
    files.open_any(tmp_path / "data.py")
    assert engine.last(InspectFile).path == str(tmp_path / "data.py")
    files.open_any(zipped(tmp_path / "m.zip", "m/saved_model.pb"))
    assert engine.last(ImportModel).path == str(tmp_path / "m.zip")


@pytest.mark.parametrize("is_inside", [False, True])
def test_that_a_list_that_pops_up_has_a_ground_of_its_own(theme: Theme, qapp: QApplication, is_inside: bool) -> None:
    outer = QWidget()
    view = QListView(outer if is_inside else None)
    view.resize(80, 60)
    view.ensurePolished()
    ground = view.grab().toImage().pixelColor(40, 30)
    assert ground.name() == theme.tokens.panel if not is_inside else ground.alpha() == 0
