"""The picture of the curves and the table of the history."""

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workbench.cli.axes import linear_axis, logarithmic_axis
from workbench.cli.curves import HEIGHT, TRAINING, VALIDATION, WIDTH, curves_picture
from workbench.cli.report import history_table
from workbench.protocol.events import EpochEnded
from workbench.protocol.history import History


def history(epochs: int, *, validation: bool = True, metric: bool = True) -> History:
    found = History(batches_per_epoch=10)
    for epoch in range(epochs):
        metrics = {"loss": 2.0 / (epoch + 1)}
        if metric:
            metrics["accuracy"] = 1 - 0.5 / (epoch + 1)
        if validation:
            metrics |= {f"val_{name}": value * 1.1 for name, value in metrics.items()}
        found.losses.extend(2.0 / (epoch + 1 + batch / 10) for batch in range(10))
        found.epochs.append(EpochEnded("r", epoch, 10 * (epoch + 1), metrics, 0.001, float(epoch)))
    return found


def colours(picture: bytes) -> set[str]:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in image.getcolors(1 << 20) or []}


def test_that_the_picture_shows_training_and_validation() -> None:
    seen = colours(curves_picture(history(12), "Digits", "12 epochs"))
    assert {TRAINING, VALIDATION} <= seen
    assert VALIDATION not in colours(curves_picture(history(12, validation=False), "Digits", ""))


@pytest.mark.parametrize("found", [History(), history(1), history(1, metric=False), history(400)])
def test_that_few_and_many_epochs_are_drawn(found: History) -> None:
    assert colours(curves_picture(found, "名字 and more", "…"))


def test_that_values_which_are_no_numbers_are_left_out() -> None:
    found = history(3)
    found.losses.append(math.nan)
    found.epochs.append(EpochEnded("r", 3, 40, {"loss": math.inf, "accuracy": math.nan}))
    assert TRAINING in colours(curves_picture(found, "Diverged", ""))


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_that_ticks_are_round_ordered_and_inside(low: float, span: float) -> None:
    axis = linear_axis(low, low + span)
    values = [value for value, _ in axis.ticks]
    assert values == sorted(values)
    assert 1 <= len(values) <= 12
    assert all(-1e-6 <= axis.place(value) <= 1 + 1e-6 for value in values)


def test_that_epochs_have_whole_ticks() -> None:
    for epochs in range(1, 300):
        assert all(float(label).is_integer() for _, label in linear_axis(0, epochs, 8, whole=True).ticks)


@given(st.floats(1e-8, 1e8), st.floats(1.01, 1e6))
def test_that_logarithmic_ticks_are_inside(low: float, factor: float) -> None:
    axis = logarithmic_axis(low, low * factor)
    assert all(-1e-6 <= axis.place(value) <= 1 + 1e-6 for value, _ in axis.ticks)
    assert axis.place(low * factor) == pytest.approx(1)


def test_that_the_table_has_a_row_an_epoch_with_all_metrics() -> None:
    lines = history_table(history(2)).splitlines()
    assert lines[0] == "epoch,batches,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds"
    assert lines[2].startswith("2,20,1.0,0.75,1.1,")
