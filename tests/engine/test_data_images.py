"""Pictures of a person's own: one sub-folder a class, all brought to one size, broken ones named."""

import io
import os
import sys
import threading
import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import Cancelled, DataError, forget_loaded, inspect_path, load_dataset
from workbench.engine.data.pictures import BrokenPictureError, read_head, read_picture


def draw(path, size=(10, 12), value=(200, 100, 50), mode="RGB", **options):
    """A picture of one colour; `size` is height and width."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (size[1], size[0]), value).save(path, **options)


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        draw(tmp_path / "cat" / f"{number}.png", value=(10 * number, 0, 0))
        draw(tmp_path / "dog" / f"{number}.jpg", value=(0, 0, 200))
    return tmp_path


def load(path, progress=lambda text, fraction: None, **params):
    return load_dataset(DatasetSpec(SourceSpec("images", {"path": str(path), **params})), None, progress)


def test_that_a_folder_of_pictures_is_understood(folder):
    dataset = load(folder)
    info = dataset.info
    assert (info.form, info.task, info.classes) == ("pictures", "binary", ("cat", "dog"))
    assert info.input_shape == (10, 12, 3)
    assert info.scaling == "divide_255"
    assert sum(info.sizes.values()) == 12
    assert info.detected == {"Classes": "2", "Size": "10×12", "Colours": "RGB"}
    dogs = np.flatnonzero(dataset.y["train"] == 1)
    assert dataset.raw("train", dogs)[..., 2] == pytest.approx(200, abs=3)


def test_that_different_sizes_are_brought_to_the_most_common(folder):
    draw(folder / "cat" / "large.png", (40, 40))
    info = load(folder).info
    assert info.input_shape == (10, 12, 3)
    assert "The pictures have 2 different sizes; all were brought to 10×12." in info.notes


def test_that_large_pictures_are_made_smaller(tmp_path):
    for name in ("a", "b"):
        for number in range(3):
            draw(tmp_path / name / f"{number}.png", (600, 300))
    assert load(tmp_path).info.input_shape == (128, 64, 3)
    assert any("made smaller, from 600×300 to 128×64" in note for note in load(tmp_path).info.notes)


@pytest.mark.parametrize(("size", "shape"), [((8, 6), (8, 6, 3)), (5, (5, 5, 3)), ((7,), (7, 7, 3))])
def test_that_the_person_chooses_the_size(folder, size, shape):
    assert load(folder, size=size).info.input_shape == shape


def test_that_a_size_without_bounds_is_refused(folder):
    with pytest.raises(DataError, match="at most 1024"):
        load(folder, size=(5000, 10))
    with pytest.raises(DataError, match="height and width"):
        load(folder, size=(8, 8, 3))


def test_that_grey_pictures_stay_grey(tmp_path):
    for number in range(3):
        draw(tmp_path / "a" / f"{number}.png", mode="L", value=9)
        draw(tmp_path / "b" / f"{number}.png", mode="1", value=1)
    assert load(tmp_path).info.input_shape == (10, 12, 1)
    assert load(tmp_path, colour="colour").info.input_shape == (10, 12, 3)


def test_that_colours_become_grey_where_so_chosen(folder):
    assert load(folder, colour="grey").info.input_shape == (10, 12, 1)


def test_that_sixteen_bit_pictures_keep_their_shades(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(3):
            array = np.full((5, 5), 0x8000 + number, np.uint16)
            Image.fromarray(array).save(tmp_path / name / f"{number}.png")
    assert set(load(tmp_path).raw("train", [0]).ravel()) == {0x80}


def test_that_a_picture_is_turned_as_the_camera_was_held(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    draw(tmp_path / "turned.jpg", (10, 30), exif=exif)
    assert read_head(tmp_path / "turned.jpg").size == (30, 10)
    assert read_picture(tmp_path / "turned.jpg", (30, 10), 3).shape == (30, 10, 3)


@pytest.mark.parametrize("mode", ["P", "RGBA", "LA", "CMYK", "1", "L"])
def test_that_all_kinds_of_colours_are_read(tmp_path, mode):
    path = tmp_path / ("x.tiff" if mode == "CMYK" else "x.png")
    draw(path, mode=mode, value=None)
    assert read_picture(path, (4, 5), 3).shape == (4, 5, 3)
    assert read_picture(path, (4, 5), 1).shape == (4, 5, 1)


def test_that_a_test_folder_is_a_test_set(tmp_path):
    for part, count in (("train", 6), ("test", 3)):
        for name in ("a", "b"):
            for number in range(count):
                draw(tmp_path / part / name / f"{number}.png")
    info = load(tmp_path).info
    assert info.sizes == {"train": 10, "validation": 2, "test": 6}
    assert info.classes == ("a", "b")


def test_that_broken_pictures_are_skipped_and_named(folder):
    noise = np.random.default_rng(0).integers(0, 256, (10, 12, 3), dtype=np.uint8)
    Image.fromarray(noise).save(folder / "cat" / "torn.png")
    (folder / "cat" / "torn.png").write_bytes((folder / "cat" / "torn.png").read_bytes()[:200])
    (folder / "dog" / "text.jpg").write_text("hello")
    (folder / "dog" / "empty.gif").write_bytes(b"")
    dataset = load(folder)
    assert sum(dataset.info.sizes.values()) == 12
    (note,) = [note for note in dataset.info.notes if "could not be read" in note]
    for name in ("3 files", "cat/torn.png", "dog/text.jpg", "dog/empty.gif"):
        assert name in note


def test_that_broken_pictures_stop_where_so_chosen(folder):
    (folder / "dog" / "text.jpg").write_text("hello")
    with pytest.raises(DataError, match=r"dog/text.jpg cannot be used: it is damaged, or no picture"):
        load(folder, broken="error")


def png_of(width, height):
    """A tiny PNG file that claims to be large."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [10_000, 15_000, 60_000])
