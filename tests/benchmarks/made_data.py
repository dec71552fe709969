"""Large data for the benchmarks, of which a class can be learned: a table, a folder of pictures, a file of records."""

import os
from pathlib import Path

import numpy as np

_BLOCK = 200_000
_RECORDS = 2_000
_CLASSES = 10
SIDE = 32
WIDTH = 784


def write_table(path: Path, rows: int) -> None:
    """Five numbers, a word, and a class that follows from them."""
    rng = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write("a,b,c,d,e,kind,label\n")
        for start in range(0, rows, _BLOCK):
            count = min(_BLOCK, rows - start)
            numbers, kinds = rng.normal(size=(count, 5)), rng.integers(0, 3, count)
            labels = (numbers[:, 0] * numbers[:, 1] + kinds - 1 > 0).astype(int).tolist()
            words = np.array(["red", "green", "blue"])[kinds].tolist()
            file.writelines(
                f"{a:.4f},{b:.4f},{c:.4f},{d:.4f},{e:.4f},{word},{label}\n"
                for (a, b, c, d, e), word, label in zip(numbers.tolist(), words, labels, strict=True)
            )


def write_pictures(folder: Path, count: int) -> None:
    """PNG files of noise in ten folders, each of a brightness of its own."""
    from PIL import Image

    rng = np.random.default_rng(0)
    folders = [folder / f"class {label}" for label in range(_CLASSES)]
    for each in folders:
        each.mkdir(parents=True)
    for number in range(count):
        label = number % _CLASSES
        dots = rng.integers(0, 64, (SIDE, SIDE, 3), np.uint8) + np.uint8(19 * label)
        Image.fromarray(dots).save(folders[label] / f"{number:06}.png", compress_level=1)


def write_records(path: Path, count: int) -> None:
    """Records of 784 numbers and their class, 3.2 kB each, as TensorFlow writes them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    from workbench.engine.data.tfrecord_write import example

    rng = np.random.default_rng(0)
    mark = np.frombuffer(b"\1\2\3\5" * WIDTH, np.float32)
    first, second = (bytearray(example({"label": np.int64(label), "x": mark})) for label in (0, 1))
    place = first.index(mark.tobytes())
    label_place = next(at for at, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1])
    weights = rng.normal(size=(WIDTH, _CLASSES))
    with tf.io.TFRecordWriter(str(path)) as out:
        for start in range(0, count, _RECORDS):
            x = rng.normal(size=(min(_RECORDS, count - start), WIDTH)).astype(np.float32)
            for row, label in zip(x, (x @ weights).argmax(axis=1).tolist(), strict=True):
                first[place : place + row.nbytes] = row.tobytes()
                first[label_place] = label
                out.write(bytes(first))
