"""Handwritten digits, 28×28: MNIST."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.arrays import read_npz
from workbench.engine.data.keras_files import STORE, KerasFile, obtain
from workbench.engine.data.keras_sets import PATH, given_path, set_files
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.source_text import text_literal

ENTRY = SourceEntry(
    kind="keras_mnist",
    title="MNIST",
    group="keras",
    summary="70,000 grey pictures of handwritten digits, 28×28, 10,000 of them set aside as a test set. 11 MB to load.",
    params=(PATH,),
    suffixes=(".npz",),
    licence="CC BY-SA 3.0 (Yann LeCun, Corinna Cortes)",
    task="multiclass",
    samples=70_000,
    shape=(28, 28, 1),
)
FILE = KerasFile(
    "mnist.npz",
    f"{STORE}mnist.npz",
    "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    most=20_000_000,
)
FILES = (FILE,)
_ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures of ten digits with a test set of their own."""
    path = obtain(FILE, given_path(params, folder), progress)
    x, y, x_test, y_test = read_npz(path, _ARRAYS, progress).values()
    return RawData(
        title=ENTRY.title,
        form="pictures",
        x=x[..., None],
        y=y.astype("int64"),
        x_test=x_test[..., None],
        y_test=y_test.astype("int64"),
        classes=tuple("0123456789"),
        target="digit",
        task="multiclass",
        full_scale=255.0,
        script=_script(path),
    )


def _script(path: Path) -> str:
    lines = [
        "import numpy as np",
        "",
        f"DATA = {text_literal(str(path))}",
        "",
        "with np.load(DATA) as arrays:",
        '    x, y = arrays["x_train"][..., None], arrays["y_train"].astype("int64")',
        '    x_test, y_test = arrays["x_test"][..., None], arrays["y_test"].astype("int64")',
    ]
    return "\n".join(lines) + "\n"


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the file may lie."""
    return set_files(FILE, params, folder)
