"""Columns of many texts are hashed by choice on the Data page, and that can be undone."""

from fake_engine import FakeEngine
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import DatasetSpec, Hashing, SourceSpec
from workbench.domain.edits import set_data
from workbench.protocol.commands import LoadData
from workbench.protocol.events import DataLoaded
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import LearnedPanel
from workbench.ui.pages.data.sources import SourcesPanel


def test_that_many_texts_are_hashed_by_choice_and_undo_takes_it_back(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(LoadData, DataLoaded(0, IRIS))
    context.document.apply("own", set_data(DatasetSpec(SourceSpec("csv", {"path": "people.csv"}))))
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    fields = panel.hashing
    assert fields.isVisible()
    assert not fields.bins.isVisible()
    fields.way.setCurrentIndex(fields.way.findData(True))
    fields.way.activated.emit(fields.way.currentIndex())
    assert context.document.project.data.hashing == Hashing()
    assert fields.bins.isVisible()
    fields.bins.setValue(32)
    fields.above.setValue(20)
    assert context.document.project.data.hashing == Hashing(32, 20)
    context.document.undo_stack.undo()
    assert context.document.project.data.hashing is None
    assert fields.way.currentText() == "Left out"
    context.document.apply("digits", set_data(DatasetSpec(SourceSpec("digits"))))
    assert not fields.isVisible()


def test_that_other_columns_are_inferred_anew_where_dates_become_numbers(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(LoadData, DataLoaded(0, IRIS))
    source = SourceSpec("csv", {"path": "sales.csv"})
    context.document.apply("own", set_data(DatasetSpec(source, target="y", features=("day", "amount"))))
    panel = SourcesPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    dates = next(box for box in panel.form.findChildren(QComboBox) if box.findText("Month first") >= 0)
    dates.setCurrentIndex(dates.findText("As numbers"))
    dates.activated.emit(dates.currentIndex())
    data = context.document.project.data
    assert data.source.params["dates"] == "auto"
    assert (data.target, data.features) == ("y", None)
