"""Pictures of clothes, 28×28: of all ten kinds, or of some."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.bundled import bundled_arrays, bundled_file, picture_script
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import texts, whole
from workbench.engine.data.raw import Params, Progress, RawData

_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_MOST = 10_000
ENTRY = SourceEntry(
    kind="fashion_mnist",
    title="Fashion-MNIST",
    group="bundled",
    summary="12,000 grey pictures of clothes, 28×28, in ten classes, 2,000 of them set aside as a test set.",
    params=(
        ParamEntry("kinds", "texts", (), help=f"The kinds of clothes to take, of {', '.join(_CLASSES)}. None: all."),
        ParamEntry(
            "samples",
            "int",
            optional=True,
            low=20,
            high=_MOST,
            help="So many of these pictures, and no more, for training and validation. None: all. The test set stays.",
        ),
    ),
    licence="MIT (Zalando SE)",
    task="multiclass",
    samples=12000,
    shape=(28, 28, 1),
)
_FILE = "fashion_mnist.npz"
_CHOSEN = """
# Only some kinds of clothes, which are numbered anew.
kinds = np.array({kinds})
chosen = np.isin(y, kinds)
x, y = x[chosen], np.searchsorted(kinds, y[chosen])
chosen = np.isin(y_test, kinds)
x_test, y_test = x_test[chosen], np.searchsorted(kinds, y_test[chosen])
"""
_FEWER = """
# Only so many of them.
x, y = x[:{samples}], y[:{samples}]
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures of up to ten classes with a test set of their own. Raises DataError on parameters that cannot be."""
    kinds = _kinds(params)
    samples = None if params["samples"] is None else whole(params, "samples")
    progress("Reading Fashion-MNIST", None)
    arrays = bundled_arrays(_FILE, ("x_train", "y_train", "x_test", "y_test"))
    x, y, x_test, y_test = (arrays[name] for name in ("x_train", "y_train", "x_test", "y_test"))
    script = picture_script(_FILE, own_test=True)
    if len(kinds) < len(_CLASSES):
        chosen, chosen_test = np.isin(y, kinds), np.isin(y_test, kinds)
        x, y = x[chosen], np.searchsorted(kinds, y[chosen])
        x_test, y_test = x_test[chosen_test], np.searchsorted(kinds, y_test[chosen_test])
        script += _CHOSEN.format(kinds=list(kinds))
    if samples is not None:
        x, y = x[:samples], y[:samples]
        script += _FEWER.format(samples=samples)
    return RawData(
        title=ENTRY.title,
        form="pictures",
        x=x[..., None],
        y=y.astype("int64"),
        x_test=x_test[..., None],
        y_test=y_test.astype("int64"),
        classes=tuple(_CLASSES[kind] for kind in kinds),
        target="clothing",
        task="binary" if len(kinds) == 2 else "multiclass",
        full_scale=255.0,
        script=script,
    )


def _kinds(params: Params) -> tuple[int, ...]:
    """The numbers of the chosen kinds, in the order of the file."""
    names = texts(params, "kinds")
    for name in names:
        if name not in _CLASSES:
            raise DataError(f"Fashion-MNIST has no {str(name)[:40]!r}. Choose of: {', '.join(_CLASSES)}.")
    kinds = tuple(number for number, name in enumerate(_CLASSES) if not names or name in names)
    if len(kinds) < 2:
        raise DataError("One kind of clothes alone cannot be told apart. Choose at least two.")
    return kinds


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file(_FILE),)
