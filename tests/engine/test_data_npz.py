"""Arrays of a person's own: found by name or picked, and never trusted."""

import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import DataError, inspect_path, load_dataset

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4))
Y = np.arange(60) % 3


@pytest.fixture
def save(tmp_path):
    def saved(**arrays):
        path = tmp_path / "mine.npz"
        np.savez(path, **arrays)
        return path

    return saved


def load(path, **params):
    return load_dataset(DatasetSpec(SourceSpec("npz", {"path": str(path), **params})))


def told(attempt):
    """What the person is told, None when all went well. Anything but a DataError fails the test."""
    try:
        attempt()
    except DataError as error:
        return error.message
    return None


@pytest.mark.parametrize(
    "names",
    [("x", "y"), ("X", "Y"), ("data", "target"), ("images", "labels"), ("x_train", "y_train"), ("arr_0", "arr_1")],
)
def test_that_arrays_are_found_by_their_names(save, names):
    dataset = load(save(**dict(zip(names, (X, Y), strict=True))))
    assert dataset.info.input_shape == (4,)
    assert dataset.info.classes == ("0", "1", "2")


def test_that_train_and_test_arrays_are_kept_apart(save):
    dataset = load(save(x_train=X, y_train=Y, x_test=X[:9] + 100, y_test=Y[:9]))
    assert dataset.info.sizes == {"train": 51, "validation": 9, "test": 9}
    assert np.array_equal(dataset.raw("test", range(9)), X[:9] + 100)
    assert dataset.x["train"].mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-6)


def test_that_the_person_picks_arrays(save):
    path = save(a=X, b=Y, c=Y % 2)
    with pytest.raises(DataError, match=r"choose which arrays are x and y. It has “a” 60×4, “b” 60, “c” 60"):
        load(path)
    assert load(path, x="a", y="b").info.task == "multiclass"
    assert load(path, x="a", y="c").info.task == "binary"
    with pytest.raises(DataError, match="has no array “d”"):
        load(path, x="a", y="d")


@pytest.mark.parametrize(
    ("x", "form", "shape", "scaling"),
    [
        (RNG.integers(0, 256, (60, 8, 8), np.uint8), "pictures", (8, 8, 1), "divide_255"),
        (RNG.integers(0, 17, (60, 8, 8), np.uint8), "pictures", (8, 8, 1), "divide_max"),
        (RNG.random((60, 8, 8, 3), np.float32), "pictures", (8, 8, 3), "none"),
        (RNG.normal(size=(60, 8, 8, 3)) * 9, "pictures", (8, 8, 3), "standardize"),
        (RNG.integers(0, 256, (60, 3, 8, 8), np.uint8), "pictures", (8, 8, 3), "divide_255"),
        (RNG.random((60, 100, 3)), "arrays", (100, 3), "standardize"),
        (RNG.random((60, 2)), "points", (2,), "standardize"),
        (RNG.random((60, 9)), "arrays", (9,), "standardize"),
        (RNG.integers(0, 99, (60, 9)), "arrays", (9,), "none"),
        (RNG.random(60), "points", (1,), "standardize"),
    ],
)
def test_that_the_form_is_inferred(save, x, form, shape, scaling):
    info = load(save(x=x, y=Y)).info
    assert (info.form, info.input_shape, info.scaling) == (form, shape, scaling)
    assert info.integer_input == (x.dtype == int)


def test_that_the_person_chooses_the_form(save):
    path = save(x=np.zeros((60, 28, 20)), y=Y)
    assert load(path).info.form == "arrays"
    assert load(path, form="pictures").info.input_shape == (28, 20, 1)
    with pytest.raises(DataError, match="are no pictures"):
        load(save(x=X, y=Y), form="pictures")


