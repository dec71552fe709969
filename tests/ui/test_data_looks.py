"""What has little room on the Data page gives way so that every word stays readable, or can be read in a tool tip."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.catalogue import Catalogue, StepEntry
from workbench.domain.dataset import ColumnInfo, DatasetInfo, SeriesInfo
from workbench.domain.trust import Demand
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import SamplesShown
from workbench.protocol.payloads import TextShown
from workbench.ui.context import Context
from workbench.ui.forms import ParameterForm
from workbench.ui.forms.base import ComboBox
from workbench.ui.forms.rows import LABEL_WIDTH, NARROW_LABEL
from workbench.ui.pages.data.balance_choice import BalanceTable
from workbench.ui.pages.data.columns import ColumnList
from workbench.ui.pages.data.consent import CodeConsent
from workbench.ui.pages.data.facts import Facts
from workbench.ui.pages.data.gallery import CAPTION
from workbench.ui.pages.data.own_file import OwnFile
from workbench.ui.pages.data.samples import SamplesPanel
from workbench.ui.pages.data.step_card import StepCard
from workbench.ui.pages.data.text_row import TextRow, shared_line
from workbench.ui.pages.data.time_strip import TimeStrip
from workbench.ui.theme import Theme
from workbench.ui.widgets.elided import ElidedLabel
from workbench.ui.widgets.fitting_scroll import FittingScroll
from workbench.ui.widgets.panel import Panel, paragraphs
from workbench.ui.widgets.tool_tip import tool_tip

LONG = "a_file_whose_name_has_eighty_characters_and_no_space_in_it_so_that_it_cannot_be_broken"


Tip = Callable[[QWidget], str]


@pytest.fixture
def tip_of(monkeypatch: pytest.MonkeyPatch) -> Tip:
    """The tool tip that a person sees who rests the mouse upon a widget."""

    def tip(widget: QWidget) -> str:
        shown: list[str] = []
        monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: shown.append(text))
        middle = widget.rect().center()
        event = QHelpEvent(QEvent.Type.ToolTip, middle, widget.mapToGlobal(middle))
        widget.event(event)
        return shown[0] if shown else ""

    return tip


def test_that_a_long_title_leaves_room_for_what_stands_beside_it(context: Context, qtbot: QtBot, tip_of: Tip) -> None:
    panel = Panel(LONG)
    panel.add_to_head(QLabel("beside"))
    qtbot.addWidget(panel)
    panel.resize(300, 80)
    panel.show()
    assert panel.width() == 300
    assert isinstance(panel.title, ElidedLabel)
    assert panel.title.shown_text.endswith("…")
    assert LONG in tip_of(panel.title)
    panel.set_title("short")
    assert panel.title.shown_text == "short"
    assert tip_of(panel.title) == ""


def test_that_a_long_file_name_keeps_its_end_in_sight(context: Context, catalogue: Catalogue, qtbot: QtBot) -> None:
    file = OwnFile()
    qtbot.addWidget(file)
    file.show_file(catalogue.source("csv"), str(Path("/data") / f"{LONG}.csv"), "")
    file.resize(200, 80)
    file.show()
    assert file.width() == 200
    assert file.path.shown_text.endswith(".csv")
    assert LONG in file.path.toolTip()


def test_that_a_name_with_markup_is_shown_as_it_is(context: Context, qtbot: QtBot, tip_of: Tip) -> None:
    label = ElidedLabel("<b>not bold</b> " * 9)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert "&lt;b&gt;" in tip_of(label)


def test_that_a_choice_without_room_tells_the_whole_of_it(context: Context, qtbot: QtBot, tip_of: Tip) -> None:
    combo = ComboBox()
    qtbot.addWidget(combo)
    combo.addItem("A column whose name is rather long")
    combo.setToolTip("What is learned")
    combo.resize(90, 30)
    combo.show()
    assert tip_of(combo) == "<qt>A column whose name is rather long<br>What is learned</qt>"
    combo.setToolTip(tool_tip("What is learned, as `code`"))
    assert tip_of(combo) == "<qt>A column whose name is rather long<br>What is learned, as <code>code</code></qt>"
    combo.setToolTip(tool_tip("What is learned", "A column whose name is rather long"))
    assert tip_of(combo) == combo.toolTip(), "which tells the name, too"
    combo.resize(400, 30)
    assert not combo.is_cut


def test_that_the_title_of_a_step_gives_way(context: Context, qtbot: QtBot, tip_of: Tip) -> None:
    card = StepCard(StepEntry("x", "RandomColorDegenerationAndMore", "What it does", ("pictures",)), context)
    qtbot.addWidget(card)
    card.resize(190, 40)
    card.show()
    assert card.width() == 190
    assert card.title.shown_text.endswith("…")
    assert "RandomColorDegenerationAndMore" in tip_of(card.title)


@pytest.mark.parametrize("kind", ["csv", "images", "picture_pairs", "volume_pairs", "clips", "series", "sql", "sine"])
def test_that_the_parameters_of_a_source_have_room_in_the_smallest_window(
    kind: str, catalogue: Catalogue, theme: Theme, qtbot: QtBot
) -> None:
    form = ParameterForm(catalogue, theme)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(form)
    qtbot.addWidget(area)
    form.show_entries(tuple(each for each in catalogue.source(kind).params if each.name != "path"), {})
    area.resize(196, 500)
    area.show()
    assert form.width() <= area.viewport().width()
    assert form.sheet is not None
    for row in form.sheet.rows.values():
        right = row.editor.mapTo(form, QPoint(row.editor.width(), 0)).x()
        assert right <= form.width()


def test_that_titles_have_their_width_again_where_there_is_room(
    catalogue: Catalogue, theme: Theme, qtbot: QtBot
) -> None:
    form = ParameterForm(catalogue, theme)
    qtbot.addWidget(form)
    form.show_entries(catalogue.source("sine").params, {})
    form.show()
    widths = []
    for width in (200, 300):
        form.resize(width, 300)
        head = form.row("noise").label.parentWidget()
        assert head is not None
        widths.append(head.width())
    assert widths == [NARROW_LABEL, LABEL_WIDTH]


def test_that_no_bar_stays_over_fields_that_all_have_room(qtbot: QtBot) -> None:
    inside = QWidget()
    column = QVBoxLayout(inside)
    text = QLabel("word " * 90)
    text.setWordWrap(True)
    column.addWidget(text)
    outside = QWidget()
    around = QVBoxLayout(outside)
    scroll = FittingScroll(inside)
    around.addWidget(scroll)
    around.addStretch(1)
    qtbot.addWidget(outside)
    outside.resize(240, 600)
    outside.show()
    qtbot.waitUntil(lambda: scroll.height() >= inside.height())
    assert not scroll.verticalScrollBar().isVisible()
    assert inside.width() == scroll.contentsRect().width()
    outside.resize(240, 150)
    qtbot.waitUntil(scroll.verticalScrollBar().isVisible)
    assert inside.width() <= scroll.viewport().width()


def test_that_facts_break_where_they_have_no_room(context: Context, qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    facts.show_info(msgspec.structs.replace(IRIS, form="text", input_shape=(240,), vocabulary_size=20_000))
    facts.resize(200, 200)
    facts.show()
    assert facts.width() == 200
    assert facts.input.text() == "240 tokens, 20,000 different ones"
    assert facts.input.height() > 1.5 * facts.memory.height()


@pytest.mark.parametrize("width", [260, 330, 900])
def test_that_the_titles_of_the_parts_in_time_are_whole(theme: Theme, qtbot: QtBot, width: int) -> None:
    strip = TimeStrip(theme)
    qtbot.addWidget(strip)
    bounds = {"train": (0.0, 0.7), "validation": (0.7, 0.85), "test": (0.85, 1.0)}
    strip.show_parts(SeriesInfo(1, "1 step", "1 hour", ("y",), {}, bounds))  # type: ignore[arg-type]
    strip.resize(width, strip.sizeHint().height())
    metrics = strip.fontMetrics()
    places = strip.title_places()
    ends = [
        left + metrics.horizontalAdvance(title)
        for left, title in zip(places, ("Training", "Validation", "Test"), strict=True)
    ]
    assert ends[-1] <= width
    assert all(end < left for end, left in zip(ends, places[1:], strict=False))


def test_that_the_question_whether_code_may_run_is_read_whole(context: Context, qtbot: QtBot) -> None:
    consent = CodeConsent(context)
    qtbot.addWidget(consent)
    consent.show_code(Demand("/data", "/data/mine.py", "", b"def load(): ..."))
    consent.resize(344, 300)
    consent.show()
    assert consent.width() == 344
    assert consent.mine.width() >= consent.mine.sizeHint().width()
    assert consent.button.geometry().top() > consent.mine.geometry().bottom()


def test_that_the_class_of_a_text_comes_before_its_number(context: Context) -> None:
    metrics = QFontMetrics(QApplication.font())
    row = TextRow(TextShown("a film"), "good", "number 20  ·  390 tokens  ·  8 cut off")
    caption, note = shared_line(row, 110, metrics, metrics)
    assert caption == "good"
    assert note.startswith("num")
    assert note.endswith("…")
    assert shared_line(row, 900, metrics, metrics) == (row.caption, row.note)


ROWS = (ColumnInfo("age", "number"), ColumnInfo("city", "category"))
TABLE = msgspec.structs.replace(IRIS, columns=ROWS)
STREET = "Street number 7 of a very long name"


@pytest.mark.parametrize("info", [TABLE])
def test_that_a_cell_tells_what_it_has_no_room_for(context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    answer = SamplesShown(0, "train", 0, 2, (0, 1), labels=(0, 1), rows=((61, STREET), (None, None)))
    engine.reply_with(ShowSamples, answer)
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    rows = panel.table.rows
    qtbot.waitUntil(lambda: rows.rowCount() == 2)

    def told(row: int, column: int, role: Qt.ItemDataRole) -> object:
        return rows.data(rows.index(row, column), role)

    assert told(0, 1, Qt.ItemDataRole.ToolTipRole) == f"<qt>{STREET}</qt>"
    assert told(0, 0, Qt.ItemDataRole.ToolTipRole) is None
    assert told(1, 1, Qt.ItemDataRole.ToolTipRole) == "The value is missing"
    for column in (0, 1):  # a hole stands where the values do
        sides = [told(row, column, Qt.ItemDataRole.TextAlignmentRole) for row in (0, 1)]
        assert sides[0] == sides[1]


def test_that_notes_stand_apart_and_are_no_markup() -> None:
    text = paragraphs(("First <b>note</b>.", "Second."))
    assert text.count("<p ") == 2
    assert "&lt;b&gt;" in text
    assert "margin-bottom" in text


MASKS = msgspec.structs.replace(DIGITS, classes=(), class_counts={}, task="reconstruction")


@pytest.mark.parametrize(("info", "says"), [(MASKS, False), (DIGITS, True)], ids=["nothing", "classes"])
def test_that_there_is_no_line_below_pictures_of_which_nothing_is_said(
    context: Context, engine: FakeEngine, qtbot: QtBot, info: DatasetInfo, says: bool
) -> None:
    from test_data_page import samples

    def answer(command: ShowSamples) -> SamplesShown:
        shown = samples(command)
        return shown if says else msgspec.structs.replace(shown, labels=())

    engine.reply_with(ShowSamples, answer)
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    panel.resize(600, 400)
    panel.show()
    qtbot.waitUntil(lambda: panel.gallery.pictures.rowCount() == 7)
    below = panel.gallery.gridSize().height() - panel.gallery.iconSize().height()
    assert (below == CAPTION) is says


def test_that_long_names_of_columns_are_elided_in_the_list_to_tick(context: Context, qtbot: QtBot) -> None:
    columns = ColumnList()
    qtbot.addWidget(columns)
    columns.show_columns(["age", LONG, "rooms"], ["age"])
    columns.resize(280, 300)
    columns.show()
    columns.make_ready()
    names = columns.names
    assert not names.horizontalScrollBar().isVisible()
    row = names.visualItemRect(names.item(1))
    assert row.width() <= names.viewport().width()
    assert names.visualItemRect(names.item(2)).bottom() <= names.viewport().height()
    assert LONG in names.item(1).toolTip()


def test_that_long_names_of_classes_leave_room_for_their_weights(context: Context, qtbot: QtBot) -> None:
    table = BalanceTable()
    qtbot.addWidget(table)
    counts = {"train": (20, 10), "validation": (1, 1), "test": (1, 1)}
    info = msgspec.structs.replace(IRIS, classes=(LONG, "b"), class_counts=counts)
    table.show_balance("class_weights", info)
    table.resize(200, 300)
    assert table.minimumSizeHint().width() <= 200
    assert table.rows[0][0] == LONG
