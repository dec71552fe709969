"""Several outputs: their targets on the Data page, what they learn with on Train, what they say, and their marks."""

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import ColumnInfo, DatasetInfo, DatasetSpec, HeadInfo, SourceSpec
from workbench.domain.edits import set_data, set_head, set_model
from workbench.domain.first_network import first_network
from workbench.domain.training import HeadSpec
from workbench.protocol.arrays import Array
from workbench.protocol.commands import LoadData
from workbench.protocol.events import DataLoaded, Probed
from workbench.protocol.probes import head_prediction, head_truth
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import LearnedPanel
from workbench.ui.pages.inspect.prediction import PredictionPanel
from workbench.ui.pages.model.rows import rows_of
from workbench.ui.pages.train.hyper import HyperPanel
from workbench.ui.pages.train.prediction import PredictionView
from workbench.ui.plots.names import metric_title

FUEL = HeadInfo("fuel", "fuel", "multiclass", 0, ("diesel", "petrol", "gas"), {"train": (30, 20, 10)})
PRICE = HeadInfo("price", "price", "regression", 1, mean=17_000.0, std=2_500.0, low=9_000.0, high=25_000.0)
TABLE: DatasetInfo = msgspec.structs.replace(
    IRIS,
    task="multi_output",
    labels="number",
    target_shape=(2,),
    classes=(),
    class_counts={},
    target="fuel",
    heads=(FUEL, PRICE),
    columns=(ColumnInfo("age", "number"), ColumnInfo("fuel", "category"), ColumnInfo("price", "number")),
)
SPEC = DatasetSpec(SourceSpec("csv", {"path": "x.csv"}), target="fuel", more_targets=("price",))


@pytest.fixture
def several(context: Context, engine: FakeEngine, qtbot: QtBot) -> Context:
    context.document.apply("", set_data(SPEC))
    context.document.apply("", set_model(first_network(TABLE)))
    qtbot.waitUntil(lambda: context.data.info is not None and bool(context.data.info.heads))
    return context


@pytest.mark.parametrize("info", [TABLE])
def test_that_the_data_page_says_what_each_target_is_learned_as(several: Context, qtbot: QtBot) -> None:
    panel = LearnedPanel(several)
    qtbot.addWidget(panel)
    panel.show()
    assert "2 targets are learned, each by an output of its own" in panel.sentence.text()
    assert panel.facts.output.text() == "fuel, price"
    assert panel.heads.boxes["fuel"].currentText() == "Auto: several classes"
    box = panel.heads.boxes["price"]
    box.setCurrentIndex(box.findData("multiclass"))
    box.activated.emit(box.currentIndex())
    assert several.document.project.data.target_tasks == {"price": "multiclass"}
    assert panel.heads.boxes["price"].currentText() == "Several classes"
    several.document.undo_stack.undo()
    assert panel.heads.boxes["price"].currentText() == "Auto: a number"


@pytest.mark.parametrize("info", [TABLE])
def test_that_each_output_has_its_loss_metrics_and_weight_on_the_train_page(several: Context, qtbot: QtBot) -> None:
    panel = HyperPanel(several)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.fields.rows["loss"].editor.isVisible()
    assert panel.fields.rows["epochs"].editor.isVisible()
    fields = panel.heads.fields["price"]
    assert fields.rows["weight"].editor.isVisible()
    assert "spreads by" in fields.reasons["weight"].text()
    fields.changed.emit("weight", 0.5)
    assert several.document.project.training.heads == (HeadSpec("price", weight=0.5),)
    assert not fields.reasons["weight"].isVisible()
    fields.reset.emit("weight")
    assert several.document.project.training.heads == ()
    assert panel.metric_names() == ["fuel_loss", "price_loss", "fuel_accuracy", "price_mae"]


@pytest.mark.parametrize("info", [TABLE])
def test_that_loss_and_metrics_come_back_with_a_single_target(
    several: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    panel = HyperPanel(several)
    qtbot.addWidget(panel)
    panel.show()
    several.document.apply("", set_head("fuel", weight=2.0))
    engine.reply_with(LoadData, DataLoaded(0, IRIS))
    several.document.apply("", set_data(DatasetSpec(SourceSpec("csv", {"path": "y.csv"}))))
    qtbot.waitUntil(lambda: several.data.info is not None and not several.data.info.heads)
    assert panel.fields.rows["loss"].editor.isVisible()
    assert not panel.heads.isVisible()


def answer(truth: bool = True) -> Probed:
    values = {"fuel": np.array([0.1, 0.7, 0.2], np.float32), "price": np.array([12_000], np.float32)}
    arrays = {head_prediction(name): Array("float32", each.shape, each.tobytes()) for name, each in values.items()}
    right = {head_truth("fuel"): 0.0, head_truth("price"): 13_000.0} if truth else {}
    return Probed(0, "feature_maps", arrays, {"classes": (), **right})


@pytest.mark.parametrize("info", [TABLE])
def test_that_inspect_tells_each_output(several: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(several)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result(answer())
    fuel, price = panel.heads.sentences
    assert fuel.text() == "fuel: petrol 70% (it is diesel)"
    assert price.text() == "price: 12,000 (right is 13,000)"
    assert panel.heads.bars[0] is not None
    assert panel.heads.bars[1] is None
    assert not panel.sentence.isVisible()
    panel.show_result(answer(truth=False))
    assert fuel.text() == "fuel: petrol 70%"


def test_that_the_train_page_tells_each_output(context: Context, qtbot: QtBot) -> None:
    view = PredictionView(context.theme)
    qtbot.addWidget(view)
    view.show_info(TABLE)
    view.show_result(answer())
    assert view.text.text() == "fuel: petrol 70% (it is diesel)\nprice: 12,000 (right is 13,000)"


@pytest.mark.parametrize("info", [TABLE])
def test_that_outputs_are_marked_in_the_tree(several: Context) -> None:
    tree = several.document.project.model
    rows = rows_of(tree, several.catalogue, TABLE, None, ())
    assert [rows[node.id].is_output for node in tree.nodes if node.name] == [True, True]
    assert not rows[tree.nodes[0].id].is_output
    assert "an output of the network" in rows[tree.outputs[0]].spoken()


def test_that_metrics_of_outputs_read_well() -> None:
    assert metric_title("price_mae") == "Price MAE"
    assert metric_title("val_price_mae") == "Validation price MAE"
    assert metric_title("val_fuel_accuracy") == "Validation fuel accuracy"
