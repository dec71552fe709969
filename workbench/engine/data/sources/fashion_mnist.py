"""Pictures of clothes, 28×28."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.bundled import bundled_arrays, bundled_file, picture_script
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="fashion_mnist",
    title="Fashion-MNIST",
    group="bundled",
    summary="12,000 grey pictures of clothes, 28×28, in ten classes, 2,000 of them set aside as a test set.",
    licence="MIT (Zalando SE)",
    task="multiclass",
    samples=12000,
    shape=(28, 28, 1),
)
_FILE = "fashion_mnist.npz"
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


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures of ten classes with a test set of their own."""
    progress("Reading Fashion-MNIST", None)
    arrays = bundled_arrays(_FILE, ("x_train", "y_train", "x_test", "y_test"))
    return RawData(
        title=ENTRY.title,
        form="pictures",
        x=arrays["x_train"][..., None],
        y=arrays["y_train"].astype("int64"),
        x_test=arrays["x_test"][..., None],
        y_test=arrays["y_test"].astype("int64"),
        classes=_CLASSES,
        target="clothing",
        task="multiclass",
        full_scale=255.0,
        script=picture_script(_FILE, own_test=True),
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file(_FILE),)
