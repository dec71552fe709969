"""Arrays that stay on the disk: the same samples as in memory, and no harm from a file that is damaged or changes."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import DataError, array_stream, load_dataset, spool
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.disk_arrays import open_npz
from workbench.engine.data.piece import read_piece
from workbench.engine.data.raw import no_progress

RNG = np.random.default_rng(5)
COUNT = 200
WHOLE = Split(0.0, 0.0)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_stream, "_LEAST_PIECE", 128)


def load(path: Path, reading: str = "pieces", split: Split = WHOLE, **params: object) -> Dataset:
    given = {"path": str(path), "reading": reading, **params}
    return load_dataset(DatasetSpec(SourceSpec("npz", given), scaling="none", split=split))  # type: ignore[arg-type]


def everything(dataset: Dataset, part: str) -> tuple[np.ndarray, np.ndarray]:
    pairs = [read_piece(dataset, int(piece)) for piece in np.sort(dataset.pieces[part])]  # type: ignore[index]
    x, y = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return x, y


def check_as_in_memory(path: Path, **params: object) -> Dataset:
    whole, pieces = load(path, "memory", **params), load(path, **params)
    assert pieces.info.stream is not None
    for part in PARTS:
        if not whole.info.sizes[part]:
            continue
        order = np.argsort(whole.indices[part])
        x, y = everything(pieces, part)
        np.testing.assert_array_equal(x, whole.x[part][order])
        np.testing.assert_array_equal(y, whole.y[part][order])
        assert (x.dtype, y.dtype) == (whole.x[part].dtype, whole.y[part].dtype)
    assert pieces.info.classes == whole.info.classes
    assert (pieces.info.form, pieces.info.task) == (whole.info.form, whole.info.task)
    return pieces


Y = np.arange(COUNT) % 3
KINDS = {
    "numbers": (RNG.normal(size=(COUNT, 5)), Y),
    "grey pictures": (RNG.integers(0, 256, (COUNT, 6, 6), np.uint8), Y + 4),
    "channels first": (RNG.random((COUNT, 3, 8, 8), np.float32), np.array(["ä", "b", "c"])[Y]),
    "one-hot": (RNG.normal(size=(COUNT, 2)).astype(">f4"), np.eye(3)[Y]),
    "bytes": (RNG.integers(0, 9, COUNT), np.array([b"no", b"yes"])[Y % 2]),
    "several numbers": (RNG.random((COUNT, 4, 4)).astype(np.float16), RNG.normal(size=(COUNT, 2))),
}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("kind", KINDS)
def test_that_the_pieces_of_an_npz_file_are_its_samples_as_in_memory(tmp_path, kind, save):
    x, y = KINDS[kind]
    save(tmp_path / "a.npz", x=x, y=y)
    check_as_in_memory(tmp_path / "a.npz")


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_pieces_of_an_npy_file_are_its_samples_as_in_memory(tmp_path, kind):
    x, y = KINDS[kind]
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    check_as_in_memory(tmp_path / "x.npy")


def test_that_a_table_in_an_npy_file_has_its_last_column_as_the_target_or_none(tmp_path):
    np.save(tmp_path / "t.npy", np.column_stack([RNG.normal(size=(COUNT, 3)), Y]))
    assert check_as_in_memory(tmp_path / "t.npy").info.classes == ("0", "1", "2")
    assert check_as_in_memory(tmp_path / "t.npy", unlabelled=True).info.task == "reconstruction"


def test_that_a_test_set_of_their_own_stays_one(tmp_path):
    x = RNG.normal(size=(COUNT, 4))
    np.savez(tmp_path / "a.npz", x_train=x, y_train=Y, x_test=x[:50] + 100, y_test=Y[:50])
    dataset = check_as_in_memory(tmp_path / "a.npz")
    assert dataset.info.stream is not None
    assert dataset.info.stream.sizes == {"train": COUNT, "validation": 0, "test": 50}
    assert everything(dataset, "test")[0].min() > 90


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    x=arrays_of.arrays(
        st.sampled_from([np.uint8, np.int32, np.dtype(">f8")]),
        arrays_of.array_shapes(min_dims=1, max_dims=3, max_side=20),
    ),
    packed=st.booleans(),
    data=st.data(),
)
def test_that_any_range_of_any_array_is_read_as_it_is(tmp_path, x, packed, data):
    (np.savez_compressed if packed else np.savez)(tmp_path / "a.npz", first=RNG.random(3), x=x)
    found = open_npz(tmp_path / "a.npz", ("x", "first"), no_progress)["x"]
    first = data.draw(st.integers(0, len(x)))
    last = data.draw(st.integers(first, len(x)))
    np.testing.assert_array_equal(found.read(first, last), x[first:last])


def test_that_large_arrays_are_read_in_pieces_unasked_but_never_such_that_fit(tmp_path, monkeypatch):
    np.savez(tmp_path / "a.npz", x=RNG.normal(size=(COUNT, 5)), y=Y)
    assert load(tmp_path / "a.npz", "auto").info.stream is None
    monkeypatch.setattr(array_stream, "memory_budget", lambda: 8_000)
    os.utime(tmp_path / "a.npz", ns=(1, 1))
    found = load(tmp_path / "a.npz", "auto").info
    assert found.stream is not None
    assert found.detected["Samples"] == "200"


def test_that_a_file_changed_or_cut_off_in_the_meantime_is_told(tmp_path):
    np.savez(tmp_path / "a.npz", x=RNG.normal(size=(COUNT, 5)), y=Y)
    dataset = load(tmp_path / "a.npz")
    os.truncate(tmp_path / "a.npz", 3_000)
    with pytest.raises(DataError, match="was changed while it was in use"):
        everything(dataset, "train")
    (tmp_path / "a.npz").unlink()
    with pytest.raises(DataError, match="cannot be read"):
        everything(dataset, "train")


def test_that_what_was_unpacked_does_not_need_the_file_any_more(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", x=RNG.normal(size=(COUNT, 5)), y=Y)
    dataset = load(tmp_path / "a.npz")
    (tmp_path / "a.npz").unlink()
    assert len(everything(dataset, "train")[0]) == COUNT


def damaged(change, tmp_path):
    x, y = RNG.normal(size=(COUNT, 5)), Y.copy()
    match change:
        case "column-major":
            np.savez(tmp_path / "a.npz", x=np.asfortranarray(x), y=y)
        case "objects":
            np.savez(tmp_path / "a.npz", x=np.array([object()] * COUNT), y=y)
        case "short":
            np.savez(tmp_path / "a.npz", x=x, y=y[:-1])
        case "NaN":
            x[-1, 0] = np.nan
            np.savez(tmp_path / "a.npz", x=x, y=y)
        case "small":
            np.savez(tmp_path / "a.npz", x=x[:20], y=y[:20])
        case "lying":
            np.savez(tmp_path / "b.npz", x=x, y=y)
            with zipfile.ZipFile(tmp_path / "b.npz") as whole, zipfile.ZipFile(tmp_path / "a.npz", "w") as made:
                made.writestr("x.npy", whole.read("x.npy")[:-100])
                made.writestr("y.npy", whole.read("y.npy"))
        case "wrong sum":
            np.savez_compressed(tmp_path / "a.npz", x=x, y=y)
            content = bytearray((tmp_path / "a.npz").read_bytes())
            content[2_000] ^= 255
            (tmp_path / "a.npz").write_bytes(content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("column-major", "is saved column by column, so it cannot be read piece by piece"),
        ("objects", "could run code"),
        ("short", "has 199 entries for 200 samples"),
        ("NaN", r"holds NaN or infinity, first at sample 199 \(counted from 0\)"),
        ("small", "too small to be read piece by piece"),
        ("lying", "is damaged"),
        ("wrong sum", "is damaged"),
    ],
)
def test_that_what_cannot_be_read_is_told(tmp_path, change, words):
    damaged(change, tmp_path)
    with pytest.raises(DataError, match=words):
        everything(load(tmp_path / "a.npz"), "train")


def test_that_nothing_is_unpacked_that_the_disk_has_no_room_for(tmp_path, monkeypatch):
    np.savez_compressed(tmp_path / "a.npz", x=np.zeros((COUNT, 500)), y=Y)
    monkeypatch.setattr(spool, "_SHARE_OF_DISK", 1 << 40)
    with pytest.raises(DataError, match=r"takes 800\.0 kB on the disk while it is in use, but .* can be used there"):
        load(tmp_path / "a.npz")
