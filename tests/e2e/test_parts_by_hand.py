"""Own parts in Python, phases, weights changed by hand and networks compared, with real mouse and keyboard."""

from dataclasses import dataclass

import pytest
from hands import Hands
from opening import Opener
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from workbench.domain.edits import set_training
from workbench.domain.tree import Layer, walk
from workbench.ui.pages.inspect.page import InspectPage
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.parts.window import PartsWindow
from workbench.ui.pages.runs.compare_window import CompareWindow
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.pages.train.page import TrainPage
from workbench.ui.window import MainWindow

pytestmark = pytest.mark.x11


@dataclass
class Opened:
    """A window on the sample iris, that trains for a few epochs, and the hands."""

    window: MainWindow
    hands: Hands

    @property
    def network(self) -> ModelPage:
        page = self.window.page("model")
        assert isinstance(page, ModelPage)
        return page

    def classes(self) -> list[str]:
        nodes = walk(self.window.context.document.project.model.nodes)
        return [node.class_name for node in nodes if isinstance(node, Layer)]

    def train(self) -> None:
        context = self.window.context
        before = context.run.run
        self.hands.until(lambda: context.model.described is context.document.project and not context.model.errors)
        self.hands.press("F5")
        self.hands.until(lambda: context.run.run != before and context.run.history.ended is not None)


@pytest.fixture
def opened(open_window: Opener, hands: Hands) -> Opened:
    window = open_window(sample="iris")
    hands.focus(window)
    context = window.context
    hands.until(lambda: context.model.summary is not None)
    context.document.apply("Short", set_training(epochs=2))
    window.show_page("model")
    return Opened(window, hands)


def is_within(widget: QWidget, outer: QWidget) -> bool:
    """Whether a widget stands within the height of another one."""
    top = widget.mapTo(outer, QPoint(0, 0)).y()
    return top >= 0 and top + widget.height() <= outer.height()


def test_that_a_newcomer_writes_a_layer_mends_it_and_trains_with_it(opened: Opened) -> None:
    hands, window, page = opened.hands, opened.window, opened.network
    page.view.setFocus()
    hands.press("ctrl+alt+p")
    hands.until(lambda: page.findChild(PartsWindow) is not None)
    parts = page.findChild(PartsWindow)
    assert isinstance(parts, PartsWindow)
    hands.focus(parts)
    hands.press("ctrl+n")
    hands.until(parts.menu.isVisible)
    hands.press("down")
    hands.press("down")
    hands.press("enter")
    hands.until(lambda: parts.editor.toPlainText().startswith('"""A layer with weights') and parts.editor.hasFocus())

    hands.press("end")
    hands.type(" oops")
    hands.until(lambda: list(parts.editor.faults) == [1] and parts.fault.isVisible())
    assert parts.fault_text.text().startswith("linear.py, line 1: ")
    hands.press("ctrl+end")
    hands.click(parts.fault)
    hands.until(lambda: parts.editor.textCursor().blockNumber() == 0)
    for _ in range(len(" oops")):
        hands.press("ctrl+z")
        if not parts.fault.isVisible():
            break
    hands.until(lambda: not parts.editor.faults and "oops" not in parts.editor.toPlainText())
    hands.press("ctrl+t")
    hands.until(lambda: parts.trial.said.text() == "Linear works.")

    hands.press("escape")
    hands.until(lambda: not parts.editor.hasFocus())
    hands.press("escape")
    hands.until(lambda: not parts.isVisible())
    hands.focus(window)
    page.view.choose((window.context.document.project.model.nodes[0].id,))
    hands.press("ctrl+f")
    hands.type("linear")
    hands.press("enter")
    hands.until(lambda: opened.classes()[1] == "Linear")
    opened.train()
    assert window.context.run.history.ended is not None
    assert window.context.run.history.ended.reason == "completed"


