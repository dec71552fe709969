"""The phases of a training on the Train page, in the curves and among the facts of a run."""

import pytest
from drawn_networks import layer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from replay import record, run_events

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_trainable, set_training
from workbench.domain.project import Project
from workbench.domain.run import Plan, StoredFeatures
from workbench.domain.training import PhaseSpec
from workbench.domain.tree import Block, ModelTree
from workbench.protocol.events import PhaseBegan
from workbench.ui.context import Context
from workbench.ui.pages.runs.actions import RunActions
from workbench.ui.pages.runs.details import RunDetails
from workbench.ui.pages.train.hyper import HyperPanel
from workbench.ui.pages.train.plan import plan_text, plans_text
from workbench.ui.plots.curves import CurvePlot


@pytest.fixture
def project() -> Project:
    base = Block(
        id="base",
        name="base",
        trainable=False,
        children=(layer("conv", "Conv2D", filters=4, kernel_size=3), layer("norm", "BatchNormalization")),
    )
    tree = ModelTree((base, layer("flat", "Flatten"), layer("dense", "Dense", units=10)))
    return Project(name="digits", data=DatasetSpec(SourceSpec("digits")), model=tree)


@pytest.fixture
def panel(context: Context, qtbot: QtBot) -> HyperPanel:
    panel = HyperPanel(context)
    qtbot.addWidget(panel)
    panel.resize(330, 700)
    panel.show()
    return panel


def phases(context: Context) -> tuple[PhaseSpec, ...]:
    return context.document.project.training.phases


def test_that_fine_tuning_is_added_with_half_the_epochs_and_a_tenth_of_the_rate(
    panel: HyperPanel, context: Context
) -> None:
    assert panel.phases.first.text() == "One phase: 20 epochs, as set above."
    panel.phases.add.click()
    assert phases(context) == (PhaseSpec(epochs=10),)
    (card,) = panel.phases.cards
    assert card.title.text() == "2  ·  Fine-tuning"
    assert card.fields is not None
    assert card.fields.reasons["learning_rate"].text() == "default · 0.1 times that of the first phase, 0.001"
    assert card.learns.text() == "Now learn too: Conv2D"
    assert "In all 30 epochs" in panel.phases.first.text()
    context.document.undo_stack.undo()
    assert not phases(context)
    assert not panel.phases.cards


def test_that_a_phase_is_edited_and_removed(panel: HyperPanel, context: Context, qtbot: QtBot) -> None:
    panel.phases.add.click()
    (card,) = panel.phases.cards
    card.changed.emit({"trains": "top"})
    card.changed.emit({"learning_rate": 0.02})
    assert card.fields is not None
    of_what = card.fields.rows["within"].editor
    qtbot.waitUntil(lambda: of_what.isVisibleTo(panel))
    assert phases(context)[0] == PhaseSpec(epochs=10, trains="top", learning_rate=0.02)
    assert card.learns.text() == "No frozen layer begins to learn. Only the rate differs."
    card.fields.reset.emit("learning_rate")
    assert phases(context)[0].learning_rate is None
    card.remove.click()
    assert not phases(context)


def test_that_frozen_layers_are_ticked_in_a_menu(panel: HyperPanel, context: Context) -> None:
    panel.phases.add.click()
    (card,) = panel.phases.cards
    card.changed.emit({"trains": "chosen"})
    card.menu.aboutToShow.emit()
    assert [action.text().strip() for action in card.menu.actions()] == ["base", "Conv2D", "BatchNormalization"]
    card.menu.actions()[1].trigger()
    assert phases(context)[0].nodes == ("conv",)
    assert card.learns.text() == "Now learn too: Conv2D"


def test_that_typed_epochs_of_a_phase_are_one_step_to_undo(panel: HyperPanel, context: Context) -> None:
    panel.phases.add.click()
    (card,) = panel.phases.cards
    assert card.fields is not None
    (field,) = card.fields.rows["epochs"].editor.faces()
    field.setFocus()
    field.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(field, "12")
    assert phases(context)[0].epochs == 12
    context.document.undo_stack.undo()
    assert phases(context)[0].epochs == 10


def test_that_storing_features_can_be_turned_off_where_something_is_frozen(panel: HyperPanel, context: Context) -> None:
    assert panel.store_features.isChecked()
    panel.store_features.click()
    assert not context.document.project.training.store_features
    context.document.undo_stack.undo()
    assert panel.store_features.isChecked()
    context.document.apply("", set_training(plan="exact"))
    assert not panel.store_features.isEnabled()
    context.document.apply("", set_trainable(("base",), True))
    assert panel.store_features.isHidden()


def test_that_a_plan_tells_of_stored_features_or_why_there_are_none() -> None:
    plan = Plan("graph", 8, 1, features=StoredFeatures("conv", 2, 1234, 99, 2.34))
    told = "Graph chunks of 8 steps, 1 thread. What the frozen layers up to “conv” give was computed once, for 1,234 "
    assert plan_text(plan) == told + "samples in 2.3 s"
    plan = Plan("graph", 8, 1, no_features="The data are read piece by piece.")
    assert plan_text(plan).endswith("What frozen layers give is not stored: The data are read piece by piece.")


def test_that_each_phase_is_told_how_it_is_computed() -> None:
    first, later = Plan("xla", 8, 1), Plan("graph", 3, 1)
    assert plans_text((first, later)) == "XLA chunks of 8 steps, 1 thread\nGraph chunks of 3 steps, 1 thread"
    assert plans_text(()).startswith("The fastest way")


def test_that_the_curves_mark_where_a_phase_began(context: Context, qtbot: QtBot) -> None:
    plot = CurvePlot("loss", context.theme, context.settings)
    qtbot.addWidget(plot)
    for event in run_events(epochs=3, batches=10, chunk=10):
        context.run.history.append(event)
        if len(context.run.history.epochs) == 2 and not context.run.history.phases:
            context.run.history.append(PhaseBegan("r", 1, "Fine-tuning", 2, 20, 5, 0.0001))
    plot.show_history(context.run.history, "run")
    assert plot._marks == [(2.0, "Fine-tuning")]


def test_that_the_facts_of_a_run_name_its_phases(context: Context, qtbot: QtBot) -> None:
    details = RunDetails(context, RunActions(context))
    qtbot.addWidget(details)
    rows = dict(details._rows(record(phases=(("Fine-tuning", 4),))))
    assert rows["Phases"] == "Fine-tuning from epoch 5 on"


def test_that_a_phase_that_was_added_is_to_be_seen(panel: HyperPanel, qtbot: QtBot) -> None:
    panel.resize(330, 420)
    panel.phases.add.click()

    def seen() -> bool:
        (card,) = panel.phases.cards
        place = card.mapTo(panel, card.rect().topLeft())
        return place.y() > 0 and place.y() + card.height() < panel.height()

    qtbot.waitUntil(seen, timeout=2000)
