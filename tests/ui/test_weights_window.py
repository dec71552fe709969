"""The window that takes weights from runs and files."""

from pathlib import Path

import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits.start import has_start
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.run_store import BEST_FILE, MODEL_FILE
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Start
from workbench.domain.weights_report import Taken, WeightsReport
from workbench.protocol.commands import TakeWeights
from workbench.protocol.events import Failed, WeightsTaken
from workbench.ui.context import Context
from workbench.ui.pages.model.weights_window import WeightsWindow


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


def add_run(folder: ProjectFolder, name: str, *files: str) -> Path:
    record = RunRecord(
        id=folder.new_run_id(), name=name, status="ended", started="2026-01-01", seed=0, epochs_planned=1
    )
    return folder.create_run(record, dict.fromkeys(files, b""))


def test_that_runs_files_and_other_projects_are_offered_and_what_is_taken_is_one_edit(
    context: Context, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    run = add_run(context.document.folder, "Run 1", MODEL_FILE, BEST_FILE)
    add_run(context.document.folder, "Run 2")
    other = ProjectFolder.create(tmp_path / "other", Project(name="Other"))
    window = WeightsWindow(context)
    qtbot.addWidget(window)
    assert [window.sources.itemText(number) for number in range(2)] == ["Run 1", "Run 1, best epoch"]
    window.add_project(other.path)
    assert window.report.text() == "other has no trained run. Choose another project."
    add_run(other, "Run 7", MODEL_FILE)
    window.add_project(other.path)
    assert window.sources.currentText() == "Run 7 of Other"
    window.add_file(tmp_path / "a.h5")
    assert not window.report.text()
    window.sources.setCurrentIndex(1)
    window.by_order.click()
    report = WeightsReport("“Run 1”", "topology", taken=(Taken("conv2d", "old"),), missing=("dense",))
    engine.reply_with(TakeWeights, WeightsTaken(0, {"conv": Start("f", ("old",))}, report))
    window.take_button.click()
    qtbot.waitUntil(lambda: has_start(context.document.project.model.nodes))
    sent = engine.last(TakeWeights)
    assert (sent.path, sent.by, sent.folder) == (str(run / BEST_FILE), "topology", str(context.document.path))
    assert "1 of 2 layers starts with weights" in window.report.text()
    assert context.document.undo_stack.undoText() == "Start with weights"
    assert window.take_button.isEnabled()


def test_that_a_refusal_is_told_in_the_window_and_nothing_changes(
    context: Context, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    window = WeightsWindow(context)
    qtbot.addWidget(window)
    assert not window.take_button.isEnabled()
    assert "no trained run yet" in window.report.text()
    window.add_file(tmp_path / "a.h5")
    engine.reply_with(TakeWeights, Failed(0, "a.h5 is damaged."))
    window.take_button.click()
    qtbot.waitUntil(lambda: "a.h5 is damaged." in window.report.text())
    assert window.report.property("role") == "bad"
    assert not context.document.undo_stack.count()
