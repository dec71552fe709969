"""Several numbers that are learned at once: chosen on the Data page, told by their names on the others."""

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import ColumnInfo, DatasetSpec, SourceSpec, TargetInfo
from workbench.domain.edits import set_data
from workbench.protocol.arrays import Array
from workbench.protocol.events import Probed
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import SEVERAL, LearnedPanel
from workbench.ui.pages.inspect.prediction import PredictionPanel
from workbench.ui.pages.train.prediction import PredictionView

TABLE = msgspec.structs.replace(
    IRIS,
    task="regression",
    labels="number",
    target_shape=(2,),
    classes=(),
    target="price",
    targets=(TargetInfo("price", 1e5, 1e4), TargetInfo("rooms", 3, 1)),
    columns=tuple(ColumnInfo(name, "number") for name in ("age", "price", "rooms")),
)


@pytest.mark.parametrize("info", [TABLE])
def test_that_several_columns_are_chosen_from_the_target_on(
    context: Context, engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = context.document
    document.apply("", set_data(DatasetSpec(SourceSpec("csv", {"path": "x.csv"}), target="price", task="binary")))
    qtbot.waitUntil(lambda: context.data.columns == ("age", "price", "rooms"))
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    opened: list[bool] = []
    monkeypatch.setattr(panel.targets, "showPopup", lambda: opened.append(panel.targets.isVisible()))
    panel.target.setCurrentIndex(panel.target.findData(SEVERAL))
    panel.target.activated.emit(panel.target.currentIndex())
    qtbot.waitUntil(lambda: opened == [True])
    panel.targets.list.tick(("price", "rooms"))
    panel.targets.popup.aboutToHide.emit()
    qtbot.waitUntil(lambda: document.project.data.more_targets == ("rooms",))
    assert document.project.data.target == "price"
    assert document.project.data.task == "auto"
    assert panel.targets.isVisible()
    assert not panel.target.isVisible()
    assert panel.facts.output.text() == "price, rooms"
    assert "2 numbers are learned at once" in panel.sentence.text()
    document.undo_stack.undo()
    assert panel.target.isVisible()


def answer(truth: tuple[float, ...] | None) -> Probed:
    values = np.array([90_000, 2.5], np.float32)
    arrays = {"prediction": Array("float32", (2,), values.tobytes())}
    return Probed(0, "feature_maps", arrays, {"classes": (), "truth": truth})


@pytest.mark.parametrize("info", [TABLE])
def test_that_inspect_names_the_numbers(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show_result(answer((80_000, 2.0)))
    assert panel.sentence.text() == "price: 90,000\nrooms: 2.5"
    assert panel.truth.text() == "Right are price 80,000, rooms 2."
    panel.show_result(answer(None))
    assert panel.truth.text() == "The right answer is not known."


@pytest.mark.parametrize("info", [msgspec.structs.replace(TABLE, target="y", targets=())])
def test_that_inspect_tells_all_right_numbers_where_they_have_no_names(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show_result(answer((80_000, 2.0)))
    assert panel.sentence.text() == "y: 90000, 2.5"
    assert panel.truth.text() == "Right are 80000, 2."


def test_that_the_train_page_names_the_numbers(context: Context, qtbot: QtBot) -> None:
    view = PredictionView(context.theme)
    qtbot.addWidget(view)
    view.show_info(TABLE)
    view.show_result(answer((80_000, 2.0)))
    assert view.text.text() == "price: 90,000 (right 80,000)\nrooms: 2.5 (right 2)"
