"""Small colour pictures, 32×32: CIFAR-10."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.keras_files import KerasFile
from workbench.engine.data.keras_pictures import batches_data
from workbench.engine.data.keras_sets import PATH, given_path, set_files
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="keras_cifar10",
    title="CIFAR-10",
    group="keras",
    summary="60,000 colour pictures of animals and vehicles, 32×32, in ten classes, 10,000 of them set aside as a test "
    "set. 170 MB to load.",
    params=(PATH,),
    suffixes=(".gz",),
    licence="No licence stated (Alex Krizhevsky, University of Toronto)",
    task="multiclass",
    samples=60_000,
    shape=(32, 32, 3),
)
FILE = KerasFile(
    "cifar-10-python.tar.gz",
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    most=200_000_000,
    cached=("cifar-10-batches-py-target_archive",),
)
FILES = (FILE,)
_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_TRAIN = tuple(f"cifar-10-batches-py/data_batch_{place}" for place in range(1, 6))
_TEST = ("cifar-10-batches-py/test_batch",)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures with a test set of their own."""
    given = given_path(params, folder)
    return batches_data(ENTRY, FILE, given, progress, train=_TRAIN, test=_TEST, label="labels", classes=_CLASSES)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the file may lie."""
    return set_files(FILE, params, folder)
