"""What brings the skip of a residual to the shape of its other side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.projection import NUMBER_BY_NUMBER, projection_of
from workbench.domain.values import ObjectSpec


@pytest.mark.parametrize(
    ("skip", "end", "expected"),
    [
        ((8,), (5,), ObjectSpec("Dense", {"units": 5})),
        (
            (32, 32, 16),
            (16, 16, 32),
            ObjectSpec("Conv2D", {"filters": 32, "kernel_size": 1, "strides": (2, 2), "padding": "same"}),
        ),
        (
            (None, 16),
            (None, 32),
            ObjectSpec("Conv1D", {"filters": 32, "kernel_size": 1, "strides": (1,), "padding": "same"}),
        ),
        ((8, 8, 4), (8, 8, 4), None),
        ((8, 8, 4), (1, 1, 4), None),  # a gate of squeeze and excitation is spread over the picture
        ((28, 28, 4), (26, 26, 4), None),  # no stride makes 26 of 28
        ((8, 8, 4), (16, 16, 4), None),  # nothing is made larger
        ((8, 4), (4,), None),
        ((None, 4), (6, 8), None),
    ],
)
def test_that_a_skip_is_projected_where_one_layer_can(
    skip: tuple[int | None, ...], end: tuple[int | None, ...], expected: ObjectSpec | None
) -> None:
    assert projection_of("Add", skip, end) == expected


def test_that_layers_that_lie_side_by_side_need_no_projection() -> None:
    assert projection_of("Concatenate", (8, 8, 4), (8, 8, 6)) is None


SHAPES = st.lists(st.one_of(st.none(), st.integers(1, 40)), max_size=5)


@given(st.sampled_from([*NUMBER_BY_NUMBER, "Dot"]), SHAPES, SHAPES)
def test_that_a_projection_gives_the_wanted_shape(merge: str, skip: list[int | None], end: list[int | None]) -> None:
    spec = projection_of(merge, skip, end)
    if spec is None or spec.class_name == "Dense":
        return
    strides = spec.params["strides"]
    assert isinstance(strides, tuple)
    for size, stride, wanted in zip(skip, strides, end, strict=False):
        assert isinstance(stride, int)
        assert (None if size is None else -(-size // stride)) == wanted
    assert spec.params["filters"] == end[-1]
