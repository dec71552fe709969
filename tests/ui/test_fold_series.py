"""A series of folds in the window: one run after the other, its progress, and what all say together."""

from collections.abc import Iterator

import msgspec
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from replay import record, run_events

from workbench.domain import project_file
from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.folds import with_fold
from workbench.domain.project import Project
from workbench.protocol.codec import to_json
from workbench.protocol.commands import Train
from workbench.protocol.events import EpochEnded, RunEnded, RunStarted
from workbench.ui.context import Context, Notice
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.training import TrainingControl
from workbench.ui.widgets.progress_text import progress_text


@pytest.fixture
def project() -> Project:
    return Project(name="folds", data=DatasetSpec(SourceSpec("digits"), split=Split(folds=3)))


@pytest.fixture
def told(context: Context) -> list[Notice]:
    notices: list[Notice] = []
    context.noticed.connect(notices.append)
    return notices


@pytest.fixture
def control(context: Context, told: list[Notice], qtbot: QtBot) -> Iterator[TrainingControl]:
    control = TrainingControl(context)
    yield control
    if context.run._redraw.isActive():
        with qtbot.waitSignal(context.run.advanced):
            pass


def run_id(fold: int) -> str:
    return f"2026010{fold}-101500-000-aaaa"


def train_fold(context: Context, command: Train, fold: int, accuracy: float, reason: str = "completed") -> list[object]:
    """What the engine does: the folder of the run, and its events."""
    run, folder = run_id(fold), context.document.folder
    values = {"name": f"Run {fold}, fold {fold} of 3", "series": command.series, "fold": fold, "folds": 3}
    begun = record(run, epochs_planned=2, **values)
    last = {"loss": 0.3, "val_accuracy": accuracy}
    ended = msgspec.structs.replace(
        begun, status="ended", reason=reason, last=last, best=last, epochs_done=2, steps_done=8, best_epoch=1
    )
    path = folder.create_run(ended)
    (path / "project.json").write_bytes(project_file.encode(with_fold(command.project, fold)))
    events = list(run_events(2, planned=2, batches=4, run=run, folder=str(path), reason=reason))
    events[0] = msgspec.structs.replace(events[0], record=begun)
    (path / "history.jsonl").write_bytes(b"".join(to_json(event) + b"\n" for event in events))
    return events


def test_that_each_fold_is_trained_after_the_other(
    control: TrainingControl, context: Context, engine: FakeEngine, told: list[Notice], qtbot: QtBot
) -> None:
    context.run.train()
    first = engine.last(Train)
    assert first.series
    for fold, accuracy in ((1, 0.9), (2, 0.94), (3, 0.95)):
        qtbot.waitUntil(lambda fold=fold: len(engine.of(Train)) == fold)
        command = engine.last(Train)
        assert command.series == first.series
        assert command.project.data.split.fold == (fold if fold > 1 else 0), "the engine begins with the first"
        engine.replay(train_fold(context, command, fold, accuracy))
    qtbot.waitUntil(lambda: bool(told))
    assert [notice.message for notice in told] == [
        "3 folds are trained. Validation accuracy: 0.93 ± 0.026 (mean ± standard deviation)."
    ]
    assert len(engine.of(Train)) == 3
    assert not context.run.busy


@pytest.mark.parametrize("reason", ["stopped", "failed"])
def test_that_a_fold_that_is_stopped_or_fails_ends_the_series(
    control: TrainingControl, context: Context, engine: FakeEngine, told: list[Notice], qtbot: QtBot, reason: str
) -> None:
    context.run.train()
    engine.replay(train_fold(context, engine.last(Train), 1, 0.9, reason))
    qtbot.wait(150)
    assert len(engine.of(Train)) == 1
    assert len(told) == 1


