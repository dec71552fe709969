"""TFRecord files as data."""

import gzip
import struct

import numpy as np
import pytest
import tensorflow as tf

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.inspect import inspect_path
from workbench.engine.data.raw import no_progress
from workbench.engine.data.tfrecord_file import masked_crc, read_features
from workbench.engine.data.tfrecord_write import write_records

NUMBERS = np.random.default_rng(4).normal(size=(50, 6)).astype(np.float32)


def feature(values):
    if isinstance(values[0], bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
    if isinstance(values[0], int):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def write(path, count=50, **more):
    compression = "GZIP" if path.name.endswith(".gz") else ""
    with tf.io.TFRecordWriter(str(path), compression) as file:
        for row in range(count):
            features = {
                "pixels": feature(NUMBERS[row].tolist()),
                "big": feature([-(2**63) + row, 2**62 + row]),
                "kind": feature([[b"cat", "Käfer".encode()][row % 2]]),
                "label": feature([row % 3 - 1]),
                "ragged": feature([1] * (1 + row % 2)),
                **{name: feature(values[row]) for name, values in more.items()},
            }
            if row == 7:
                features["rare"] = feature([1.0])
            example = tf.train.Example(features=tf.train.Features(feature=features))
            file.write(example.SerializeToString())
    return path


@pytest.fixture(params=["own.tfrecord", "own.tfrecord.gz"])
def file(request, tmp_path):
    return write(tmp_path / request.param)


def load(path, **params):
    return load_dataset(DatasetSpec(SourceSpec("tfrecord", {"path": str(path), **params})))


def check_script(dataset):
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(variables[f"y_{part}"], dataset.y[part])


def test_that_features_are_found_with_their_very_values(file):
    found = read_features(file, no_progress)
    assert set(found) == {"pixels", "big", "kind", "label"}
    assert np.array_equal(found["pixels"], NUMBERS)
    assert found["big"][3].tolist() == [-(2**63) + 3, 2**62 + 3]
    assert found["label"][:3].tolist() == [-1, 0, 1]


def test_that_a_file_is_prepared_for_training(file):
    dataset = load(file, x="pixels")
    assert dataset.info.input_shape == (6,)
    assert dataset.info.target == "label"
    assert dataset.info.classes == ("-1", "0", "1")
    check_script(dataset)
    other = load(file, x="pixels", y="kind")
    assert other.info.classes == ("Käfer", "cat")
    check_script(other)
    assert load(file).info.features[:2] == ("big[0]", "big[1]")


def test_that_features_can_be_chosen_among_those_there(file):
    found = inspect_path(file)
    assert found.source == SourceSpec("tfrecord", {"path": str(file)})
    assert found.choices["y"] == ("big", "kind", "label", "pixels")
    assert "kind" not in found.choices["x"]
    for params in ({"x": "ragged"}, {"y": "gone"}, {"x": "kind"}):
        with pytest.raises(DataError):
            load(file, **params)


def test_that_damage_is_told_with_its_record(tmp_path):
    path = write(tmp_path / "own.tfrecord")
    whole = path.read_bytes()
    length = struct.unpack("<Q", whole[:8])[0]
    for place, words in ((3, "record 1: its length"), (20, "record 1: its checksum"), (length + 20, "record 2")):
        changed = bytearray(whole)
        changed[place] ^= 4
        path.write_bytes(changed)
        with pytest.raises(DataError, match=words):
            load(path)
    for data in (whole[:5], whole[:30], whole[:-1]):
        path.write_bytes(data)
        with pytest.raises(DataError, match="cut off"):
            load(path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match="no records"):
        load(path)
    path.write_bytes(gzip.compress(whole)[:-40])
    with pytest.raises(DataError, match=r"damaged|cut off"):
        load(path)


def test_that_a_record_that_is_no_example_is_told(tmp_path):
    path = tmp_path / "own.tfrecord"
    for record in (b"\x0b", b"\x0a\x7f", b"\xff" * 12, b"\x0a\x04\x0a\x02\x0a\x00", bytes(300)):
        with tf.io.TFRecordWriter(str(path)) as file:
            file.write(record)
        with pytest.raises(DataError):
            load(path)


def test_that_checksums_are_those_that_are_published():
    # RFC 3720, B.4: the CRC-32C of 32 bytes of 0 is 8A9136AA, of 32 bytes of FF 62A8AB43, of 0 … 31 46DD794E.
    plain = np.array([0x8A9136AA, 0x62A8AB43, 0x46DD794E], np.uint64)
    masked = (((plain >> 15) | (plain << 17)) & 0xFFFFFFFF) + 0xA282EAD8 & 0xFFFFFFFF
    assert masked_crc([bytes(32), b"\xff" * 32, bytes(range(32))]).tolist() == masked.tolist()
    mixed = [b"", b"1", bytes(range(32)), b"abc", bytes(32)]
    assert masked_crc(mixed).tolist() == [int(masked_crc([one])[0]) for one in mixed]


def test_that_checksums_of_records_of_any_length_are_those_of_tensorflow(tmp_path):
    rng = np.random.default_rng(9)
    lengths = [0, 1, 3, 4, 5, 15, 16, 17, 255, 256, 257, 70_000, *rng.integers(0, 5_000, 60).tolist()]
    records = [rng.bytes(length) for length in lengths]
    path = tmp_path / "r.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as file:
        for record in records:
            file.write(record)
    content, place, expected = path.read_bytes(), 0, []
    for length in lengths:
        place += 16 + length
        expected.append(int.from_bytes(content[place - 4 : place], "little"))
    assert masked_crc(records).tolist() == expected


@pytest.mark.parametrize("kind", ["iris", "digits", "diabetes"])
def test_that_any_data_can_be_written_and_read_by_tensorflow_and_here(tmp_path, kind):
    dataset = load_dataset(DatasetSpec(SourceSpec(kind)))
    paths = write_records(dataset, tmp_path / "records", no_progress)
    assert [path.stem for path in paths] == list(PARTS)
    for path in paths:
        x, y = dataset.x[path.stem], dataset.y[path.stem]
        found = read_features(path, no_progress)
        assert np.array_equal(found["x"], x.reshape(len(x), -1))
        assert np.array_equal(found["y"], y.reshape(len(y), -1)[:, 0])
        for row, record in enumerate(tf.data.TFRecordDataset(str(path)).as_numpy_iterator()):
            features = tf.train.Example.FromString(record).features.feature
            assert np.array_equal(np.array(features["x"].float_list.value, np.float32), x[row].ravel())
            values = features["y"].int64_list.value or features["y"].float_list.value
            assert np.array_equal(np.array(values, y.dtype), y[row].ravel())


def test_that_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(DataError, match="cannot be written"):
        write_records(load_dataset(DatasetSpec(SourceSpec("iris"))), tmp_path / "taken", no_progress)
