"""Several inputs are made, named, given columns and taken back on the Data page."""

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import ColumnInfo, DatasetSpec, InputSpec, SourceSpec
from workbench.domain.edits import set_data
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import LearnedPanel

TABLE = msgspec.structs.replace(
    IRIS,
    columns=(
        ColumnInfo("age", "number"),
        ColumnInfo("colour", "category"),
        ColumnInfo("species", "category", role="target"),
    ),
)


@pytest.fixture
def panel(context: Context, engine: FakeEngine, qtbot: QtBot) -> LearnedPanel:
    context.document.apply("", set_data(DatasetSpec(SourceSpec("csv", {"path": "x.csv"}), target="species")))
    qtbot.waitUntil(lambda: context.data.columns == ("age", "colour", "species"))
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.mark.parametrize("info", [TABLE])
def test_that_columns_are_split_into_inputs_and_put_together_again(panel: LearnedPanel, context: Context) -> None:
    data = context.document.project.data
    assert not panel.inputs.rows
    assert panel.columns.isVisible()
    panel.inputs.split.click()
    data = context.document.project.data
    assert data.inputs == (InputSpec("numbers", ("age",)), InputSpec("categories", ("colour",)))
    assert [row.name.text() for row in panel.inputs.rows] == ["numbers", "categories"]
    assert not panel.columns.isVisible()
    assert not panel.inputs.split.isVisible()
    for _ in range(2):
        panel.inputs.rows[0].remove.click()
    assert context.document.project.data.inputs == ()
    assert panel.inputs.split.isVisible()
    context.document.undo_stack.undo()
    assert len(panel.inputs.rows) == 1


@pytest.mark.parametrize("info", [TABLE])
def test_that_an_input_is_renamed_and_takes_other_columns(panel: LearnedPanel, context: Context, qtbot: QtBot) -> None:
    panel.inputs.split.click()
    row = panel.inputs.rows[1]
    row.name.selectAll()
    QTest.keyClicks(row.name, "my colours")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    assert context.document.project.data.inputs[1].name == "my_colours"
    assert row.name.text() == "my_colours"
    row.columns.chosen.emit(("age", "colour"))
    assert context.document.project.data.inputs[1].columns == ("age", "colour")
    assert row.columns.currentText() == "All 2"
    row.name.selectAll()
    QTest.keyClicks(row.name, "numbers")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    assert row.name.text() == "my_colours"  # another input is called so


@pytest.mark.parametrize("info", [TABLE])
def test_that_a_further_input_begins_with_all_columns_in_use(panel: LearnedPanel, context: Context) -> None:
    panel.inputs.split.click()
    panel.inputs.add.click()
    assert context.document.project.data.inputs[2] == InputSpec("input_1", ("age", "colour"))
    assert panel.inputs.rows[2].columns.currentText() == "All 2"


@pytest.mark.parametrize("info", [TABLE])
def test_that_the_network_can_be_told_where_values_were_missing(panel: LearnedPanel, context: Context) -> None:
    assert not panel.masks.isVisible()  # rows with holes are dropped
    panel.missing.setCurrentIndex(panel.missing.findData("mean"))
    panel.missing.activated.emit(panel.missing.currentIndex())
    assert panel.masks.isVisible()
    panel.masks.click()
    assert context.document.project.data.missing_masks
    context.document.undo_stack.undo()
    assert not context.document.project.data.missing_masks
    assert not panel.masks.isChecked()
