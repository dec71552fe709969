"""Opens files of models that were made elsewhere, without trusting them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.files import UNREADABLE
from workbench.domain.machine import memory_bytes
from workbench.engine.errors import EngineError
from workbench.engine.model_check import MAX_JSON, check_archive, check_config, load_model, measured_without_weights
from workbench.engine.reading.keras_2 import is_of_keras_2, modern
from workbench.engine.reading.keras_model import Reading, ReadingError
from workbench.engine.reading.saved_model import model_in
from workbench.engine.reading.saved_model_files import is_saved_model

H5 = (".h5", ".hdf5")
SUFFIXES = (".keras", *H5, ".json")
_SHOWN = 8


@dataclass(frozen=True)
class Found:
    """What a file holds: the reading of its network, and whether its layers have the weights of the file."""

    reading: Reading
    has_weights: bool


def read_model_file(path: Path) -> Found:
    """The network in a `.keras` or `.h5` file, in a SavedModel or a ZIP of one, or in a JSON file of an architecture.
    Raises EngineError with what was found, before anything of a stranger's is run or allocated; Keras' safe mode stays
    on."""
    if path.suffix.lower() == ".json" and path.is_file():
        return Found(_read(path, _json_file(path)), has_weights=False)
    return Found(_reading(path, open_model_file(path)), has_weights=True)


def open_model_file(path: Path) -> Any:
    """The model in a `.keras` or `.h5` file or in a SavedModel, with its weights. Raises EngineError as
    `read_model_file` does."""
    if path.exists() and is_saved_model(path):
        return model_in(path)
    if not path.is_file():
        raise EngineError(f"{path} is not there. Check the path.")
    suffix, is_old = path.suffix.lower(), False
    if suffix in H5:
        config, size, version = _h5_config(path)
        is_old = is_of_keras_2(config, version)
        config = modern(config) if is_old else config
    elif suffix == ".keras":
        config, size = check_archive(path)
    else:
        raise EngineError(
            f"{path.name} is no model. Choose a .keras, .h5 or .json file, or the folder of a SavedModel."
        )
    return load_model(path, config, size, compiled=False, anew=is_old)


def _json_file(path: Path) -> Any:
    if path.stat().st_size > MAX_JSON:
        raise EngineError(f"{path.name} is too large to be the architecture of a model. Choose another file.")
    try:
        config = msgspec.json.decode(path.read_bytes())
    except UNREADABLE as error:
        raise EngineError(f"{path.name} is no JSON file of a model. Choose another one.", str(error)) from error
    check_config(path, config)
    return modern(config) if is_of_keras_2(config) else config


def _h5_config(path: Path) -> tuple[Any, int, str]:
    """The configuration in an HDF5 file, the size of the file, and the version of Keras that wrote it."""
    import h5py

    size = path.stat().st_size
    if size > memory_bytes() // 2:
        raise EngineError(f"{path.name} is too large to open here: it has {size:,} bytes.")
    try:
        with h5py.File(path, "r") as file:
            text, version = file.attrs.get("model_config"), file.attrs.get("keras_version", "")
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"{path.name} is damaged or no HDF5 file. Choose another one.", str(error)) from error
    if text is None:
        raise EngineError(
            f"{path.name} has no network inside, only weights. Choose a file that was written with model.save, or "
            "open the network it belongs to and take them there (Model > Start with weights)."
        )
    try:
        config = msgspec.json.decode(text)
    except UNREADABLE as error:
        raise EngineError(f"{path.name} is damaged: its network cannot be read.", str(error)) from error
    check_config(path, config)
    return config, size, version.decode() if isinstance(version, bytes) else str(version)


def _read(path: Path, config: Any) -> Reading:
    """The reading of a network without weights."""
    result: Reading = measured_without_weights(path, config, lambda model: _reading(path, model))
    return result


def _reading(path: Path, model: Any) -> Reading:
    try:
        return Reading(model)
    except ReadingError as error:
        reasons = error.reasons
        more = f" And {len(reasons) - _SHOWN} more." if len(reasons) > _SHOWN else ""
        raise EngineError(f"{path.name} cannot become a tree. {' '.join(reasons[:_SHOWN])}{more}") from error
