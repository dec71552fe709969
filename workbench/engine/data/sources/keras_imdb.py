"""Reviews of films as numbers of words: IMDB."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.keras_files import STORE, KerasFile, obtain
from workbench.engine.data.keras_sets import PATH, SEED, given_path, set_files, trusted_lines
from workbench.engine.data.keras_texts import TEXT_PARAMS, Numbering, numbering, read_labels, read_texts, texts_data
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="keras_imdb",
    title="IMDB reviews",
    group="keras",
    summary="50,000 reviews of films as numbers of words, liked or not, half of them set aside as a test set. "
    "17 MB to load.",
    params=(*TEXT_PARAMS, PATH),
    suffixes=(".npz",),
    licence="No licence stated (Andrew Maas and others, Stanford University)",
    task="binary",
    samples=50_000,
)
FILE = KerasFile(
    "imdb.npz",
    f"{STORE}imdb.npz",
    "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    most=50_000_000,
)
FILES = (FILE,)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Texts as whole numbers (n, length), or as bags (n, vocabulary), in the order that Keras gives them."""
    path = obtain(FILE, given_path(params, folder), progress)
    numbered = numbering(params)
    shuffle = np.random.RandomState(SEED)
    arrays = []
    for part in ("train", "test"):
        texts = read_texts(path, f"x_{part}", progress)
        labels = read_labels(path, f"y_{part}", len(texts), progress)
        order = np.arange(len(texts))
        shuffle.shuffle(order)
        arrays += [numbered.apply([texts[place] for place in order], progress), labels[order]]
    return texts_data(
        ENTRY,
        arrays,
        params,
        classes=("not liked", "liked"),
        target="opinion",
        task="binary",
        script=_script(path, numbered),
    )


def _script(path: Path, numbered: Numbering) -> str:
    lines = [
        "import hashlib",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "",
        *trusted_lines(FILE, path),
        *numbered.lines,
        "",
        f"shuffle = np.random.RandomState({SEED})  # the order in which Keras gives them",
        "with np.load(DATA, allow_pickle=True) as arrays:",
        '    order = np.arange(len(arrays["x_train"]))',
        "    shuffle.shuffle(order)",
        f'    x, y = {numbered.name}(arrays["x_train"][order]), arrays["y_train"][order].astype("int64")',
        '    order = np.arange(len(arrays["x_test"]))',
        "    shuffle.shuffle(order)",
        f'    x_test, y_test = {numbered.name}(arrays["x_test"][order]), arrays["y_test"][order].astype("int64")',
    ]
    return "\n".join(lines) + "\n"


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the file may lie."""
    return set_files(FILE, params, folder)
