"""The Train page: setting hyperparameters, watching a training, and what it says when things stand still."""

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from replay import record, run_events

from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.edits import set_training
from workbench.domain.problem import Problem, Repair
from workbench.domain.project import Project
from workbench.domain.run import Plan
from workbench.domain.summary import LayerSummary, ModelSummary
from workbench.domain.training import EarlyStopping, TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.codec import to_json
from workbench.protocol.commands import Probe, SetLearningRate, ShowSamples, Train, Unwatch, Watch
from workbench.protocol.events import Failed, LearningRateChanged, Probed, RunEnded, SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.train.page import CURVES, NOTHING, TrainPage
from workbench.ui.pages.train.plan import plan_text

RUN = "20260105-101500-000-abcd"
POINTS = DatasetInfo(
    title="Moons",
    form="points",
    task="binary",
    input_shape=(2,),
    target_shape=(),
    labels="integer",
    sizes={"train": 300, "validation": 60, "test": 60},
    classes=("upper", "lower"),
)


def layer(name: str, class_name: str, output: tuple[int, ...], params: int) -> LayerSummary:
    return LayerSummary("n1", name, class_name, (8, 8, 1), output, params, params)


SUMMARY = ModelSummary(
    layers=(
        layer("input_layer", "InputLayer", (8, 8, 1), 0),
        layer("conv2d", "Conv2D", (6, 6, 4), 40),
        layer("flatten", "Flatten", (144,), 0),
        layer("dense", "Dense", (10,), 1450),
    ),
    total_params=1490,
)


@pytest.fixture
def project() -> Project:
    tree = ModelTree((Layer(id="n1", class_name="Dense", params={"units": 10, "activation": "softmax"}),))
    return Project(name="digits", data=DatasetSpec(SourceSpec("digits")), model=tree)


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> Iterator[TrainPage]:
    context.model.summary, context.model.described = SUMMARY, context.document.project
    page = TrainPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    qtbot.waitExposed(page)
    yield page
    page.hide()
    if context.run._redraw.isActive():
        with qtbot.waitSignal(context.run.advanced):
            pass


