"""What the Data page tells of data that are too large to be held."""

from collections.abc import Iterator

import msgspec
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.dataset import DatasetInfo, StreamInfo
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import describe_task
from workbench.ui.pages.data.page import DataPage

LARGE = msgspec.structs.replace(
    DIGITS, stream=StreamInfo({"train": 700_000, "validation": 150_000, "test": 150_000}, pieces=2_000)
)


@pytest.fixture
def info() -> DatasetInfo:
    return LARGE


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[DataPage]:
    page = DataPage(context)
    qtbot.addWidget(page)
    page.resize(1280, 740)
    page.show()
    qtbot.waitExposed(page)
    yield page
    page.close()


def test_that_all_samples_are_counted_though_a_sample_is_shown(page: DataPage) -> None:
    assert describe_task(LARGE, lambda text: text).startswith("1,000,000 samples")
    button = page.samples._part_buttons["train"]
    assert "700,000" in button.toolTip()
    assert "700,000" not in button.text()
