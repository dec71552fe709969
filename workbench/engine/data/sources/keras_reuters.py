"""News as numbers of words: Reuters."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.keras_files import STORE, KerasFile, obtain
from workbench.engine.data.keras_sets import PATH, SEED, TEST_SHARE, given_path, set_files, trusted_lines
from workbench.engine.data.keras_texts import TEXT_PARAMS, Numbering, numbering, read_labels, read_texts, texts_data
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="keras_reuters",
    title="Reuters news",
    group="keras",
    summary="11,228 news of 1987 as numbers of words, on 46 topics, a fifth of them set aside as a test set. 2 MB to "
    "load.",
    params=(*TEXT_PARAMS, PATH),
    suffixes=(".npz",),
    licence="For research only (Reuters-21578)",
    task="multiclass",
    samples=11_228,
)
FILE = KerasFile(
    "reuters.npz",
    f"{STORE}reuters.npz",
    "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
    most=20_000_000,
)
FILES = (FILE,)
_TOPICS = (
    "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship "
    "cotton carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin "
    "strategic-metal livestock retail ipi iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr "
    "gas silver wpi hog lead"
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Texts as whole numbers (n, length), or as bags (n, vocabulary), in the order that Keras gives them; the last
    fifth is for testing."""
    path = obtain(FILE, given_path(params, folder), progress)
    numbered = numbering(params)
    texts = read_texts(path, "x", progress)
    labels = read_labels(path, "y", len(texts), progress)
    order = np.arange(len(texts))
    np.random.RandomState(SEED).shuffle(order)
    x, y = numbered.apply([texts[place] for place in order], progress), labels[order]
    end = int(len(x) * (1 - TEST_SHARE))
    return texts_data(
        ENTRY,
        (x[:end], y[:end], x[end:], y[end:]),
        params,
        classes=tuple(_TOPICS.split()),
        target="topic",
        task="multiclass",
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
        "with np.load(DATA, allow_pickle=True) as arrays:",
        '    order = np.arange(len(arrays["x"]))',
        f"    np.random.RandomState({SEED}).shuffle(order)  # the order in which Keras gives them",
        f'    x, y = {numbered.name}(arrays["x"][order]), arrays["y"][order].astype("int64")',
        f"end = int(len(x) * (1 - {TEST_SHARE}))",
        "x, x_test = x[:end], x[end:]",
        "y, y_test = y[:end], y[end:]",
    ]
    return "\n".join(lines) + "\n"


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the file may lie."""
    return set_files(FILE, params, folder)