def test_that_a_picture_of_too_many_dots_is_not_decoded(folder, side):
    (folder / "cat" / "bomb.png").write_bytes(png_of(side, side))
    dataset = load(folder)
    assert any("cat/bomb.png" in note for note in dataset.info.notes)
    with pytest.raises(BrokenPictureError):
        read_head(folder / "cat" / "bomb.png")


def test_that_other_files_do_no_harm(folder):
    (folder / "readme.txt").write_text("hello")
    (folder / "cat" / "notes.txt").write_text("hello")
    (folder / "cat" / ".hidden.png").write_text("hello")
    (folder / "bird").mkdir()
    info = load(folder).info
    assert sum(info.sizes.values()) == 12
    assert "Sub-folders without pictures were left out: bird." in info.notes


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "has no sub-folders. Put the pictures of each class into a sub-folder of its own"),
        (["cat/notes.pdf"], "No sub-folder of"),
        (["cat/1.png", "cat/2.png"], "Only the sub-folder “cat”"),
    ],
)
def test_that_a_folder_without_classes_is_told(tmp_path, files, sentence):
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        draw(path) if path.suffix == ".png" else path.write_text("hello")
    for attempt in (load, inspect_path):
        with pytest.raises(DataError, match=sentence):
            attempt(tmp_path)


def test_that_a_folder_of_broken_pictures_is_told(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.png").write_text("hello")
    with pytest.raises(DataError, match=r"None of the pictures can be read; x\.png, for one"):
        load(tmp_path)


def test_that_a_missing_folder_and_a_file_are_told(tmp_path):
    with pytest.raises(DataError, match="There is no folder"):
        load(tmp_path / "nowhere")
    draw(tmp_path / "one.png")
    with pytest.raises(DataError, match="is a file, but a folder"):
        load(tmp_path / "one.png")


def test_that_pictures_too_many_for_memory_are_told_before_they_are_read(folder, monkeypatch):
    monkeypatch.setattr("workbench.engine.data.limits.memory_budget", lambda: 1000)
    with pytest.raises(DataError, match=r"12 pictures of 10×12 dots would take 4.3 kB"):
        load(folder)


@pytest.mark.parametrize("step", ["Looking at the pictures", "Reading the pictures"])
def test_that_reading_can_be_cancelled(folder, step):
    forget_loaded()

    def cancel(text, fraction):
        if text == step:
            raise Cancelled

    with pytest.raises(Cancelled):
        load(folder, cancel)
    assert threading.active_count() == 1
    assert sum(load(folder).info.sizes.values()) == 12


@pytest.mark.skipif(sys.platform != "linux", reason="other systems only have names that are text")
def test_that_names_that_are_no_text_do_no_harm(folder):
    (folder / "cat" / os.fsdecode(b"b\xe4d.png")).write_text("hello")
    assert any("cat/b?d.png" in note for note in load(folder).info.notes)
    msgspec.msgpack.encode(load(folder).info)
    draw(folder / os.fsdecode(b"v\xf6gel") / "1.png")
    with pytest.raises(DataError, match=r"sub-folder “v\?gel” cannot be read in full\. Rename it"):
        load(folder)


def encoded(form):
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, form)
    return buffer.getvalue()


PICTURES = {form: encoded(form) for form in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")}


@given(
    st.sampled_from(sorted(PICTURES)),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
    st.integers(0, 1000),
)
def test_that_a_damaged_picture_is_broken_at_worst(tmp_path_factory, form, changes, cut):
    data = bytearray(PICTURES[form])
    for place, value in changes:
        data[place % len(data)] = value
    path = tmp_path_factory.getbasetemp() / "fuzz.png"
    path.write_bytes(data[: max(1, len(data) - cut % 50)])
    try:
        picture = read_picture(path, (4, 5), 3)
    except BrokenPictureError:
        return
    assert picture.shape == (4, 5, 3)
