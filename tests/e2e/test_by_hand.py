"""A newcomer's way through the program with real mouse and keyboard, on a real (virtual) screen."""

from pathlib import Path

import pytest
from hands import Hands
from opening import Opener
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from workbench.domain.store import ProjectFolder, default_projects_folder
from workbench.ui.pages.inspect.page import InspectPage
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.window import MainWindow

pytestmark = pytest.mark.x11


def model_page(window: MainWindow) -> ModelPage:
    page = window.page("model")
    assert isinstance(page, ModelPage)
    return page


def layers(window: MainWindow) -> list[str]:
    """The classes of all layers, top to bottom."""
    summary = window.context.model.summary
    return [] if summary is None else [layer.class_name for layer in summary.layers]


def test_that_a_newcomer_gets_from_a_sample_to_a_saved_trained_network(open_window: Opener, hands: Hands) -> None:
    window = open_window()
    hands.focus(window)
    context = window.context

    hands.click(window.welcome.cards[0])
    hands.until(lambda: context.model.summary is not None and not context.model.errors)
    assert context.document.project.name == "Handwritten digits"
    assert window.stack.currentWidget() is model_page(window)

    before = layers(window)
    search = model_page(window).palette_panel.findChildren(QLineEdit)[0]
    hands.click(search)
    hands.type("gaussianno")
    hands.press("enter")
    hands.until(lambda: "GaussianNoise" in layers(window))
    hands.click(window.top_bar.undo)
    hands.until(lambda: layers(window) == before)

    hands.press("F5")
    hands.until(lambda: context.run.steps_done > 40)
    hands.click(window.top_bar.main)
    hands.until(lambda: context.run.status in ("paused", "idle"))
    if context.run.status == "paused":
        hands.click(window.top_bar.main)
    hands.until(lambda: context.run.status == "idle")
    assert context.run.history.ended is not None
    assert context.run.history.ended.model is not None

    hands.press("ctrl+s")
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    hands.press("ctrl+a")
    hands.type("seen-by-me")
    hands.press("enter")
    folder = default_projects_folder() / "seen-by-me"
    hands.until(lambda: (folder / "project.json").is_file() and not context.document.is_temporary)
    assert [record.reason for record in ProjectFolder(folder).list_runs()] == ["completed"]


def test_that_a_drawn_digit_is_looked_at_by_every_layer(open_window: Opener, hands: Hands) -> None:
    window = open_window(sample="digits")
    hands.focus(window)
    context = window.context
    hands.until(lambda: context.model.summary is not None)
    hands.press("F5")
    hands.until(lambda: context.run.history.ended is not None)
    hands.press("ctrl+4")
    page = window.page("inspect")
    assert isinstance(page, InspectPage)
    hands.until(lambda: page.state.result is not None)
    first = page.state.result
    pad = page.chooser.pad
    middle = pad.rect().center()
    hands.drag(pad, middle - QPoint(0, 70), pad, middle + QPoint(0, 70))
    hands.until(lambda: page.state.result is not first)
    assert page.state.sample.array is not None
    assert page.prediction.sentence.text()
    assert page.layers.topLevelItemCount() == len(context.model.summary.layers)  # type: ignore[union-attr]


def test_that_layers_are_dragged_to_another_place(open_window: Opener, hands: Hands) -> None:
    window = open_window(sample="iris")
    hands.focus(window)
    context = window.context
    hands.until(lambda: context.model.summary is not None)
    window.show_page("model")
    view = model_page(window).view
    nodes = context.document.project.model.nodes
    rows = [view.model().index(row, 0) for row in range(view.model().rowCount())]
    last, first = rows[-1], rows[-len(nodes)]
    start, end = view.visualRect(last).center(), view.visualRect(first)
    hands.drag(view.viewport(), QPoint(60, start.y()), view.viewport(), QPoint(60, end.top() + 2))
    hands.until(lambda: context.document.project.model.nodes[0].id == nodes[-1].id)
    hands.press("ctrl+z")
    hands.until(lambda: context.document.project.model.nodes == nodes)


def test_that_the_diagram_is_gone_through_by_hand(open_window: Opener, hands: Hands) -> None:
    window = open_window(sample="digits")
    hands.focus(window)
    context = window.context
    hands.until(lambda: context.model.summary is not None)
    window.show_page("model")
    page = model_page(window)
    hands.click(page.network.segments["both"])
    hands.until(lambda: page.network.diagram is not None and page.network.diagram.view.drawing is not None)
    diagram = page.network.diagram
    assert diagram is not None
    view = diagram.view

    def middle(node_id: str) -> QPoint:
        assert view.drawing is not None
        box = view.drawing.places.boxes[node_id]
        return view.mapFromScene(QPointF(box.middle, box.y + box.height / 2))

    assert context.model.summary is not None
    first, second = [layer.node_id for layer in context.model.summary.layers if layer.params][:2]
    hands.click(view.viewport(), middle(first))
    hands.until(lambda: page.view.chosen() == (first,))
    hands.press("Down")
    hands.press("Down")
    hands.until(lambda: page.view.chosen() == (second,))
    hands.press("1")
    hands.until(lambda: view.scale_now == 1)
    before = view.verticalScrollBar().value()
    hands.wheel(view.viewport(), -2)
    hands.until(lambda: view.verticalScrollBar().value() > before)
    place = view.viewport().rect().center()
    scrolled = view.verticalScrollBar().value()
    hands.drag(view.viewport(), place, view.viewport(), place + QPoint(0, 60))
    hands.until(lambda: view.verticalScrollBar().value() < scrolled)
    assert page.view.chosen() == (second,), "a drag selects nothing"
    hands.press("Left")
    hands.press("Return")
    hands.until(lambda: view.drawing is not None and first not in view.drawing.places.boxes)
    hands.press("ctrl+m")
    hands.until(lambda: not diagram.isVisible() and page.view.isVisible())


def test_that_a_file_chosen_at_the_start_becomes_a_project(open_window: Opener, hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "birds.csv").write_text(
        "wing,tail,kind\n" + "\n".join(f"{i % 7},{i % 5},{'ab'[i % 2]}" for i in range(60)), encoding="utf-8"
    )
    window = open_window()
    hands.focus(window)
    hands.click(window.welcome.open_data)
    hands.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    hands.press("ctrl+a")
    hands.type(str(tmp_path / "birds.csv"))
    hands.press("enter")
    hands.until(lambda: window.context.document.project.name == "birds")
    hands.until(lambda: window.context.data.info is not None and window.context.data.info.title != "")
    assert window.context.document.project.model.nodes
