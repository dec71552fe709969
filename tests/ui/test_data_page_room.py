"""The Data page in a small window: nothing is squeezed, cut or wrapped that a person has to read."""

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionButton, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import ColumnInfo, DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.edits import set_data
from workbench.protocol.commands import LoadData, ShowSamples
from workbench.protocol.events import DataLoaded, SamplesShown
from workbench.ui.context import Context
from workbench.ui.forms.choices import ChoiceEditor
from workbench.ui.pages.data.page import DataPage
from workbench.ui.widgets.segment import Segment

TABLE = msgspec.structs.replace(IRIS, columns=tuple(ColumnInfo(name, "number") for name in ("length", "species")))
MASKS = msgspec.structs.replace(DIGITS, task="segmentation", target_shape=(8, 8, 1))


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> DataPage:
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 0, ()))
    page = DataPage(context)
    qtbot.addWidget(page)
    page.resize(1166, 640)  # what a window of 1280 × 800 leaves
    page.show()
    return page


def use(context: Context, engine: FakeEngine, info: DatasetInfo, kind: str, qtbot: QtBot) -> None:
    engine.reply_with(LoadData, DataLoaded(0, info))
    spec = DatasetSpec(SourceSpec(kind, {"path": "own"} if kind == "csv" else {}))
    context.document.apply("", set_data(spec))
    qtbot.waitUntil(lambda: context.data.loaded_spec == spec)
    qtbot.wait(20)


def cut(boxes: list[QComboBox]) -> list[str]:
    """The choices that would be shown with an ellipsis."""
    found = []
    for box in boxes:
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
        texts = [box.itemText(place) for place in range(box.count())]
        found += [text for text in texts if box.fontMetrics().horizontalAdvance(text) > room]
    return found


def squeezed(widget: QWidget) -> list[QWidget]:
    """Visible widgets in it that got less height than they need."""
    inside = [each for each in widget.findChildren(QWidget) if each.isVisible()]
    return [each for each in inside if each.height() < each.minimumSizeHint().height()]


def test_that_the_form_of_a_source_scrolls_and_the_list_keeps_the_chosen_one_in_sight(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    use(context, engine, TABLE, "csv", qtbot)
    sheet = page.sources.form.sheet
    assert sheet is not None
    sheet.more.click()
    page.resize(1166, 590)  # a notice takes its room
    qtbot.waitUntil(lambda: page.sources.chosen.verticalScrollBar().maximum() > 0)
    assert squeezed(page.sources.chosen.widget()) == []
    chosen = page.sources.list.visualItemRect(page.sources.list.currentItem())
    qtbot.waitUntil(lambda: page.sources.list.viewport().rect().contains(chosen))
    assert page.sources.list.currentItem().text(0) == "Table (CSV, TSV)"


def test_that_a_short_form_takes_no_more_room_than_it_needs(page: DataPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.sources.chosen.verticalScrollBar().maximum() == 0)
    assert page.sources.list.height() > page.sources.chosen.height()


@pytest.mark.parametrize(("info", "kind"), [(DIGITS, "digits"), (TABLE, "csv"), (MASKS, "picture_pairs")])
def test_that_what_is_chosen_for_the_preparation_is_read_whole(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot, info: DatasetInfo, kind: str
) -> None:
    use(context, engine, info, kind, qtbot)
    learned = page.learned
    boxes = [learned.task, learned.labels, learned.scaling, learned.missing, learned.balancing]
    assert cut([box for box in boxes if box.isVisible()]) == []


@pytest.mark.parametrize("kind", ["shapes", "csv", "npz", "clips", "images", "picture_pairs", "tfrecord", "weather"])
def test_that_the_choices_of_a_source_are_read_whole(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot, kind: str
) -> None:
    use(context, engine, DIGITS, kind, qtbot)
    sheet = page.sources.form.sheet
    assert sheet is not None
    sheet.more.setChecked(True)
    qtbot.wait(20)
    editors = [row.editor for row in sheet.rows.values()]
    assert cut([editor.box for editor in editors if isinstance(editor, ChoiceEditor)]) == []


def test_that_all_ways_of_looking_at_pictures_stand_in_one_row(page: DataPage, qtbot: QtBot) -> None:
    shown = [button for button in page.seeing.buttons.values() if button.isVisible()]
    assert len(shown) == 8
    qtbot.waitUntil(lambda: len({button.y() for button in shown}) == 1)
    assert page.seeing.report.isVisible()


def test_that_nothing_is_said_to_be_inferred_before_anything_is_known(page: DataPage, context: Context) -> None:
    context.data.info = None
    context.data.info_changed.emit()
    learned = page.learned
    texts = [box.currentText() for box in (learned.task, learned.labels, learned.scaling)]
    assert texts == ["As inferred", "As suits the task", "As suits the data"]
    assert not learned.noise.isVisible()


def test_that_the_bars_say_what_they_count(page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    context.data.info_changed.emit()
    assert page.learned.counted.text() == "Samples of each class (strong: training)"
    use(context, engine, MASKS, "picture_pairs", qtbot)
    assert page.learned.counted.text() == "Dots of each class (strong: training)"
    use(context, engine, msgspec.structs.replace(TABLE, classes=()), "csv", qtbot)
    assert page.learned.counted.isHidden()


def test_that_the_chosen_way_of_looking_is_read_whole(page: DataPage, qtbot: QtBot) -> None:
    buttons = [each for each in page.findChildren(Segment) if each.isVisible()]
    assert len(buttons) > 10
    for button in buttons:
        font = QFont(button.font())
        font.setWeight(QFont.Weight.DemiBold)
        option = QStyleOptionButton()
        button.initStyleOption(option)
        room = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()
        assert QFontMetrics(font).horizontalAdvance(button.text()) <= room, button.text()
