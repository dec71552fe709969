"""Looks into a SavedModel before TensorFlow does: its sizes, its objects, and each operation that it could run."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.domain.files import StoreError
from workbench.domain.machine import memory_bytes
from workbench.domain.sealed import GRAPH_FILE, SealedFacts, files_in
from workbench.engine.data.limits import readable
from workbench.engine.errors import EngineError
from workbench.engine.reading.saved_model_graph import graph_message
from workbench.engine.sealed.endpoints import endpoints_of
from workbench.engine.sealed.functions import Functions
from workbench.engine.sealed.ops import CODE, FILES, HARMLESS, SAVING

_MOST_NUMBERS = 64 * 1024 * 1024
_LARGEST = 16  # bytes of a number
_MOST_PARTS = 200_000
_SHOWN = 4
_OBJECTS = ("user_object", "variable", "function", "bare_concrete_function", "constant", "captured_tensor")
_CONSTANT = "tf.TrackableConstant"  # TensorFlow's own class for numbers that a function takes as they are
_KEPT_TYPES = ("_generic_user_object", "signature_map", "tf_module")
_KEPT_FAMILIES = ("trackable_", "_tf_keras_")

Stamp = tuple[tuple[str, int, int], ...]


def facts_of(folder: Path, name: str) -> SealedFacts:
    """What the SavedModel in a folder is, told without running anything of it. Raises EngineError, with what was found,
    where it could do anything but compute; `name` is what a person calls it."""
    try:
        files = files_in(folder)
        stamp = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    except (OSError, StoreError) as error:
        raise EngineError(f"{name} cannot be read. {error}", str(error)) from error
    return _facts(folder, stamp, name)


@lru_cache(maxsize=16)
def _facts(folder: Path, stamp: Stamp, name: str) -> SealedFacts:
    """What `facts_of` gives; `stamp` is another one when a file has changed."""
    size = sum(each for _, _, each in stamp)
    weights = sum(each for path, _, each in stamp if Path(path).parent.name == "variables")
    graph = _graph(folder / GRAPH_FILE, name)
    objects = graph.object_graph_def.nodes
    _check_objects(objects, weights, name)
    functions = Functions(graph)
    _check_operations(functions, name)
    _check_constants(functions, name)
    _check_weights(folder, weights, name)
    return SealedFacts(endpoints_of(graph, functions), size, functions.count)


def _graph(file: Path, name: str) -> Any:
    """The only graph of a SavedModel that TensorFlow 2 wrote."""
    message = graph_message(file, name)
    if len(message.meta_graphs) != 1 or not message.meta_graphs[0].object_graph_def.nodes:
        raise EngineError(
            f"{name} is a SavedModel of TensorFlow 1, whose graph does not say what its functions are. Open it with "
            "tf.saved_model.load and save it again with TensorFlow 2."
        )
    if message.meta_graphs[0].asset_file_def:
        raise EngineError(f"{name} reads files of its own (assets), such as lists of words, which is not done here.")
    return message.meta_graphs[0]


def _check_objects(objects: Any, weights: int, name: str) -> None:
    if len(objects) > _MOST_PARTS:
        raise EngineError(f"{name} is too large to open here: it has {len(objects):,} objects.")
    needed = 0
    for each in objects:
        kind = each.WhichOneof("kind")
        if kind not in _OBJECTS:
            what = {"asset": "a file of its own", "resource": "a table or another store of its own"}.get(
                kind, str(kind)
            )
            raise EngineError(f"{name} needs {what}, which is not loaded here. Ask for a model that only computes.")
        is_own = each.registered_name == _CONSTANT and kind == "constant"
        if (each.registered_name and not is_own) or each.registered_saver or each.saveable_objects:
            raise EngineError(
                f"{name} needs Python code that is not in it ({each.registered_name[:60] or 'its own way to save'}), "
                "which is not loaded."
            )
        if kind == "user_object" and not _is_known(each.user_object.identifier):
            raise EngineError(
                f"{name} needs a foreign class, “{each.user_object.identifier[:60]}”, which is not loaded."
            )
        if any(child.local_name.startswith("__") and child.local_name != "__call__" for child in each.children):
            raise EngineError(f"{name} is damaged: it names parts of Python's own.")
        needed += _variable_bytes(each.variable, name) if kind == "variable" else 0
    # Keras writes each of its variables twice, and the file has it once.
    if needed > 4 * weights + _MOST_NUMBERS:
        raise EngineError(f"{name} is damaged: its weights need {readable(needed)}, but the folder has fewer.")


def _is_known(identifier: str) -> bool:
    return identifier in _KEPT_TYPES or identifier.startswith(_KEPT_FAMILIES)


def _variable_bytes(variable: Any, name: str) -> int:
    import tensorflow as tf

    try:
        dtype = tf.dtypes.as_dtype(variable.dtype)
    except TypeError as error:
        raise EngineError(f"{name} is damaged: it has weights of an unknown type.", str(error)) from error
    sizes = [dimension.size for dimension in variable.shape.dim]
    if variable.shape.unknown_rank or any(size < 0 for size in sizes):
        raise EngineError(f"{name} has weights of no fixed shape, which cannot be sealed. Choose another SavedModel.")
    if not (dtype.is_floating or dtype.is_integer or dtype.is_bool):
        raise EngineError(f"{name} has weights that are no numbers ({dtype.name}). Choose another SavedModel.")
    return int(math.prod(sizes)) * int(dtype.size)


def _check_operations(functions: Functions, name: str) -> None:
    """Refuse all that does anything but compute."""
    if functions.count > _MOST_PARTS:
        raise EngineError(f"{name} is too large to open here: it has {functions.count:,} operations.")
    found = Counter(kind for kind in functions.kinds() if kind not in HARMLESS)
    found.update(kind for kind in functions.saver_kinds() if kind not in SAVING)
    if found:
        raise EngineError(f"{name} is not opened: {_told(found)} Ask for the model as a .keras or .h5 file.")
    if functions.called_savers:
        raise EngineError(f"{name} is not opened: its functions call what writes and reads its weights.")


def _told(found: Iterable[str]) -> str:
    kinds = set(found)
    shown = ", ".join(sorted(kinds)[:_SHOWN]) + (" …" if len(kinds) > _SHOWN else "")
    if kinds & CODE:
        return f"some of its operations run code of Python: {shown}."
    if kinds & FILES or any("File" in kind or "Dataset" in kind for kind in kinds):
        return f"some of its operations read or write files: {shown}."
    return f"some of its operations are not known to compute only: {shown}."


def _check_constants(functions: Functions, name: str) -> None:
    """A constant of equal numbers is written as one of them, and needs as much memory as its shape says."""
    total = 0
    for tensor in _tensors(functions.nodes()):
        sizes = [dimension.size for dimension in tensor.tensor_shape.dim]
        if any(size < 0 for size in sizes):
            raise EngineError(f"{name} is damaged: it has a constant of no fixed shape.")
        count = math.prod(sizes)
        if count > max(_MOST_NUMBERS, len(tensor.tensor_content)):
            raise EngineError(f"{name} is too large to open here: it has a constant of {count:,} numbers.")
        total += count * _LARGEST
    if total > memory_bytes():
        raise EngineError(f"{name} is too large to open here: its constants have {readable(total)}.")


def _tensors(nodes: Iterable[Any]) -> Iterator[Any]:
    for node in nodes:
        for value in node.attr.values():
            if value.WhichOneof("value") == "tensor":
                yield value.tensor
            elif value.WhichOneof("value") == "list":
                yield from value.list.tensor


def _check_weights(folder: Path, weights: int, name: str) -> None:
    """The list of the weights could name larger ones than there are, which would be allocated first."""
    import tensorflow as tf

    if not (folder / "variables" / "variables.index").is_file():
        raise EngineError(f"{name} has no weights beside its graph. Choose the whole folder of the SavedModel.")
    if weights > memory_bytes() // 4:
        raise EngineError(f"{name} is too large to open here: its weights have {readable(weights)}.")
    try:
        reader = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
        types = reader.get_variable_to_dtype_map()
        needed = [
            math.prod(shape) * max(types[key].size or 1, 1) for key, shape in reader.get_variable_to_shape_map().items()
        ]
    except Exception as error:
        raise EngineError(f"{name} is damaged: its weights cannot be read.", str(error)) from error
    if sum(needed) > weights:
        raise EngineError(f"{name} is damaged: its list of weights needs {readable(sum(needed))}, and it has fewer.")
