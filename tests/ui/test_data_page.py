"""The Data page: sources, the samples in the form that suits them, what is learned, and what a person chooses."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import ColumnInfo, DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.edits import set_data
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.protocol.arrays import Array
from workbench.protocol.commands import InspectFile, LoadData, ShowSamples
from workbench.protocol.events import DataLoaded, Failed, FileInspected, Progress, SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.data.own_file import array_entries
from workbench.ui.pages.data.page import DataPage
from workbench.ui.pages.data.table import two_lines

COLUMNS = (
    ColumnInfo("sepal length", "number", low=4.0, high=8.0, histogram=(1, 2, 3)),
    ColumnInfo("a name of many words that is long", "category", categories=("a", "b"), histogram=(3, 4)),
    ColumnInfo("species", "category", categories=("setosa", "versicolor"), histogram=(5, 6), role="target"),
)
TABLE = msgspec.structs.replace(
    IRIS,
    columns=COLUMNS,
    notes=("3 rows with missing values were left out.",),
    detected={"Delimiter": "semicolon", "Header": "first row"},
)
MOONS = msgspec.structs.replace(
    DIGITS, title="Two moons", form="points", task="binary", input_shape=(2,), classes=("upper", "lower")
)
ARRAYS = FileInspected(
    0,
    "",
    SourceSpec("npz"),
    "own",
    {"Arrays": "3", "Inputs": "images", "Targets": "labels"},
    arrays={"images": (30, 8, 8), "labels": (30,), "weights": (5, 5)},
)


def samples(command: ShowSamples) -> SamplesShown:
    """Seven samples of any part, as pictures, rows or points would come."""
    count = 7
    pixels = np.arange(count * 64, dtype=np.uint8).reshape(count, 8, 8, 1)
    return SamplesShown(
        0,
        command.part,
        command.start,
        count,
        tuple(range(count)),
        labels=(0, 1) * 3 + (0,),
        inputs=Array("uint8", pixels.shape, pixels.tobytes()),
    )


def rows(command: ShowSamples) -> SamplesShown:
    cells = ((5.5, "a", "setosa"), (None, "b", "versicolor"))
    return SamplesShown(0, command.part, 0, 2, (0, 1), labels=(0, 1), rows=cells)


def points(command: ShowSamples) -> SamplesShown:
    places = np.linspace(0, 1, 8, dtype=np.float32).reshape(4, 2)
    return SamplesShown(
        0, command.part, 0, 4, (0, 1, 2, 3), labels=(0, 1, 0, 1), inputs=Array("float32", (4, 2), places.tobytes())
    )


@pytest.fixture
def page(context: Context, engine: FakeEngine, info: DatasetInfo, qtbot: QtBot) -> Iterator[DataPage]:
    answers = {"pictures": samples, "table": rows, "points": points}
    engine.reply_with(ShowSamples, answers[info.form])
    page = DataPage(context)
    page.resize(1160, 700)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.samples.feed.fetched > 0)
    yield page
    page.hide()


def item(page: DataPage, title: str) -> QTreeWidgetItem:
    flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return page.sources.list.findItems(title, flags)[0]


def test_that_pictures_are_shown_as_a_gallery_with_their_classes(page: DataPage) -> None:
    gallery = page.samples.gallery
    assert page.samples.views.currentWidget() is gallery
    model = gallery.pictures
    assert [model.index(row).data() for row in range(3)] == ["0", "1", "0"]
    assert "7 of 7" in page.samples.count.text()


def test_that_pictures_fill_the_width_of_the_gallery(page: DataPage) -> None:
    gallery = page.samples.gallery
    step, room = gallery.gridSize().width(), gallery.viewport().width()
    assert room - (room // step) * step < room // step + 2
    page.samples.zoom.setValue(2)
    assert gallery.iconSize() == QSize(112, 112)


def test_that_another_part_is_asked_for_when_it_is_chosen(page: DataPage, engine: FakeEngine, qtbot: QtBot) -> None:
    button = next(b for part, b in page.samples._part_buttons.items() if part == "test")
    assert button.text() == "Test  270"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert engine.last(ShowSamples).part == "test"


def test_that_one_class_can_be_looked_at_alone(page: DataPage, engine: FakeEngine, qtbot: QtBot) -> None:
    page.samples.filter.setFocus()
    qtbot.keyClicks(page.samples.filter, "4")
    page.samples.filter.activated.emit(page.samples.filter.currentIndex())
    assert engine.last(ShowSamples).label == 4


def test_that_choosing_a_source_uses_it_and_can_be_undone(page: DataPage, context: Context, engine: FakeEngine) -> None:
    page.sources.list.itemClicked.emit(item(page, "Iris"), 0)
    assert context.document.project.data.source.kind == "iris"
    assert engine.last(LoadData).spec.source.kind == "iris"
    context.document.undo_stack.undo()
    assert context.document.project.data.source.kind == "digits"
    assert page.sources.list.currentItem().text(0) == "Handwritten digits"


def test_that_the_search_leaves_only_what_fits(page: DataPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.sources.search, "moons")
    assert not item(page, "Two moons").isHidden()
    assert item(page, "Iris").isHidden()


def test_that_a_source_of_ones_own_asks_for_a_file_and_keeps_the_data_until_it_is_chosen(
    page: DataPage, context: Context, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    page.sources.list.itemClicked.emit(item(page, "Table (CSV, TSV)"), 0)
    assert context.document.project.data.source.kind == "digits"
    assert page.sources.list.currentItem().text(0) == "Handwritten digits"
    dialog = page.findChild(QFileDialog)
    assert "*.csv" in dialog.nameFilters()[0]
    path = str(tmp_path / "own.csv")
    engine.reply_with(
        InspectFile, FileInspected(0, path, SourceSpec("csv", {"path": path}), "own", suggested_target="price")
    )
    dialog.fileSelected.emit(path)
    dialog.close()
    qtbot.waitUntil(lambda: context.document.project.data.source.kind == "csv")
    assert context.document.project.data.target == "price"
    assert page.sources.file.path.text() == "own.csv"


def test_that_another_way_to_read_the_same_file_offers_that_file(
    page: DataPage, context: Context, tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text("time,height\n1,2\n3,4\n", encoding="utf-8")
    source = SourceSpec("csv", {"path": str(tmp_path / "own.csv")})
    context.document.apply("Use data", set_data(DatasetSpec(source)))
    page.sources.list.itemClicked.emit(item(page, "Time series (CSV, TSV)"), 0)
    dialog = page.findChild(QFileDialog)
    assert dialog.findChild(QLineEdit, "fileNameEdit").text() == "own.csv"
    dialog.close()


def test_that_a_file_that_cannot_be_read_leaves_everything_as_it_was(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(InspectFile, Failed(0, "own.csv is empty. Choose another file."))
    with qtbot.waitSignal(context.noticed) as told:
        page.sources._open(context.catalogue.source("csv"), "own.csv")
    assert told.args[0].message == "own.csv is empty. Choose another file."
    assert context.document.project.data.source.kind == "digits"


def test_that_the_arrays_of_a_file_are_chosen_by_their_names(
    page: DataPage, context: Context, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = str(tmp_path / "own.npz")
    engine.reply_with(InspectFile, msgspec.structs.replace(ARRAYS, path=path))
    context.document.apply("Use", set_data(DatasetSpec(SourceSpec("npz", {"path": path}))))
    qtbot.waitUntil(lambda: "weights" in page.sources.file.facts.text())
    assert "images  30×8×8" in page.sources.file.facts.text()
    editor = page.sources.form.row("y").editor
    box = editor.faces()[0]
    assert box.currentText() == "labels", "what is found by its name is shown as the default"
    assert [box.itemText(place) for place in range(box.count())] == ["images", "labels", "weights"]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert context.document.project.data.source.params["y"] == "weights"


def test_that_arrays_without_a_plain_role_are_left_for_the_person_to_choose() -> None:
    entries = load_catalogue().source("npz").params
    file = msgspec.structs.replace(ARRAYS, path="own.npz", detected={"Arrays": "3"})
    chosen = {entry.name: entry for entry in array_entries(entries, file)}
    assert chosen["x"].kind == "choice"
    assert chosen["x"].optional
    assert chosen["form"].choices == ("auto", "pictures", "volumes", "arrays")


def test_that_an_npy_file_asks_for_the_file_with_the_targets(
    page: DataPage, context: Context, tmp_path: Path, qtbot: QtBot
) -> None:
    path = str(tmp_path / "x.npy")
    context.document.apply("Use", set_data(DatasetSpec(SourceSpec("npz", {"path": path}))))
    assert page.sources.file.targets.isVisible()
    qtbot.mouseClick(page.sources.file.targets, Qt.MouseButton.LeftButton)
    dialog = page.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "y.npy"))
    dialog.close()
    assert context.document.project.data.source.params["y"] == str(tmp_path / "y.npy")


@pytest.mark.parametrize("info", [TABLE])
def test_that_a_table_shows_its_rows_and_says_of_each_column_what_it_is(page: DataPage) -> None:
    table = page.samples.table
    assert page.samples.views.currentWidget() is table
    assert [table.rows.index(1, place).data() for place in range(3)] == ["—", "b", "versicolor"]
    tip = table.rows.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "sepal length" in tip
    assert "4 … 8" in tip


@pytest.mark.parametrize("info", [TABLE])
def test_that_columns_are_wide_enough_for_what_is_in_them(page: DataPage) -> None:
    table = page.samples.table
    for column in range(table.rows.columnCount()):
        for row in range(table.rows.rowCount()):
            needed = table.fontMetrics().horizontalAdvance(str(table.rows.index(row, column).data()))
            assert table.columnWidth(column) >= needed + 12


@pytest.mark.parametrize("info", [TABLE])
def test_that_what_was_left_out_of_a_table_is_told(page: DataPage) -> None:
    assert "3 rows with missing values were left out." in page.learned.notes.text()
    assert page.learned.notes.isVisible()


@pytest.mark.parametrize("info", [TABLE])
def test_that_target_and_missing_values_are_chosen_for_ones_own_table(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert not page.learned.target.isVisible(), "a bundled table has its target"
    own = DatasetSpec(SourceSpec("csv", {"path": "/data/own.csv"}))
    context.document.apply("Use", set_data(own))
    qtbot.waitUntil(lambda: context.data.loaded_spec == own)
    assert page.learned.target.isVisible()
    assert page.learned.missing.isVisible()
    assert "Delimiter: semicolon" in page.sources.file.facts.text()
    page.learned.target.setCurrentIndex(page.learned.target.findData("sepal length"))
    page.learned.target.activated.emit(0)
    page.learned.missing.setCurrentIndex(page.learned.missing.findData("median"))
    page.learned.missing.activated.emit(0)
    assert engine.last(LoadData).spec.target == "sepal length"
    assert engine.last(LoadData).spec.missing == "median"


@pytest.fixture
def own_table(page: DataPage, context: Context, engine: FakeEngine) -> DataPage:
    """The page on a table of the person's own."""
    engine.reply_with(LoadData, DataLoaded(0, TABLE))
    context.document.apply("Use other data", set_data(DatasetSpec(SourceSpec("csv", {"path": "flowers.csv"}))))
    return page