@pytest.mark.parametrize(
    ("y", "task", "classes"),
    [
        (np.array(["no", "yes"])[Y % 2], "binary", ("no", "yes")),
        (Y % 2 == 0, "binary", ("False", "True")),
        ((Y % 2).astype(float), "binary", ("0", "1")),
        (Y + 5, "multiclass", ("5", "6", "7")),
        (np.eye(3)[Y], "multiclass", ("0", "1", "2")),
        (np.arange(60) * 3, "regression", ()),
        (np.linspace(0, 1, 60), "regression", ()),
        (np.ones((60, 2)) * np.arange(60)[:, None], "regression", ()),
    ],
)
def test_that_the_task_is_inferred(save, y, task, classes):
    info = load(save(x=X, y=y)).info
    assert (info.task, info.classes) == (task, classes)
    expected = {"binary": (), "multiclass": (), "regression": y.shape[1:] or (1,)}[task]
    assert info.target_shape == expected


# --- what is wrong is told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"x": X, "y": Y[:59]}, "array “y” has 59 entries for 60 samples"),
        ({"x": X, "y": np.float64(3)}, "array “y” has 1 entries for 60 samples"),
        ({"x": X, "y": np.zeros((60, 2, 2))}, "has the shape 2×2 for each sample, but the inputs 4"),
        ({"x": np.where(np.arange(60)[:, None] == 17, np.nan, X), "y": Y}, "NaN or infinity, first at sample 17"),
        ({"x": X, "y": np.where(np.arange(60) == 9, np.inf, 0.5)}, "“y” holds NaN or infinity, first at sample 9"),
        ({"x": np.array(["a"] * 60), "y": Y}, "array “x” holds text"),
        ({"x": X.astype(complex), "y": Y}, "has values of the type complex128"),
        ({"x": X, "y": np.array(["2020-01-01"] * 60, "datetime64[D]")}, "has values of the type datetime64"),
        ({"x": X.astype(object), "y": Y}, "holds Python objects, which are not opened since they could run code"),
        ({"x": X[:0], "y": Y[:0]}, "array “x” is empty"),
        ({"x": X[:, :0], "y": Y}, "array “x” is empty"),
        ({"x": X, "y": Y * 0}, "“y” is “0” in every sample"),
        ({"x": X * 1e300, "y": Y}, "the inputs hold numbers too large"),
        ({"x": X, "y": X[:, 0] * 1e300}, "the targets hold numbers too large"),
        ({"x": X[:2], "y": Y[:2]}, "only 2 usable samples"),
        ({"x_train": X, "y_train": Y, "x_test": X[:, :2], "y_test": Y}, "have different shapes"),
        ({"x": X, "y": np.array(list(map(str, range(60))) * 1)}, None),
    ],
)
def test_that_unusable_arrays_are_told(save, arrays, sentence):
    message = told(lambda: load(save(**arrays)))
    assert message is None if sentence is None else sentence in message


def npy(shape, dtype="<f8", body=b""):
    """The bytes of an NPY file that promises more than it holds."""
    header = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return path


def test_that_a_file_that_promises_too_much_is_refused_before_anything_is_allocated(tmp_path):
    huge = npy((10**9, 10**6))
    path = zipped(tmp_path / "huge.npz", x=huge, y=huge)
    with pytest.raises(DataError, match="of memory, but"):
        load(path)
    single = tmp_path / "x.npy"
    single.write_bytes(huge)
    with pytest.raises(DataError, match="of memory, but"):
        load(single)


def test_that_a_file_cut_short_is_told(tmp_path):
    path = zipped(tmp_path / "cut.npz", x=npy((100, 10), body=b"\0" * 100), y=npy((100,), body=b"\0" * 800))
    with pytest.raises(DataError, match="is damaged"):
        load(path)
    single = tmp_path / "x.npy"
    single.write_bytes(npy((100, 10), body=b"\0" * 100))
    with pytest.raises(DataError, match="is damaged"):
        load(single)


