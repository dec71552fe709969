"""Where layers come that are moved by key: beside, into blocks and branches, and out of them."""

import pytest
from drawn_networks import layer

from workbench.domain.tree import Block, Branches, ModelTree, Residual, Wrapper
from workbench.ui.pages.model.moving import beside, inside, outside

TREE = ModelTree(
    (
        layer("a", "Dense"),
        Branches(
            id="fork",
            branches=(
                Block(id="left", children=(layer("b", "Dense"), layer("c", "Dense"))),
                Block(id="right", children=(layer("d", "Dense"),)),
            ),
        ),
        layer("e", "Dense"),
        Residual(id="skip", children=(layer("f", "Dense"),)),
        Wrapper(id="both", class_name="Bidirectional", child=layer("g", "LSTM")),
    )
)


@pytest.mark.parametrize(
    ("chosen", "steps", "spot"),
    [
        ("a", 1, (None, 2)),
        ("a", -1, None),
        ("c", 1, ("right", 0)),
        ("d", -1, ("left", 2)),
        ("b", -1, (None, 1)),
        ("d", 1, (None, 2)),
        ("f", 1, (None, 4)),
        ("left", 1, ("fork", 2)),
        ("right", 1, None),
        ("g", -1, (None, 3)),
    ],
)
def test_that_layers_go_up_and_down_through_branches_and_out_of_blocks(
    chosen: str, steps: int, spot: tuple[str | None, int] | None
) -> None:
    assert beside(TREE, (chosen,), steps) == spot


def test_that_layers_go_into_the_block_above_or_below_and_out_again() -> None:
    assert inside(TREE, ("e",)) == ("right", 1)
    assert inside(TREE, ("a",)) == ("left", 0)
    assert inside(TREE, ("both",)) == ("skip", 1)
    assert inside(TREE, ("f",)) is None
    assert inside(TREE, ()) is None
    assert outside(TREE, ("c",)) == (None, 2)
    assert outside(TREE, ("f",)) == (None, 4)
    assert outside(TREE, ("a",)) is None
    assert outside(TREE, ("left",)) is None
