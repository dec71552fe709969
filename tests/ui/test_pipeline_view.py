"""The view "Pipeline" of the Data page: cards in their order, what comes out, what was measured, the code."""

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import DatasetInfo
from workbench.domain.input_pipeline import SOURCE, Costs, InputPipeline, StageRate, move_stage, switch
from workbench.protocol.arrays import Array
from workbench.protocol.commands import Cancel, ShowPipeline
from workbench.protocol.events import Failed, PipelineShown, Progress
from workbench.protocol.payloads import ElementSpec, StageShown
from workbench.ui.context import Context
from workbench.ui.pages.data.order_strip import CELL_HEIGHT, OrderStrip
from workbench.ui.pages.data.pipeline_panel import TRAINING, PipelinePanel
from workbench.ui.pages.data.pipeline_state import PIPELINE
from workbench.ui.pages.data.seeing import PIPELINE as BUTTON
from workbench.ui.pages.data.seeing import SeeingStack
from workbench.ui.theme import Theme

SECONDS = {
    SOURCE: 1e-6,
    "map": 40e-6,
    "cache": 1e-6,
    "shuffle": 2e-6,
    "batch": 10e-6,
    "repeat": 10e-6,
    "prefetch": 9e-6,
}


def answer(command: ShowPipeline) -> PipelineShown:
    """As the engine answers: pictures at first, batches of five."""
    kinds = [SOURCE, *(stage.kind for stage in command.pipeline.used)]
    pictures = np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8, 1)
    stages = []
    batched = False
    for kind in kinds:
        batched = batched or kind == "batch"
        order = ((3, 0, 2), (1,)) if batched else ((0,), (1,), (2,), (3,))
        stages.append(
            StageShown(
                kind,
                (ElementSpec((None, 8, 8, 1) if batched else (8, 8, 1), "float32"), ElementSpec((), "int32")),
                Array("uint8", pictures.shape, pictures.tobytes()),
                order,
                tuple(tuple(0 for _ in each) for each in order),
                batched,
                StageRate(kind, 500.0, 1 / SECONDS[kind]) if command.measure else None,
            )
        )
    shown = PipelineShown(0, 1257, tuple(stages), (24, 5, 12), "dataset = 1\n")
    if not command.measure:
        return shown
    trained = 1000.0 if command.pipeline.costs.step_ms else None
    return PipelineShown(
        0, 1257, tuple(stages), (24, 5, 12), "dataset = 1\n", 400, 32, trained, 1234567.0, ("A note.",)
    )


@pytest.fixture
def info() -> DatasetInfo:
    return DIGITS