def test_that_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.engine.data.limits.memory_budget", lambda: 1 << 20)
    path = zipped(tmp_path / "bomb.npz", x=npy((4_000_000,), "|u1", bytes(4_000_000)), y=npy((4_000_000,), "|u1"))
    assert path.stat().st_size < 10_000
    with pytest.raises(DataError, match=r"would take 4.0 MB of memory"):
        load(path)


@pytest.mark.parametrize("dtype", ["|O", "<M8[s]", "|V8", "<c16", "[('a', '<f8')]", "<f99", "nonsense", "<U0"])
def test_that_odd_types_are_told(tmp_path, dtype):
    path = zipped(tmp_path / "odd.npz", x=npy((3, 2), dtype, b"\0" * 48), y=npy((3,), body=b"\0" * 24))
    assert told(lambda: load(path)) is not None


@pytest.mark.parametrize("code", [0xDC80, 0x7FFFFFFF])
def test_that_damaged_texts_are_told(tmp_path, code):
    body = struct.pack("<6I", code, 66, 67, 65, 66, 67)
    path = zipped(tmp_path / "odd.npz", x=npy((6, 1), body=bytes(48)), y=npy((6,), "<U1", body))
    assert "holds damaged text" in told(lambda: load(path))


@pytest.mark.parametrize("name", ["text.npz", "text.npy"])
def test_that_what_is_no_array_file_is_told(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"hello, world")
    for attempt in (lambda: load(path), lambda: inspect_path(path)):
        assert f"{name} (12 bytes) is damaged, or is no NPY or NPZ file" in told(attempt)


def test_that_an_archive_without_arrays_is_told(tmp_path):
    path = tmp_path / "other.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "has no arrays in it" in told(lambda: load(path))


def test_that_lone_inputs_are_learned_themselves(tmp_path):
    path = tmp_path / "pictures.npy"
    np.save(path, np.zeros((5, 8, 8)))
    info = load(path).info
    assert (info.task, info.input_shape, info.target_shape) == ("reconstruction", (8, 8, 1), (8, 8, 1))


def test_that_an_npy_file_takes_its_targets_from_the_file_named(tmp_path):
    np.save(tmp_path / "pictures.npy", np.zeros((60, 8, 8)))
    np.save(tmp_path / "what they show.npy", Y)
    dataset = load(tmp_path / "pictures.npy", y="what they show.npy")
    assert dataset.info.input_shape == (8, 8, 1)
    assert dataset.info.detected["Targets"] == "from what they show.npy"


def good_bytes():
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=X[:9].astype("f4"), y=Y[:9])
    return buffer.getvalue()


GOOD = good_bytes()


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6), st.integers(0, len(GOOD)))
def test_that_a_damaged_archive_ends_in_a_sentence_at_worst(tmp_path_factory, changes, cut):
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    path = tmp_path_factory.getbasetemp() / "fuzz.npz"
    path.write_bytes(data if len(changes) % 2 else data[:cut])
    for message in (told(lambda: load(path)), told(lambda: inspect_path(path))):
        assert message is None or message.endswith(".")


PLAIN = npy((4, 2), body=struct.pack("<8d", *range(8)))


@given(st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.integers(0, 255)), max_size=8))
def test_that_a_damaged_array_ends_in_a_sentence_at_worst(tmp_path_factory, changes):
    data = bytearray(PLAIN)
    for place, value in changes:
        data[place] = value
    path = tmp_path_factory.getbasetemp() / "fuzz.npy"
    path.write_bytes(data)
    message = told(lambda: load(path))
    assert message is None or message.endswith(".")


@given(st.text(alphabet="{}()[],:'\"<>|fiuO0123456789 descrshapefortran_orderTrueFalse\n\\", max_size=150))
def test_that_any_header_ends_in_a_sentence_at_worst(tmp_path_factory, text):
    header = text.encode("latin-1")
    path = tmp_path_factory.getbasetemp() / "header.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(64))
    message = told(lambda: load(path))
    assert message is None or message.endswith(".")
