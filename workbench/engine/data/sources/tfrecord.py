"""A person's own TFRecord file."""

from functools import partial
from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import LARGE_FILE, memory_budget
from workbench.engine.data.params import READING, path_of, text
from workbench.engine.data.raw import AnyArray, Params, Progress, RawData
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.tfrecord_file import SUFFIXES, find_target, is_packed, read_features
from workbench.engine.data.tfrecord_stream import read_record_stream

ENTRY = SourceEntry(
    kind="tfrecord",
    title="Records (TFRecord)",
    group="own",
    summary="Records of numbers as TensorFlow saves them, plain or packed. What they hold is found out.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        ParamEntry(
            "x",
            "text",
            optional=True,
            title="Inputs",
            help="The feature with the inputs; all that hold numbers, side by side, when left empty.",
        ),
        ParamEntry(
            "y", "text", optional=True, title="Targets", help="The feature to learn; found by its name when left empty."
        ),
        READING,
    ),
    suffixes=SUFFIXES,
)
_LISTS = {"f": "float_list", "i": "int64_list", "O": "bytes_list"}


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Inputs and targets."""
    path = path_of(text(params, "path"), folder)
    if _in_pieces(path, text(params, "reading")):
        return read_record_stream(path, lambda found: partial(_data, path, *_choose(path, found, params)), progress)
    found = read_features(path, progress)
    return _data(path, *_choose(path, found, params), found)


def _in_pieces(path: Path, reading: str) -> bool:
    check_file(path)
    if reading != "auto":
        return reading == "pieces"
    return not is_packed(path) and path.stat().st_size * 4 > min(4 * LARGE_FILE, memory_budget())


def _choose(path: Path, found: dict[str, AnyArray], params: Params) -> tuple[list[str], str]:
    """The features of the inputs, and the one to learn."""
    target = str(params["y"]) if params["y"] else find_target(found)
    for name in (target, params["x"]):
        if name and name not in found:
            known = ", ".join(f"“{known}”" for known in list(found)[:12]) or "none"
            raise DataError(f"{path.name} has no feature “{name}” of the same size in all records. Known: {known}.")
    numeric = [name for name, array in found.items() if array.dtype != object and name != target]
    chosen = [str(params["x"])] if params["x"] else numeric
    if not chosen or not target or any(found[name].dtype == object for name in chosen):
        raise DataError(f"{path.name} has no numbers to learn from beside “{target}”. Choose inputs that hold numbers.")
    return chosen, target


def _data(path: Path, chosen: list[str], target: str, found: dict[str, AnyArray]) -> RawData:
    lacking = [name for name in (*chosen, target) if name not in found]
    if lacking:
        raise DataError(f"{path.name} has records without “{lacking[0]}”. Choose features that all records have.")
    x = np.column_stack([found[name] for name in chosen])
    y = found[target]
    return RawData(
        title=path.stem,
        form="arrays",
        x=x,
        y=_texts(path, y) if y.dtype == object else y,
        names=tuple(label for name in chosen for label in _labels(name, found[name])),
        target=target,
        detected={"Inputs": ", ".join(chosen[:8]), "Targets": target},
        script=_script(path, chosen, target, found),
    )


def _texts(path: Path, values: AnyArray) -> AnyArray:
    try:
        return np.array([value.decode() for value in values.ravel().tolist()])
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name}: the targets are neither numbers nor texts. Choose others.", str(error)
        ) from error


def _labels(name: str, array: AnyArray) -> tuple[str, ...]:
    return (name,) if array.ndim == 1 else tuple(f"{name}[{place}]" for place in range(array.shape[1]))


def _script(path: Path, chosen: list[str], target: str, found: dict[str, AnyArray]) -> str:
    packed = "GZIP" if is_packed(path) else ""
    kinds = {name: _LISTS[found[name].dtype.kind] for name in (*chosen, target)}
    columns = ", ".join(f"feature({text_literal(name)}, {text_literal(kinds[name])})" for name in chosen)
    y = f"feature({text_literal(target)}, {text_literal(kinds[target])})"
    y += "[:, 0]" if found[target].ndim == 1 else ""
    if found[target].dtype == object:
        y = f"np.array([text.decode() for text in {y}])"
    lines = [
        "import numpy as np",
        "import tensorflow as tf",
        "",
        f"DATA = {text_literal(str(path))}",
        "",
        f"records = tf.data.TFRecordDataset(DATA, {text_literal(packed)}).as_numpy_iterator()",
        "examples = [tf.train.Example.FromString(record).features.feature for record in records]",
        f"TYPES = {{{', '.join(f'{text_literal(a)}: {b}' for a, b in _TYPES)}}}",
        "",
        "",
        "def feature(name, kind):",
        '    """The values of a feature in all records (n, count)."""',
        "    return np.array([list(getattr(example[name], kind).value) for example in examples], TYPES[kind])",
        "",
        "",
        f"x = np.column_stack([{columns}])",
        f"y = {y}",
    ]
    return "\n".join(lines) + "\n"


_TYPES = (("float_list", '"float32"'), ("int64_list", '"int64"'), ("bytes_list", "object"))


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
