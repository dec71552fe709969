"""Reads the pictures of the CIFAR data sets from their archives, without unpacking or unpickling them."""

import tarfile
import zlib
from pathlib import Path

import numpy as np

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.keras_files import KerasFile, obtain
from workbench.engine.data.keras_sets import trusted_lines
from workbench.engine.data.limits import check_memory, readable
from workbench.engine.data.number_pickle import PickleError, read_pickle
from workbench.engine.data.raw import AnyArray, Progress, RawData
from workbench.engine.data.source_text import list_literal, text_literal

_MOST = 200_000_000
_DOTS = 3 * 32 * 32


def read_batches(path: Path, names: tuple[str, ...], label: str, progress: Progress) -> tuple[AnyArray, AnyArray]:
    """Pictures (n, 32, 32, 3) and class numbers (n,) of some members of an archive, in the order of `names`. Raises
    DataError when one is missing, or holds anything else."""
    found: dict[str, tuple[AnyArray, AnyArray]] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                progress(f"Reading {path.name}", len(found) / len(names))
                if member.name in names and member.isfile():
                    found[member.name] = _batch(path, archive, member, label)
                if len(found) == len(names):
                    break
    except (tarfile.TarError, PickleError, EOFError, ValueError, zlib.error) as error:
        raise _refused(path, str(error)) from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error
    missing = [name for name in names if name not in found]
    if missing:
        raise _refused(path, f"{missing[0]} is missing")
    check_memory(sum(pictures.nbytes for pictures, _ in found.values()) * 2, path.name)
    pictures = np.concatenate([found[name][0] for name in names])
    return pictures, np.concatenate([found[name][1] for name in names])


def batches_data(
    entry: SourceEntry,
    file: KerasFile,
    given: Path | None,
    progress: Progress,
    *,
    train: tuple[str, ...],
    test: tuple[str, ...],
    label: str,
    classes: tuple[str, ...],
) -> RawData:
    """Pictures of a CIFAR archive, with the test set of their own; `train` and `test` name its members. Raises
    DataError."""
    path = obtain(file, given, progress)
    x, y = read_batches(path, train, label, progress)
    x_test, y_test = read_batches(path, test, label, progress)
    return RawData(
        title=entry.title,
        form="pictures",
        x=x,
        y=y,
        x_test=x_test,
        y_test=y_test,
        classes=classes,
        target="thing",
        task="multiclass",
        full_scale=255.0,
        script=batches_script(file, path, train, test, label),
    )


def _batch(path: Path, archive: tarfile.TarFile, member: tarfile.TarInfo, label: str) -> tuple[AnyArray, AnyArray]:
    if member.size > _MOST:
        raise DataError(f"{path.name} would unpack to {readable(member.size)}. Get it again.")
    stream = archive.extractfile(member)
    assert stream is not None  # it is a file
    batch = read_pickle(stream.read(_MOST))
    plain = {_text(key): value for key, value in batch.items()} if isinstance(batch, dict) else {}
    pictures, labels = plain.get("data"), plain.get(label)
    if not isinstance(pictures, np.ndarray) or pictures.dtype != np.uint8 or pictures.shape[1:] != (_DOTS,):
        raise PickleError(f"{member.name} has no pictures")
    if not isinstance(labels, list) or len(labels) != len(pictures) or not all(type(one) is int for one in labels):
        raise PickleError(f"{member.name} has no class numbers")
    shaped = pictures.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(shaped), np.array(labels, np.int64)


def _text(key: object) -> str:
    return key.decode("ascii", "replace") if isinstance(key, bytes) else str(key)


def batches_script(file: KerasFile, path: Path, train: tuple[str, ...], test: tuple[str, ...], label: str) -> str:
    """Python source that reads the same pictures."""
    lines = [
        "import hashlib",
        "import pickle",
        "import tarfile",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "",
        *trusted_lines(file, path),
        "",
        "",
        "def batches(names):",
        '    """The pictures (n, 32, 32, 3) and class numbers of some members of the archive."""',
        "    with tarfile.open(DATA) as archive:",
        '        read = [pickle.load(archive.extractfile(name), encoding="bytes") for name in names]',
        '    pictures = np.concatenate([batch[b"data"] for batch in read])',
        f'    labels = np.concatenate([batch[{text_literal(label)}.encode()] for batch in read]).astype("int64")',
        "    return pictures.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels",
        "",
        "",
        f"x, y = batches({list_literal(train)})",
        f"x_test, y_test = batches({list_literal(test)})",
    ]
    return "\n".join(lines) + "\n"


def _refused(path: Path, why: str) -> DataError:
    return DataError(f"{path.name} is damaged, or holds more than numbers, so it was not opened. Get it again.", why)