def test_that_layers_are_frozen_and_learn_in_a_second_phase(opened: Opened) -> None:
    hands, window, page = opened.hands, opened.window, opened.network
    document = window.context.document

    def frozen() -> list[bool]:
        return [not node.trainable for node in walk(document.project.model.nodes) if isinstance(node, Layer)]

    nodes = document.project.model.nodes
    hands.click_item(page.view, page.view.visualRect(page.network.model.index_of(nodes[1].id)))
    hands.press("ctrl+alt+u")
    hands.until(lambda: frozen() == [True, True, False])
    hands.press("ctrl+l")
    hands.until(lambda: frozen() == [True, False, False])
    hands.press("ctrl+alt+f")
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    hands.press("1")
    hands.press("enter")
    hands.until(lambda: frozen() == [True, True, False])

    hands.focus(window)
    hands.press("ctrl+3")
    train = window.page("train")
    assert isinstance(train, TrainPage)
    hands.until(train.isVisible)
    phases = train.hyper.phases
    phases.add.setFocus()
    hands.press("space")
    hands.until(lambda: len(phases.cards) == 1 and is_within(phases.cards[0], train.hyper))
    assert phases.cards[0].learns.text().startswith("Now learn too: Dense, Dense")
    opened.train()
    assert [phase.name for phase in window.context.run.history.phases] == ["Fine-tuning"]


def test_that_weights_are_changed_by_hand_and_the_networks_compared(opened: Opened) -> None:
    hands, window = opened.hands, opened.window
    opened.train()
    hands.press("ctrl+4")
    page = window.page("inspect")
    assert isinstance(page, InspectPage)
    hands.until(lambda: page.state.result is not None and page.layers.topLevelItemCount() > 0)
    bar = page.tabs.tabBar()
    hands.click(bar, bar.tabRect(page.tabs.indexOf(page.weights)).center())
    view, state = page.weights, page.weights_state
    hands.until(lambda: state.result is not None and view.units.rowCount() == 16)
    hands.click(view.unit_table.viewport(), QPoint(20, view.unit_table.rowHeight(0) // 2))
    hands.press("ctrl+0")
    hands.until(lambda: view.unit_table.model().index(0, 1).data() == "0")
    hands.press("down")
    hands.until(lambda: state.unit == 1)
    hands.press("ctrl+delete")
    hands.until(lambda: view.units.rowCount() == 15 and not state.busy)
    hands.press("ctrl+alt+z")
    hands.until(lambda: view.units.rowCount() == 16 and not state.busy)
    hands.press("ctrl+alt+y")
    hands.until(lambda: view.units.rowCount() == 15 and not state.busy)
    weight = view.value_table.visualRect(view.values.index(1, 1))
    hands.click(view.value_table.viewport(), weight.center(), times=2)
    hands.until(lambda: view.value_table.state() == view.value_table.State.EditingState)
    hands.press("ctrl+a")
    hands.type("-1.5")
    hands.press("enter")
    hands.until(lambda: len(state.operations) == 3 and not state.busy)
    hands.until(lambda: view.values.data(view.values.index(1, 1), Qt.ItemDataRole.EditRole) == "-1.5")
    assert "→" in view.outcome.text()
    hands.until(lambda: "3\u00a0changes" in view.outcome.text())
    with_kept = len(window.context.document.folder.list_runs()) + 1
    hands.press("ctrl+alt+k")
    hands.until(lambda: len(window.context.document.folder.list_runs()) == with_kept)

    hands.press("ctrl+5")
    runs = window.page("runs")
    assert isinstance(runs, RunsPage)
    hands.until(lambda: runs.model.total == 2)
    hands.click(runs.table.viewport(), QPoint(20, runs.table.rowHeight(0) // 2))
    hands.press("ctrl+a")
    hands.until(lambda: len(runs.chosen) == 2)
    hands.click(runs.details.buttons["compare"])
    hands.until(lambda: runs.findChild(CompareWindow) is not None)
    window_of_differences = runs.findChild(CompareWindow)
    assert isinstance(window_of_differences, CompareWindow)
    assert "units 16 → 15" in window_of_differences.text()
    hands.focus(window_of_differences)
    hands.press("escape")
    hands.until(lambda: runs.findChild(CompareWindow) is None)
