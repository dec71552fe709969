"""A trained network given out, its weights changed and its base cut by hand, with real mouse and keyboard."""

from pathlib import Path

import pytest
from hands import Hands
from opening import Opener
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog

from workbench.domain.edits import add_nodes, set_training
from workbench.domain.tree import Base, Layer
from workbench.ui.pages.model.base_window import BaseWindow
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.window import MainWindow

pytestmark = [
    pytest.mark.x11,
    # TensorFlow says so of its own interpreter while that is destroyed.
    pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated.*"),
]


def trained(window: MainWindow, hands: Hands) -> None:
    context = window.context
    context.document.apply("Short", set_training(epochs=1))
    hands.until(lambda: context.model.described is context.document.project and not context.model.errors)
    hands.press("F5")
    hands.until(lambda: context.run.history.ended is not None)


def test_that_a_recurrent_network_goes_out_in_whole_numbers_with_its_steps_laid_out(
    open_window: Opener, hands: Hands, tmp_path: Path
) -> None:
    window = open_window(sample="iris")
    hands.focus(window)
    context = window.context
    hands.until(lambda: context.model.summary is not None)
    nodes = (
        Layer(id="steps", class_name="Reshape", params={"target_shape": (4, 1)}),
        Layer(id="loop", class_name="SimpleRNN", params={"units": 2}),
    )
    context.document.apply("Recurrent", add_nodes(nodes, None, 0).apply)
    trained(window, hands)
    hands.press("ctrl+5")
    runs = window.page("runs")
    assert isinstance(runs, RunsPage)
    hands.until(lambda: runs.details.buttons["export"].isEnabled())
    hands.press("ctrl+shift+e")
    menu = runs.details.export_menu
    hands.until(menu.isVisible)
    hands.click(menu, menu.actionGeometry(menu.litert.menuAction()).center())
    hands.until(menu.litert.isVisible)
    whole = next(action for action in menu.litert.actions() if "full integer" in action.text())
    hands.click(menu.litert, menu.litert.actionGeometry(whole).center())
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    hands.focus(QApplication.activeModalWidget())
    hands.press("ctrl+a")
    hands.type(str(tmp_path / "small"))
    hands.press("enter")
    hands.until(lambda: "Lay its steps out" in window.notices.message)
    assert not (tmp_path / "small.tflite").exists()
    hands.focus(window)
    hands.click(window.notices._button)
    hands.until(lambda: "small.tflite" in window.notices.message)
    assert (tmp_path / "small.tflite").stat().st_size > 1000
    assert "The file has" in window.notices.message
    assert "its answers differ from those of the model by" in window.notices.message
    assert not window.notices._timer.isActive(), "the report stays until it was read"


def test_that_a_base_is_cut_at_a_layer_of_a_run_chosen_by_mouse(open_window: Opener, hands: Hands) -> None:
    window = open_window(sample="iris")
    hands.focus(window)
    context = window.context
    hands.until(lambda: context.model.summary is not None)
    trained(window, hands)
    hands.press("ctrl+2")
    page = window.page("model")
    assert isinstance(page, ModelPage)
    hands.press("ctrl+alt+b")
    hands.until(lambda: page.findChild(BaseWindow) is not None)
    base = page.findChild(BaseWindow)
    assert isinstance(base, BaseWindow)
    hands.focus(base)
    choose(hands, base.models, 1)
    hands.until(lambda: base.cut.count() == 3)
    choose(hands, base.cut, 1)
    hands.until(lambda: base.source().cut == "dense_1")
    hands.click(base.insert_button)
    hands.until(lambda: isinstance(context.document.project.model.nodes[0], Base))
    made = context.document.project.model.nodes[0]
    assert isinstance(made, Base)
    assert made.name == "Run 1"
    assert len(made.children) == 2
    assert not made.trainable
    hands.press("escape")
    hands.focus(window)
    page.view.setFocus()
    hands.press("ctrl+z")
    hands.until(lambda: not isinstance(context.document.project.model.nodes[0], Base))


def choose(hands: Hands, box: QComboBox, row: int) -> None:
    """Open a list by a click on its arrow and click on a row of it."""
    place = box.rect().center()
    place.setX(box.width() - 12)
    hands.click(box, place)
    view = box.view()
    hands.until(view.isVisible)
    hands.click(view.viewport(), view.visualRect(view.model().index(row, 0)).center())
    hands.until(lambda: not view.isVisible())
