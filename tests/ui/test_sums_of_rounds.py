"""How the parameters of a layer come about that is laid several times."""

from itertools import pairwise

from workbench.domain.summary import LayerSummary
from workbench.domain.tree import Layer, ModelTree, Repeat
from workbench.ui.pages.model.rounds import sums_of_all

DENSE = Layer(id="d", class_name="Dense", params={"units": 8})


def tree(times: int, grow: str = "") -> ModelTree:
    return ModelTree((Repeat(id="r", times=times, grow=grow, children=(DENSE,)),))


def built(*sizes: int) -> list[LayerSummary]:
    """Dense layers one behind another, from the first size on."""
    return [LayerSummary("d", f"dense_{a}", "Dense", (a,), (b,), a * b + b, a * b + b) for a, b in pairwise(sizes)]


def test_that_every_round_that_grows_is_told_with_its_own_numbers() -> None:
    lines = sums_of_all(DENSE, built(4, 8, 16, 32), tree(3, "units *2"))
    assert lines == (
        "Round 1: 4 × 8 + 8 = 40 parameters",
        "Round 2: 8 × 16 + 16 = 144 parameters",
        "Round 3: 16 × 32 + 32 = 544 parameters",
        "40 + 144 + 544 = 728 parameters",
        "32 units give 32 numbers",
    )


def test_that_rounds_that_are_alike_are_told_once_and_many_are_cut_short() -> None:
    lines = sums_of_all(DENSE, built(8, 8, 8), tree(2))
    assert lines[:2] == ("8 × 8 + 8 = 72 parameters", "2 rounds: 2 × 72 = 144 parameters")
    many = sums_of_all(DENSE, built(*range(7, 15)), tree(7, "units +1"))
    assert [line.partition(":")[0] for line in many[:5]] == ["Round 1", "Round 2", "Round 3", "…", "Round 7"]
    assert many[5] == f"All rounds = {sum(a * (a + 1) + a + 1 for a in range(7, 14)):,} parameters"


def test_that_one_round_and_a_rule_that_is_none_are_told_without_rounds() -> None:
    assert sums_of_all(DENSE, built(4, 8), tree(1))[0] == "4 × 8 + 8 = 40 parameters"
    assert sums_of_all(DENSE, built(4, 8, 16), tree(2, "nonsense")) == ()
    assert sums_of_all(None, (), tree(1)) == ()
