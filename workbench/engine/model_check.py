"""Looks into files of models before Keras does: strangers' files are hostile until shown otherwise."""

import contextlib
import contextvars
import copy
import math
import random
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from workbench.domain.files import UNREADABLE
from workbench.domain.machine import memory_bytes
from workbench.domain.parts.files import PACKAGE
from workbench.domain.sealed import CLASS_NAME
from workbench.engine.errors import EngineError
from workbench.engine.model_files import PROJECT_MEMBER
from workbench.engine.parts.scope import current, tell_keras
from workbench.engine.steps import BUILDING

MAX_JSON = 16 * 1024 * 1024
_MAX_DEPTH = 60
_MOST_PACKED = 20  # what an archive may be packed to; weights hardly can be, and Keras does not
_HDF5 = b"\x89HDF\r\n\x1a\n"
_MEMBERS = {"config.json", "metadata.json", "model.weights.h5", PROJECT_MEMBER}
_CODE = {"Lambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "__lambda__"}

T = TypeVar("T")


def check_archive(path: Path, *, any_part: bool = False, sealed: bool = False) -> tuple[Any, int]:
    """The configuration in a `.keras` file, and the size of its weights. Raises EngineError when it is not sane.
    `any_part`: own parts of a project are named in it that are not known yet; it must not be loaded. `sealed`: sealed
    SavedModels of a project are named in it; then only its weights may be read."""
    with opened(path) as archive:
        _check_members(path, archive)
        config = _json(path, archive, "config.json")
        size = archive.getinfo("model.weights.h5").file_size
        with archive.open("model.weights.h5") as weights:
            if weights.read(len(_HDF5)) != _HDF5:
                raise EngineError(f"{path.name} is damaged: it holds no weights. Choose another file.")
    check_config(path, config, any_part=any_part, sealed=sealed)
    return config, size


@contextlib.contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Whatever zipfile finds wrong with it, then and later, becomes an EngineError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError:
        raise EngineError(f"{path} is not there. Check the path.") from None
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise EngineError(f"{path.name} is damaged or no .keras file. Choose another one.", str(error)) from error


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or not {"config.json", "model.weights.h5"} <= set(names) <= _MEMBERS:
        raise EngineError(
            f"{path.name} is not a .keras file of the Workbench: it holds other files. Choose another one."
        )
    for member in members:
        limit = memory_bytes() // 2 if member.filename == "model.weights.h5" else MAX_JSON
        is_bomb = member.file_size > _MOST_PACKED * member.compress_size + MAX_JSON
        if member.file_size > limit or is_bomb:
            raise EngineError(
                f"{path.name} is too large to open here: {member.filename} has {member.file_size:,} bytes."
            )


def measured_without_weights(path: Path, config: Any, measure: Callable[[Any], T]) -> T:
    """What is measured of a network that has no weights, so that none of them is allocated. Raises EngineError where
    the network cannot be made."""
    try:
        return without_weights(lambda: measure(made(config)))
    except EngineError:
        raise
    except BaseException as error:
        raise EngineError(
            f"{path.name} could not be opened: its network is damaged, or was made with another version of Keras. "
            "Choose another file.",
            str(error),
        ) from error


def without_weights(work: Callable[[], T]) -> T:
    """What the work gives, whose layers have no weights. Raises what it raises."""
    found: list[T] = []
    failed: list[BaseException] = []
    context = contextvars.copy_context()

    def run() -> None:
        import keras

        try:
            with keras.StatelessScope(initialize_variables=False):
                found.append(context.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
            failed.append(error)

    # A thread of its own, because Keras keeps the variables of such a scope in a list of the thread.
    with BUILDING:
        state = random.getstate()
        tell_keras()
        thread = threading.Thread(target=run, name="look into model")
        thread.start()
        thread.join()
        random.setstate(state)
    if failed:
        raise failed[0]
    return found[0]


def load_model(path: Path, config: Any, size: int, *, compiled: bool, anew: bool = False) -> Any:
    """The model of a file whose configuration was checked and whose weights take `size` bytes; with `anew` its network
    is made of `config`, and not of that in the file. Raises EngineError where there are fewer weights than the network
    needs, before any is allocated; Keras' safe mode stays on."""
    import keras

    needed = measured_without_weights(path, config, lambda model: sum(math.prod(each.shape) for each in model.weights))
    if needed > size:
        raise EngineError(f"{path.name} is damaged: its network has {needed:,} weights, but the file has fewer.")
    try:
        with BUILDING:
            tell_keras()
            if anew:
                model = made(config)
                model.load_weights(path)
                return model
            return keras.models.load_model(path, compile=compiled, safe_mode=True)
    except Exception as error:
        raise EngineError(
            f"{path.name} could not be opened: its weights are damaged, or do not fit its network. "
            "Choose another file.",
            str(error),
        ) from error


def made(config: Any) -> Any:
    """The model of a configuration, of Keras 3 or of an older version."""
    import keras

    config = copy.deepcopy(config)  # which Keras takes apart
    if "module" in config:
        return keras.saving.deserialize_keras_object({**config, "compile_config": None}, safe_mode=True)
    from keras.src.legacy.saving import saving_utils

    return saving_utils.model_from_config(config)


def _json(path: Path, archive: zipfile.ZipFile, name: str) -> Any:
    try:
        return msgspec.json.decode(archive.read(name))
    except UNREADABLE as error:
        raise EngineError(f"{path.name} is damaged: its {name} cannot be read.", str(error)) from error


def check_config(path: Path, value: Any, depth: int = 0, *, any_part: bool = False, sealed: bool = False) -> None:
    """Refuse code and foreign classes anywhere in a configuration, and what is none. Own parts are those that this
    thread is at work on, or `any_part`."""
    if depth == 0 and not isinstance(value, dict):
        raise EngineError(f"{path.name} is damaged: its config.json describes no network. Choose another file.")
    if depth > _MAX_DEPTH:
        raise EngineError(f"{path.name} is nested too deep to be a model of the Workbench. Choose another file.")
    if isinstance(value, list):
        for item in value:
            check_config(path, item, depth + 1, any_part=any_part, sealed=sealed)
    if isinstance(value, str):
        _check_part(path, value, any_part)
    if not isinstance(value, dict):
        return
    name, module = value.get("class_name"), value.get("module")
    if name in _CODE or value.get("registered_name") in _CODE:
        raise EngineError(
            f"{path.name} holds program code ({name}) that could do anything, so it is not opened. Choose another "
            "file, or write that layer as an own part of a project, where its code can be read before it runs."
        )
    if name == CLASS_NAME and not sealed:
        raise EngineError(
            f"{path.name} needs a sealed SavedModel ({CLASS_NAME}), of which such a file has only the place. Open the "
            "project that it was made with, or import the SavedModel itself."
        )
    is_part = _names_part(value.get("registered_name")) or _names_part(value.get("config"))
    if isinstance(module, str) and module != "builtins" and module.split(".")[0] != "keras" and not is_part:
        raise EngineError(f"{path.name} needs the foreign module “{module[:60]}”, which is not loaded.")
    for item in value.values():
        check_config(path, item, depth + 1, any_part=any_part, sealed=sealed)


def _names_part(name: object) -> bool:
    return isinstance(name, str) and name.startswith(f"{PACKAGE}>")


def _check_part(path: Path, name: str, any_part: bool) -> None:
    """Keras would look for such a name among the parts of all projects: only those of this one are meant."""
    if _names_part(name) and not any_part and name not in current().names:
        part = name.removeprefix(f"{PACKAGE}>")[:60]
        raise EngineError(
            f"{path.name} needs “{part}”, a part written in Python that does not belong to this project. Open the "
            "project that it was made with."
        )
