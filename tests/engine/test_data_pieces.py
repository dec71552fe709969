"""Data read piece by piece: every sample once, in the part that is its own, and as the same data held in memory."""

import csv
import io
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import csv_pieces, picture_stream, tfrecord_stream
from workbench.engine.data.csv_pieces import open_pieces
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.load import load_dataset
from workbench.engine.data.piece import read_piece
from workbench.engine.data.raw import CsvFormat, no_progress
from workbench.engine.data.tfrecord_file import masked_crc
from workbench.engine.data.tfrecord_write import example, write_records


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    monkeypatch.setattr(tfrecord_stream, "_LEAST_PIECE", 512)
    monkeypatch.setattr(picture_stream, "_PIECE", 4)


def write_csv(path: Path, rows: int = 2_000, spoil: bool = False) -> Path:
    rng = np.random.default_rng(1)
    lines = ["size,weight,colour,kind"]
    for row in range(rows):
        size, weight = rng.normal(size=2)
        colour = ("red", "green", "blue")[row % 3]
        cells = [f"{size:.3f}", f"{weight:.3f}", colour, "big" if size + weight > 0 else "small"]
        if spoil and row % 50 == 7:
            cells[row // 50 % 4] = ""
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def opened(path: Path, kind: str = "csv", **more: object) -> Dataset:
    split = Split(validation=0.2, test=0.2)
    params = {"path": str(path), "reading": "pieces", **more}
    return load_dataset(DatasetSpec(SourceSpec(kind, params), missing="mean", split=split))  # type: ignore[arg-type]


def everything(dataset: Dataset, part: str) -> tuple[np.ndarray, np.ndarray]:
    pairs = [read_piece(dataset, int(piece)) for piece in np.sort(dataset.pieces[part])]  # type: ignore[index]
    x, y = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return x, y


def read_all(path: Path, kind: str, **more: object) -> None:
    dataset = opened(path, kind, **more)
    for part in PARTS:
        everything(dataset, part)


CELL = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12),
    st.sampled_from(["a,b", 'say "so"', "two\nlines", "", "7", '"', "\n"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL, st.integers(0, 9)), min_size=1, max_size=60), header=st.booleans())
def test_that_the_pieces_hold_every_row_once_and_whole(
    tmp_path: Path, rows: list[tuple[str, str, int]], header: bool
) -> None:
    path = tmp_path / "t.csv"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    if header:
        writer.writerow(["first", "second", "third"])
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode())
    texts = ("first", "second") if header else ("column 1", "column 2")
    file = open_pieces(path, CsvFormat("utf-8", header=header, missing=("",)), texts, no_progress)
    assert int(file.cuts.rows.sum()) == len(rows)
    found: list[str | None] = []
    for piece, count in enumerate(file.cuts.rows.tolist()):
        table, owners = file.read([piece])
        assert table.rows == len(owners) == count
        column = table.columns[1]
        names = (*column.categories, None)
        codes = column.codes if column.codes is not None else np.full(count, -1)
        found += [names[code] for code in codes.tolist()]
    assert found == [second.strip() or None for _, second, _ in rows]


def test_that_the_parts_share_no_piece_and_leave_none_out(tmp_path: Path) -> None:
    dataset = opened(write_csv(tmp_path / "t.csv"))
    stream = dataset.info.stream
    assert stream is not None
    pieces = np.concatenate([dataset.pieces[part] for part in PARTS])
    assert sorted(pieces.tolist()) == list(range(stream.pieces))
    assert sum(stream.sizes.values()) == 2_000
    assert 0.15 < stream.sizes["test"] / 2_000 < 0.25
    assert all(0 < dataset.info.sizes[part] <= stream.sizes[part] for part in PARTS)


def test_that_pieces_are_prepared_as_the_same_rows_in_memory(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv")
    whole = load_dataset(
        DatasetSpec(SourceSpec("csv", {"path": str(path), "reading": "memory"}), scaling="none", split=Split(0.0, 0.0))
    )
    pieces = load_dataset(
        DatasetSpec(SourceSpec("csv", {"path": str(path), "reading": "pieces"}), scaling="none", split=Split(0.0, 0.0))
    )
    x, y = everything(pieces, "train")
    order = np.argsort(whole.indices["train"])
    np.testing.assert_array_equal(x, whole.x["train"][order])
    np.testing.assert_array_equal(y, whole.y["train"][order])
    assert pieces.info.classes == whole.info.classes == ("big", "small")
    assert pieces.info.features == whole.info.features


def test_that_scaling_is_fitted_on_training_samples_alone(tmp_path: Path) -> None:
    dataset = opened(write_csv(tmp_path / "t.csv"))
    x = dataset.x["train"][:, :2]
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-5)


def test_that_rows_that_cannot_be_used_have_others_of_the_piece_in_their_places(tmp_path: Path) -> None:
    dataset = opened(write_csv(tmp_path / "t.csv", spoil=True))
    stream = dataset.source.stream
    assert stream is not None
    for piece, count in enumerate(stream.counts.tolist()):
        x, y = read_piece(dataset, piece)
        assert len(x) == len(y) == count
        assert np.isfinite(x).all()


def test_that_a_row_of_another_length_is_left_out(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1_000] += ",more"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    dataset = opened(path)
    assert dataset.info.stream is not None
    assert sum(dataset.info.stream.sizes.values()) == 2_000
    for piece in range(dataset.info.stream.pieces):
        read_piece(dataset, piece)


