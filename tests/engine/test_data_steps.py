"""Steps of preparation: what they do, that they learn from the training part alone, and that a script does the same."""

import numpy as np
import pytest

from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split, StepSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.split import split_indices
from workbench.engine.data.steps import all_steps

CLIP, LOG = StepSpec("clip", {"low": 0.1, "high": 0.9}), StepSpec("log")
POWERS = StepSpec("powers", {"sines": True})


def data(kind, *steps, **more):
    return load_dataset(DatasetSpec(SourceSpec(kind), steps=steps, **more))


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        ("diabetes", (CLIP,)),
        (
            "diabetes",
            (
                StepSpec("clip", {"columns": ("body mass index",)}),
                StepSpec("log", {"columns": ("body mass index", "age (years)")}),
            ),
        ),
        ("wine", (LOG, CLIP)),
        ("moons", (POWERS,)),
        ("moons", (StepSpec("powers", {"squares": False}), LOG, CLIP)),
        ("sine", (StepSpec("powers", {"products": False}),)),
    ],
)
@pytest.mark.parametrize("scaling", ["auto", "min_max", "none"])
def test_that_the_script_and_new_samples_go_through_the_same_steps(kind, steps, scaling):
    dataset = data(kind, *steps, scaling=scaling)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        again = dataset.prepare(dataset.inputs(part, range(len(dataset.x[part]))))
        assert np.array_equal(again, dataset.x[part])
    assert len(dataset.info.features) == dataset.info.input_shape[0]
    plain = load_dataset(DatasetSpec(SourceSpec(kind))).info
    assert (dataset.info.sample_shape, dataset.info.sample_names) == (plain.input_shape, plain.features)


def test_that_clipping_learns_its_bounds_from_the_training_part():
    plain, clipped = data("wine", scaling="none"), data("wine", CLIP, scaling="none")
    low, high = np.quantile(plain.x["train"].astype(np.float64), [0.1, 0.9], axis=0)
    for part in PARTS:
        assert np.allclose(clipped.x[part].min(axis=0), np.maximum(plain.x[part].min(axis=0), low), rtol=1e-5)
        assert (clipped.x[part] <= high * (1 + 1e-6)).all()


def test_that_the_logarithm_keeps_the_sign():
    values = data("moons", LOG, scaling="none").x["train"]
    plain = data("moons", scaling="none").x["train"].astype(np.float64)
    assert np.allclose(values, np.sign(plain) * np.log1p(np.abs(plain)), atol=1e-6)


def test_that_new_columns_are_squares_products_and_sines():
    dataset = data("moons", POWERS, scaling="none")
    names = data("moons").info.features
    first, second = dataset.x["test"][:, 0], dataset.x["test"][:, 1]
    expected = [first, second, first**2, second**2, first * second, np.sin(first), np.sin(second)]
    assert np.allclose(dataset.x["test"], np.column_stack(expected), atol=1e-5)
    a, b = names
    assert dataset.info.features == (a, b, f"{a}²", f"{b}²", f"{a} · {b}", f"sin {a}", f"sin {b}")


def test_that_grey_pictures_have_one_channel(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (40, 6, 5, 3)).astype(np.uint8)
    np.savez(tmp_path / "a.npz", x=x, y=np.arange(40) % 2)
    spec = DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / "a.npz")}), steps=(StepSpec("grey"),), scaling="none")
    dataset = load_dataset(spec)
    assert dataset.info.input_shape == (6, 5, 1)
    expected = x[dataset.indices["test"]] @ np.array([0.299, 0.587, 0.114])
    assert np.allclose(dataset.x["test"][..., 0], expected, atol=1e-3)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    assert np.array_equal(variables["x_train"], dataset.x["train"])


@pytest.mark.parametrize(
    ("kind", "step", "text"),
    [
        ("digits", LOG, "not for data of this kind"),
        ("digits", StepSpec("grey"), "not in colour"),
        ("wine", StepSpec("clip", {"columns": ("bouquet",)}), "no column “bouquet”"),
        ("wine", StepSpec("clip", {"low": 0.5, "high": 0.5}), "below the upper"),
        ("wine", StepSpec("clip", {"low": 2.0}), "at most 0.5"),
        ("wine", StepSpec("powers", {"squares": False, "products": False}), "nothing is to be added"),
        ("wine", StepSpec("sharpen"), "no step of preparation named “sharpen”"),
    ],
)
def test_that_a_step_that_does_not_suit_says_what_to_do(kind, step, text):
    with pytest.raises(DataError, match=text):
        data(kind, step)


def test_that_the_catalogue_has_all_steps():
    assert load_catalogue().steps == all_steps()


def test_that_samples_in_the_order_of_time_are_cut_as_they_stand():
    indices = split_indices(100, np.arange(100) % 2, Split(0.2, 0.1), own_test=False, ordered=True)
    assert [indices[part].tolist() for part in PARTS] == [list(range(70)), list(range(70, 90)), list(range(90, 100))]
