"""Every bad file that a person may bring ends in a sentence that says what to do, and odd names do no harm."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError

pytestmark = pytest.mark.engine

GOOD = "a,b,y\n" + "".join(f"{n / 7:.3f},{n % 5},{'yes' if n % 2 else 'no'}\n" for n in range(40))


def csv(path: Path, **fields: Any) -> DatasetSpec:
    return DatasetSpec(SourceSpec("csv", {"path": str(path)}), **fields)


def images(path: Path) -> DatasetSpec:
    return DatasetSpec(SourceSpec("images", {"path": str(path)}))


def npz(path: Path) -> DatasetSpec:
    return DatasetSpec(SourceSpec("npz", {"path": str(path)}))


def picture(color: int = 0, size: int = 12) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (size, size), (color, 40, 200 - color)).save(data, "PNG")
    return data.getvalue()


def folder_of_pictures(root: Path, names: tuple[str, ...] = ("cat", "dog"), each: int = 6) -> Path:
    for number, name in enumerate(names):
        (root / name).mkdir(parents=True)
        for place in range(each):
            (root / name / f"{place}.png").write_bytes(picture(30 * number + place))
    return root


def huge_png(side: int) -> bytes:
    """A PNG of one bit a dot that says it is `side` dots wide and high: a few kilobytes, whatever the side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" * (1 + (side + 7) // 8)
    packed = zlib.compressobj(9)
    body = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


TEXTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank lines": (b"\n\n\n", ""),
    "a header only": (b"a,b,y\n", ""),
    "one row": (b"a,b,y\n1,2,yes\n", ""),
    "one column": (b"a\n1\n2\n3\n", "only one column"),
    "ragged rows": (b"a,b,y\n1,2,yes\n1,2,3,4,no\n5,6,yes\n7,8,no\n", "line 3"),
    "half a character": (b"a,b,y\n" + "Grüße,2,ja\n".encode("utf-16-le") * 9, ""),
    "an open quote": (b'a,b,y\n1,"2,yes\n' + b"3,4,no\n" * 9, ""),
    "infinities": (b"a,b,y\n" + b"inf,2,yes\n1,2,no\n" * 9, "infinite"),
    "one class": (b"a,b,y\n" + b"1,2,yes\n3,4,yes\n" * 9, "in every sample"),
    "all missing": (b"a,b,y\n" + b",,yes\n,,no\n" * 9, ""),
    "zeros": (b"\0" * 4096, ""),
    "a picture": (picture(), ""),
}


@pytest.mark.parametrize("name", TEXTS)
def test_that_a_bad_table_ends_in_a_sentence(tmp_path: Path, name: str) -> None:
    data, words = TEXTS[name]
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        load_dataset(csv(path))
    told = str(caught.value)
    assert words in told
    assert told.endswith((".", "!"))
    assert "Traceback" not in told
    assert len(told) < 600


