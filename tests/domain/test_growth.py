"""Parameters grow from round to round of a repetition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.graph import GraphError, layout
from workbench.domain.growth import LARGEST, GrowthError, grown, rule_between, rules_of
from workbench.domain.tree import Layer, ModelTree, Repeat, Wrapper


def repeated(grow: str, *children: Layer | Repeat | Wrapper, times: int = 3) -> ModelTree:
    return ModelTree((Repeat(id="r", times=times, grow=grow, children=children),))


def conv(**params: object) -> Layer:
    return Layer(id="c", class_name="Conv2D", params=params)  # type: ignore[arg-type]


def values(tree: ModelTree, name: str) -> list[object]:
    return [step.params.get(name) for step in layout(tree).steps if step.kind != "input"]


def test_that_filters_double_from_round_to_round() -> None:
    assert values(repeated("filters *2", conv(filters=32)), "filters") == [32, 64, 128]
    assert values(repeated("filters × 2", conv(filters=32)), "filters") == [32, 64, 128]
    assert values(repeated("", conv(filters=32)), "filters") == [32, 32, 32]


def test_that_several_parameters_grow_each_by_its_rule() -> None:
    tree = repeated("filters +16, dilation_rate *2", conv(filters=8, dilation_rate=1, padding="same"))
    assert values(tree, "filters") == [8, 24, 40]
    assert values(tree, "dilation_rate") == [1, 2, 4]
    assert values(tree, "padding") == ["same"] * 3


def test_that_halves_stay_whole_where_they_began_so() -> None:
    tree = repeated("units *0.5", Layer(id="d", class_name="Dense", params={"units": 30}))
    assert values(tree, "units") == [30, 15, 8]
    tree = repeated("rate +0.1", Layer(id="d", class_name="Dropout", params={"rate": 0.1}))
    assert values(tree, "rate") == pytest.approx([0.1, 0.2, 0.3])


def test_that_repetitions_inside_one_another_grow_together() -> None:
    inner = Repeat(id="i", times=2, grow="filters +1", children=(conv(filters=10),))
    assert values(repeated("filters *2", inner, times=2), "filters") == [10, 11, 20, 21]


def test_that_the_layer_in_a_wrapper_grows_too() -> None:
    wrapper = Wrapper(
        id="w", class_name="TimeDistributed", child=Layer(id="d", class_name="Dense", params={"units": 4})
    )
    steps = [step for step in layout(repeated("units *2", wrapper, times=2)).steps if step.inner is not None]
    assert [step.inner.params["units"] for step in steps if step.inner] == [4, 8]


@pytest.mark.parametrize("text", ["filters", "filters 2", "filters *", "filters ^2", "*2", "filters *2; units +1"])
def test_that_what_is_no_rule_is_told_on_the_repetition(text: str) -> None:
    with pytest.raises(GraphError, match="is no rule of growth") as told:
        layout(repeated(text, conv(filters=4)))
    assert told.value.node_id == "r"


@given(st.text(max_size=40))
def test_that_any_text_is_a_rule_or_told(text: str) -> None:
    try:
        rules = rules_of(text)
    except GrowthError:
        return
    grown({"filters": 3, "rate": 0.5}, rules, 3)


def test_that_growth_has_an_end() -> None:
    assert grown({"units": 10}, rules_of("units *999999999"), 4_999) == {"units": LARGEST}
    assert grown({"units": 10}, rules_of("units +999999999"), 4_999) == {"units": LARGEST}


def test_that_the_rule_is_found_from_what_it_gives() -> None:
    rounds = [
        [{"filters": 16 * 2**n, "rate": 0.25 + 0.125 * n}, {"filters": 8 * 2**n, "padding": "same"}] for n in range(3)
    ]
    assert rule_between(rounds) == "filters *2, rate +0.125"
    assert rule_between(rounds[:1] * 3) == ""
    assert rule_between([*rounds[:2], rounds[1]]) is None
    assert rule_between([[{"filters": 16, "strides": 1}], [{"filters": 32, "strides": "no"}]]) is None
    assert rule_between([[{"use_bias": False}], [{"use_bias": True}]]) is None


@given(
    st.lists(st.integers(-(10**12), 10**12) | st.floats(allow_nan=False), min_size=2, max_size=5),
    st.integers(-(10**6), 10**6),
)
def test_that_a_rule_that_is_found_gives_the_very_numbers(numbers: list[int | float], other: int) -> None:
    rounds = [[{"units": number, "other": other}] for number in numbers]
    rule = rule_between(rounds)
    if rule is not None:
        for number, (params,) in enumerate(rounds):
            assert grown(rounds[0][0], rules_of(rule), number) == params
