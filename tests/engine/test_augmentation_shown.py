"""A picture under many draws, as the engine shows it to a person."""

import msgspec
import numpy as np
import pytest
from trainings import talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.values import ObjectSpec
from workbench.engine.augment.show import show_augmented
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.samples import from_array
from workbench.protocol.commands import Augment
from workbench.protocol.events import Augmented

FLIP = ObjectSpec("RandomFlip", {"mode": "horizontal"})


def shown(*specs: ObjectSpec, **more: object) -> Augmented:
    spec = DatasetSpec(SourceSpec("digits"), augmentation=specs)
    command = msgspec.structs.replace(Augment(3, spec, "train", 5), **more)
    return show_augmented(load_dataset(spec), command)


def test_that_a_session_shows_a_picture_and_24_draws_of_it() -> None:
    with talk() as engine:
        spec = DatasetSpec(SourceSpec("digits"), augmentation=(FLIP,))
        event = engine.ask(Augment(9, spec, "test", 2), Augmented)
    original, draws = from_array(event.original), from_array(event.inputs)
    assert draws.shape == (24, 8, 8, 1)
    raw = load_dataset(spec).raw("test", [2])
    assert isinstance(raw, np.ndarray)
    np.testing.assert_allclose(original, raw * (255 / 16), atol=0.51)
    same = [np.array_equal(draw, original[0]) for draw in draws]
    turned = [np.array_equal(draw, original[0, :, ::-1]) for draw in draws]
    assert all(a or b for a, b in zip(same, turned, strict=True))
    assert 0 < sum(same) < 24
    assert event.mixtures == ()


def test_that_another_seed_draws_anew_and_the_same_one_does_not() -> None:
    turn = ObjectSpec("RandomRotation", {"factor": 0.2})
    assert shown(turn).inputs == shown(turn).inputs
    assert shown(turn).inputs != shown(turn, seed=1).inputs


@pytest.mark.parametrize("name", ["MixUp", "CutMix"])
def test_that_mixed_pictures_tell_what_of_each_class_is_in_them(name: str) -> None:
    event = shown(ObjectSpec(name), FLIP, count=40)
    assert len(event.mixtures) == 40
    for mixture in event.mixtures:
        assert sum(weight for _, weight in mixture) == pytest.approx(1, abs=0.011)
        assert [weight for _, weight in mixture] == sorted((weight for _, weight in mixture), reverse=True)
        assert len(mixture) <= 2
    assert any(len(mixture) == 2 for mixture in event.mixtures)


def test_that_colours_scaled_each_by_itself_are_shown_as_they_were(tmp_path) -> None:  # type: ignore[no-untyped-def]
    x = np.random.default_rng(0).integers(0, 256, (40, 6, 6, 3)).astype(np.uint8)
    np.savez(tmp_path / "a.npz", x=x, y=np.arange(40) % 2)
    source = SourceSpec("npz", {"path": str(tmp_path / "a.npz")})
    for scaling in ("auto", "standardize", "min_max", "none"):
        spec = DatasetSpec(source, scaling=scaling, augmentation=(FLIP,))  # type: ignore[arg-type]
        dataset = load_dataset(spec)
        event = show_augmented(dataset, Augment(1, spec, "train", 3))
        np.testing.assert_allclose(from_array(event.original), dataset.raw("train", [3]), atol=1.0, err_msg=scaling)


def test_that_a_picture_that_is_not_there_is_told() -> None:
    with pytest.raises(DataError, match="Choose one of those"):
        shown(FLIP, index=10_000)
