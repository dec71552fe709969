"""What the axes of samples are called."""

import pytest

from workbench.domain.axes import sample_axes
from workbench.domain.dataset import Form


@pytest.mark.parametrize(
    ("form", "rank", "names"),
    [
        ("pictures", 3, ("height", "width", "channel")),
        ("volumes", 4, ("frame", "height", "width", "channel")),
        ("arrays", 2, ("step", "feature")),
        ("arrays", 4, ("axis 1", "axis 2", "axis 3", "axis 4")),
    ],
)
def test_that_axes_are_called_by_what_they_mean(form: Form, rank: int, names: tuple[str, ...]) -> None:
    assert sample_axes(form, rank) == names
