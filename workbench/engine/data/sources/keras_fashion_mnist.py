"""Pictures of clothes, 28×28: all of Fashion-MNIST."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.keras_files import STORE, KerasFile, obtain
from workbench.engine.data.keras_sets import PATH, given_path, set_files
from workbench.engine.data.raw import AnyArray, Params, Progress, RawData
from workbench.engine.data.source_text import text_literal

ENTRY = SourceEntry(
    kind="keras_fashion_mnist",
    title="Fashion-MNIST, all of it",
    group="keras",
    summary="70,000 grey pictures of clothes, 28×28, in ten classes, 10,000 of them set aside as a test set. "
    "30 MB to load, in four files; of your own, choose any of the four, beside which the others lie.",
    params=(PATH,),
    suffixes=(".gz",),
    licence="MIT (Zalando SE)",
    task="multiclass",
    samples=70_000,
    shape=(28, 28, 1),
)
_CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
# Keras states no hashes of these; the MD5 are those that Zalando states.
FILES = tuple(
    KerasFile(name, f"{STORE}{name}", digest, most=40_000_000, folder="datasets/fashion-mnist")
    for name, digest in (
        ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    )
)
_MOST = 100_000_000


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures of ten classes with a test set of their own."""
    given = given_path(params, folder)
    paths = [obtain(file, given.with_name(file.name) if given else None, progress) for file in FILES]
    x, x_test = (_unpacked(paths[place], 16).reshape(-1, 28, 28, 1) for place in (0, 2))
    y, y_test = (_unpacked(paths[place], 8).astype("int64") for place in (1, 3))
    return RawData(
        title=ENTRY.title,
        form="pictures",
        x=x,
        y=y,
        x_test=x_test,
        y_test=y_test,
        classes=_CLASSES,
        target="clothing",
        task="multiclass",
        full_scale=255.0,
        script=_script(paths),
    )


def _unpacked(path: Path, head: int) -> AnyArray:
    """The bytes behind the head of a file."""
    try:
        with gzip.open(path) as stream:
            data = stream.read(_MOST)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} cannot be unpacked. Get it again.", str(error)) from error
    return np.frombuffer(data, np.uint8, offset=head)


def _script(paths: list[Path]) -> str:
    literals = [text_literal(path.name) for path in paths]
    lines = [
        "import gzip",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "",
        f"DATA = {text_literal(str(paths[0]))}",
        "",
        "",
        "def unpacked(name, head):",
        '    """The bytes behind the head of a file that lies beside DATA."""',
        "    with gzip.open(Path(DATA).with_name(name)) as file:",
        '        return np.frombuffer(file.read(), "uint8", offset=head)',
        "",
        "",
        f"x = unpacked({literals[0]}, 16).reshape(-1, 28, 28, 1)",
        f'y = unpacked({literals[1]}, 8).astype("int64")',
        f"x_test = unpacked({literals[2]}, 16).reshape(-1, 28, 28, 1)",
        f'y_test = unpacked({literals[3]}, 8).astype("int64")',
    ]
    return "\n".join(lines) + "\n"


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the files may lie."""
    given = given_path(params, folder)
    beside = tuple(given.with_name(file.name) for file in FILES) if given else ()
    return (*beside, *(path for file in FILES for path in set_files(file, {"path": None}, folder)))
