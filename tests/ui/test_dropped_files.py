"""Files that are dragged onto the window, delivered as Qt does: to the widget under the pointer, and up from there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.tree import walk
from workbench.protocol.commands import InspectFile, ShowSamples
from workbench.protocol.events import FileInspected, SamplesShown
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.pages.model.mime import write_keys
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.window import MainWindow

COPY, MOVE, LINK = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction, Qt.DropAction.LinkAction
PLACE = QPoint(40, 40)


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def window(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[MainWindow]:
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 0, ()))
    window = MainWindow(context, Files(context))
    qtbot.addWidget(window)
    window.show_page("model")
    window.show()
    yield window
    window.close()


def model_page(window: MainWindow) -> ModelPage:
    page = window.page("model")
    assert isinstance(page, ModelPage)
    return page


def file_data(path: Path) -> QMimeData:
    """A file as a file manager gives it: as an address, and as text for editors."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    data.setText(path.as_uri())
    return data


def drag_and_drop(widget: QWidget, data: QMimeData, offered: Qt.DropAction) -> Qt.DropAction:
    """Drag data onto a widget and drop them; gives what the one they come from is told was done with them."""
    rest = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(PLACE, offered, *rest)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return Qt.DropAction.IgnoreAction
    move = QDragMoveEvent(PLACE, offered, *rest)
    move.setDropAction(enter.dropAction())
    move.accept()  # as the platform does it: what was accepted on the way in stays so
    QApplication.sendEvent(widget, move)
    event = QDropEvent(PLACE.toPointF(), offered, *rest)
    event.setDropAction(move.dropAction() if move.isAccepted() else Qt.DropAction.IgnoreAction)
    QApplication.sendEvent(widget, event)
    return event.dropAction() if event.isAccepted() else Qt.DropAction.IgnoreAction


@pytest.mark.parametrize(("offered", "taken"), [(COPY, COPY), (COPY | MOVE, COPY), (LINK | MOVE, LINK), (LINK, LINK)])
def test_that_a_file_dropped_on_the_tree_is_used_and_never_taken_away(
    window: MainWindow, context: Context, engine: FakeEngine, tmp_path: Path, qtbot: QtBot, offered: Qt.DropAction,
    taken: Qt.DropAction,
) -> None:  # fmt: skip
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    engine.reply_with(InspectFile, FileInspected(0, str(path), SourceSpec("csv", {"path": str(path)}), "own"))
    assert drag_and_drop(model_page(window).view.viewport(), file_data(path), offered) == taken
    qtbot.waitUntil(lambda: context.document.project.data.source.kind == "csv")


def test_that_a_file_that_could_only_be_moved_is_refused_with_a_reason(
    window: MainWindow, context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    assert drag_and_drop(window, file_data(path), MOVE) == Qt.DropAction.IgnoreAction
    assert context.document.project.data.source.kind == "digits"
    assert "Hold Ctrl" in window.notices.message


def test_that_layers_are_still_dropped_on_the_tree(window: MainWindow, context: Context, qtbot: QtBot) -> None:
    before = len(list(walk(context.document.project.model.nodes)))
    drag_and_drop(model_page(window).view.viewport(), write_keys(("layer:Dense",)), COPY)
    qtbot.waitUntil(lambda: len(list(walk(context.document.project.model.nodes))) == before + 1)
