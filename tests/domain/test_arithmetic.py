"""The sums beside a layer's form agree with Keras; the cases were recorded from Keras 3.15."""

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.domain.arithmetic import explain, explain_wrapped

CASES = json.loads((Path(__file__).parent / "arithmetic_cases.json").read_text(encoding="utf-8"))


def explained(case: dict[str, Any], **changed: Any) -> tuple[str, ...]:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in case["values"].items()}
    about = {name: case[name] for name in ("input_shape", "output_shape", "params")} | changed
    return explain(case["class_name"], values, **about)


def name_of(case: dict[str, Any]) -> str:
    return f"{case['class_name']}-{case['input_shape']}-{case['params']}"


@pytest.mark.parametrize("case", [case for case in CASES if case["params"]], ids=name_of)
def test_that_the_sum_of_parameters_is_that_of_keras(case: dict[str, Any]) -> None:
    lines = explained(case)
    if case["values"].get("data_format") == "channels_first":
        assert lines == ()
        return
    assert f" = {case['params']:,} parameters" in lines[0]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_that_a_sum_that_does_not_agree_with_keras_is_left_out(case: dict[str, Any]) -> None:
    assert not any("parameters" in line for line in explained(case, params=case["params"] + 1))
    longer = [size + 1 for size in case["output_shape"]]
    assert not any("parameters" not in line for line in explained(case, output_shape=longer))


@pytest.mark.parametrize(
    ("class_name", "values", "shape", "output", "params", "lines"),
    [
        (
            "Conv2D",
            {"filters": 64, "kernel_size": 3, "strides": 1, "padding": "valid"},
            (13, 13, 32),
            (11, 11, 64),
            18496,
            (
                "3 × 3 × 32 × 64 + 64 = 18,496 parameters",
                "(13 − 3) ÷ 1 + 1 = 11 rows and columns",
                "64 filters give 64 channels",
            ),
        ),
        (
            "MaxPooling2D",
            {"pool_size": (2, 2), "strides": None, "padding": "valid"},
            (26, 27, 32),
            (13, 13, 32),
            0,
            ("(26 − 2) ÷ 2 + 1 = 13 rows", "(27 − 2) ÷ 2, rounded down, + 1 = 13 columns"),
        ),
        ("Flatten", {}, (5, 5, 64), (1600,), 0, ("5 × 5 × 64 = 1,600 values",)),
        ("Dense", {"units": 10}, (64,), (10,), 650, ("64 × 10 + 10 = 650 parameters", "10 units give 10 numbers")),
    ],
)
def test_that_the_sums_read_as_a_learner_expects(
    class_name: str, values: dict[str, Any], shape: Any, output: Any, params: int, lines: tuple[str, ...]
) -> None:
    assert explain(class_name, values, shape, output, params) == lines


@pytest.mark.parametrize(
    "class_name", ["Conv2D", "Dense", "LSTM", "Flatten", "MaxPooling2D", "BatchNormalization", "Nothing"]
)
@pytest.mark.parametrize("shape", [(), (None,), (None, None, 3), (4,)])
def test_that_free_axes_and_odd_values_are_not_explained_but_do_no_harm(class_name: str, shape: Any) -> None:
    odd = {"units": True, "filters": "many", "kernel_size": (1, 2, 3, 4), "pool_size": None, "strides": "x"}
    assert explain(class_name, odd, shape, shape, 1) == ()


def test_that_a_wrapper_is_explained_by_what_is_in_it() -> None:
    """The counts are those of Keras 3.15."""
    lstm = {"units": 32, "use_bias": True}
    (line,) = explain_wrapped("Bidirectional", "LSTM", lstm, (10, 16), (64,), 12_544)
    assert line == "2 × 4 × ((16 + 32) × 32 + 32) = 12,544 parameters: one layer for each direction"
    dense = explain_wrapped("TimeDistributed", "Dense", {"units": 3}, (10, 16), (10, 3), 51)
    assert dense == ("16 × 3 + 3 = 51 parameters", "3 units give 3 numbers")
    assert explain_wrapped("SpectralNormalization", "Dense", {"units": 3}, (16,), (3,), 54) == ()
