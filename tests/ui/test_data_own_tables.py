"""Databases, workbooks and the data sets of Keras on the Data page, by mouse."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import ColumnInfo, DatasetSpec, SourceSpec
from workbench.domain.edits import set_data
from workbench.protocol.commands import InspectFile, LoadData, ShowSamples
from workbench.protocol.events import DataLoaded, Failed, FileInspected, SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.data.page import DataPage

HOUSES = msgspec.structs.replace(
    IRIS,
    title="shop.db: houses",
    columns=(
        ColumnInfo("rooms", "number", low=1.0, high=8.0, histogram=(1, 2, 3)),
        ColumnInfo("town", "category", categories=("Ulm", "Köln"), histogram=(3, 4)),
        ColumnInfo("price", "number", low=1.0, high=9.0, histogram=(5, 6), role="target"),
    ),
    detected={"Rows": "1,204", "Types": "2 numbers, 1 text"},
    notes=("Text becomes one column a category: town.",),
    target="price",
)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[DataPage]:
    rows = ((3, "Ulm", 5.5), (None, "Köln", 8.0))
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 2, (0, 1), labels=(0, 1), rows=rows))
    engine.reply_with(LoadData, DataLoaded(0, HOUSES))
    made = DataPage(context)
    qtbot.addWidget(made)
    made.resize(QSize(1280, 740))
    made.show()
    yield made
    made.close()


def item(page: DataPage, text: str) -> QTreeWidgetItem:
    return page.sources.list.findItems(text, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0]


def choose(page: DataPage, text: str, qtbot: QtBot) -> None:
    listed = page.sources.list

    def is_in_sight() -> bool:
        listed.scrollToItem(item(page, text))  # the list scrolls only once it is laid out
        return listed.viewport().rect().contains(listed.visualItemRect(item(page, text)))

    qtbot.waitUntil(is_in_sight)
    place = listed.visualItemRect(item(page, text)).center()
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)


def editor(page: DataPage, value: str) -> QComboBox:
    return next(box for box in page.sources.form.findChildren(QComboBox) if box.findText(value) >= 0)


@pytest.mark.parametrize(("kind", "part"), [("sql", "table"), ("excel", "sheet"), ("sql_server", "table")])
def test_that_the_table_in_a_file_is_chosen_among_those_there_and_brings_its_own_columns(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot, kind: str, part: str
) -> None:
    place = ("url", "mysql://host/shop") if kind == "sql_server" else ("path", "/data/shop.db")
    source = SourceSpec(kind, {place[0]: place[1], part: "houses"})
    found = FileInspected(0, place[1], source, "shop", choices={part: ("houses", "orders")})
    engine.reply_with(InspectFile, found)
    context.document.apply("Use", set_data(DatasetSpec(source, target="price", features=("rooms",))))
    qtbot.waitUntil(lambda: any(box.findText("orders") >= 0 for box in page.sources.form.findChildren(QComboBox)))
    box = editor(page, "orders")
    assert box.currentText() == "houses"
    box.setCurrentIndex(box.findText("orders"))
    box.activated.emit(box.currentIndex())
    chosen = context.document.project.data
    assert chosen.source.params[part] == "orders"
    assert chosen.target is None
    assert chosen.features is None


def test_that_any_table_of_ones_own_gets_a_target_columns_and_missing_values(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(InspectFile, Failed(0, "", "not asked"))
    for kind in ("sql", "sql_server", "excel", "parquet"):
        context.document.apply("Use", set_data(DatasetSpec(SourceSpec(kind, {"path": f"/data/{kind}"}))))
        qtbot.waitUntil(lambda: context.data.columns == ("rooms", "town", "price"))
        assert page.learned.target.isVisible()
        assert page.learned.missing.isVisible()


def test_that_a_data_set_of_keras_is_used_at_once_and_its_file_can_be_chosen(
    page: DataPage, context: Context, tmp_path: Path, qtbot: QtBot
) -> None:
    choose(page, "MNIST", qtbot)
    assert context.document.project.data.source == SourceSpec("keras_mnist")
    assert not page.sources.file.path.isVisible()
    qtbot.mouseClick(page.sources.file.change, Qt.MouseButton.LeftButton)
    dialog = page.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "mnist.npz"))
    dialog.close()
    assert context.document.project.data.source.params == {"path": str(tmp_path / "mnist.npz")}


def test_that_the_address_of_a_server_is_typed_and_one_with_a_password_is_not_kept(
    page: DataPage, context: Context, qtbot: QtBot
) -> None:
    notices: list[str] = []
    context.noticed.connect(lambda text, *_: notices.append(str(text)))
    choose(page, "Database server (SQL)", qtbot)
    assert context.document.project.data.source == SourceSpec("sql_server")
    address = page.sources.typed.lines["url"]
    qtbot.keyClicks(address, "postgresql://ada:hunter2@host/shop")
    assert context.document.project.data.source == SourceSpec("sql_server"), "half an address is none"
    qtbot.keyClick(address, Qt.Key.Key_Return)
    assert context.document.project.data.source == SourceSpec("sql_server")
    assert len(notices) >= 1
    assert "hunter2" not in "".join(notices)
    address.clear()
    qtbot.keyClicks(address, "postgresql://ada:${PW}@host/shop")
    qtbot.keyClick(address, Qt.Key.Key_Return)
    assert context.document.project.data.source.params == {"url": "postgresql://ada:${PW}@host/shop"}
    query = page.sources.typed.lines["query"]
    qtbot.keyClicks(query, "SELECT a, b FROM c")
    qtbot.keyClick(query, Qt.Key.Key_Return)
    assert context.document.project.data.source.params["query"] == "SELECT a, b FROM c"
    query.clear()
    qtbot.keyClick(query, Qt.Key.Key_Return)
    assert "query" not in context.document.project.data.source.params
