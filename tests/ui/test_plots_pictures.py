"""Maps, bars and surfaces: what they show for which numbers, and what mouse and keys do."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.plots.bars import ActivationBars, ProbabilityBars
from workbench.ui.plots.colors import as_pixels, colored, viridis
from workbench.ui.plots.image_grid import ImageGrid
from workbench.ui.plots.names import metric_title, number
from workbench.ui.plots.surface import SurfacePlot
from workbench.ui.theme import Theme


def shown(qtbot: QtBot, widget: QWidget, width: int = 300, height: int = 300) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)


def test_that_values_become_viridis_from_low_to_high() -> None:
    colors = colored(np.array([[-1.0, 0.0, 5.0, 9.0, np.nan]]), 0.0, 5.0)
    np.testing.assert_array_equal(colors[0, 0], viridis()[0])
    np.testing.assert_array_equal(colors[0, 1], viridis()[0])
    np.testing.assert_array_equal(colors[0, 2], viridis()[255])
    np.testing.assert_array_equal(colors[0, 3], viridis()[255])
    assert colors[0, 4, 3] == 0


@pytest.mark.parametrize("shape", [(2, 4, 5), (2, 4, 5, 1), (2, 4, 5, 3), (2, 4, 5, 4), (2, 3, 3), (2, 4, 4)])
def test_that_pictures_of_every_kind_become_pixels(shape: tuple[int, ...]) -> None:
    pixels = as_pixels(np.full(shape, 128, dtype=np.uint8))
    assert pixels.shape == (*shape[:3], 4)
    assert (pixels[..., :3] == 128).all()


def test_that_numbers_between_0_and_1_keep_their_brightness_and_others_are_stretched() -> None:
    plain = as_pixels(np.array([[[0.0, 0.5], [0.25, 0.5]]]))
    assert plain[0, 0, 1, 0] == 128
    stretched = as_pixels(np.array([[[-2.0, 0.0], [2.0, 0.0]]]))
    assert stretched[0, :, :, 0].tolist() == [[0, 128], [255, 128]]


def test_that_all_maps_share_one_scale(qtbot: QtBot, theme: Theme) -> None:
    grid = ImageGrid(theme)
    shown(qtbot, grid)
    grid.show_maps(np.stack([np.zeros((4, 4)), np.full((4, 4), 2.0), np.full((4, 4), 4.0)]))
    assert grid.scale == (0.0, 4.0)
    picture = grid.grab().toImage()
    ratio = picture.devicePixelRatio()
    colors = []
    for index in range(3):
        centre = grid.tile_rect(index).center()
        colors.append(picture.pixelColor(int(centre.x() * ratio), int(centre.y() * ratio)))
    assert colors == [QColor(*viridis()[place].tolist()) for place in (0, 127, 255)]
    assert "from 0 to 4" in grid.accessibleDescription()


def test_that_small_maps_bear_short_captions(qtbot: QtBot, theme: Theme) -> None:
    grid = ImageGrid(theme)
    long, short = [f"filter {n // 4}, channel {n % 4}" for n in range(16)], [f"{n // 4}, {n % 4}" for n in range(16)]
    grid.show_maps(np.zeros((16, 3, 3)), long, short=short)
    shown(qtbot, grid)
    assert grid.captions() == short
    assert grid.value_text(6, 0, 0).startswith("filter 1, channel 2")
    grid.show_maps(np.zeros((2, 3, 3)), long[:2], short=short[:2])
    assert grid.captions() == long[:2]


def test_that_a_click_on_a_map_tells_which(qtbot: QtBot, theme: Theme) -> None:
    grid = ImageGrid(theme)
    shown(qtbot, grid)
    grid.show_maps(np.random.default_rng(0).random((9, 5, 5)))
    with qtbot.waitSignal(grid.clicked) as clicked:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.tile_rect(7).center())
    assert clicked.args == [7]


def test_that_the_keys_walk_over_the_maps(qtbot: QtBot, theme: Theme) -> None:
    grid = ImageGrid(theme)
    shown(qtbot, grid)
    grid.show_maps(np.zeros((9, 5, 5)))
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(grid, key)
    with qtbot.waitSignal(grid.clicked) as clicked:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert clicked.args == [1]


def test_that_the_value_under_the_mouse_is_told(qtbot: QtBot, theme: Theme) -> None:
    grid = ImageGrid(theme)
    shown(qtbot, grid)
    maps = np.arange(4 * 3 * 3, dtype=float).reshape(4, 3, 3)
    grid.show_maps(maps)
    rect = grid.tile_rect(2)
    with qtbot.waitSignal(grid.hovered, check_params_cb=bool) as hovered:
        qtbot.mouseMove(grid, rect.topLeft() + QPoint(rect.width() // 2, rect.height() - 2))
    assert hovered.args == [f"map 2 · row 2, column 1 · {int(maps[2, 2, 1])}"]


def test_that_tiles_fill_the_widget_and_never_overlap(qtbot: QtBot, theme: Theme) -> None:
    grid = ImageGrid(theme)
    shown(qtbot, grid, 320, 500)
    for count in (1, 2, 7, 36, 64):
        grid.show_maps(np.zeros((count, 6, 9)))
        rects = [grid.tile_rect(index) for index in range(count)]
        assert all(grid.rect().contains(rect) for rect in rects)
        assert not any(a.intersects(b) for place, a in enumerate(rects) for b in rects[place + 1 :])


def test_that_a_grid_of_fixed_tiles_asks_for_the_height_it_needs(qtbot: QtBot, theme: Theme) -> None:
    grid = ImageGrid(theme, tile=40)
    qtbot.addWidget(grid)
    grid.show_pictures(np.zeros((10, 8, 8), np.uint8))
    assert grid.heightForWidth(230) == 2 * 40 + 6
    assert grid.heightForWidth(50) == 10 * 40 + 9 * 6


def test_that_the_most_probable_classes_stand_first(qtbot: QtBot, theme: Theme) -> None:
    bars = ProbabilityBars(theme, most=3)
    shown(qtbot, bars)
    bars.show_values(["cat", "dog", "owl", "bee"], [0.1, 0.6, 0.05, 0.25], truth=3)
    assert bars.accessibleDescription() == "dog 60%, bee 25%, cat 10%"
    assert bars.sizeHint().height() == 3 * 26
    bars.grab()


def test_that_activations_tell_their_values(qtbot: QtBot, theme: Theme) -> None:
    bars = ActivationBars(theme)
    shown(qtbot, bars)
    bars.show_values(np.array([0.5, -1.25, 2.0, np.nan]))
    assert bars.accessibleDescription() == "4 units, from −1.25 to 2"
    assert bars.value_text(1) == "unit 1 · −1.25"
    bars.grab()
    bars.clear()
    bars.grab()


def test_that_the_surface_says_what_the_network_answers(qtbot: QtBot, theme: Theme) -> None:
    plot = SurfacePlot(theme)
    shown(qtbot, plot)
    x, y = np.linspace(-1, 1, 21), np.linspace(-2, 2, 11)
    surface = np.broadcast_to((x > 0).astype(np.float32), (11, 21))[..., None]
    plot.show_surface(x, y, surface, ("left", "right"))
    plot.show_points(np.array([[-0.5, 0.0], [0.5, 1.0]]), np.array([0, 1]))
    assert plot.answer_at(0.5, 0.0).endswith("right 100%")
    assert plot.answer_at(-0.5, 0.0).endswith("left 100%")
    assert plot.answer_at(5.0, 0.0) == ""
    assert plot.plot.accessibleDescription() == "Shares of the plane: left 52%, right 48%"
    plot.grab()


def test_that_a_surface_of_several_classes_and_one_of_numbers_are_drawn(qtbot: QtBot, theme: Theme) -> None:
    plot = SurfacePlot(theme)
    shown(qtbot, plot)
    x = np.linspace(0, 1, 5)
    three = np.zeros((5, 5, 3))
    three[..., 2] = 1
    plot.show_surface(x, x, three, ("a", "b", "c"))
    assert plot.answer_at(0.5, 0.5).endswith("c 100%")
    plot.show_surface(x, x, np.full((5, 5, 1), 7.5))
    plot.show_points(np.array([[0.1, 0.2]]), np.array([7.0]))
    assert plot.answer_at(0.5, 0.5).endswith("7.5")
    plot.show_curve(x, x**2)
    plot.show_points(x, x**2)
    plot.grab()


def test_that_numbers_and_metrics_are_written_for_people() -> None:
    numbers = [
        number(value) for value in (0.03125, 1e-7, 12345.0, -2.5, 0, 123456.789, None, float("nan"), float("inf"))
    ]
    assert numbers == ["0.03125", "1e-07", "12,345", "−2.5", "0", "123,457", "–", "–", "∞"]
    assert [metric_title(name) for name in ("loss", "val_loss", "mae", "val_mae", "top_k")] == [
        "Loss", "Validation loss", "MAE", "Validation MAE", "Top k",
    ]  # fmt: skip


def test_that_the_title_of_a_picture_alone_is_as_wide_as_need_be(theme: Theme, qtbot: QtBot) -> None:
    grid = ImageGrid(theme)
    qtbot.addWidget(grid)
    grid.resize(300, 300)
    grid.show_maps(np.zeros((1, 40, 2), np.float32), ["steps down, channels across"])
    place, _ = grid.caption_place(grid.tile_rect(0))
    assert place.width() == 300
    grid.show_maps(np.zeros((2, 40, 2), np.float32), ["one", "two"])
    place, _ = grid.caption_place(grid.tile_rect(1))
    assert place.width() < 60


def test_that_a_unit_alone_is_a_bar_and_no_wall(theme: Theme, qtbot: QtBot) -> None:
    bars = ActivationBars(theme)
    qtbot.addWidget(bars)
    bars.resize(600, 300)
    bars.show_values(np.ones(1))
    assert bars._area().width() < 120
    bars.show_values(np.ones(64))
    assert bars._area().width() > 500
