"""What the two data sets of houses share: an NPZ file with x and y, shuffled and parted as Keras does."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.arrays import read_npz
from workbench.engine.data.keras_files import KerasFile, obtain
from workbench.engine.data.keras_sets import SEED, TEST_SHARE, given_path
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.source_text import text_literal


def read_houses(
    entry: SourceEntry,
    file: KerasFile,
    names: tuple[str, ...],
    params: Params,
    folder: Path | None,
    progress: Progress,
) -> RawData:
    """Rows of numbers and prices, in the order that Keras gives them; the last fifth is for testing."""
    path = obtain(file, given_path(params, folder), progress)
    x, y = read_npz(path, ("x", "y"), progress).values()
    order = np.arange(len(x))
    np.random.RandomState(SEED).shuffle(order)
    x, y = x[order], y[order]
    end = int(len(x) * (1 - TEST_SHARE))
    return RawData(
        title=entry.title,
        form="arrays",
        x=x[:end],
        y=y[:end],
        x_test=x[end:],
        y_test=y[end:],
        names=names,
        target="price",
        task="regression",
        script=_script(path),
    )


def _script(path: Path) -> str:
    lines = [
        "import numpy as np",
        "",
        f"DATA = {text_literal(str(path))}",
        "",
        "with np.load(DATA) as arrays:",
        '    order = np.arange(len(arrays["x"]))',
        f"    np.random.RandomState({SEED}).shuffle(order)  # the order in which Keras gives them",
        '    x, y = arrays["x"][order], arrays["y"][order]',
        f"end = int(len(x) * (1 - {TEST_SHARE}))",
        "x, x_test = x[:end], x[end:]",
        "y, y_test = y[:end], y[end:]",
    ]
    return "\n".join(lines) + "\n"