@pytest.fixture
def seeing(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[SeeingStack]:
    engine.reply_with(ShowPipeline, answer)
    widget = SeeingStack(context)
    qtbot.addWidget(widget)
    widget.resize(554, 700)
    widget.show()
    yield widget
    widget.close()


@pytest.fixture
def panel(seeing: SeeingStack, qtbot: QtBot) -> PipelinePanel:
    seeing.buttons[BUTTON].click()
    qtbot.waitUntil(lambda: seeing.pipeline.state.shown is not None)
    return seeing.pipeline


def order_of(panel: PipelinePanel) -> list[str]:
    return sorted(panel.cards, key=lambda kind: panel._column.indexOf(panel.cards[kind]))


def measured(panel: PipelinePanel, qtbot: QtBot) -> PipelineShown:
    panel.measure.click()
    qtbot.waitUntil(lambda: panel.state.shown is not None and panel.state.shown.own is not None)
    assert panel.state.shown is not None
    return panel.state.shown


def test_that_nothing_is_asked_before_the_view_is_seen(seeing: SeeingStack, engine: FakeEngine) -> None:
    assert not engine.of(ShowPipeline)


def test_that_each_stage_shows_what_comes_out_of_it(panel: PipelinePanel, engine: FakeEngine) -> None:
    assert not engine.last(ShowPipeline).measure
    assert order_of(panel) == [SOURCE, "map", "cache", "shuffle", "batch", "repeat", "prefetch", TRAINING]
    batch = panel.cards["batch"]
    assert batch.spec.text() == "(None, 8, 8, 1) float32 → () int32"
    assert batch.code.text() == "dataset.batch(32)"
    assert batch.strip.accessibleDescription() == "[3, 0, 2], [1]"
    assert panel.cards["map"].strip.accessibleDescription() == "0, 1, 2, 3"
    assert not batch.first.pixmap().isNull()
    assert "24 numbered samples stand for the 1,257, batches of 5" in panel.summary.text()
    assert panel.verdict.isHidden()
    panel.grab()


@pytest.mark.parametrize("info", [IRIS])
def test_that_samples_that_are_no_pictures_are_told_in_numbers(panel: PipelinePanel) -> None:
    assert panel.cards["map"].first.text() == "0, 1, 2 …"


def test_that_stages_are_switched_moved_and_set(panel: PipelinePanel, engine: FakeEngine, qtbot: QtBot) -> None:
    panel.cards["cache"].switch.click()
    assert panel.cards["cache"].body.isHidden()
    panel.cards["shuffle"].down.click()
    assert order_of(panel)[1:6] == ["map", "cache", "batch", "shuffle", "repeat"]
    assert "mixes whole batches" in panel.cards["shuffle"].cautions.text()
    form = panel.cards["batch"].form
    form.value_changed.emit("batch_size", 64)
    panel.cards[SOURCE].form.value_changed.emit("read_ms", 2)
    asked = engine.last(ShowPipeline).pipeline
    assert asked == panel.state.pipeline
    assert [stage.kind for stage in asked.used] == ["map", "batch", "shuffle", "repeat", "prefetch"]
    assert asked.value("batch", "batch_size") == 64
    assert asked.costs == Costs(read_ms=2.0)
    assert panel.cards["batch"].code.text() == "dataset.batch(64)"
    form.value_reset.emit("batch_size")
    panel.cards[SOURCE].form.value_reset.emit("read_ms")
    panel.usual.click()
    assert panel.state.pipeline == InputPipeline()
    assert not panel.usual.isEnabled()
    qtbot.waitUntil(lambda: panel.state.shown is not None)


def test_that_the_first_and_the_last_stage_cannot_be_moved_further(panel: PipelinePanel) -> None:
    assert not panel.cards["map"].up.isEnabled()
    assert not panel.cards["prefetch"].down.isEnabled()
    assert panel.cards[SOURCE].switch.isHidden()
    assert panel.cards[TRAINING].up.isHidden()


def test_that_measuring_names_the_bottleneck(panel: PipelinePanel, qtbot: QtBot) -> None:
    panel.state.change(switch(panel.state.pipeline, "cache", False))
    measured(panel, qtbot)
    assert panel.verdict.text().startswith("map takes")
    card = panel.cards["map"]
    assert card.rate.text() == "25,000/s"
    assert card.rate.toolTip() == "Samples a second up to here: 500 in the first epoch, 25,000 in later ones"
    assert card.bar.accessibleDescription().endswith("% of the time")
    assert panel.own.text().endswith("Here that gives 1,200,000 samples a second, 11 times as many as this pipeline.")
    assert panel.summary.text().endswith("Measured with 400 samples, in batches of 32. A note.")
    panel.cards["batch"].switch.click()
    assert panel.verdict.isHidden()  # what was measured is of another pipeline
    assert card.rate.text() == ""


def test_that_what_a_cache_brings_is_seen(panel: PipelinePanel, qtbot: QtBot) -> None:
    measured(panel, qtbot)
    assert panel.cards["map"].rate.text() == "25,000/s"
    assert panel.cards["batch"].rate.text() == "500 → 100,000/s"


def test_that_a_training_step_shows_how_long_the_network_waits(panel: PipelinePanel, qtbot: QtBot) -> None:
    panel.cards[TRAINING].form.value_changed.emit("step_ms", 16)
    measured(panel, qtbot)
    assert panel.verdict.text().startswith("The network waits for data 50 % of the time.")
    assert panel.cards[TRAINING].rate.text() == "1,000/s"
    assert panel.cards[TRAINING].rate.toolTip() == "It waits for data 50 % of the time"


def test_that_a_measurement_shows_its_progress_and_can_be_cancelled(
    panel: PipelinePanel, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(ShowPipeline, Progress(0, "Measuring map", 0.25))
    before = panel.state.shown
    panel.measure.click()
    qtbot.waitUntil(lambda: panel.progress.value() == 250)
    assert panel.measure.isHidden()
    panel.cancel.click()
    ticket = engine.last(ShowPipeline).ticket
    assert engine.last(Cancel).ticket == ticket
    engine.replay(Failed(ticket, "Cancelled.", cancelled=True))
    assert not panel.state.measuring
    assert panel.progress.isHidden()
    assert panel.message.isHidden()
    assert panel.state.shown == before


def test_that_a_failure_is_told(panel: PipelinePanel, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.reply_with(ShowPipeline, Failed(0, "Nothing comes out of this pipeline."))
    panel.measure.click()
    qtbot.waitUntil(lambda: panel.message.text().startswith("Nothing comes out"))
    assert not panel.message.isHidden()


def test_that_the_code_is_seen_and_copied(panel: PipelinePanel, context: Context, qtbot: QtBot) -> None:
    panel.code_button.click()
    assert panel.stack.currentWidget() is panel.code
    assert panel.code.toPlainText() == "dataset = 1\n"
    with qtbot.waitSignal(context.noticed):
        panel.copy_button.click()
    assert QGuiApplication.clipboard().text() == "dataset = 1\n"


def test_that_the_pipeline_is_kept_for_the_next_time(panel: PipelinePanel, context: Context, qtbot: QtBot) -> None:
    panel.state.change(move_stage(panel.state.pipeline, "cache", -1))
    again = PipelinePanel(context)
    qtbot.addWidget(again)
    assert again.state.pipeline == panel.state.pipeline
    assert context.document.undo_stack.count() == 0
    for damaged in ("{", '{"stages": [{"kind": "none"}]}', '{"stages": [{"kind": "map"}, {"kind": "map"}]}'):
        context.settings.set(PIPELINE, damaged)
        mended = PipelinePanel(context)
        qtbot.addWidget(mended)
        assert sorted(stage.kind for stage in mended.state.pipeline.stages) == sorted(
            stage.kind for stage in InputPipeline().stages
        )


def test_that_other_data_are_asked_for_anew(
    panel: PipelinePanel, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    count = len(engine.of(ShowPipeline))
    context.data.info_changed.emit()
    assert panel.state.shown is None
    qtbot.waitUntil(lambda: panel.state.shown is not None)
    assert len(engine.of(ShowPipeline)) == count + 1


def test_that_a_batch_is_not_broken_over_two_rows(theme: Theme, qtbot: QtBot) -> None:
    strip = OrderStrip(theme)
    qtbot.addWidget(strip)
    seven = [tuple(range(start, start + 7)) for start in range(0, 28, 7)]
    strip.show_order(seven, seven, True)
    assert [len(line) for line in strip._lines] == [21, 7]
    strip.show_order([tuple(range(30))], [(0,) * 30], True)
    assert [len(line) for line in strip._lines] == [24, 6]
    assert strip.sizeHint().height() > 2 * CELL_HEIGHT
    strip.show_order([], [], False)
    strip.grab()


def test_that_of_films_the_middle_frame_is_shown(panel: PipelinePanel, context: Context, engine: FakeEngine) -> None:
    shown = panel.state.shown
    assert shown is not None
    films = np.zeros((3, 5, 8, 8, 1), np.uint8)
    films[:, 2] = 255
    inputs = Array("uint8", films.shape, films.tobytes())
    card = panel.cards["map"]
    stage = msgspec.structs.replace(shown.stages[1], inputs=inputs)
    card.show_stage(stage, msgspec.structs.replace(DIGITS, form="volumes", input_shape=(5, 8, 8, 1)))
    image = card.first.pixmap().toImage()
    assert image.pixelColor(4, image.height() // 2).red() == 255
