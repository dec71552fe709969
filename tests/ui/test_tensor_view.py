"""The view "Tensor" of the Data page: what is asked of the engine, and how its answer is shown."""

from collections.abc import Iterator

import numpy as np
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.dataset import DatasetInfo
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowTensor
from workbench.protocol.events import Failed, TensorShown
from workbench.ui.context import Context
from workbench.ui.pages.data.seeing import TENSOR, SeeingStack
from workbench.ui.pages.data.tensor_panel import TensorPanel

X = np.arange(32 * 8 * 8, dtype=np.float32).reshape(32, 8, 8, 1)


def answer(command: ShowTensor) -> TensorShown:
    """A batch of pictures whose values count up, or a sample of it; a text where it comes raw."""
    if command.form == "raw":
        return TensorShown(0, (), "text", 8, 8, (), True, (), (), "a film", 0, notes=("The texts lie elsewhere.",))
    array = X if command.what == "batch" else X[0]
    axes = ("sample", "height", "width", "channel")[-array.ndim :]
    place = (*command.place, 0, 0, 0, 0)[: array.ndim]
    rows = np.ascontiguousarray(array[place[:-3]][:, :, 0])
    return TensorShown(
        0,
        array.shape,
        "float32",
        4,
        array.nbytes,
        array.strides,
        True,
        axes,
        place,
        float(array[place]),
        sum(at * stride for at, stride in zip(place, array.strides, strict=True)),
        window=Array("float32", rows.shape, rows.tobytes()),
        window_axes=(array.ndim - 3, array.ndim - 2),
    )


@pytest.fixture
def info() -> DatasetInfo:
    return DIGITS


@pytest.fixture
def panel(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[TensorPanel]:
    engine.reply_with(ShowTensor, answer)
    seeing = SeeingStack(context)
    qtbot.addWidget(seeing)
    seeing.resize(554, 700)
    seeing.show()
    seeing.buttons[TENSOR].click()
    qtbot.waitUntil(lambda: seeing.tensor.shown is not None)
    yield seeing.tensor
    seeing.close()


def wait_for_place(panel: TensorPanel, place: tuple[int, ...], qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel.shown is not None and panel.shown.place == place)


def test_that_a_batch_is_told_axis_by_axis(panel: TensorPanel) -> None:
    assert panel.facts.text() == "rank 4 · shape (32, 8, 8, 1) · float32, 4 bytes a value · 8.0 KB in all · contiguous"
    assert [name.text() for name in panel.names[:4]] == [
        "sample · 32\n256 bytes apart",
        "height · 8\n32 bytes apart",
        "width · 8\n4 bytes apart",
        "channel · 1\n4 bytes apart",
    ]
    assert panel.names[4].isHidden()
    assert panel.spins[0].maximum() == 31
    assert panel.caption.text() == "Rows: height, columns: width"
    panel.grab()


def test_that_an_index_leads_to_its_value_and_its_place_in_memory(
    panel: TensorPanel, engine: FakeEngine, qtbot: QtBot
) -> None:
    panel.spins[0].setValue(5)
    wait_for_place(panel, (5, 0, 0, 0), qtbot)
    panel.spins[1].setValue(3)
    wait_for_place(panel, (5, 3, 0, 0), qtbot)
    assert engine.last(ShowTensor).place == (5, 3, 0, 0)
    assert panel.sum.text() == "offset = Σ index · stride = 5 · 256 + 3 · 32 + 0 · 4 + 0 · 4 = 1,376 bytes"
    assert panel.value.text() == "The value there: 344"


def test_that_a_click_on_a_box_or_on_a_value_chooses_it(panel: TensorPanel, qtbot: QtBot) -> None:
    index, box = panel.boxes.boxes(2)[6]
    qtbot.mouseClick(panel.boxes, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    wait_for_place(panel, (0, 0, index, 0), qtbot)
    table = panel.table
    table.clicked.emit(table.values.index(4, 2))
    wait_for_place(panel, (0, 4, 2, 0), qtbot)
    assert (table.values.chosen.row(), table.values.chosen.column()) == (4, 2)
    assert table.values.chosen.data() == "34"
    qtbot.mouseClick(panel.boxes, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))  # between the boxes: nothing


def test_that_another_array_can_be_looked_at(panel: TensorPanel, engine: FakeEngine, qtbot: QtBot) -> None:
    panel.kinds["sample"].click()
    qtbot.waitUntil(lambda: panel.shown is not None and len(panel.shown.shape) == 3)
    panel.index.setValue(7)
    panel.part.setCurrentIndex(2)
    panel.part.activated.emit(2)
    panel.look.setCurrentIndex(1)
    panel.look.activated.emit(1)
    asked = engine.last(ShowTensor)
    assert (asked.what, asked.index, asked.part, asked.look) == ("sample", 7, "test", "transposed")
    panel.forms["raw"].click()
    qtbot.waitUntil(lambda: panel.shown is not None and panel.shown.dtype == "text")
    assert panel.value.text() == "The value there: a film"
    assert panel.facts.text().endswith("The texts lie elsewhere.")
    assert panel.table.isHidden()
    assert panel.sum.isHidden()


def test_that_a_failure_is_told_and_goes_away(panel: TensorPanel, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.reply_with(ShowTensor, Failed(0, "The test part has no samples. Choose another part."))
    panel.choose(part="test")
    qtbot.waitUntil(lambda: not panel.message.isHidden())
    assert panel.message.text().startswith("The test part has no samples")
    engine.reply_with(ShowTensor, answer)
    panel.choose(part="train")
    qtbot.waitUntil(panel.message.isHidden)


def test_that_other_data_are_asked_for_anew(
    panel: TensorPanel, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    count = len(engine.of(ShowTensor))
    context.data.info_changed.emit()
    assert panel.shown is None
    qtbot.waitUntil(lambda: panel.shown is not None)
    assert len(engine.of(ShowTensor)) == count + 1
