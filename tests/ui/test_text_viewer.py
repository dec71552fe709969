"""Texts on the Data page and the Inspect page: paragraphs with their tokens marked, frequent words, a text of one's
own."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from pytestqt.qtbot import QtBot
from replay import record
from shown_data import DIGITS

from workbench.domain.dataset import DatasetInfo, SourceSpec
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.commands import InspectFile, Probe, ShowSamples
from workbench.protocol.events import FileInspected, Probed, SamplesShown
from workbench.protocol.payloads import TextShown
from workbench.ui.context import Context
from workbench.ui.pages.data.page import DataPage
from workbench.ui.pages.data.text_row import laid_out
from workbench.ui.pages.inspect.page import InspectPage
from workbench.ui.pages.train.page import TrainPage

REVIEWS = msgspec.structs.replace(
    DIGITS,
    title="Film reviews",
    form="text",
    task="binary",
    input_shape=(8,),
    raw_shape=(),
    classes=("negative", "positive"),
    class_counts={},
    vocabulary_size=50,
    integer_input=True,
    scaling="none",
)
FUNNY = TextShown("A 🎬 film, rather funny.", ((0, 1, True), (4, 8, True), (10, 16, False), (17, 22, True)), 4, 2)
WORDS = (("the", 30), (" ", 20), ("film", 10))


def texts(command: ShowSamples) -> SamplesShown:
    """What would come of a part: of 300 texts, a page at a time."""
    total = 300 if command.label is None else 7
    count = min(command.count, total - command.start)
    shown = tuple(TextShown(f"Text {command.start + n} of {command.part}.") for n in range(count))
    return SamplesShown(
        0,
        command.part,
        command.start,
        total,
        tuple(range(command.start, command.start + count)),
        labels=(command.label or 0,) * count,
        texts=(FUNNY, *shown[1:]) if command.start == 0 else shown,
        frequent=WORDS if command.start == 0 else (),
        counted=200 if command.start == 0 else 0,
    )


@pytest.fixture
def info() -> DatasetInfo:
    return REVIEWS


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[DataPage]:
    engine.reply_with(ShowSamples, texts)
    page = DataPage(context)
    page.resize(1160, 700)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.samples.feed.fetched > 0)
    yield page
    page.hide()


def test_that_texts_are_shown_as_paragraphs_with_their_class(page: DataPage) -> None:
    viewer = page.samples.texts
    assert page.samples.views.currentWidget() is viewer
    model = viewer.list.rows
    assert model.index(0).data() == FUNNY.text
    read_out = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert read_out == f"negative, number 0  ·  4 tokens  ·  2 cut off: {FUNNY.text}"
    assert not page.samples.zoom.isVisible()


def test_that_the_most_frequent_words_are_shown_and_how_many_texts_they_are_of(page: DataPage) -> None:
    viewer = page.samples.texts
    assert viewer.words.words == [("the", 30), ("␣", 20), ("film", 10)]
    assert viewer.words.accessibleDescription() == "the: 30, ␣: 20, film: 10"
    assert "200" in viewer.counted.text()


def test_that_texts_follow_part_and_class(page: DataPage, engine: FakeEngine, qtbot: QtBot) -> None:
    button = page.samples._part_buttons["validation"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert engine.last(ShowSamples).part == "validation"
    page.samples.filter.setFocus()
    qtbot.keyClicks(page.samples.filter, "p")
    page.samples.filter.activated.emit(page.samples.filter.currentIndex())
    assert engine.last(ShowSamples).label == 1
    model = page.samples.texts.list.rows
    qtbot.waitUntil(lambda: model.rowCount() == 7)
    assert model.texts[1].caption == "positive"
    assert model.index(1).data() == "Text 1 of validation."


def test_that_scrolling_down_brings_more_texts(page: DataPage, qtbot: QtBot) -> None:
    viewer = page.samples.texts
    qtbot.waitUntil(lambda: viewer.list.verticalScrollBar().maximum() > 0)
    bar = viewer.list.verticalScrollBar()

    def scrolled_to_the_last() -> bool:
        bar.setValue(bar.maximum())
        return viewer.list.rows.rowCount() == 300

    qtbot.waitUntil(scrolled_to_the_last)
    assert viewer.words.words  # they came with the first texts


def test_that_rows_are_as_high_as_their_text(page: DataPage) -> None:
    viewer = page.samples.texts.list
    long = msgspec.structs.replace(FUNNY, text="many words " * 80, spans=())
    low = viewer.visualRect(viewer.rows.index(1)).height()
    viewer.rows.texts[1] = replace(viewer.rows.texts[1], text=long)
    viewer.rows.modelReset.emit()
    assert viewer.sizeHintForIndex(viewer.rows.index(1)).height() > 3 * low
    narrow = viewer.sizeHintForIndex(viewer.rows.index(1)).height()
    viewer.resize(300, 600)
    assert viewer.sizeHintForIndex(viewer.rows.index(1)).height() > narrow


def test_that_tokens_are_marked_where_they_stand(context: Context) -> None:
    tokens = context.theme.tokens
    layout = laid_out(FUNNY, 300, QFont(), tokens)
    in_utf16 = FUNNY.text.encode("utf-16-le")
    marked = [in_utf16[2 * mark.start : 2 * (mark.start + mark.length)] for mark in layout.formats()]
    assert [word.decode("utf-16-le") for word in marked] == ["A", "film", "rather", "funny"]
    backgrounds = [mark.format.background().color() for mark in layout.formats()]
    assert backgrounds == [QColor(tokens.accent_soft)] * 2 + [QColor(tokens.warning_soft), QColor(tokens.accent_soft)]


def test_that_characters_that_touch_are_told_apart(context: Context) -> None:
    text = TextShown("abc", ((0, 1, True), (1, 2, True), (2, 3, True)), 3)
    layout = laid_out(text, 300, QFont(), context.theme.tokens)
    has_chip = [mark.format.hasProperty(mark.format.Property.BackgroundBrush) for mark in layout.formats()]
    assert has_chip == [True, False, True]


def test_that_a_very_long_text_is_cut_for_the_eye(context: Context) -> None:
    text = TextShown("word " * 700, tuple((5 * n, 5 * n + 4, True) for n in range(700)), 700)
    layout = laid_out(text, 300, QFont(), context.theme.tokens)
    assert layout.text().endswith("…")
    assert len(layout.text()) < 1_300
    assert max(mark.start + mark.length for mark in layout.formats()) <= 1_200


def layers(probe: Probe) -> Probed:
    """What the engine sees in a network for texts: rows of numbers and the last layer."""
    tokens, last = np.array([3.0, 5, 2, 0], np.float32), np.array([0.9], np.float32)
    states = np.arange(32, dtype=np.float32).reshape(4, 8)
    arrays = {
        "input": tokens,
        "prediction": last,
        "activation:embedding": states,
        "activation:bidirectional": states[0],
        "activation:dense": last,
    }
    facts: dict[str, object] = {"layers": ("embedding", "bidirectional", "dense"), "classes": REVIEWS.classes}
    for layer in ("embedding", "bidirectional", "dense"):
        facts |= {f"{layer}:class": layer.title(), f"{layer}:min": 0.0, f"{layer}:max": 1.0, f"{layer}:mean": 0.5}
    travelling = {name: Array("float32", array.shape, array.tobytes()) for name, array in arrays.items()}
    return Probed(0, "feature_maps", travelling, facts)  # type: ignore[arg-type]


@pytest.fixture
def inspect(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[InspectPage]:
    run = record("20260101-101500-000-aaaa", status="ended", reason="completed", epochs_done=3, steps_done=30)
    context.document.folder.create_run(run)
    engine.reply_with(Probe, layers)
    engine.reply_with(ShowSamples, texts)
    page = InspectPage(context)
    page.resize(1160, 700)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.layers.topLevelItemCount() == 3)
    yield page
    page.hide()


def test_that_a_sample_that_is_a_text_is_shown_as_one(inspect: InspectPage, qtbot: QtBot) -> None:
    shown = inspect.prediction.text
    qtbot.waitUntil(shown.isVisible)
    assert shown.text == FUNNY
    assert shown.height() >= shown.heightForWidth(shown.width())
    assert not inspect.prediction.features.isVisible()
    assert inspect.prediction.sentence.text() == "positive  ·  90.0%"
    for item in range(3):
        inspect.layers.setCurrentItem(inspect.layers.topLevelItem(item))
        inspect.tabs.setCurrentIndex(item % 2)


def test_that_an_own_text_is_predicted_as_it_is_typed(inspect: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    qtbot.waitUntil(inspect.prediction.text.isVisible)
    assert inspect.chooser.writing.isVisible()
    assert not inspect.chooser.drawing.isVisible()
    qtbot.keyClicks(inspect.chooser.own_text, "not good")
    qtbot.waitUntil(lambda: engine.last(Probe).sample == Sample(text="not good"))
    qtbot.waitUntil(lambda: not inspect.prediction.text.isVisible())
    inspect.chooser.own_text.clear()
    qtbot.waitUntil(lambda: engine.last(Probe).sample == Sample())
    qtbot.waitUntil(inspect.prediction.text.isVisible)


def test_that_a_table_is_read_for_its_texts_where_that_was_chosen(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(InspectFile, FileInspected(0, "/t/own.csv", SourceSpec("csv", {"path": "/t/own.csv"}), "own"))
    page.sources._open("/t/own.csv", context.catalogue.source("text_table"))
    qtbot.waitUntil(lambda: context.document.project.data.source.kind == "text_table")
    assert context.document.project.data.source.params == {"path": "/t/own.csv"}
    page.sources._open("/t/own.csv", context.catalogue.source("text_folder"))
    qtbot.waitUntil(lambda: context.document.project.data.source.kind == "csv")


def test_that_the_other_pages_take_texts(page: DataPage, context: Context, qtbot: QtBot) -> None:
    assert page.learned.facts.input.text() == "8 tokens, 50 different ones"
    training = TrainPage(context)
    qtbot.addWidget(training)
    training.resize(1160, 700)
    training.show()
    assert training.isVisible()
    training.hide()
