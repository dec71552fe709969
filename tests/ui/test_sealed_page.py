"""A sealed SavedModel on the Model page: what the tree and the form say of it, and how its endpoint is chosen."""

from pathlib import Path

import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot

from workbench.domain import sealed
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.places import unsaved_folder
from workbench.domain.project import Project
from workbench.domain.sealed import SealedEndpoint, SealedFacts, SealedTensor
from workbench.domain.store import ProjectFolder
from workbench.domain.summary import LayerSummary, ModelSummary
from workbench.domain.tree import Layer, ModelTree
from workbench.protocol.commands import Describe, ImportModel
from workbench.protocol.events import Described, ModelImported
from workbench.ui.context import Context, Notice
from workbench.ui.files import Files
from workbench.ui.forms.choices import ChoiceEditor
from workbench.ui.pages.model import PAGE
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.tree_model import ROW_ROLE, Column

PATH = "saved_models/" + "0" * 32
PICTURE = SealedTensor("x", (8, 8, 1), "float32")
ONE = SealedEndpoint("serving_default", (PICTURE,), (SealedTensor("output_0", (6,), "float32"),), 900)
TWO = SealedEndpoint("two", (PICTURE,), (SealedTensor("a", (3,), "float32"), SealedTensor("b", (1,), "float32")), 900)
DRAWING = SealedEndpoint("drawing", refusal="It draws by chance.")
SUMMARY = ModelSummary(
    (
        LayerSummary("s", "tfsm_layer", "TFSMLayer", (8, 8, 1), (6,), 900, 0),
        LayerSummary("d", "dense", "Dense", (6,), (10,), 70, 70),
    ),
    970,
    70,
    900,
    output_shape=(10,),
    sealed={PATH: SealedFacts((ONE, DRAWING, TWO), 18_000, 68)},
)


@pytest.fixture
def project() -> Project:
    params = {"filepath": PATH, "call_endpoint": "serving_default", "output": "output_0", "source": "theirs"}
    nodes = (
        Layer(id="s", class_name="TFSMLayer", params=params, trainable=False),
        Layer(id="d", class_name="Dense", params={"units": 10, "activation": "softmax"}),
    )
    return Project(name="digits", data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes))


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    engine.reply_with(Describe, Described(0, SUMMARY))
    page = PAGE.make(context)
    assert isinstance(page, ModelPage)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(context.model.changed):
        context.model.describe()
    page.view.choose(("s",))
    page._show_chosen()
    return page


def node(context: Context) -> Layer:
    (found,) = sealed.sealed_layers(context.document.project.model)
    return found


def shown(page: ModelPage) -> list[str]:
    return [entry.name for entry in page.properties._fields.entries]


def test_that_tree_and_form_say_plainly_what_it_is(page: ModelPage, context: Context) -> None:
    row = page.network.model.index_of("s").siblingAtColumn(Column.LAYER).data(ROW_ROLE)
    assert (row.title, row.detail, row.frozen) == ("TFSMLayer", "sealed · theirs · serving_default · output_0", True)
    text = page.properties.sealed.text.text()
    for words in (
        "does not open, and its weights are not trained",
        "From the SavedModel “theirs”.",
        "Takes 8 × 8 × 1 (float32).",
        "Gives “output_0”: 6 (float32).",
        "900 weights, 68 operations, 17.6 KB.",
        "“drawing” cannot be chosen. It draws by chance.",
    ):
        assert words in text
    assert "none of them is trained" in page.properties.explanation.sums.text()
    assert not [each for each in context.model.problems if each.node_id == "s"]
    page.view.choose(("d",))
    page._show_chosen()
    assert page.properties.sealed.isHidden()


def test_that_endpoint_and_output_are_chosen_of_what_it_has(page: ModelPage, context: Context) -> None:
    assert shown(page) == ["call_endpoint", "name"]  # the only output is no choice, and nothing of it can be trained
    editor = page.properties.form.row("call_endpoint").editor
    assert isinstance(editor, ChoiceEditor)
    editor.edited.emit("two")
    assert node(context).params["call_endpoint"] == "two"
    assert node(context).params["output"] == "a"
    assert context.document.undo_stack.undoText() == "Call two"
    page._show_chosen()
    assert shown(page) == ["call_endpoint", "output", "name"]
    page.properties._changed("output", "b")
    assert node(context).params["output"] == "b"
    page.properties._reset("call_endpoint")
    assert (node(context).params["call_endpoint"], node(context).params["output"]) == ("serving_default", "output_0")
    context.document.undo_stack.undo()
    assert node(context).params["output"] == "b"


def test_that_it_cannot_be_let_learn(page: ModelPage, context: Context) -> None:
    freeze = page.network_actions.by_name["freeze"]
    assert not freeze.isEnabled()
    page.network_actions.by_name["select_all"].trigger()
    page._show_chosen()
    assert freeze.isEnabled()
    for frozen in (True, False):
        freeze.trigger()
        head = context.document.project.model.nodes[1]
        assert isinstance(head, Layer)
        assert head.trainable is not frozen
        assert not node(context).trainable


def test_that_opening_a_saved_model_that_nobody_described_says_what_it_became(
    context: Context, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = ProjectFolder.create(unsaved_folder() / "theirs", context.document.project)
    made = ModelImported(0, str(folder.path), context.document.project, "", has_data=False, sealed=True)
    engine.reply_with(ImportModel, made)
    told: list[Notice] = []
    context.noticed.connect(told.append)
    Files(context).open_any(tmp_path / "saved_model.pb")
    qtbot.waitUntil(lambda: bool(told))
    assert "it is one sealed layer, whose weights are not trained" in told[-1].message
    assert "“Handwritten digits” stand in" in told[-1].message


def test_that_the_script_is_saved_with_the_saved_model_beside_it(
    page: ModelPage, context: Context, tmp_path: Path
) -> None:
    kept = context.document.path / PATH
    (kept / "variables").mkdir(parents=True)
    (kept / "saved_model.pb").write_bytes(b"graph")
    name = sealed.content_hash(kept)
    (tmp_path / "there").mkdir()
    page.code.save(tmp_path / "there" / "train.py")
    assert (tmp_path / "there" / "saved_models" / name / "saved_model.pb").read_bytes() == b"graph"
    text = "".join((tmp_path / "there" / "train.py").read_text().split())
    assert f'=keras.layers.TFSMLayer("{PATH}",call_endpoint="serving_default",trainable=False' in text
    assert '(inputs)["output_0"]' in text
