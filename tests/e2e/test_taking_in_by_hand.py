"""Files taken in and networks of every shape built, with real mouse and keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hands import Hands
from opening import Opener
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from workbench.domain.edits import set_training
from workbench.domain.tree import AnyNode, Branches, Layer, Repeat, Residual, Shared, Wrapper, walk
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.wrappers import NAME as WRAPPERS
from workbench.ui.window import MainWindow

pytestmark = pytest.mark.x11

SCRIPT = """
from tensorflow.keras import layers, models

model = models.Sequential()
model.add(layers.Conv2D(8, 3, activation="relu", input_shape=(8, 8, 1)))
for _ in range(3):
    model.add(layers.Conv2D(8, 3, padding="same"))
    model.add(layers.BatchNormalization())
model.add(layers.Flatten())
model.add(Mystery(4))
model.add(layers.Dense(10, activation="softmax"))
"""


def page_of(window: MainWindow) -> ModelPage:
    page = window.page("model")
    assert isinstance(page, ModelPage)
    return page


def nodes(window: MainWindow) -> list[AnyNode]:
    return list(walk(window.context.document.project.model.nodes))


def kinds(window: MainWindow) -> list[str]:
    return [getattr(node, "class_name", type(node).__name__) for node in nodes(window)]


def row(window: MainWindow, number: int) -> QRect:
    """Where a node stands in the tree, counted from the top as they are walked."""
    page = page_of(window)
    return page.view.visualRect(page.network.model.index_of(nodes(window)[number].id))


def open_file(window: MainWindow, hands: Hands, path: Path) -> None:
    """Open a model by the menu's shortcut and the path."""
    hands.press("ctrl+shift+o")
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    hands.focus(dialog)
    hands.press("ctrl+a")
    hands.type(str(path))
    hands.press("enter")
    hands.until(lambda: QApplication.activeModalWidget() is None)
    hands.focus(window)


def settled(window: MainWindow) -> Callable[[], bool]:
    context = window.context
    return lambda: context.model.described is context.document.project and not context.model.errors


def test_that_a_script_comes_in_and_its_repetition_is_made_to_grow_and_laid_out(
    open_window: Opener, hands: Hands, tmp_path: Path
) -> None:
    (tmp_path / "net.py").write_text(SCRIPT, encoding="utf-8")
    window = open_window()
    hands.focus(window)
    told: list[str] = []
    window.context.noticed.connect(lambda notice: told.append(notice.message))
    open_file(window, hands, tmp_path / "net.py")
    hands.until(lambda: window.context.document.project.name == "net")
    hands.until(settled(window))
    assert kinds(window).count("Repeat") == 1
    assert any("Line 10: `Mystery(4)` is no layer" in each for each in told)
    page = page_of(window)

    place = kinds(window).index("Repeat")
    hands.click_item(page.view, row(window, place))
    hands.press("enter")
    hands.press("tab")
    hands.type("filters ")
    hands.press("shift+8")
    hands.type("2")
    hands.press("escape")

    def repeat() -> Repeat:
        return next(node for node in nodes(window) if isinstance(node, Repeat))

    hands.until(lambda: repeat().grow == "filters *2" and page.view.hasFocus())
    hands.until(settled(window))
    hands.press("ctrl+alt+l")
    hands.until(lambda: "Repeat" not in kinds(window))
    convs = [node.params["filters"] for node in nodes(window) if isinstance(node, Layer) and "filters" in node.params]
    assert convs == [8, 8, 16, 32]

    hands.press("ctrl+shift+f")
    hands.type("conv")
    hands.press("ctrl+enter")
    hands.until(lambda: len(page.view.chosen()) == 4)
    hands.press("escape")
    hands.press("enter")
    hands.type("6")
    hands.press("escape")
    hands.until(lambda: [node.params.get("filters") for node in nodes(window)[1:3]] == [6, 6])  # type: ignore[union-attr]
    hands.press("ctrl+z")
    hands.press("ctrl+z")
    hands.until(lambda: repeat().grow == "filters *2")


def test_that_every_shape_is_built_with_keys_and_dragged(open_window: Opener, hands: Hands) -> None:
    window = open_window(sample="iris")
    hands.focus(window)
    context = window.context
    hands.until(lambda: context.model.summary is not None)
    context.document.apply("Short", set_training(epochs=2))
    window.show_page("model")
    page = page_of(window)

    hands.click_item(page.view, row(window, 1))
    hands.press("ctrl+alt+s")
    hands.until(lambda: "Residual" in kinds(window))
    hands.press("down")
    hands.press("enter")
    hands.type("24")
    hands.press("escape")
    hands.until(lambda: page.view.hasFocus())
    hands.press("up")
    hands.press("ctrl+f")
    for name in ("branches", "dense", "dense"):
        hands.press("ctrl+a")
        hands.type(name)
        hands.press("enter")
    hands.press("escape")
    hands.press("escape")
    hands.until(page.view.hasFocus)
    hands.press("alt+right")  # the lower new layer cannot: what stands above it is a layer
    hands.press("up")
    hands.press("alt+right")

    def fork() -> Branches:
        return next(node for node in nodes(window) if isinstance(node, Branches))

    hands.until(lambda: [len(branch.children) for branch in fork().branches] == [0, 1])
    left, layer = fork().branches[0], context.document.project.model.nodes[-2]
    view = page.view.viewport()
    start, end = (page.view.visualRect(page.network.model.index_of(node.id)) for node in (layer, left))
    hands.drag(view, start.topLeft() + QPoint(40, 12), view, end.topLeft() + QPoint(60, 15))
    hands.until(lambda: [len(branch.children) for branch in fork().branches] == [1, 1])

    hands.press("ctrl+alt+g")
    hands.until(lambda: any(menu.isVisible() for menu in page.findChildren(QMenu, WRAPPERS)))
    hands.press("down")
    hands.press("enter")
    hands.until(lambda: any(isinstance(node, Wrapper) for node in nodes(window)))
    hands.press("ctrl+z")
    hands.until(lambda: not any(isinstance(node, Wrapper) for node in nodes(window)))
    hands.press("ctrl+alt+a")
    hands.until(lambda: any(isinstance(node, Shared) for node in nodes(window)))
    hands.press("ctrl+z")
    hands.until(lambda: not any(isinstance(node, Shared) for node in nodes(window)))

    hands.until(settled(window))
    assert any(isinstance(node, Residual) for node in nodes(window))
    hands.press("F5")
    hands.until(lambda: context.run.history.ended is not None)
    assert context.run.history.ended is not None
    assert context.run.history.ended.reason == "completed"
