"""A project in folds, trained in the real window on the real engine."""

from opening import Opener
from pytestqt.qtbot import QtBot

from workbench.domain.edits import set_split, set_training
from workbench.ui.pages.runs.page import RunsPage

LONG = 60_000


def test_that_one_press_trains_all_folds_and_the_runs_page_tells_their_mean(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(sample="iris")
    context = window.context
    context.document.apply("Set", set_training(epochs=2))
    context.document.apply("Folds", set_split(folds=3))
    qtbot.waitUntil(lambda: context.data.info is not None and len(context.data.info.folds) == 3, timeout=LONG)
    qtbot.waitUntil(lambda: context.model.summary is not None and not context.model.errors, timeout=LONG)
    with qtbot.waitSignal(context.folds.ended, timeout=LONG):
        window.actions_by_name["train"].trigger()
    records = context.document.folder.list_runs()[::-1]
    assert [(record.fold, record.reason) for record in records] == [(fold, "completed") for fold in (1, 2, 3)]
    assert window.notices.message.startswith("3 folds are trained. Validation accuracy: ")
    assert context.document.project.data.split.fold == 0
    window.show_page("runs")
    page = window.page("runs")
    assert isinstance(page, RunsPage)
    qtbot.waitUntil(lambda: page.model.total == 3, timeout=LONG)
    assert page.details.folds.title.text().startswith("3 of 3 folds")