@pytest.mark.parametrize("info", [TABLE])
def test_that_a_column_is_left_out_by_its_tick_and_taken_in_again(own_table: DataPage, context: Context) -> None:
    chooser = own_table.learned.columns
    assert chooser.isVisible()
    assert chooser.currentText() == "All 2"
    assert chooser.list.ticked() == ("sepal length", "a name of many words that is long")
    chooser.popup.aboutToShow.emit()
    chooser.list.names.item(0).setCheckState(Qt.CheckState.Unchecked)
    chooser.popup.aboutToHide.emit()
    assert context.document.project.data.features == ("a name of many words that is long",)
    assert chooser.currentText() == "1 of 2"
    assert context.document.undo_stack.undoText() == "Choose columns"
    chooser.list.inferred.click()
    assert context.document.project.data.features is None
    context.document.undo_stack.undo()
    assert context.document.project.data.features == ("a name of many words that is long",)


@pytest.mark.parametrize("info", [TABLE])
def test_that_a_table_without_columns_to_learn_from_is_never_asked_for(own_table: DataPage, context: Context) -> None:
    chooser = own_table.learned.columns
    chooser.list.none.click()
    assert chooser.list.ticked() == ()
    chooser.popup.aboutToHide.emit()
    assert context.document.project.data.features is None
    assert len(chooser.list.ticked()) == 2


