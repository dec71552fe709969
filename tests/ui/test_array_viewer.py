"""Arrays of numbers on the Data page: small drawings of all, and the chosen one with its axes."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import DatasetInfo, StageInfo
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.data.samples import SamplesPanel
from workbench.ui.pages.data.task import describe_task, task_word
from workbench.ui.plots.array_sample import SamplePlot, SmallDrawing, plane_of, planes_of
from workbench.ui.settings import SCHEME

COUNT = 5
CURVES = msgspec.structs.replace(
    IRIS, form="arrays", input_shape=(24, 3), features=(), classes=("falls", "rises"), target="y"
)
NUMBERS = msgspec.structs.replace(CURVES, task="regression", classes=(), labels="number", target_shape=(2,))
TAGS = msgspec.structs.replace(CURVES, task="segmentation", target_shape=(24, 1), classes=("low", "middle", "high"))
NAMED = msgspec.structs.replace(
    CURVES, stages=(StageInfo((24, 3), "float32", names=("heart", "breath", "temperature")),)
)
WIDE = msgspec.structs.replace(CURVES, input_shape=(30, 40))
DEEP = msgspec.structs.replace(CURVES, input_shape=(2, 6, 7, 3))


def array(values: npt.ArrayLike, dtype: str = "float32") -> Array:
    numbers = np.asarray(values, dtype=dtype)
    return Array(dtype, numbers.shape, numbers.tobytes())


def values_of(shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    return np.arange(COUNT * int(np.prod(shape)), dtype=np.float32).reshape(COUNT, *shape)


@pytest.fixture
def panel(context: Context, engine: FakeEngine, info: DatasetInfo, qtbot: QtBot) -> SamplesPanel:
    def answer(command: ShowSamples) -> SamplesShown:
        rows = range(command.start, min(COUNT, command.start + command.count))
        steps = np.arange(24).reshape(24)[None] % 3
        return SamplesShown(
            0,
            command.part,
            command.start,
            COUNT,
            tuple(rows),
            labels=tuple(row % 2 for row in rows) if info.classes and len(info.target_shape) < 2 else (),
            targets=() if info.classes else tuple(row + 0.5 for row in rows),
            inputs=array(values_of(info.input_shape)[rows.start : rows.stop]),
            beside=array(np.repeat(steps, len(rows), axis=0), "uint8") if info is TAGS else None,
        )

    engine.reply_with(ShowSamples, answer)
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    panel.resize(600, 600)
    panel.show()
    qtbot.waitUntil(lambda: bool(panel.arrays.caption.text()))
    return panel


@pytest.mark.parametrize("info", [CURVES])
def test_that_each_sample_is_a_small_drawing_and_the_chosen_one_has_axes(panel: SamplesPanel, qtbot: QtBot) -> None:
    view = panel.arrays
    assert panel.views.currentWidget() is view
    assert [view.model.index(row).data() for row in range(COUNT)] == ["falls", "rises"] * 2 + ["falls"]
    assert view.caption.text() == "Training 0  ·  y: falls"
    assert len(view.plot.listDataItems()) == 3
    assert [view.plot.getAxis(side).labelText for side in ("bottom", "left")] == ["Step", "Value"]
    assert view.legend.isVisible()
    assert not view.plane.isVisible()
    view.gallery.setCurrentIndex(view.model.index(3))
    qtbot.waitUntil(lambda: view.caption.text() == "Training 3  ·  y: rises")
    assert view.plot.listDataItems()[1].getData()[1].tolist() == values_of((24, 3))[3, :, 1].tolist()


@pytest.mark.parametrize("info", [CURVES])
def test_that_the_slider_makes_the_drawings_larger(panel: SamplesPanel) -> None:
    assert panel.zoom.isVisible()
    before = panel.arrays.gallery.iconSize().width()
    panel.zoom.setValue(2)
    size = panel.arrays.gallery.iconSize()
    assert size.width() > before
    assert size.height() == panel.arrays.model._icon_of(0).availableSizes()[0].height() / 2  # no gap below them


@pytest.mark.parametrize(("info", "names"), [(CURVES, "feature 0"), (NAMED, "heart")], ids=["nameless", "named"])
def test_that_the_legend_names_the_curves_and_hides_them(panel: SamplesPanel, names: str) -> None:
    view = panel.arrays
    entry = view.legend._entries["0"]
    assert entry.text() == names
    entry.click()
    assert len(view.plot.listDataItems()) == 2


@pytest.mark.parametrize("info", [CURVES])
def test_that_another_part_begins_with_its_first_sample(panel: SamplesPanel, qtbot: QtBot) -> None:
    panel.show_part("test")
    qtbot.waitUntil(lambda: panel.arrays.caption.text() == "Test 0  ·  y: falls")


@pytest.mark.parametrize("info", [TAGS])
def test_that_a_sequence_to_learn_stands_below_the_steps_it_belongs_to(panel: SamplesPanel) -> None:
    view = panel.arrays
    assert view.learned.isVisible()
    assert view.learned_title.text() == "To learn"
    assert view.model.index(2).data() == "2"
    widths = {plot.getAxis("left").fixedWidth for plot in (view.plot, view.learned)}
    assert len(widths) == 1
    assert not view.plot.getAxis("bottom").label.isVisible()
    assert view.learned.getAxis("bottom").labelText == "Step"


@pytest.mark.parametrize("info", [NUMBERS])
def test_that_of_several_numbers_the_first_is_shown_and_more_are_promised(panel: SamplesPanel) -> None:
    assert panel.arrays.caption.text() == "Training 0  ·  y: 0.5, …"
    assert panel.arrays.model.index(1).data() == "1.5, …"


@pytest.mark.parametrize("info", [WIDE])
def test_that_many_features_are_colours_whose_range_is_told(panel: SamplesPanel) -> None:
    view = panel.arrays
    assert view.plot.listDataItems() == []
    assert [view.plot.getAxis(side).labelText for side in ("bottom", "left")] == ["Step", "Feature"]
    assert view.colors.text() == "Dark is 0, bright 1,199"
    assert not view.legend.isVisible()


@pytest.mark.parametrize("info", [DEEP])
def test_that_a_slider_goes_through_the_planes_of_larger_arrays(panel: SamplesPanel) -> None:
    view = panel.arrays
    assert view.plane.maximum() == 5
    assert view.where.text() == "[0, :, :, 0]"
    view.plane.setValue(5)
    assert view.where.text() == "[1, :, :, 2]"
    sample = values_of((2, 6, 7, 3))[0]
    assert view.colors.text() == f"Dark is {sample[1, :, :, 2].min():.0f}, bright {sample[1, :, :, 2].max():.0f}"


@pytest.mark.parametrize("info", [CURVES, WIDE], ids=["curves", "colours"])
def test_that_the_dark_scheme_draws_all_anew(panel: SamplesPanel, context: Context) -> None:
    icon = panel.arrays.model._icon_of(0).pixmap(72).toImage()
    context.settings.set(SCHEME, "dark")
    assert panel.arrays.plot.backgroundBrush().color().name() == context.theme.tokens.panel
    if panel.arrays.plot.has_curves:
        assert panel.arrays.model._icon_of(0).pixmap(72).toImage() != icon


@pytest.mark.parametrize("info", [CURVES])
def test_that_the_other_views_of_the_feed_leave_arrays_alone(panel: SamplesPanel) -> None:
    assert panel.gallery.pictures.rowCount() == panel.volumes.model.rowCount() == 0


def test_that_a_plane_is_the_last_two_axes_before_the_channels() -> None:
    sample = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    for which, name in enumerate(planes_of(sample)):
        expected = eval(f"sample{name}", {"sample": sample})  # the name is what numpy understands
        assert plane_of(sample, which).tolist() == expected.tolist()
    assert planes_of(np.zeros(9)) == planes_of(np.zeros((9, 2))) == ("",)


@pytest.mark.parametrize(
    "sample",
    [
        np.full((6, 2), 3.0),
        np.full((6, 2), np.nan),
        np.array([[np.nan, 1.0], [2.0, np.inf]]),
        np.zeros((1, 1)),
        np.zeros(2000),
        np.zeros((1, 500)),
    ],
    ids=["constant", "missing", "with holes", "one number", "long", "one step"],
)
def test_that_odd_arrays_are_drawn(context: Context, qtbot: QtBot, sample: npt.NDArray[np.float64]) -> None:
    assert not SmallDrawing.of(sample).pixmap(72, 2.0, context.theme).isNull()
    plot = SamplePlot(context.theme)
    qtbot.addWidget(plot)
    plot.show()
    plot.show_sample(sample)
    plot.grab()
    plot.show_nothing()
    assert plot.range_text() == ""


def test_that_a_long_curve_keeps_its_peaks_when_drawn_small() -> None:
    sample = np.zeros((5000, 1))
    sample[1234] = 1
    drawing = SmallDrawing.of(sample)
    assert len(drawing.values) <= 48
    assert drawing.values.max() == 1


def test_that_several_nameless_numbers_are_no_single_number() -> None:
    assert describe_task(NUMBERS, str) == "150 samples; 2 numbers are learned at once (regression)."
    assert task_word(NUMBERS, str) == "numbers"
    one = msgspec.structs.replace(NUMBERS, target_shape=(1,))
    assert task_word(one, str) == "a number"