def test_that_a_file_changed_in_the_meantime_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv")
    dataset = opened(path)
    os.utime(path, ns=(1, 1))
    with pytest.raises(DataError, match="was changed while it was in use"):
        read_piece(dataset, 0)
    path.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        read_piece(dataset, 0)


def test_that_a_small_file_is_told_to_be_read_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="too small to be read piece by piece"):
        opened(write_csv(tmp_path / "t.csv", rows=40))


def test_that_a_large_file_is_read_in_pieces_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "t.csv")
    assert load_dataset(DatasetSpec(SourceSpec("csv", {"path": str(path)}))).info.stream is None
    monkeypatch.setattr("workbench.engine.data.sources.csv.LARGE_FILE", 10_000)
    os.utime(path, ns=(1, 1))
    info = load_dataset(DatasetSpec(SourceSpec("csv", {"path": str(path)}))).info
    assert info.stream is not None
    held = f"Shown are {sum(info.sizes.values()):,} of the {sum(info.stream.sizes.values()):,} samples"
    assert any("piece by piece" in note and held in note for note in info.notes)
    assert info.detected["Rows"] == "2,000"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    rng = np.random.default_rng(2)
    for label, name in enumerate(("dark", "light")):
        (tmp_path / "p" / name).mkdir(parents=True)
        for number in range(60):
            dots = rng.integers(0, 120, (6, 5, 3), dtype=np.uint8) + np.uint8(120 * label)
            Image.fromarray(dots).save(tmp_path / "p" / name / f"{number}.png")
    return tmp_path / "p"


def test_that_a_folder_of_pictures_is_read_in_pieces(pictures: Path) -> None:
    dataset = opened(pictures, "images")
    assert dataset.info.stream is not None
    assert sum(dataset.info.stream.sizes.values()) == 120
    assert dataset.info.classes == ("dark", "light")
    for part in PARTS:
        x, y = everything(dataset, part)
        assert len(x) == dataset.info.stream.sizes[part]
        np.testing.assert_array_equal(x.mean(axis=(1, 2, 3)) > 0.5, y == 1)


def test_that_a_broken_picture_is_passed_over(pictures: Path) -> None:
    (pictures / "dark" / "3.png").write_bytes(b"no picture")
    dataset = opened(pictures, "images")
    for part in PARTS:
        assert np.isfinite(everything(dataset, part)[0]).all()
    with pytest.raises(DataError, match=r"3\.png cannot be used"):
        read_all(pictures, "images", broken="error")


def test_that_an_own_test_set_stays_one(tmp_path: Path) -> None:
    for part, count in (("train", 50), ("test", 12)):
        for label, name in enumerate(("dark", "light")):
            folder = tmp_path / "p" / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                level = 20 + 200 * label + (10 if part == "test" else 0)
                Image.fromarray(np.full((4, 4), level, np.uint8)).save(folder / f"{number}.png")
    dataset = opened(tmp_path / "p", "images")
    x, _ = everything(dataset, "test")
    assert len(x) == 24
    assert set(np.round(x.ravel() * 255).astype(int).tolist()) == {30, 230}
    assert set(np.round(everything(dataset, "train")[0].ravel() * 255).astype(int).tolist()) == {20, 220}


def write_tfrecord(path: Path, count: int = 600) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(count, 6)).astype(np.float32)
    y = (x.sum(axis=1) > 0).astype(np.int64)
    content = b""
    for inputs, label in zip(x, y, strict=True):
        record = example({"x": inputs, "label": label})
        head = len(record).to_bytes(8, "little")
        first, second = (masked_crc([part])[0].tobytes() for part in (head, record))
        content += head + first + record + second
    path.write_bytes(content)
    return x, y


def test_that_records_are_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "r.tfrecord"
    x, y = write_tfrecord(path)
    dataset = load_dataset(
        DatasetSpec(
            SourceSpec("tfrecord", {"path": str(path), "reading": "pieces"}), scaling="none", split=Split(0.0, 0.0)
        )
    )
    found_x, found_y = everything(dataset, "train")
    np.testing.assert_array_equal(found_x, x)
    np.testing.assert_array_equal(found_y, y)


def test_that_a_damaged_record_is_told_when_its_piece_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r.tfrecord"
    write_tfrecord(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    with pytest.raises(DataError, match="is damaged"):
        read_all(path, "tfrecord")


def test_that_records_cut_off_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "r.tfrecord"
    write_tfrecord(path)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(DataError, match="it is cut off"):
        opened(path, "tfrecord")


def test_that_streamed_data_are_written_as_records_whole(tmp_path: Path) -> None:
    dataset = opened(write_csv(tmp_path / "t.csv"))
    written = write_records(dataset, tmp_path / "out", no_progress)
    assert [path.stem for path in written] == ["train", "validation", "test"]
    back = load_dataset(
        DatasetSpec(SourceSpec("tfrecord", {"path": str(written[2])}), scaling="none", split=Split(0.0, 0.0))
    )
    assert dataset.info.stream is not None
    assert back.info.sizes["train"] == dataset.info.stream.sizes["test"]


@pytest.mark.parametrize("split", [Split(folds=5), Split(way="group", column="colour")])
def test_that_another_split_than_by_fractions_is_refused_with_a_sentence(split: Split, tmp_path: Path) -> None:
    source = SourceSpec("csv", {"path": str(write_csv(tmp_path / "t.csv")), "reading": "pieces"})
    with pytest.raises(DataError, match="are split by fractions alone"):
        load_dataset(DatasetSpec(source, split=split))
