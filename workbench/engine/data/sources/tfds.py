"""Any data set that the library tensorflow_datasets knows by its name."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.named_set import USUAL_TEST, Wanted, read_named_set
from workbench.engine.data.named_set_files import sets_folder
from workbench.engine.data.params import path_of, text
from workbench.engine.data.picture_folder import picture_size
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="tfds",
    title="TensorFlow Datasets",
    group="keras",
    summary="Any data set that tensorflow_datasets knows, by its name. It needs that library, and downloads what is "
    "not on this machine yet.",
    params=(
        ParamEntry(
            "name",
            "text",
            "mnist",
            title="Data set",
            help="Its name, with a configuration and a version where wished: mnist, glue/cola, cifar10:3.0.2.",
        ),
        ParamEntry(
            "train",
            "text",
            "train",
            title="Split for training",
            help="What is trained on, and split into parts: train, or train[:10%] for a tenth of it.",
        ),
        ParamEntry(
            "test",
            "text",
            USUAL_TEST,
            optional=True,
            title="Split for testing",
            help="What is set aside as the test set, if the data set has it; none when left empty.",
        ),
        ParamEntry(
            "x", "text", optional=True, title="Inputs", help="The feature to learn from; the usual one when left empty."
        ),
        ParamEntry(
            "y", "text", optional=True, title="Targets", help="The feature to learn; the usual one when left empty."
        ),
        ParamEntry(
            "size",
            "ints",
            optional=True,
            dimensions=2,
            low=1,
            high=1024,
            help="Height and width that all pictures are brought to; they keep their own when left empty.",
        ),
        ParamEntry(
            "data_dir",
            "text",
            optional=True,
            title="Folder",
            help="The folder that the library keeps data sets in; its usual one when left empty.",
            advanced=True,
        ),
    ),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Samples with their targets, and the test set of their own where it is wished."""
    wanted = Wanted(
        name=text(params, "name").strip(),
        train=text(params, "train").strip(),
        test=str(params["test"] or "").strip(),
        x=str(params["x"] or ""),
        y=str(params["y"] or ""),
        size=picture_size(params["size"], ENTRY.title),
        folder=_given(params, folder),
    )
    return read_named_set(wanted, progress)


def _given(params: Params, folder: Path | None) -> Path | None:
    return path_of(str(params["data_dir"]), folder) if params["data_dir"] else None


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The folder of the data set."""
    return (sets_folder(_given(params, folder)) / text(params, "name").strip().split(":")[0],)