def test_that_labels_of_words_and_numbers_are_words(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text("a,b,y\n" + "".join(f"{n},{n % 3},{'1' if n % 2 else 'one'}\n" for n in range(30)))
    assert load_dataset(csv(path)).info.classes == ("1", "one")


@pytest.mark.parametrize("name", ["数据 🐈.csv", "ümläut ’ “x”.csv", "a\tb.csv", "'; DROP TABLE x.csv"])
def test_that_odd_names_do_no_harm(tmp_path: Path, name: str) -> None:
    path = tmp_path / "目录 🌼" / name
    path.parent.mkdir()
    path.write_text(GOOD.replace("a,b,y", "特征,🐈 b,目标"), encoding="utf-8")
    info = load_dataset(csv(path)).info
    assert info.features == ("特征", "🐈 b")
    assert info.target == "目标"
    compile(info.script + info.preparation, "script", "exec")


def test_that_odd_names_of_classes_do_no_harm(tmp_path: Path) -> None:
    info = load_dataset(images(folder_of_pictures(tmp_path / "图 🐕", ("猫", "🐕 dog")))).info
    assert info.classes == ("猫", "🐕 dog")
    compile(info.script + info.preparation, "script", "exec")


def test_that_a_picture_of_twenty_thousand_dots_a_side_is_not_decoded(tmp_path: Path) -> None:
    root = folder_of_pictures(tmp_path / "pictures")
    (root / "cat" / "huge.png").write_bytes(huge_png(20_000))
    dataset = load_dataset(images(root))
    assert sum(dataset.info.sizes.values()) == 12
    assert any("huge.png" in note for note in dataset.info.notes)


@pytest.mark.skipif(os.name == "nt", reason="Windows needs a right for links")
def test_that_a_loop_of_links_is_not_followed(tmp_path: Path) -> None:
    root = folder_of_pictures(tmp_path / "pictures")
    (root / "cat" / "round").symlink_to(root, target_is_directory=True)
    (root / "self").symlink_to(root / "self")
    for nested in (False, True):
        spec = DatasetSpec(SourceSpec("images", {"path": str(root), "nested": nested}))
        assert sum(load_dataset(spec).info.sizes.values()) == 12


def test_that_pickled_arrays_are_refused(tmp_path: Path) -> None:
    ran: list[bool] = []

    class Evil:
        def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
            return ran.append, (True,)

    path = tmp_path / "evil.npz"
    np.savez(path, x=np.array([Evil()] * 5, dtype=object), y=np.arange(5))
    with pytest.raises(DataError, match=r"\.$"):
        load_dataset(npz(path))
    assert not ran


def test_that_a_bomb_in_an_archive_is_refused(tmp_path: Path) -> None:
    header = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 100), }"
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", header.ljust(127) + b"\n" + b"\0" * 10_000_000)
        archive.writestr("y.npy", header.ljust(127) + b"\n")
    with pytest.raises(DataError, match=r"\.$"):
        load_dataset(npz(tmp_path / "bomb.npz"))


def outcome(spec: DatasetSpec, spoil: Callable[[], None]) -> DatasetInfo | str:
    """What loading ends in where the file is spoiled as soon as it has begun: data, or a sentence."""
    left = [spoil]

    def progress(_text: str, _fraction: float | None) -> None:
        if left:
            left.pop()()

    try:
        return load_dataset(spec, None, progress).info
    except DataError as error:
        return str(error)


@pytest.mark.parametrize("how", ["removed", "cut short", "replaced", "a folder now"])
@pytest.mark.parametrize("kind", ["csv", "npz"])
def test_that_a_file_that_changes_while_it_is_read_ends_in_data_or_a_sentence(
    tmp_path: Path, kind: str, how: str
) -> None:
    path = tmp_path / f"data.{kind}"
    if kind == "csv":
        path.write_text(GOOD * 400)
    else:
        np.savez(path, x=np.random.default_rng(0).random((4_000, 30)), y=np.arange(4_000) % 2)

    def spoil() -> None:
        if how == "cut short":
            os.truncate(path, path.stat().st_size // 2)
        elif how == "replaced":
            path.write_bytes(picture())
        else:
            path.unlink()
            if how == "a folder now":
                path.mkdir()

    spec = csv(path) if kind == "csv" else npz(path)
    ended = outcome(spec, spoil)
    assert isinstance(ended, DatasetInfo) or ended.endswith(".")


@pytest.mark.parametrize("whole", [False, True])
def test_that_pictures_that_vanish_while_they_are_read_are_told(tmp_path: Path, whole: bool) -> None:
    root = folder_of_pictures(tmp_path / "pictures", each=20)

    def spoil() -> None:
        for path in list(root.glob("*/*.png"))[: None if whole else 10]:
            path.unlink()

    ended = outcome(images(root), spoil)
    if isinstance(ended, DatasetInfo):
        assert any("could not be read" in note for note in ended.notes)
    else:
        assert ended.endswith(".")
