"""The Model page on a recorded answer of the engine, as several files of tests open it."""

from fake_engine import FakeEngine, recorded
from pytestqt.qtbot import QtBot

from workbench.protocol.commands import Describe
from workbench.ui.context import Context
from workbench.ui.pages.model import PAGE
from workbench.ui.pages.model.page import ModelPage


def shown_page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    """The page with the network of pictures described."""
    engine.reply_with(Describe, recorded("described_pictures"))
    page = PAGE.make(context)
    assert isinstance(page, ModelPage)
    qtbot.addWidget(page)
    page.resize(1180, 690)
    page.show()
    with qtbot.waitSignal(context.model.changed):
        context.model.describe()
    return page
