"""Layers that start with kept weights, in the tree and in their form."""

from pathlib import Path

import msgspec
import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine
from model_pages import shown_page
from pytestqt.qtbot import QtBot

from workbench.domain import weights
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import clear_start, set_params, set_starts
from workbench.domain.edits.start import has_start
from workbench.domain.parts.spec import PartSpec
from workbench.domain.project import Project
from workbench.domain.summary import LayerSummary
from workbench.domain.tree import Start
from workbench.protocol.commands import Describe
from workbench.ui.context import Context, Notice
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.tree_model import ROW_ROLE, Column

FILE = "0" * 32 + ".npz"


@pytest.fixture
def project() -> Project:
    made = Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)
    return set_starts({"conv": Start(FILE, ("old_conv",)), "norm": Start(FILE, ("old_norm",))})(made)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    return shown_page(context, engine, qtbot)


def marked(page: ModelPage, node_id: str) -> bool:
    row = page.network.model.index_of(node_id).siblingAtColumn(Column.LAYER).data(ROW_ROLE)
    assert ("starts with kept weights" in row.spoken()) == row.starts
    return bool(row.starts)


def test_that_the_tree_and_the_form_say_what_starts_with_kept_weights_until_the_person_forgets_them(
    page: ModelPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert engine.last(Describe).folder == str(context.document.path)
    assert [marked(page, node_id) for node_id in ("conv", "norm", "flat")] == [True, True, False]
    page.view.choose(("flat",))
    page._show_chosen()
    assert page.properties.start.isHidden()
    assert not page.network_actions.by_name["start_afresh"].isEnabled()
    page.view.choose(("conv",))
    page._show_chosen()
    assert "“old_conv”" in page.properties.start.text.text()
    page.properties.start.button.click()
    assert [marked(page, node_id) for node_id in ("conv", "norm")] == [False, True]
    assert context.document.undo_stack.undoText() == "Start afresh"
    context.document.undo_stack.undo()
    page.network_actions.by_name["select_all"].trigger()
    page.network_actions.by_name["start_afresh"].trigger()
    assert not has_start(context.document.project.model.nodes)


def test_that_weights_that_do_not_fit_are_no_start(page: ModelPage, context: Context) -> None:
    summary = context.model.summary
    assert summary is not None

    def misfit(layer: LayerSummary) -> LayerSummary:
        return msgspec.structs.replace(layer, start="misfit") if layer.node_id == "conv" else layer

    context.model.summary = msgspec.structs.replace(summary, layers=tuple(map(misfit, summary.layers)))
    context.model._find_problems()
    assert [marked(page, node_id) for node_id in ("conv", "norm")] == [False, True]
    assert [problem.code for problem in context.model.problems].count("start_misfit") == 1
    page.view.choose(("conv",))
    page._show_chosen()
    assert page.properties.start.text.text() == "The kept weights of “old_conv” do not fit."


def test_that_the_script_is_saved_with_the_weights_beside_it(page: ModelPage, context: Context, tmp_path: Path) -> None:
    file = weights.keep(context.document.path, b"weights")
    context.document.apply("", set_starts({"conv": Start(file, ("a",)), "norm": None}))
    (tmp_path / "there").mkdir()
    page.code.save(tmp_path / "there" / "train.py")
    assert (tmp_path / "there" / weights.FOLDER / file).read_bytes() == b"weights"


def test_that_a_copied_script_tells_what_it_needs_beside_it(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    def told() -> Notice:
        with qtbot.waitSignal(context.noticed) as signal:
            page.code.copy_button.click()
        notice = signal.args[0]
        assert isinstance(notice, Notice)
        return notice

    notice = told()
    assert "(folder “weights”)" in notice.message
    assert "parts" not in notice.message
    assert notice.action == page.code.ask_save
    own = PartSpec("mine", "import keras\n\n\ndef swell(x):\n    return x * x\n")
    context.document.apply("", lambda project: msgspec.structs.replace(project, parts=(own,)))
    context.document.apply("", set_params(("dense",), {"activation": "swell"}))
    assert "(folder “parts”) and the weights" in told().message
    context.document.apply("", set_params(("dense",), {"activation": "relu"}))
    context.document.apply("", clear_start(("conv", "norm")))
    assert told().message == "The script is on the clipboard."
