"""The Runs page: the list of runs, their curves over one another, and what can be done with them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from replay import record, run_events

from workbench.domain import project_file
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.training import TrainingSpec
from workbench.protocol.codec import to_json
from workbench.protocol.commands import UNROLL, Cancel, Evaluate, Export, Train
from workbench.protocol.events import Evaluated, Exported, Failed, Progress, RunEnded, RunStarted
from workbench.ui.context import Context, Notice
from workbench.ui.pages.runs import details
from workbench.ui.pages.runs.compare_window import CompareWindow
from workbench.ui.pages.runs.export_menu import ENDINGS
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.pages.runs.table_model import RunsModel
from workbench.ui.pages.runs.words import duration, ending_sentence, status_word, when
from workbench.ui.theme import Theme

FIRST, SECOND, THIRD, NEW = (f"2026010{day}-101500-000-aaaa" for day in (1, 2, 3, 4))


def write_run(context: Context, run: str, name: str, accuracy: float, epochs: int = 3, **changes: object) -> None:
    fields = {
        "name": name,
        "status": "ended",
        "reason": "completed",
        "epochs_done": epochs,
        "steps_done": epochs * 158,
        "started": f"2026-01-0{run[7]}T10:15:00+00:00",
        "last": {"loss": 0.3, "val_accuracy": accuracy},
        "best": {"loss": 0.3, "val_accuracy": accuracy + 0.01},
        "best_epoch": 1,
        **changes,
    }
    folder = context.document.folder.create_run(record(run, **fields))
    lines = b"".join(to_json(event) + b"\n" for event in run_events(epochs, run=run))
    (folder / "history.jsonl").write_bytes(lines)
    spec = Project(name="digits", training=TrainingSpec(epochs=77, batch_size=5))
    (folder / "project.json").write_bytes(project_file.encode(spec))


@pytest.fixture
def told(context: Context) -> list[Notice]:
    notices: list[Notice] = []
    context.noticed.connect(notices.append)
    return notices


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> Iterator[RunsPage]:
    write_run(context, FIRST, "Run 1", 0.91)
    write_run(context, SECOND, "Run 2", 0.97, reason="early_stopping")
    write_run(context, THIRD, "Run 3", 0.80, status="running", reason=None, pid=None)
    page = RunsPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    qtbot.waitUntil(lambda: page.model.total == 3)
    qtbot.waitUntil(lambda: len(page.curves.loss.curves.batches) == 3 * 158)
    yield page
    page.hide()
    if context.run._redraw.isActive():
        with qtbot.waitSignal(context.run.advanced):
            pass


def names(page: RunsPage) -> list[str]:
    return [page.model.index(row, 0).data() for row in range(page.model.rowCount())]


def column(page: RunsPage, title: str) -> int:
    return [each.title for each in page.model.columns].index(title)


def select(page: RunsPage, *runs: str) -> None:
    selection = page.table.selectionModel()
    selection.clearSelection()
    for run in runs:
        row = page.model.row_of(run)
        assert row is not None
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        selection.select(page.model.index(row, 0), flags)


def test_that_runs_are_listed_with_their_values_newest_first(page: RunsPage) -> None:
    assert names(page) == ["Run 3", "Run 2", "Run 1"]
    accuracy = column(page, "Validation accuracy")
    assert page.model.index(1, accuracy).data() == "0.97"
    assert page.model.index(1, accuracy + 1).data() == "0.98"
    assert [page.model.index(row, 2).data() for row in range(3)] == ["unfinished", "stopped early", "completed"]
    assert page.model.index(1, column(page, "Epochs")).data() == "3 / 20"


def test_that_the_list_sorts_by_any_column(page: RunsPage) -> None:
    page.table.sortByColumn(column(page, "Validation accuracy"), Qt.SortOrder.DescendingOrder)
    assert names(page) == ["Run 2", "Run 1", "Run 3"]
    page.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(page) == ["Run 1", "Run 2", "Run 3"]


def test_that_the_selection_stays_on_its_run_when_the_list_is_sorted(page: RunsPage) -> None:
    select(page, SECOND)
    page.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [each.id for each in page.chosen] == [SECOND]


def test_that_the_filter_keeps_what_matches(page: RunsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.filter, "early 0.97")
    assert names(page) == ["Run 2"]
    assert page.count.text() == "1 of 3"
    qtbot.keyClicks(page.filter, "zzz")
    assert page.list.currentIndex() == 2
    page.filter.clear()
    assert len(names(page)) == 3


def test_that_values_that_are_missing_come_last_either_way(theme: Theme) -> None:
    model = RunsModel(theme)
    values = {"a": 2.0, "b": None, "c": 1.0, "d": float("nan")}
    model.show_runs(
        [record(run, name=run, last={} if value is None else {"loss": value}) for run, value in values.items()]
    )
    place = [each.title for each in model.columns].index("Loss")
    for order, wanted in ((Qt.SortOrder.AscendingOrder, "ca"), (Qt.SortOrder.DescendingOrder, "ac")):
        model.sort(place, order)
        shown = [each.id for each in model.records]
        assert "".join(shown[:2]) == wanted
        assert set(shown[2:]) == {"b", "d"}


def test_that_one_run_shows_its_curves_and_details(page: RunsPage, qtbot: QtBot) -> None:
    select(page, SECOND)
    qtbot.waitUntil(lambda: page.curves.loss.run_name == "Run 2")
    assert page.details.title.text() == "Run 2"
    assert page.details.sentence.text() == "It stopped after 3 epochs, because it no longer improved."
    assert page.details.resume.isHidden()
    assert page.details.buttons["export"].isEnabled()


def test_that_several_runs_are_drawn_over_one_another(page: RunsPage, qtbot: QtBot, theme: Theme) -> None:
    select(page, FIRST, SECOND)
    qtbot.waitUntil(lambda: len([line for line in page.curves.loss.view.lines if len(line.series)]) == 4)
    lines = {line.name: line.look.color for line in page.curves.loss.view.lines if len(line.series)}
    assert lines == {
        "Run 2, training": theme.tokens.series[0],
        "Run 2, validation": theme.tokens.series[0],
        "Run 1, training": theme.tokens.series[1],
        "Run 1, validation": theme.tokens.series[1],
    }
    assert page.details.title.text() == "2 runs"
    assert not page.details.buttons["export"].isEnabled()
    assert page.details.buttons["delete"].isEnabled()


def test_that_a_run_is_renamed_in_the_list(page: RunsPage, context: Context, qtbot: QtBot) -> None:
    select(page, SECOND)
    page.details.buttons["rename"].click()
    editor = page.table.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "wide network")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "wide network" in names(page))
    assert context.document.folder.read_run(SECOND).name == "wide network"


def test_that_a_deleted_run_comes_back_by_undo(
    page: RunsPage, context: Context, told: list[Notice], qtbot: QtBot
) -> None:
    select(page, FIRST, SECOND)
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(page) == ["Run 3"])
    assert told[-1].message == "2 runs were deleted."
    assert told[-1].action_text == "Undo"
    assert told[-1].action is not None
    told[-1].action()
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    assert context.document.folder.read_run(FIRST).name == "Run 1"


def test_that_an_unfinished_run_is_resumed(page: RunsPage, context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    select(page, THIRD)
    assert "It can be resumed." in page.details.sentence.text()
    with qtbot.waitSignal(context.page_wanted) as wanted:
        page.details.resume.click()
    assert engine.last(Train).run == THIRD
    assert wanted.args == ["train"]


def test_that_its_hyperparameters_become_the_projects(page: RunsPage, context: Context, qtbot: QtBot) -> None:
    select(page, SECOND)
    with qtbot.waitSignal(context.document.changed):
        page.details.buttons["use"].click()
    assert context.document.project.training == TrainingSpec(epochs=77, batch_size=5)
    assert context.document.undo_stack.undoText() == "Use hyperparameters of Run 2"


def test_that_it_is_opened_as_a_project_of_its_own(
    page: RunsPage, context: Context, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    select(page, SECOND)
    target = tmp_path / "from run"
    monkeypatch.setattr(details, "ask_to_save", lambda _parent, _title, _start, then, **_: then(target))
    with qtbot.waitSignal(context.project_wanted) as wanted:
        page.details.buttons["project"].click()
    assert wanted.args == [target]
    assert project_file.read(target / "project.json").training.epochs == 77


def test_that_the_test_set_is_evaluated(page: RunsPage, engine: FakeEngine, told: list[Notice]) -> None:
    select(page, SECOND)
    page.details.buttons["evaluate"].click()
    asked = engine.last(Evaluate)
    assert (asked.run, asked.part) == (SECOND, "test")
    assert not page.details.buttons["evaluate"].isEnabled()
    engine.replay(Evaluated(asked.ticket, SECOND, "test", {"loss": 0.1234}))
    texts = [each.text() for each in page.details.numbers.findChildren(type(page.details.sentence))]
    assert "0.1234" in texts
    assert page.details.buttons["evaluate"].isEnabled()
    page.details.buttons["evaluate"].click()
    engine.replay(Failed(engine.last(Evaluate).ticket, "There is no test part."))
    assert told[-1].message == "There is no test part."
    assert page.details.buttons["evaluate"].isEnabled()


def test_that_a_file_is_replaced_only_where_the_dialog_asked(
    page: RunsPage, engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    select(page, SECOND)
    (tmp_path / "model.v2.keras").write_text("somebody's")
    for typed, may in (("model.v2", False), ("model.v2.keras", True)):
        chosen = tmp_path / typed
        monkeypatch.setattr(details, "ask_to_save", lambda _parent, _title, _start, then, to=chosen, **_: then(to))
        page.details.buttons["export"].menu().actions()[0].trigger()
        asked = engine.last(Export)
        assert (asked.output, asked.overwrite) == (str(tmp_path / "model.v2.keras"), may)


def test_that_the_dialog_for_an_export_asks_of_the_name_with_its_ending(page: RunsPage, qtbot: QtBot) -> None:
    select(page, SECOND)
    page.details.buttons["export"].menu().actions()[0].trigger()
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.defaultSuffix() == "keras"
    assert dialog.isModal()
    assert dialog.isVisible()
    dialog.reject()
    qtbot.waitUntil(lambda: page.findChild(QFileDialog) is None)


@pytest.mark.parametrize(
    ("kind", "typed", "written"),
    [
        ("keras", "model", "model.keras"),
        ("weights", "model.weights.h5", "model.weights.h5"),
        ("saved_model", "model", "model"),
        ("onnx", "model", "model.onnx"),
        ("picture", "model", "model.svg"),
        ("script", "model", "model.py"),
    ],
)
def test_that_the_model_is_exported(
    page: RunsPage, engine: FakeEngine, told: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    kind: str, typed: str, written: str,
) -> None:  # fmt: skip
    select(page, SECOND)
    monkeypatch.setattr(details, "ask_to_save", lambda _parent, _title, _start, then, **_: then(tmp_path / typed))
    actions = page.details.buttons["export"].menu().actions()
    actions[list(ENDINGS).index(kind)].trigger()
    asked = engine.last(Export)
    assert (asked.run, asked.to, asked.output, asked.overwrite) == (SECOND, kind, str(tmp_path / written), False)
    engine.replay(Exported(asked.ticket, SECOND, asked.output))
    assert told[-1].message == f"The model was exported to {tmp_path / written}."


def test_that_a_long_export_tells_what_it_does_and_can_be_given_up(
    page: RunsPage, engine: FakeEngine, told: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    select(page, SECOND)
    monkeypatch.setattr(details, "ask_to_save", lambda _parent, _title, _start, then, **_: then(tmp_path / "m.onnx"))
    actions = page.details.buttons["export"].menu().actions()
    line = page.details.under_way
    assert line.isHidden()
    actions[list(ENDINGS).index("onnx")].trigger()
    asked = engine.last(Export)
    assert line.text.text() == "Exporting m.onnx"
    engine.replay(Progress(asked.ticket, "Simplifying the network, step 3"))
    assert line.text.text() == "Exporting: Simplifying the network, step 3"
    line.cancel.click()
    assert engine.last(Cancel).ticket == asked.ticket
    engine.replay(Progress(asked.ticket, "Simplifying the network, step 4"))
    assert line.text.text() == "Giving it up …"
    engine.replay(Failed(asked.ticket, "Cancelled.", cancelled=True))
    assert line.isHidden()
    assert told[-1].message == "The export was given up. Nothing was written."


def test_that_a_model_goes_out_with_its_preparation_when_that_is_ticked(
    page: RunsPage, engine: FakeEngine, told: list[Notice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:  # fmt: skip
    select(page, SECOND)
    monkeypatch.setattr(details, "ask_to_save", lambda _parent, _title, _start, then, **_: then(tmp_path / "model"))
    menu = page.details.buttons["export"].menu()
    keras, _, weights, *_, ticked = menu.actions()
    keras.trigger()
    assert not engine.last(Export).with_preparation
    menu.setActiveAction(ticked)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.assertNotEmitted(menu.aboutToHide):
            qtbot.keyClick(menu, key)
    assert ticked.isChecked()
    keras.trigger()
    assert engine.last(Export).with_preparation
    asked = engine.last(Export)
    engine.replay(Exported(asked.ticket, SECOND, asked.output, ("It takes texts.", "It differs by 1e-07 at most.")))
    assert told[-1].message.endswith("model.keras. It takes texts. It differs by 1e-07 at most.")
    weights.trigger()
    assert not engine.last(Export).with_preparation


def test_that_a_model_for_small_devices_goes_out_with_small_numbers_and_laid_out_steps(
    page: RunsPage, engine: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    select(page, SECOND)
    monkeypatch.setattr(details, "ask_to_save", lambda _parent, _title, _start, then, **_: then(tmp_path / "model"))
    menu = page.details.export_menu
    menu.unroll.trigger()
    menu.litert.actions()[3].trigger()
    asked = engine.last(Export)
    assert (asked.to, asked.quantization, asked.unroll) == ("litert", "int8", True)
    assert asked.output.endswith("model.tflite")
    menu.actions()[0].trigger()
    assert (engine.last(Export).quantization, engine.last(Export).unroll) == ("none", False)


def test_that_a_damaged_run_stands_in_the_list_with_what_is_wrong(
    page: RunsPage, context: Context, qtbot: QtBot
) -> None:
    (context.document.folder.run_folder(SECOND) / "run.json").write_text("{ broken")
    page.refresh()
    qtbot.waitUntil(lambda: SECOND in names(page))
    select(page, SECOND)
    assert "damaged" in page.details.sentence.text()
    assert not page.details.buttons["export"].isEnabled()


def test_that_a_double_click_looks_inside(page: RunsPage, context: Context, qtbot: QtBot) -> None:
    with qtbot.waitSignal(context.run_wanted) as wanted:
        page.table.doubleClicked.emit(page.model.index(2, 1))
    assert wanted.args == [FIRST]


def test_that_the_run_that_trains_is_brought_up_to_date(
    page: RunsPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    run = "20260109-101500-000-aaaa"
    folder = context.document.folder
    events = list(run_events(2, run=run))
    write: Callable[[RunRecord], None] = folder.write_run
    write(record(run, name="Run 9", epochs_done=0))
    engine.replay(events[:1])
    qtbot.waitUntil(lambda: "Run 9" in names(page))
    write(record(run, name="Run 9", epochs_done=2))
    engine.replay(events[1:])
    row = page.model.row_of(run)
    assert row is not None
    qtbot.waitUntil(lambda: page.model.index(row, column(page, "Epochs")).data() == "2 / 20")


def test_that_an_empty_list_says_how_runs_come_about(context: Context, qtbot: QtBot) -> None:
    page = RunsPage(context)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.list.currentIndex() == 1)
    assert not page.details.empty.isHidden()


def test_that_every_ending_has_a_word_and_a_sentence() -> None:
    for reason in ("completed", "early_stopping", "stopped", "diverged", "failed"):
        ended = record("a", status="ended", reason=reason, epochs_done=4, steps_done=9)
        assert status_word(ended) not in ("", "ended")
        assert "4 epochs" in ending_sentence(ended)
    assert (
        ending_sentence(record("a", status="ended", reason="failed", message="The disk is full."))
        == "The disk is full."
    )
    assert (duration(0.84), duration(41.2), duration(3723)) == ("0.8 s", "0:41", "1:02:03")
    assert when("nonsense") == when(None) == ""
    assert "2026" in when("2026-01-05T10:15:00+00:00")


def test_that_a_run_that_starts_is_chosen_and_stays_so_when_it_ends(
    page: RunsPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    select(page, FIRST)
    write_run(context, NEW, "Run 4", 0.5, status="running", reason=None)
    engine.replay(run_events(2, run=NEW))
    qtbot.waitUntil(lambda: [each.id for each in page.chosen] == [NEW])
    engine.replay(RunEnded(NEW, "completed", 2, 1.0, {}, None))
    qtbot.waitUntil(lambda: page.model.records[0].id == NEW)
    assert [each.id for each in page.chosen] == [NEW]


def test_that_a_run_that_started_unseen_is_chosen_when_the_page_is_shown(
    page: RunsPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    select(page, FIRST)
    page.hide()
    write_run(context, NEW, "Run 4", 0.5, status="running", reason=None)
    engine.replay(run_events(2, run=NEW, reason="completed"))
    page.show()
    qtbot.waitUntil(lambda: [each.id for each in page.chosen] == [NEW])


def test_that_what_a_person_chose_since_the_start_stays_chosen(
    page: RunsPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    write_run(context, NEW, "Run 4", 0.5, status="running", reason=None)
    engine.replay(run_events(1, run=NEW))
    qtbot.waitUntil(lambda: [each.id for each in page.chosen] == [NEW])
    select(page, FIRST, SECOND)
    engine.replay(RunEnded(NEW, "completed", 1, 1.0, {}, None))
    page.refresh()
    qtbot.wait(50)
    assert {each.id for each in page.chosen} == {FIRST, SECOND}


def test_that_the_next_fold_is_chosen_only_where_the_last_one_was(
    page: RunsPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    def start(number: int) -> str:
        run = f"2026010{number}-101500-000-aaaa"
        write_run(context, run, f"Run {number}", 0.5, status="running", reason=None)
        first = record(run, series="s", fold=number - 3, folds=4)
        engine.replay(RunStarted(run, "", first, batches_per_epoch=2, epochs=1))
        return run

    for number in (4, 5):
        run = start(number)
        qtbot.waitUntil(lambda run=run: [each.id for each in page.chosen] == [run])
    select(page, FIRST)
    start(6)
    qtbot.waitUntil(lambda: page.model.total == 6)
    assert [each.id for each in page.chosen] == [FIRST]


def test_that_no_row_moves_when_a_notice_takes_its_room(page: RunsPage, qtbot: QtBot) -> None:
    before = page.panel.height(), page.curves.y()
    page.resize(page.width(), page.height() - 60)
    qtbot.wait(20)
    assert (page.panel.height(), page.curves.y()) == before


def test_that_the_values_of_the_test_have_room_beside_a_long_name(page: RunsPage, qtbot: QtBot) -> None:
    page.details.setFixedWidth(280)
    name = "val_sparse_top_k_categorical_accuracy"
    write_run(context=page._context, run=NEW, name="Run 4", accuracy=0.5, last={name: 0.123456}, best={name: 0.654321})
    page.refresh()
    qtbot.waitUntil(lambda: page.model.total == 4)
    page.choose(NEW)
    page.details._evaluated(NEW, {name: 0.987654})
    qtbot.wait(20)
    numbers = page.details.numbers
    area = numbers.parentWidget()
    assert area is not None
    assert numbers.minimumSizeHint().width() <= area.width()
    assert "0.9877" in {text.text() for text in numbers.findChildren(QLabel)}


def test_that_a_run_that_was_not_trained_here_is_looked_into_and_exported(
    page: RunsPage, context: Context, qtbot: QtBot
) -> None:
    made = record("20260301-101500-000-cccc", name="made by hand", status="ended", reason="completed", epochs_planned=0)
    context.document.folder.create_run(made)
    page.refresh()
    qtbot.waitUntil(lambda: page.model.row_of(made.id) is not None)
    select(page, made.id)
    assert all(page.details.buttons[name].isEnabled() for name in ("inspect", "evaluate", "export"))
    assert not page.details.resume.isVisible()


def test_that_a_run_is_compared_with_the_project_and_with_another(
    page: RunsPage, context: Context, qtbot: QtBot
) -> None:
    def compared() -> CompareWindow:
        qtbot.mouseClick(page.details.buttons["compare"], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: page.findChild(CompareWindow) is not None)
        window = page.findChild(CompareWindow)
        assert window is not None
        return window

    select(page, SECOND)
    window = compared()
    assert window.heading.text() == "From Run 2 to the project now"
    assert "Changed: epochs; 77 → 20" in window.text()
    window.close()
    qtbot.waitUntil(lambda: page.findChild(CompareWindow) is None)
    select(page, FIRST, SECOND)
    window = compared()
    assert window.heading.text() == "From Run 1 to Run 2"
    assert window.note.isVisible()
    window.close()
    select(page, FIRST, SECOND, THIRD)
    assert not page.details.buttons["compare"].isEnabled()


def test_that_what_can_be_done_with_a_run_is_an_action_of_the_page(
    page: RunsPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    able = {name: action.isEnabled() for name, action in page.menu.by_name.items()}
    assert able == {name: button.isEnabled() for name, button in page.details.buttons.items()}
    page.choose(FIRST)
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    qtbot.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert engine.last(Evaluate).run == FIRST
    assert not page.menu.by_name["evaluate"].isEnabled(), "it is under way"
    page.table.selectAll()
    assert [name for name, action in page.menu.by_name.items() if action.isEnabled()] == ["delete"]


def test_that_an_export_that_needs_its_steps_laid_out_offers_it(
    page: RunsPage, engine: FakeEngine, told: list[Notice], tmp_path: Path
) -> None:
    run = page.model.records[0]
    page.actions_of_runs.export(run, "litert", tmp_path / "m.tflite", quantization="int8")
    engine.receive(Failed(engine.last(Export).ticket, "It goes in a loop.", UNROLL))
    assert told[-1].action_text == "Lay the steps out"
    assert told[-1].action is not None
    told[-1].action()
    asked = engine.last(Export)
    assert (asked.unroll, asked.quantization, asked.output) == (True, "int8", str(tmp_path / "m.tflite"))
    engine.receive(Exported(asked.ticket, run.id, asked.output, ("It differs by 0.1 at most.",)))
    assert told[-1].message.endswith("It differs by 0.1 at most.")


def test_that_a_column_grows_with_its_words_but_not_against_the_person(page: RunsPage) -> None:
    name, status = 0, 2
    page.table.setColumnWidth(name, 60)
    failed = msgspec.structs.replace(page.model.records[0], name="A name " * 9, status="ended", reason="early_stopping")
    page._set_width(status, 30)
    page._followed(failed)
    assert page.table.columnWidth(name) == 60
    assert page.table.columnWidth(status) >= page._width_of(status)