@pytest.mark.parametrize("info", [TABLE])
def test_that_the_head_of_a_column_offers_what_can_be_done_with_it(own_table: DataPage, context: Context) -> None:
    header = own_table.samples.table.horizontalHeader()
    texts = [[action.text() for action in header.menu_for(column).actions()] for column in COLUMNS]
    assert texts == [
        ["Learn “sepal length”", "Leave “sepal length” out"],
        ["Learn “a name of many words that is long”", "Leave “a name of many words that is long” out"],
        [],
    ]
    header.menu_for(COLUMNS[0]).actions()[1].trigger()
    assert context.document.project.data.features == ("a name of many words that is long",)
    header.menu_for(COLUMNS[1]).actions()[0].trigger()
    assert context.document.project.data.target == "a name of many words that is long"
    assert context.document.project.data.features == ("species",)


@pytest.mark.parametrize("info", [TABLE])
def test_that_the_columns_of_a_table_that_cannot_be_loaded_can_be_chosen(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(LoadData, Failed(0, "No row of prices.csv is complete; “id” misses most."))
    found = FileInspected(0, "prices.csv", SourceSpec("csv"), "own", columns=("id", "rooms", "price"))
    engine.reply_with(InspectFile, found)
    context.document.apply("Use other data", set_data(DatasetSpec(SourceSpec("csv", {"path": "p.csv"}), "price")))
    chooser = page.learned.columns
    qtbot.waitUntil(lambda: page.learned.target.currentText() == "price")
    assert chooser.list.ticked() == ("id", "rooms")
    chooser.list.names.item(0).setCheckState(Qt.CheckState.Unchecked)
    chooser.popup.aboutToHide.emit()
    assert engine.last(LoadData).spec.features == ("rooms",)


@pytest.mark.parametrize("info", [MOONS])
def test_that_points_tell_which_colour_is_which_class(page: DataPage, context: Context, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "upper" in page.samples.count.text())
    assert page.samples.views.currentWidget() is page.samples.scatter
    assert context.theme.tokens.series[1] in page.samples.count.text()


def test_that_the_split_is_set_by_its_fields(page: DataPage, engine: FakeEngine) -> None:
    page.learned.split.validation.setValue(20)
    page.learned.split.seed.setValue(7)
    split = engine.last(LoadData).spec.split
    assert (split.validation, split.seed) == (0.2, 7)


def test_that_data_that_cannot_be_loaded_are_explained_above_those_that_were_there(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(LoadData, Failed(0, "own.csv has no row. Choose another file."))
    context.document.apply("Use", set_data(DatasetSpec(SourceSpec("csv", {"path": "/data/own.csv"}))))
    qtbot.waitUntil(page.samples.message.isVisible)
    assert page.samples.message.text().startswith("own.csv has no row. Choose another file.")
    assert "from before" in page.samples.message.text()
    assert page.samples.views.currentWidget() is page.samples.gallery, "what was loaded before stays"


def test_that_loading_shows_how_far_it_is(page: DataPage, context: Context, engine: FakeEngine) -> None:
    engine.reply_with(LoadData, lambda _command: ())
    context.document.apply("Use", set_data(DatasetSpec(SourceSpec("iris"))))
    engine.receive(Progress(engine.last(LoadData).ticket, "Reading the file…", 0.5))
    assert page.samples.progress.isVisible()
    assert page.samples.count.text() == "Reading the file…"
    engine.receive(DataLoaded(engine.last(LoadData).ticket, DIGITS))
    assert not page.samples.progress.isVisible()


def test_that_nothing_of_another_project_is_shown(page: DataPage, context: Context, engine: FakeEngine) -> None:
    engine.reply_with(LoadData, lambda _command: ())
    other = msgspec.structs.replace(context.document.project, data=DatasetSpec(SourceSpec("iris")))
    context.document.replace(context.document.folder, other)
    assert context.data.info is None
    assert page.samples.views.currentWidget() is page.samples.nothing
    assert not page.learned.facts.isVisible()
    assert not page.samples.filter.isVisible()


@pytest.mark.parametrize(("state", "word"), [("dead", "Restart"), ("starting", "engine starts")])
def test_that_an_engine_that_is_not_there_is_explained(
    page: DataPage, context: Context, engine: FakeEngine, state: str, word: str
) -> None:
    context.data.info = None
    engine._set_state(state)  # type: ignore[arg-type]
    context.data.changed.emit()
    assert word in page.samples.nothing.text()


def test_that_samples_come_when_the_engine_is_back(page: DataPage, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.die()
    page.samples.show_part("test")
    qtbot.waitUntil(page.samples.message.isVisible)
    assert page.samples.message.text() == "The engine is not running. Restart it and try again."
    engine.restart()
    qtbot.waitUntil(lambda: page.samples.feed.fetched == 7)
    assert not page.samples.message.isVisible()


def test_that_a_long_name_is_cut_at_its_end_and_never_at_its_beginning(page: DataPage) -> None:
    metrics = page.fontMetrics()
    lines = two_lines("favourite colour of the customer in question", metrics, 90)
    assert len(lines) == 2
    assert lines[0].startswith("favourite")
    assert lines[1].endswith("…")
    assert all(metrics.horizontalAdvance(text) <= 90 for text in lines)
    assert two_lines("age", metrics, 90) == ["age"]


def test_that_a_project_asks_no_other_machine_by_itself(
    page: DataPage, context: Context, engine: FakeEngine, tmp_path: Path
) -> None:
    address = {"url": "postgresql://stranger.example/db", "table": "houses"}
    project = Project(data=DatasetSpec(SourceSpec("sql_server", address)))
    before = len(engine.of(LoadData))
    context.document.replace(ProjectFolder.create(tmp_path / "strange", project), project)
    assert len(engine.of(LoadData)) == before
    assert "another machine" in page.samples.message.text()
    page.samples.connect_button.click()
    assert engine.last(LoadData).spec == project.data
    assert page.samples.connect_button.isHidden()


def test_that_a_server_that_the_person_chose_is_asked_at_once(
    page: DataPage, context: Context, engine: FakeEngine
) -> None:
    spec = DatasetSpec(SourceSpec("sql_server", {"url": "postgresql://mine.example/db", "table": "houses"}))
    context.document.apply("Use other data", set_data(spec))
    assert engine.last(LoadData).spec == spec
    assert page.samples.connect_button.isHidden()