def test_that_the_series_goes_on_behind_a_run_that_is_resumed(
    control: TrainingControl, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    command = Train(context.document.project, "", series="earlier")
    train_fold(context, command, 1, 0.9)
    events = train_fold(context, command, 2, 0.9)
    context.run.train(run_id(2))
    engine.replay(events)
    qtbot.waitUntil(lambda: len(engine.of(Train)) == 2)
    assert engine.last(Train).series == "earlier"
    assert engine.last(Train).project.data.split.fold == 3
    assert engine.last(Train).run is None


def test_that_a_project_changed_meanwhile_changes_no_fold_of_the_series(
    control: TrainingControl, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    context.run.train()
    first = engine.last(Train)
    context.document.apply("Rename", lambda project: msgspec.structs.replace(project, name="other"))
    engine.replay(train_fold(context, first, 1, 0.9))
    qtbot.waitUntil(lambda: len(engine.of(Train)) == 2)
    assert engine.last(Train).project.name == "folds"


def test_that_one_fold_alone_is_no_series(control: TrainingControl, context: Context, engine: FakeEngine) -> None:
    context.document.apply("Only", lambda project: with_fold(project, 2))
    context.run.train()
    assert engine.last(Train).series == ""


def test_that_the_progress_tells_the_fold(control: TrainingControl, context: Context, engine: FakeEngine) -> None:
    context.run.train()
    events = train_fold(context, engine.last(Train), 2, 0.9)
    engine.replay([event for event in events if not isinstance(event, RunEnded)])
    assert progress_text(context)[0].startswith("Fold 2 of 3  ·  Epoch 2 of 2")
    context.run._advance()


def test_that_an_ordinary_run_tells_of_no_fold(control: TrainingControl, context: Context, engine: FakeEngine) -> None:
    engine.replay(event for event in run_events(1) if isinstance(event, RunStarted | EpochEnded))
    assert "Fold" not in progress_text(context)[0]


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> Iterator[RunsPage]:
    command = Train(context.document.project, "", series="s")
    for fold, accuracy in ((1, 0.9), (2, 0.94), (3, 0.95)):
        train_fold(context, command, fold, accuracy)
    context.document.folder.create_run(record(run_id(9), status="ended", reason="completed", name="alone"))
    page = RunsPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    qtbot.waitUntil(lambda: page.model.total == 4)
    yield page
    page.hide()


def test_that_the_runs_page_tells_what_the_folds_say_together(page: RunsPage, qtbot: QtBot) -> None:
    page.choose(run_id(9))
    assert page.details.folds.isHidden()
    page.choose(run_id(2))
    folds = page.details.folds
    assert folds.isVisible()
    assert folds.title.text() == "3 of 3 folds: mean ± standard deviation"
    texts = [child.text() for child in folds._table.children() if hasattr(child, "text")]
    assert texts[2:] == ["Loss", "0.3\n± 0", "0.3\n± 0", "Validation accuracy", "0.93\n± 0.026", "0.93\n± 0.026"]
    folds.all.click()
    assert {record.id for record in page.chosen} == {run_id(1), run_id(2), run_id(3)}
    assert folds.isVisible(), "they are of one series"
    qtbot.waitUntil(lambda: len(page._histories) >= 3)


def test_that_what_the_folds_say_has_its_room_while_they_end_one_by_one(page: RunsPage, qtbot: QtBot) -> None:
    page.choose(run_id(2))
    page.details.folds.all.click()
    records = list(page.chosen)
    page.choose(run_id(9))
    page.resize(1000, 640)
    folds = page.details.folds
    for ended in (1, 2, 3):
        page.details.show_records(records[ended - 1 : ended], series=records[:ended])
        assert folds._table.isVisible()
    qtbot.waitUntil(lambda: folds.all.y() > folds._table.geometry().bottom())
    assert folds._table.height() >= folds._table.sizeHint().height()


def test_that_runs_without_a_common_series_are_told_nothing_of_folds(page: RunsPage, qtbot: QtBot) -> None:
    page._select([run_id(1), run_id(9)])
    assert page.details.folds.isHidden()
    qtbot.waitUntil(lambda: run_id(9) in page._histories)