def array(values: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Array:
    return Array("float32", values.shape, values.astype(np.float32).tobytes())


def drawn(page: TrainPage, qtbot: QtBot) -> None:
    """Wait until all that was to be drawn is drawn."""
    qtbot.waitUntil(lambda: not page.turns.waiting)


def maps_seen(ticket: int, name: str = "conv2d") -> Probed:
    maps = np.zeros((6, 6, 4), np.float32)
    maps[..., 1], maps[2, 3, 2] = 1.5, 3.0
    prediction = np.zeros(10, np.float32)
    prediction[7], prediction[1] = 0.9, 0.1
    arrays = {f"activation:{name}": array(maps), "input": array(np.ones((8, 8, 1), np.float32)),
              "prediction": array(prediction)}  # fmt: skip
    facts = {
        "layers": ("conv2d", "flatten", "dense"),
        f"{name}:maps": 4,
        f"{name}:dead": 0.5,
        f"{name}:min": 0.0,
        f"{name}:max": 3.0,
        f"{name}:mean": 0.4,
        "truth": 7,
        "classes": tuple("0123456789"),
    }
    return Probed(ticket, "feature_maps", arrays, facts, 100)


def training(context: Context) -> TrainingSpec:
    return context.document.project.training


# Hyperparameters


def test_that_defaults_are_shown_with_their_reasons(page: TrainPage) -> None:
    fields = page.hyper.fields
    assert fields.rows["loss"].editor.value() == ObjectSpec("SparseCategoricalCrossentropy")
    assert fields.rows["batch_size"].editor.value() == 32
    assert fields.reasons["optimizer"].text() == "default · Adam suits most networks without tuning."
    assert "class numbers" in fields.reasons["loss"].text()
    assert fields.rows["loss"].reset_button.isHidden()


def test_that_beside_an_own_learning_rate_stands_that_of_keras(page: TrainPage, context: Context) -> None:
    spec = ObjectSpec("SGD", {"learning_rate": 0.5})
    edit = set_training(optimizer=spec)
    context.document.apply("Set", edit)
    note = page.hyper.rate.fields.reasons["learning_rate"]
    assert (note.text(), note.isHidden()) == ("Keras' own for SGD: 0.01", False)


def test_that_an_own_value_replaces_the_default_and_can_be_undone(
    page: TrainPage, context: Context, qtbot: QtBot
) -> None:
    field = page.hyper.fields.rows["batch_size"].editor.field  # type: ignore[attr-defined]
    field.selectAll()
    qtbot.keyClicks(field, "64")
    assert training(context).batch_size == 64
    assert page.hyper.fields.reasons["batch_size"].isHidden()
    assert not page.hyper.fields.rows["batch_size"].reset_button.isHidden()
    assert context.document.undo_stack.undoText() == "Set batch size"
    context.document.undo_stack.undo()
    assert training(context).batch_size is None
    assert field.text() == "32"


def test_that_typing_is_one_step_to_undo_and_the_next_typing_another(
    page: TrainPage, context: Context, qtbot: QtBot
) -> None:
    field = page.hyper.fields.rows["epochs"].editor.field  # type: ignore[attr-defined]
    for text in ("150", "12"):
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert training(context).epochs == 12
    assert context.document.undo_stack.count() == 2


def test_that_the_reset_arrow_brings_the_default_back(page: TrainPage, context: Context) -> None:
    context.document.apply("x", set_training(batch_size=7, epochs=3))
    page.hyper.fields.rows["batch_size"].reset_button.click()
    page.hyper.fields.rows["epochs"].reset_button.click()
    assert training(context).batch_size is None
    assert training(context).epochs == 20


def test_that_the_learning_rate_is_the_optimizers(page: TrainPage, context: Context, qtbot: QtBot) -> None:
    rate = page.hyper.rate.fields.rows["learning_rate"]
    field = rate.editor.field  # type: ignore[attr-defined]
    assert field.text() == "0.001"
    field.selectAll()
    qtbot.keyClicks(field, "0.01")
    assert training(context).optimizer == ObjectSpec("Adam", {"learning_rate": 0.01})
    rate.reset_button.click()
    assert training(context).optimizer is None
    context.document.apply("x", set_training(optimizer=ObjectSpec("SGD")))
    assert page.hyper.rate.fields.rows["learning_rate"].editor.value() == 0.01


def test_that_a_schedule_disables_the_rate_and_says_why(page: TrainPage, context: Context) -> None:
    schedule = ObjectSpec("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 9, "decay_rate": 0.5})
    context.document.apply("x", set_training(optimizer=ObjectSpec("SGD", {"learning_rate": schedule})))
    fields = page.hyper.rate.fields
    assert not fields.rows["learning_rate"].editor.isEnabled()
    assert fields.reasons["learning_rate"].text().startswith("ExponentialDecay sets the rate")


def test_that_stopping_by_itself_is_set_with_its_parameters(page: TrainPage, context: Context, qtbot: QtBot) -> None:
    page.hyper.early.click()
    assert training(context).early_stopping == EarlyStopping(monitor="val_loss")
    stopping = page.hyper._stopping
    assert stopping is not None
    field = stopping.rows["patience"].editor.field  # type: ignore[attr-defined]
    field.selectAll()
    qtbot.keyClicks(field, "9")
    box = stopping.rows["monitor"].editor.box  # type: ignore[attr-defined]
    names = [box.itemText(index) for index in range(box.count())]
    assert names == ["val_loss", "val_accuracy", "loss", "accuracy"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert training(context).early_stopping == EarlyStopping(monitor="val_accuracy", patience=9)
    page.hyper.early.click()
    assert training(context).early_stopping is None


def test_that_the_plan_and_the_best_model_are_chosen(page: TrainPage, context: Context) -> None:
    page.hyper.plan.activated.emit(1)
    page.hyper.keep_best.click()
    assert training(context).plan == "exact"
    assert not training(context).keep_best


def test_that_the_plan_is_told_as_measured(page: TrainPage, engine: FakeEngine) -> None:
    assert "measured when the training starts" in page.hyper.plan_line.text()
    engine.replay(run_events(1))
    assert page.hyper.plan_line.text() == "XLA chunks of 32 steps, 1 thread: 9.8 times plain fit"
    assert plan_text(Plan("graph", 48, 2)) == "Graph chunks of 48 steps, 2 threads"
    assert plan_text(Plan("graph", 1, 2)) == "Single graph steps, 2 threads"


def test_that_before_the_data_are_there_nothing_is_invented(context: Context, qtbot: QtBot) -> None:
    context.data.info = None
    page = TrainPage(context)
    qtbot.addWidget(page)
    assert page.hyper.fields.rows["loss"].editor.value() is None
    assert page.hyper.fields.reasons["loss"].text() == "default · worked out from the data"


def test_that_what_stops_the_training_is_shown_with_a_way_out(page: TrainPage, context: Context, qtbot: QtBot) -> None:
    repair = Repair("Set epochs to 3", set_training(epochs=3), "")
    problem = Problem("x", "error", "The last layer has 9 units.", node_id="n1", repairs=(repair,))
    context.model.problems = (problem,)
    context.model.changed.emit()
    assert not page.hyper.problems.isHidden()
    buttons = {button.text(): button for button in page.hyper.problems.findChildren(QPushButton)}
    with qtbot.waitSignals([context.page_wanted, context.node_wanted]):
        buttons["Show in the model"].click()
    context.model.blockSignals(True)
    buttons["Set epochs to 3"].click()
    assert training(context).epochs == 3
    context.model.blockSignals(False)
    context.model.problems = ()
    context.model.changed.emit()
    assert page.hyper.problems.isHidden()


# While it trains


def test_that_edits_during_a_training_are_called_what_they_are(page: TrainPage, engine: FakeEngine) -> None:
    assert page.hyper.note.isHidden()
    engine.replay(run_events(1))
    assert not page.hyper.note.isHidden()
    assert page.hyper.note.text() == "for the next run"


@pytest.mark.parametrize("optimizer", [None, ObjectSpec("Adam", {"learning_rate": 0.01})])
def test_that_no_field_moves_when_a_run_begins(
    page: TrainPage, context: Context, engine: FakeEngine, qtbot: QtBot, optimizer: ObjectSpec | None
) -> None:
    context.document.apply("Set", set_training(optimizer=optimizer))
    rows = page.hyper.rate.fields.rows | page.hyper.fields.rows

    def places() -> dict[str, int]:
        return {name: row.editor.mapTo(page, QPoint(0, 0)).y() for name, row in rows.items()}

    def settled() -> dict[str, int]:
        """The places once all that waits to be laid out is laid out."""
        seen: list[dict[str, int]] = []

        def is_still() -> bool:
            seen.append(places())
            return len(seen) > 3 and seen[-1] == seen[-2] == seen[-3]

        qtbot.waitUntil(is_still)
        return seen[-1]

    before = settled()
    engine.replay(run_events(1))
    assert settled() == before


def test_that_the_rate_of_the_run_is_changed_by_enter(page: TrainPage, context: Context, engine: FakeEngine,
                                                      qtbot: QtBot) -> None:  # fmt: skip
    engine.replay(run_events(1))
    field = page.hyper.rate.fields.rows["learning_rate"].editor.field  # type: ignore[attr-defined]
    field.selectAll()
    qtbot.keyClicks(field, "0.0005")
    assert not engine.of(SetLearningRate)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert engine.of(SetLearningRate) == [SetLearningRate(0.0005)]
    assert training(context).optimizer is None
    engine.replay(LearningRateChanged(RUN, 158, 0.0005))
    assert page.hyper.rate.fields.rows["learning_rate"].editor.value() == 0.0005
    field.left.emit()
    assert len(engine.of(SetLearningRate)) == 1


def test_that_a_run_that_is_still_to_start_shows_no_rate_of_the_run_before(
    page: TrainPage, context: Context, engine: FakeEngine
) -> None:
    engine.replay(run_events(1))
    engine.replay(LearningRateChanged(RUN, 158, 0.25))
    engine.replay(RunEnded(RUN, "completed", 1, 1.0, {}, None))
    context.run._set("starting")
    assert page.hyper.rate.fields.rows["learning_rate"].editor.value() == 0.001
    assert "run under way" not in page.hyper.rate.fields.reasons["learning_rate"].text()
    context.run._set("idle")


def test_that_curves_grow_while_it_trains(page: TrainPage, engine: FakeEngine, context: Context, qtbot: QtBot) -> None:
    assert page.middle.currentIndex() == NOTHING
    events = list(run_events(3))
    engine.replay(events[:4])
    assert page.middle.currentIndex() == CURVES
    with qtbot.waitSignal(context.run.advanced):
        engine.replay(events[4:])
    assert list(page.curves.plots) == ["loss", "accuracy"]
    assert len(page.curves.loss.curves.batches) == 3 * 158
    assert "Loss at epoch 3" in page.curves.loss.view.widget.accessibleDescription()


def test_that_the_run_before_is_drawn_behind(
    page: TrainPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    folder = context.document.folder
    old = "20250101-000000-000-aaaa"
    path = folder.create_run(record(old, name="Run 3", status="ended", epochs_done=2))
    (path / "history.jsonl").write_bytes(b"".join(to_json(event) + b"\n" for event in run_events(2, run=old)))
    with qtbot.waitSignal(page.earlier.chosen, check_params_cb=bool):
        engine.replay(run_events(1))
    names = {line.name for line in page.curves.loss.view.lines if line.key == old}
    assert names == {"Run 3, training", "Run 3, validation"}
    with qtbot.waitSignal(page.earlier.chosen):
        page.earlier.pick(old, False)
    assert not [line for line in page.curves.loss.view.lines if line.key == old]


def test_that_a_dead_engine_is_told_and_the_run_resumed_by_a_click(page: TrainPage, engine: FakeEngine) -> None:
    assert page.banner.isHidden()
    engine.replay(run_events(2))
    engine.die()
    assert "stopped at step 316" in page.banner.text.text()
    page.banner.button.click()
    assert engine.last(Train).run == RUN
    assert page.banner.isHidden()


def test_that_an_unfinished_run_of_before_is_offered(page: TrainPage, context: Context, engine: FakeEngine,
                                                     qtbot: QtBot) -> None:  # fmt: skip
    path = context.document.folder.create_run(record(RUN, name="Run 4", epochs_done=2, steps_done=1240))
    (path / "history.jsonl").write_bytes(b"".join(to_json(event) + b"\n" for event in run_events(2)))
    context.run.show_newest()
    qtbot.waitUntil(lambda: not page.banner.isHidden())
    assert "Run 4 was interrupted after 2 epochs of the 20 epochs it was to train." in page.banner.text.text()
    page.banner.button.click()
    assert engine.last(Train).run == RUN


# What the network sees


def test_that_the_chosen_layer_is_watched_only_while_it_is_seen(page: TrainPage, engine: FakeEngine) -> None:
    watch = engine.last(Watch)
    assert watch.probe == "feature_maps"
    assert watch.params == {"layer": "conv2d"}
    assert watch.sample is not None
    assert watch.sample.part == "test"
    page.hide()
    assert engine.last(Unwatch).ticket == watch.ticket
    page.show()
    assert len(engine.of(Watch)) == 2


def test_that_maps_are_shown_with_the_share_of_dead_ones(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.replay(run_events(1))
    engine.replay(maps_seen(engine.last(Watch).ticket))
    drawn(page, qtbot)
    view = page.live.activation
    assert view.grid.count == 4
    assert view.grid.scale == (0.0, 3.0)
    assert view.text.text().startswith("2 of 4 maps are dead (never above zero for this sample).")
    assert page.live.prediction.text.text() == "Right: it is 7."
    assert page.live.prediction.bars.accessibleDescription().startswith("7 90%")
    assert not page.live.prediction.picture.isHidden()


def test_that_a_click_enlarges_a_map_and_it_stays_large_while_it_changes(
    page: TrainPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.replay(run_events(1))
    engine.replay(maps_seen(engine.last(Watch).ticket))
    drawn(page, qtbot)
    view = page.live.activation
    view.grid.clicked.emit(2)
    assert view.large_title.text() == "Map 2"
    assert view.large.scale == (0.0, 3.0)
    engine.replay(maps_seen(engine.last(Watch).ticket))
    drawn(page, qtbot)
    assert view.stack.currentIndex() == 1
    view.large.clicked.emit(0)
    assert view.stack.currentIndex() == 0


def test_that_flat_layers_are_shown_as_bars(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    assert page.live.title.text() == "Feature maps, live"
    index = page.live.layer.findData("dense")
    page.live.layer.setCurrentIndex(index)
    page.live.layer.activated.emit(index)
    assert page.live.title.text() == "Activations, live"
    watch = engine.last(Watch)
    assert watch.params == {"layer": "dense"}
    event = maps_seen(watch.ticket, "dense")
    arrays = event.arrays | {"activation:dense": array(np.arange(10, dtype=np.float32))}
    engine.replay(msgspec.structs.replace(event, arrays=arrays))
    drawn(page, qtbot)
    assert page.live.activation.bars.accessibleDescription() == "10 units, from 0 to 9"


def test_that_another_sample_is_looked_at(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    page.live.sample.next.click()
    watch = engine.last(Watch)
    assert watch.sample is not None
    assert watch.sample.index == 1
    page.live.sample.part.setCurrentIndex(0)
    page.live.sample.part.activated.emit(0)
    watch = engine.last(Watch)
    assert watch.sample is not None
    assert watch.sample.part == "train"


def test_that_a_run_that_ended_is_looked_at_once_more(
    page: TrainPage, engine: FakeEngine, context: Context, qtbot: QtBot
) -> None:
    engine.replay(run_events(1, reason="completed", folder=str(context.document.folder.run_folder(RUN))))
    probe = engine.last(Probe)
    assert (probe.run, probe.probe, probe.params) == (RUN, "feature_maps", {"layer": "conv2d"})
    assert probe.folder == str(context.document.path)
    engine.replay(maps_seen(probe.ticket))
    drawn(page, qtbot)
    assert page.live.activation.grid.count == 4


def test_that_a_failed_look_says_why(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.replay(run_events(1))
    engine.replay(maps_seen(engine.last(Watch).ticket))
    drawn(page, qtbot)
    engine.replay(Failed(engine.last(Watch).ticket, "The network has no layer named “x”."))
    assert page.live.activation.text.text() == "The network has no layer named “x”."


@pytest.mark.parametrize("info", [POINTS])
def test_that_points_have_a_decision_surface(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    watch = engine.last(Watch)
    assert watch.probe == "decision_surface"
    x = np.linspace(-1, 1, 8, dtype=np.float32)
    arrays = {"x": array(x), "y": array(x), "surface": array(np.full((8, 8, 1), 0.9, np.float32))}
    ask = engine.last(ShowSamples)
    points = np.zeros((3, 2), np.float32)
    engine.replay(SamplesShown(ask.ticket, "train", 0, 3, (0, 1, 2), labels=(0, 1, 1), inputs=array(points)))
    engine.replay(Probed(watch.ticket, "decision_surface", arrays, {"classes": POINTS.classes, "task": "binary"}, 1))
    drawn(page, qtbot)
    assert page.live.title.text() == "Decision surface, live"
    assert page.live.surface is not None
    assert page.live.surface.answer_at(0, 0).endswith("lower 90%")


@pytest.mark.parametrize("info", [POINTS])
def test_that_points_have_activations_of_each_layer_too(page: TrainPage, engine: FakeEngine, qtbot: QtBot) -> None:
    live = page.live
    entries = [live.layer.itemText(index).split("   ")[0] for index in range(live.layer.count())]
    assert entries == ["Decision surface", "conv2d", "flatten", "dense"]
    live.layer.setCurrentIndex(3)
    live.layer.activated.emit(3)
    live.sample.number.setValue(5)
    watch = engine.last(Watch)
    assert (watch.probe, watch.params, watch.sample) == ("feature_maps", {"layer": "dense"}, Sample("test", 5))
    arrays = {"activation:dense": array(np.linspace(0, 1, 10)), "prediction": array(np.array([0.8]))}
    engine.replay(Probed(watch.ticket, "feature_maps", arrays, {"truth": 1, "classes": POINTS.classes}, 3))
    drawn(page, qtbot)
    assert live.title.text() == "Activations, live"
    assert live.activation.bars.isVisible()
    assert live.prediction.text.text() == "Right: it is lower."
    live.layer.setCurrentIndex(0)
    live.layer.activated.emit(0)
    assert engine.last(Watch).probe == "decision_surface"
    assert live.title.text() == "Decision surface, live"
    late = Probed(watch.ticket, "feature_maps", arrays, {}, 4)
    engine.replay(late)
    assert live.surface is not None
    assert live.surface.isVisible(), "a late answer about the layer does not come between"


def test_that_an_empty_network_is_told_how_to_begin(context: Context, qtbot: QtBot) -> None:
    page = TrainPage(context)
    qtbot.addWidget(page)
    assert "When the network has layers" not in page.live.hint.text, "it has some; the engine did not tell of them yet"
    context.document.apply("Empty", lambda project: msgspec.structs.replace(project, model=ModelTree()))
    context.model.changed.emit()
    assert "When the network has layers" in page.live.hint.text
