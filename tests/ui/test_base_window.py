"""The window that puts a base into the network."""

from pathlib import Path

from drawn_networks import PICTURES
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot

from workbench.domain import project_file
from workbench.domain.applications import BUNDLED, BaseSource
from workbench.domain.edits import set_model
from workbench.domain.edits.bases import add_base
from workbench.domain.graph import layout
from workbench.domain.run import RunRecord
from workbench.domain.run_store import MODEL_FILE
from workbench.domain.tree import Base, Block, Layer
from workbench.protocol.commands import Cancel, MakeBase
from workbench.protocol.events import BaseMade, Failed, Progress
from workbench.ui.context import Context
from workbench.ui.pages.model import PAGE
from workbench.ui.pages.model.base_window import BaseWindow
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.tree_model import ROW_ROLE, Column
from workbench.ui.pages.model.weights_window import WeightsWindow


def test_that_a_base_is_made_for_the_data_and_stands_at_the_top_frozen(
    context: Context, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    context.document.apply("", set_model(PICTURES, "").apply)
    folder = context.document.folder
    record = RunRecord(id=folder.new_run_id(), name="Run 1", status="ended", started="", seed=0, epochs_planned=1)
    run = folder.create_run(record, {MODEL_FILE: b""})
    window = BaseWindow(context)
    qtbot.addWidget(window)
    assert window.source().name == BUNDLED
    assert not window.weights.isEnabled()
    assert not window.top.isEnabled()
    window.models.setCurrentIndex(1)
    assert window.source() == BaseSource(str(run / MODEL_FILE))
    window.models.setCurrentText("ResNet50")
    window.add_weights(tmp_path / "w.h5")
    window.cut.setEditText(" conv4 ")
    window.top.click()
    inside = (Layer(id="in", class_name="Conv2D", params={"filters": 2, "kernel_size": 1}),)
    engine.reply_with(
        MakeBase, BaseMade(0, Base(id="b", name="ResNet50", source="x", children=inside, trainable=False))
    )
    window.insert_button.click()
    qtbot.waitUntil(lambda: isinstance(context.document.project.model.nodes[0], Base))
    sent = engine.last(MakeBase)
    assert sent.source == BaseSource("ResNet50", str(tmp_path / "w.h5"), True, "conv4")
    assert context.data.info is not None
    assert (sent.shape, sent.folder) == (context.data.info.input_shape, str(context.document.path))
    assert context.document.undo_stack.undoText() == "Insert ResNet50"
    assert "stands at the beginning" in window.message.text()


def test_that_closing_the_window_gives_up_the_base_that_is_being_made(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    page = PAGE.make(context)
    assert isinstance(page, ModelPage)
    qtbot.addWidget(page)
    page.network_actions.by_name["insert_base"].trigger()
    page.show_base()
    (window,) = page.findChildren(BaseWindow)
    window.insert_button.click()
    ticket = engine.last(MakeBase).ticket
    with qtbot.waitSignal(window.destroyed):
        window.close()
    assert engine.last(Cancel).ticket == ticket
    with qtbot.assertNotEmitted(context.noticed):
        engine.replay(BaseMade(ticket, Base(id="b", name="Late", source="x")))
    assert not context.document.undo_stack.count()


def test_that_the_windows_beside_the_network_go_with_their_project(context: Context, qtbot: QtBot) -> None:
    page = PAGE.make(context)
    assert isinstance(page, ModelPage)
    qtbot.addWidget(page)
    page.show_base()
    page.show_weights()
    windows = page.findChildren(BaseWindow) + page.findChildren(WeightsWindow)
    assert len(windows) == 2
    document = context.document
    document.replace(document.folder, document.project, temporary=True)
    qtbot.waitUntil(lambda: not page.findChildren(BaseWindow) + page.findChildren(WeightsWindow))


def test_that_closing_the_window_when_nothing_is_under_way_gives_up_nothing(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = BaseWindow(context)
    qtbot.addWidget(window)
    window.insert_button.click()
    engine.replay(BaseMade(engine.last(MakeBase).ticket, Base(id="b", name="There", source="x")))
    assert context.document.undo_stack.count() == 1
    window.close()
    assert not [sent for sent in engine.sent if isinstance(sent, Cancel)]


def test_that_a_download_tells_how_far_it_is_and_can_be_given_up(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = BaseWindow(context)
    qtbot.addWidget(window)
    window.show()
    assert window.under_way.isHidden()
    window.insert_button.click()
    asked = engine.last(MakeBase)
    engine.replay(Progress(asked.ticket, "Downloading the weights of ResNet50: 49.0 MB of 98.0 MB", 0.5))
    assert "49.0 MB" in window.under_way.text.text()
    assert window.under_way.bar.value() * 2 == window.under_way.bar.maximum()
    window.under_way.cancel.click()
    assert engine.last(Cancel).ticket == asked.ticket
    assert not window.under_way.cancel.isEnabled()
    engine.replay(Failed(asked.ticket, "Cancelled.", cancelled=True))
    assert window.message.text() == "It was given up. Nothing was inserted."
    assert window.under_way.isHidden()
    window.insert_button.click()
    assert window.under_way.cancel.isEnabled(), "the next one can be given up, too"


def test_that_the_palette_finds_pretrained_models_and_asks_which(context: Context, qtbot: QtBot) -> None:
    page = PAGE.make(context)
    assert isinstance(page, ModelPage)
    qtbot.addWidget(page)
    panel = page.palette_panel
    for word in ("imagenet", "pretrained", "transfer"):
        panel.search.setText(word)
        assert panel.model.index(0, 0).data() == "Base", word
    panel.add_wanted.emit(panel.make("structure:Base"))
    (window,) = page.findChildren(BaseWindow)
    window.close()
    assert not context.document.project.model.nodes


def test_that_a_base_stays_folded_in_the_tree_and_shows_what_is_in_it(context: Context, qtbot: QtBot) -> None:
    page = PAGE.make(context)
    assert isinstance(page, ModelPage)
    qtbot.addWidget(page)
    inside = (Block(id="k", children=(Layer(id="in", class_name="ReLU"),)),)
    context.document.apply("", add_base(Base(id="b", name="Mine", source="mine.keras", children=inside)).apply)
    tree = page.network.model
    index = tree.index_of("b")
    assert not page.view.isExpanded(index)
    assert tree.rowCount(index) == 1
    row = index.siblingAtColumn(Column.LAYER).data(ROW_ROLE)
    assert (row.title, row.detail) == ("Mine", "Base mine.keras")
    page.view.choose(("in",))
    assert page.view.isExpanded(index)
    page.view.choose(("b",))
    page.network_actions.by_name["unwrap"].trigger()
    assert [node.id for node in context.document.project.model.nodes] == ["k"]


def test_that_what_stands_against_a_base_is_said_in_the_window(
    context: Context, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    window = BaseWindow(context)
    qtbot.addWidget(window)
    window.add_file(tmp_path / "m.keras")
    engine.reply_with(MakeBase, Failed(0, "m.keras is damaged."))
    window.insert_button.click()
    qtbot.waitUntil(lambda: window.message.text() == "m.keras is damaged.")
    assert window.insert_button.isEnabled()
    assert not context.document.undo_stack.count()


def test_that_the_layer_a_base_ends_with_is_chosen_from_those_of_the_run(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    context.document.apply("", set_model(PICTURES, "").apply)
    folder = context.document.folder
    record = RunRecord(id=folder.new_run_id(), name="Run 1", status="ended", started="", seed=0, epochs_planned=1)
    folder.create_run(record, {MODEL_FILE: b"", "project.json": project_file.encode(context.document.project)})
    window = BaseWindow(context)
    qtbot.addWidget(window)
    assert window.cut.itemText(0) == "head", "the included base ends with its last block, the first to be offered"
    window.models.setCurrentIndex(1)
    qtbot.waitUntil(lambda: window.cut.count() > 0 and window.cut.itemText(0) != "head")
    names = [step.name for step in layout(PICTURES).steps if step.kind == "layer"]
    assert [window.cut.itemText(place) for place in range(window.cut.count())] == names[::-1]
    assert window.source().cut == ""
    window.cut.setCurrentIndex(1)
    assert window.source().cut == names[-2]
    window.models.setCurrentText("ResNet50")
    assert (window.cut.count(), window.source().cut) == (0, ""), "its layers are those of another model"
