"""The window as a whole: menus and shortcuts, top bar, notices, welcome, themes, and names for all that can be used."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QImage, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollBar,
    QSizeGrip,
    QSplitter,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_data
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.samples import samples
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import InspectFile, LoadData, Pause, ShowSamples, Stop, Train
from workbench.protocol.events import DataLoaded, Failed, FileInspected, RunEnded, SamplesShown
from workbench.ui.actions import ACTIONS
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.pages.train.hyper import HyperPanel
from workbench.ui.settings import SCHEME
from workbench.ui.theme.tokens import DARK, LIGHT
from workbench.ui.window import MainWindow

USABLE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QTextEdit)
SMALL_SCREEN = 740  # pixels for a menu on a screen of 800
PAGES = ("data", "model", "train", "inspect", "runs")
INNER = ("qt_", "qt-")


@pytest.fixture
def window(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[MainWindow]:
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 0, ()))
    window = MainWindow(context, Files(context))
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show_page("welcome")
    window.show()
    yield window
    window.close()


def menu_actions(window: MainWindow) -> list[QAction]:
    found: list[QAction] = []

    def walk(menu: QMenu) -> None:
        for action in menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                walk(inner)
            elif not action.isSeparator():
                found.append(action)

    for menu in window.menus.values():
        walk(menu)
    return found


def test_that_every_action_stands_in_a_menu_with_shortcut_and_tip(window: MainWindow) -> None:
    in_menus = menu_actions(window)
    for name, action in window.actions_by_name.items():
        assert action in in_menus, f"{name} is in no menu"
        assert not action.shortcut().isEmpty(), f"{name} has no shortcut"
        assert action.toolTip(), f"{name} has no tool tip"
    assert {spec.name for spec in ACTIONS} < set(window.actions_by_name)


def test_that_no_two_actions_of_a_page_share_a_shortcut(window: MainWindow) -> None:
    for page in PAGES:
        window.show_page(page)
        actions = {*menu_actions(window)}
        keys = Counter(key.toString() for action in actions for key in action.shortcuts())
        assert [key for key, times in keys.items() if times > 1] == [], page


def test_that_the_actions_of_a_page_stand_in_menus_with_a_shortcut(window: MainWindow) -> None:
    for page in PAGES:
        window.show_page(page)
        made = window.page(page)
        shown = window.menus["edit"].actions()
        assert all(action in shown for action in made.actions())
        for action in (*made.actions(), *window.menus["page"].actions()):
            assert action.isSeparator() or action.menu() or not action.shortcut().isEmpty(), action.text()


def test_that_a_menu_of_a_page_is_seen_only_with_it_and_none_is_higher_than_a_small_screen(
    window: MainWindow,
) -> None:
    own = window.menus["page"]
    assert not own.menuAction().isVisible()
    window.show_page("model")
    assert own.menuAction().isVisible()
    assert own.title() == "&Model"
    assert "network_insert_base" in {action.objectName() for action in own.actions()}
    for menu in window.menus.values():
        assert menu.sizeHint().height() < SMALL_SCREEN, menu.title()
    window.show_page("data")
    assert not own.menuAction().isVisible()


def test_that_everything_that_can_be_used_has_a_name(window: MainWindow) -> None:
    for page in ("welcome", *PAGES):
        window.show_page(page)
        assert [describe(widget) for widget in usable(window) if not spoken(widget)] == [], page


def test_that_buttons_without_words_explain_themselves(window: MainWindow) -> None:
    for page in ("welcome", *PAGES):
        window.show_page(page)
        buttons = [widget for widget in usable(window) if isinstance(widget, QToolButton) and not widget.text()]
        assert [describe(button) for button in buttons if not button.toolTip()] == [], page


def test_that_each_page_is_reached_by_its_key(window: MainWindow) -> None:
    for number, page in enumerate(PAGES):
        action = next(a for a in menu_actions(window) if a.shortcut() == QKeySequence(f"Ctrl+{number + 1}"))
        action.trigger()
        assert window.stack.currentWidget() is window.page(page)


def test_that_another_scheme_leaves_nothing_in_the_old_colours(window: MainWindow, context: Context) -> None:
    for page in ("welcome", *PAGES):
        window.show_page(page)
    for scheme, old, new in (("dark", LIGHT, DARK), ("light", DARK, LIGHT)):
        context.settings.set(SCHEME, scheme)
        for page in ("welcome", *PAGES):
            window.show_page(page)
            shares = colour_shares(window.grab().toImage())
            for name in ("ground", "panel", "raised", "line"):
                assert shares[getattr(old, name)] < 0.002, f"{name} of {old.scheme} is left on {page}"
            assert shares[new.panel] + shares[new.ground] > 0.3
            assert shares[new.line] > 0.0005, "the lines of the panels are missing"


def test_that_every_sample_opens_with_one_click(window: MainWindow, context: Context, qtbot: QtBot) -> None:
    cards = window.welcome.cards
    assert [card.entry.id for card in cards] == [entry.id for entry in samples()]
    qtbot.mouseClick(cards[3], Qt.MouseButton.LeftButton)
    assert context.document.project == cards[3].entry.project
    assert window.stack.currentWidget() is window.page("model")


def test_that_unsaved_projects_of_one_name_are_told_apart_by_their_time(
    window: MainWindow, context: Context, qtbot: QtBot
) -> None:
    for _time in range(3):
        context.document.replace(context.document.folder, context.document.project)
        window.files.open_sample(samples()[0])
        context.document.apply("Use", set_data(DatasetSpec(SourceSpec("iris"))))
        context.document.autosave()
    window.show_page("data")
    window.show_page("welcome")
    window.welcome.showEvent(None)
    texts = [button.text() for button in window.welcome.findChildren(QPushButton) if button.property("role") == "link"]
    assert texts
    assert all(re.search(r"\d\d:\d\d$", text) for text in texts)


def test_that_the_time_of_an_unsaved_project_with_a_long_name_is_not_cut(window: MainWindow, context: Context) -> None:
    longest = max(samples(), key=lambda entry: len(entry.title))
    window.files.open_sample(longest)
    context.document.apply("Use", set_data(DatasetSpec(SourceSpec("iris"))))
    context.document.autosave()
    window.files.open_sample(samples()[0])
    window.show_page("welcome")
    window.welcome.showEvent(None)
    links = [button for button in window.welcome.findChildren(QPushButton) if button.property("role") == "link"]
    button = next(each for each in links if each.accessibleName().startswith(longest.project.name))
    assert re.search(r"\d\d:\d\d$", button.text())
    assert button.fontMetrics().horizontalAdvance(button.text()) < button.width()


def test_that_a_sample_opens_by_key_too(window: MainWindow, context: Context, qtbot: QtBot) -> None:
    qtbot.keyClick(window.welcome.cards[0], Qt.Key.Key_Return)
    assert context.document.project == window.welcome.cards[0].entry.project


def test_that_the_cards_of_the_welcome_are_never_cut(window: MainWindow, qtbot: QtBot) -> None:
    viewport = window.welcome.cards[0].parentWidget().parentWidget()
    for width in (1000, 1280, 2560):
        window.resize(width, 800)
        qtbot.wait(1)
        for card in window.welcome.cards:
            assert card.mapTo(viewport, QPoint(card.width(), 0)).x() <= viewport.width()


def test_that_the_top_bar_follows_a_training(window: MainWindow, context: Context, engine: FakeEngine) -> None:
    window.show_page("train")
    bar = window.top_bar
    assert bar.main.text() == "Train"
    assert not bar.stop.isEnabled()
    context.run._set("training")
    assert bar.main.text() == "Pause"
    bar.main.click()
    assert engine.of(Pause)
    context.run._set("training")
    bar.stop.click()
    assert engine.of(Stop)


def test_that_the_top_bar_counts_the_problems_as_they_come_and_go(window: MainWindow, context: Context) -> None:
    context.model.problems = (Problem("empty", "error", "The network has no layers. Add one."),)
    context.model.changed.emit()
    assert window.top_bar.text.text() == "One problem to mend before training"
    context.model.problems = ()
    context.model.changed.emit()
    assert window.top_bar.text.text() == "Ready to train"


def test_that_training_with_problems_says_which_and_where(
    window: MainWindow, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    window.show_page("train")
    context.model.problems = (Problem("empty", "error", "The network has no layers. Add one."),)
    window.actions_by_name["train"].trigger()
    assert window.notices.message == "The network has no layers. Add one."
    assert not engine.of(Train)
    with qtbot.waitSignal(context.problem_wanted) as shown:
        window.notices._button.click()
    assert window.stack.currentWidget() is window.page("model")
    assert shown.args == [context.model.problems[0]]


def test_that_training_waits_for_the_data_it_is_to_learn(
    window: MainWindow, context: Context, engine: FakeEngine
) -> None:
    context.model.problems = ()
    context.data.loaded_spec = DatasetSpec(SourceSpec("iris"))
    window.actions_by_name["train"].trigger()
    assert "still being loaded" in window.notices.message
    assert not engine.of(Train)


def test_that_the_death_of_the_engine_is_told_with_a_way_back(
    window: MainWindow, context: Context, engine: FakeEngine
) -> None:
    window.show_page("train")
    engine.die("The engine was killed, perhaps because memory ran out. The run can be resumed.")
    assert "killed" in window.notices.message
    assert window.notices._button.text() == "Restart the engine"
    assert window.top_bar.engine.text() == "Engine stopped"
    assert not window.notices._timer.isActive(), "a bad message stays until it is closed"


def test_that_the_end_of_a_training_is_told_and_goes_by_itself(window: MainWindow, context: Context) -> None:
    context.run.ended.emit(RunEnded("r", "early_stopping", 12, 3.0, {}, None))
    assert window.notices.message == "Training stopped early after 12 epochs: it no longer improved."
    assert window.notices._timer.isActive()


def test_that_a_notice_with_a_button_stays_until_another_project_is_open(
    window: MainWindow, context: Context, tmp_path: Path
) -> None:
    context.notice("It was exported. It differs by 0.1 at most.", "good", "Show folder", lambda: None)
    assert not window.notices._timer.isActive()
    context.document.opened.emit()
    assert window.notices.message, "it was told in this very project"
    context.document.replace(ProjectFolder.create(tmp_path / "other", Project()), Project())
    assert not window.notices.message


@pytest.mark.parametrize("words", [3, 60])
@pytest.mark.parametrize("page", [*PAGES, "welcome"])
def test_that_a_notice_covers_nothing(
    window: MainWindow, context: Context, words: int, page: str, qtbot: QtBot
) -> None:
    window.resize(1000, 640)
    window.show_page(page)
    context.notice("reading " * words, "bad", "Show", lambda: None)
    qtbot.wait(1)
    bar = window.notices
    assert window.size() == QSize(1000, 640)
    assert window.centralWidget().rect().contains(bar.geometry())
    assert bar._text.heightForWidth(bar._text.width()) <= bar._text.height()
    for shown in (window.rail, window.stack, window.top_bar):
        assert not shown.isVisible() or not shown.geometry().intersects(bar.geometry())
    bar.dismiss()
    assert not bar.isVisible()


def test_that_a_notice_of_a_problem_goes_when_the_problem_is_mended(window: MainWindow, context: Context) -> None:
    window.show_page("model")
    context.model.problems = (Problem("empty", "error", "The network has no layers. Add one."),)
    window.actions_by_name["train"].trigger()
    context.model.changed.emit()
    assert window.notices.message, "it stands while the problem does"
    context.model.problems = ()
    context.model.changed.emit()
    assert window.notices.message == ""


def test_that_a_notice_of_something_else_stays_when_a_problem_is_mended(window: MainWindow, context: Context) -> None:
    context.model.problems = (Problem("empty", "error", "The network has no layers. Add one."),)
    window.actions_by_name["train"].trigger()
    context.notice("The disk is full.", "bad")
    context.model.problems = ()
    context.model.changed.emit()
    assert window.notices.message == "The disk is full."


def test_that_what_was_told_of_a_project_goes_with_it_but_not_what_is_true_of_all(
    window: MainWindow, context: Context, tmp_path: Path
) -> None:
    context.notice("3 layers were read.", "warning")
    context.document.replace(ProjectFolder.create(tmp_path / "other", Project()), Project())
    assert window.notices.message == ""
    context.notice("The engine stopped.", "bad", "Restart the engine", lambda: None, of_program=True)
    context.document.replace(ProjectFolder.create(tmp_path / "third", Project()), Project())
    assert window.notices.message == "The engine stopped."


def test_that_a_dropped_file_begins_a_project_with_a_network(
    window: MainWindow, context: Context, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    engine.reply_with(InspectFile, FileInspected(0, str(path), SourceSpec("csv", {"path": str(path)}), "own"))
    engine.reply_with(LoadData, DataLoaded(0, DIGITS))
    drop(window, path)
    qtbot.waitUntil(lambda: context.document.project.name == "own")
    assert context.document.project.model.nodes
    assert window.stack.currentWidget() is window.page("data")
    assert "Press Train" in window.notices.message


def test_that_a_dropped_file_whose_arrays_must_be_chosen_opens_where_they_are_chosen(
    window: MainWindow, context: Context, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "own.npz"
    path.write_bytes(b"PK")
    source = SourceSpec("npz", {"path": str(path)})
    engine.reply_with(InspectFile, FileInspected(0, str(path), source, "own", arrays={"a": (3, 2), "b": (3,)}))
    engine.reply_with(LoadData, Failed(0, "own.npz: choose which arrays are x and y."))
    drop(window, path)
    qtbot.waitUntil(lambda: context.data.error != "")
    assert window.stack.currentWidget() is window.page("data")
    assert context.document.project.data.source == source
    assert "choose which arrays" in context.data.error


def test_that_a_dropped_file_is_used_in_the_open_project_and_can_be_undone(
    window: MainWindow, context: Context, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    window.show_page("model")
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    engine.reply_with(InspectFile, FileInspected(0, str(path), SourceSpec("csv", {"path": str(path)}), "own"))
    drop(window, path)
    qtbot.waitUntil(lambda: context.document.project.data.source.kind == "csv")
    window.actions_by_name["undo"].trigger()
    assert context.document.project.data.source.kind == "digits"


def test_that_the_title_names_the_project_and_marks_what_is_not_saved(window: MainWindow, context: Context) -> None:
    assert window.windowTitle() == "handwritten digits[*] — Workbench"
    assert not window.isWindowModified()
    context.document.apply("Use", set_data(msgspec.structs.replace(context.document.project.data, labels="one_hot")))
    assert window.isWindowModified()
    assert window.actions_by_name["undo"].text().replace("&", "") == "Undo Use"


def test_that_the_columns_of_a_page_lie_beside_one_another(window: MainWindow, qtbot: QtBot) -> None:
    for width, height in ((1280, 800), (1000, 640)):
        window.resize(width, height)
        for page in PAGES:
            window.show_page(page)
            qtbot.wait(1)
            assert window.width() == width, f"{page} makes the window wider"
            for splitter in (window.page(page), *window.page(page).findChildren(QSplitter)):
                if isinstance(splitter, QSplitter) and splitter.orientation() == Qt.Orientation.Horizontal:
                    widgets = [splitter.widget(place) for place in range(splitter.count())]
                    seen = [widget.geometry() for widget in widgets if widget.isVisible()]
                    assert all(left.right() < right.left() for left, right in pairwise(seen)), page
                    assert seen[-1].right() < splitter.width(), f"{page} is cut at the right"


def test_that_tab_goes_through_the_hyperparameters_as_they_are_read(window: MainWindow, qtbot: QtBot) -> None:
    window.show_page("train")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    panel = window.page("train").findChild(HyperPanel)
    qtbot.waitUntil(lambda: not panel._tabs.isActive())
    window.rail._buttons["train"].setFocus()
    rows = []
    for _stop in range(6):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        rows.append(focused.mapTo(panel, QPoint(0, focused.height() // 2)).y())
        assert panel.isAncestorOf(focused)
    assert all(after >= before - 14 for before, after in pairwise(rows))


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPoint(50, 50).toPointF(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def usable(window: MainWindow) -> list[QWidget]:
    """What a person can use of what is seen now, without the inner parts of Qt's own widgets."""
    found = []
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget, QScrollBar | QSizeGrip | QHeaderView) or widget.objectName().startswith(INNER)
        owner = widget.parentWidget()
        owned = isinstance(owner, QComboBox | QAbstractSpinBox | QLineEdit | QAbstractItemView)
        if isinstance(widget, USABLE) and widget.isVisible() and not inner and not owned:
            found.append(widget)
    return found


def spoken(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton):
        return widget.accessibleName() or widget.text()
    return widget.accessibleName()


def describe(widget: QWidget) -> str:
    chain: list[str] = []
    each: QWidget | None = widget
    while each is not None:
        chain.append(type(each).__name__)
        each = each.parentWidget()
    return " < ".join(chain[:6]) + f" {widget.toolTip()!r}"


def colour_shares(picture: QImage) -> Counter[str]:
    """How much of a picture each colour takes, looked at every third point."""
    colours = Counter(
        f"#{picture.pixel(x, y) & 0xFFFFFF:06x}"
        for y in range(0, picture.height(), 3)
        for x in range(0, picture.width(), 3)
    )
    total = colours.total()
    return Counter({colour: count / total for colour, count in colours.items()})  # type: ignore[dict-item]
