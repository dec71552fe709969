"""Weights of a run are changed by hand on the Inspect page, and what comes of it is seen or kept."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from replay import record

from workbench.domain.surgery import Operation
from workbench.protocol.arrays import Array
from workbench.protocol.commands import Operate, Probe, ShowSamples
from workbench.protocol.events import AnyEvent, Failed, Operated, Probed, SamplesShown
from workbench.protocol.weights import LayerWeights, WeightArray
from workbench.ui.context import Context, Notice
from workbench.ui.pages.inspect.page import InspectPage

RUN = "20260101-101500-000-aaaa"
KERNEL = np.arange(9 * 4, dtype=np.float32).reshape(3, 3, 1, 4) + 1


def array(values: npt.ArrayLike) -> Array:
    numbers = np.asarray(values, dtype=np.float32)
    return Array("float32", numbers.shape, numbers.tobytes())


def weights(command: Operate) -> LayerWeights | None:
    """Four filters, of which the operations take some out; a batch normalization has arrays alone."""
    removed = sum(each.kind == "remove" for each in command.operations)
    if command.layer == "norm":
        names = (WeightArray("gamma", (4,)), WeightArray("beta", (4,)))
        return LayerWeights("norm", names, 0, command.array, 4, array([1, 2, 3, 4]))
    if command.layer != "conv2d":
        return None
    count = 4 - removed
    unit = min(command.unit or 0, count - 1)
    arrays = (WeightArray("kernel", (3, 3, 1, count)), WeightArray("bias", (count,)))
    biases = array([0.5] * count)
    norms = array([5, 1, 3, 4][:count])
    return LayerWeights(
        "conv2d", arrays, count, 0, 9, array(KERNEL[..., unit].ravel()), unit, 3, norms, biases
    )  # fmt: skip


def operated(command: Operate) -> AnyEvent:
    if any(each.unit == 3 for each in command.operations):
        return Failed(0, "A unit of “conv2d” cannot be removed.")
    changes = len(command.operations)
    before, after = {"loss": 0.1, "accuracy": 0.9}, {"loss": 0.1 + changes, "accuracy": 0.9 - changes / 10}
    kept = "" if command.keep is None else "20260101-101500-000-bbbb"
    shown = weights(command)
    return Operated(0, command.run, "test", before, after, 1_000, 1_000 - changes, ("conv2d", "norm"), shown, kept)


def seen(_command: Probe) -> Probed:
    arrays = {f"activation:{name}": array(np.zeros((6, 6, 4))) for name in ("conv2d", "norm", "flatten")}
    return Probed(0, "feature_maps", arrays, {"layers": ("conv2d", "norm", "flatten")})


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[InspectPage]:
    context.document.folder.create_run(
        record(RUN, name="Run 1", status="ended", reason="completed", epochs_done=3, steps_done=30)
    )
    engine.reply_with(Probe, seen)
    engine.reply_with(Operate, operated)
    engine.reply_with(ShowSamples, lambda command: SamplesShown(0, command.part, 0, 1, (0,), labels=(1,)))
    page = InspectPage(context)
    page.resize(1160, 700)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.layers.topLevelItemCount() == 3)
    page.tabs.setCurrentWidget(page.weights)
    qtbot.waitUntil(lambda: page.weights.units.rowCount() == 4)
    return page


def do(page: InspectPage, qtbot: QtBot, name: str) -> None:
    page.weights.actions_of_weights.by_name[name].trigger()
    qtbot.waitUntil(lambda: not page.weights_state.busy and not page.weights_state._soon.isActive())


def test_that_nothing_is_measured_before_the_weights_are_looked_at(
    page: InspectPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    asked = len([each for each in engine.sent if isinstance(each, Operate)])
    page.tabs.setCurrentIndex(0)
    assert not any(action.isEnabled() for action in page.weights.actions())
    page.layers.setCurrentItem(page.layers.topLevelItem(1))
    assert len([each for each in engine.sent if isinstance(each, Operate)]) == asked
    qtbot.waitUntil(lambda: not page.weights_state.busy)


def test_that_units_are_listed_and_the_shortest_found(page: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    view = page.weights
    view.unit_table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    model = view.unit_table.model()
    assert [model.index(row, 0).data() for row in range(4)] == ["1", "2", "3", "0"]
    view.unit_table.selectRow(0)
    qtbot.waitUntil(lambda: engine.last(Operate).unit == 1 and not page.weights_state.busy)
    table = view.value_table.model()
    assert [table.index(row, 0).data() for row in (0, 1, 2)] == ["bias", "[0, 0, 0, 1]", "[0, 1, 0, 1]"]
    assert table.index(1, 1).data() == "2"
    assert (
        view.outcome.text().replace("\u00a0", " ") == "On the part “Test” · Accuracy 0.9 · Loss 0.1 · Parameters 1,000"
    )


def test_that_a_removed_unit_shows_at_once_what_it_costs(page: InspectPage, qtbot: QtBot) -> None:
    do(page, qtbot, "remove")
    assert page.weights_state.operations == (Operation("remove", "conv2d", 0),)
    text = page.weights.outcome.text().replace("\u00a0", " ")
    assert "Accuracy 0.9 → 0.8 · Loss 0.1 → 1.1 · Parameters 1,000 → 999 · 1 change" in text
    assert page.weights.units.rowCount() == 3


def test_that_the_unit_before_is_chosen_when_the_last_is_removed(page: InspectPage, qtbot: QtBot) -> None:
    do(page, qtbot, "remove")
    page.weights.unit_table.selectRow(2)
    qtbot.waitUntil(lambda: page.weights_state.unit == 2 and not page.weights_state.busy)
    do(page, qtbot, "remove")
    do(page, qtbot, "zero")
    assert [each.unit for each in page.weights_state.operations] == [0, 2, 1]
    assert page.weights.unit_table.currentIndex().row() == 1


def test_that_changes_are_undone_redone_and_discarded(page: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    for name in ("remove", "zero", "reset"):
        do(page, qtbot, name)
    done = page.weights_state.operations
    assert [each.kind for each in done] == ["remove", "zero", "reset"]
    do(page, qtbot, "undo")
    assert engine.last(Operate).operations == done[:2]
    do(page, qtbot, "redo")
    assert page.weights_state.operations == done
    do(page, qtbot, "discard")
    assert engine.last(Operate).operations == ()
    for _ in done:
        do(page, qtbot, "redo")
    assert page.weights_state.operations == done


def test_that_a_typed_number_becomes_a_change(page: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    table = page.weights.values
    assert not table.setData(table.index(2, 1), "many")
    assert not table.setData(table.index(2, 1), "5"), "it is that already"
    assert table.setData(table.index(2, 1), "−0.25")
    qtbot.waitUntil(lambda: not page.weights_state.busy and bool(engine.last(Operate).operations))
    assert engine.last(Operate).operations == (Operation("edit", "conv2d", None, 0, (0, 1, 0, 0), -0.25),)
    assert table.setData(table.index(0, 1), "7")
    qtbot.waitUntil(lambda: len(engine.last(Operate).operations) == 2 and not page.weights_state.busy)
    assert engine.last(Operate).operations[1] == Operation("edit", "conv2d", None, 1, (0,), 7.0)


def test_that_what_cannot_be_done_is_told_and_the_rest_stands(
    page: InspectPage, context: Context, qtbot: QtBot
) -> None:
    told: list[Notice] = []
    context.noticed.connect(told.append)
    do(page, qtbot, "zero")
    page.weights_state.look_at("conv2d", 3)
    do(page, qtbot, "remove")
    qtbot.waitUntil(lambda: len(page.weights_state.operations) == 1 and not page.weights_state.busy)
    assert [notice.message for notice in told] == ["A unit of “conv2d” cannot be removed."]
    assert "1\u00a0change" in page.weights.outcome.text()


def test_that_layers_without_units_and_without_weights_say_so(
    page: InspectPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    page.layers.setCurrentItem(page.layers.topLevelItem(1))
    qtbot.waitUntil(lambda: not page.weights.units.has_units and page.weights.units.rowCount() == 2)
    assert not page.weights.actions_of_weights.by_name["remove"].isEnabled()
    page.weights.unit_table.selectRow(1)
    qtbot.waitUntil(lambda: engine.last(Operate).array == 1 and not page.weights_state.busy)
    do(page, qtbot, "zero")
    assert page.weights_state.operations == (Operation("zero", "norm", array=1),)
    page.layers.setCurrentItem(page.layers.topLevelItem(2))
    qtbot.waitUntil(lambda: page.weights.nothing.isVisible() and "no weights" in page.weights.nothing.text())


def test_that_the_result_is_kept_as_a_run_of_its_own(
    page: InspectPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    told: list[Notice] = []
    context.noticed.connect(told.append)
    assert not page.weights.keep.isEnabled()
    do(page, qtbot, "remove")
    assert page.weights.keep.isEnabled()
    do(page, qtbot, "keep")
    kept = engine.last(Operate)
    assert kept.keep == "Run 1, pruned"
    assert told[-1].action is not None
    with qtbot.waitSignal(context.run_wanted) as wanted:
        told[-1].action()
    assert wanted.args == ["20260101-101500-000-bbbb"]
    qtbot.waitUntil(lambda: not page.weights_state.busy and not page.weights_state._soon.isActive())


def test_that_everything_has_a_name_and_a_shortcut(page: InspectPage) -> None:
    for button in page.weights.findChildren(QToolButton):
        assert button.accessibleName()
    shortcuts = [action.shortcut().toString() for action in page.actions()]
    assert len(set(shortcuts)) == len(shortcuts) == 8
    assert all(shortcuts)
