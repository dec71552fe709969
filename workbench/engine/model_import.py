"""Opening `.keras` files without trusting them: the archive is looked into before Keras is."""

import contextlib
import math
import random
import threading
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain import project_file
from workbench.domain.files import UNREADABLE, StoreError
from workbench.domain.machine import memory_bytes
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.engine.errors import EngineError
from workbench.engine.model_files import PREPARED, PROJECT_MEMBER
from workbench.engine.runs import MODEL_FILE, PROJECT_FILE, now
from workbench.engine.steps import BUILDING

_MAX_JSON = 16 * 1024 * 1024
_MAX_DEPTH = 60
_MOST_PACKED = 20  # what an archive may be packed to; weights hardly can be, and Keras does not
_HDF5 = b"\x89HDF\r\n\x1a\n"
_MEMBERS = {"config.json", "metadata.json", "model.weights.h5", PROJECT_MEMBER}
_CODE = {"Lambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayer", "__lambda__"}


def load_checked(path: Path) -> Any:
    """The model in a `.keras` file made by the workbench. Raises EngineError, with what is wrong, before anything of a
    stranger's is run or allocated; Keras' safe mode stays on."""
    import keras

    config, weights_bytes = check_archive(path)
    _check_size(path, config, weights_bytes)
    try:
        with BUILDING:
            return keras.models.load_model(path, safe_mode=True)
    except Exception as error:
        raise EngineError(
            f"{path.name} could not be opened: its weights are damaged, or do not fit its network. "
            "Choose another file.",
            str(error),
        ) from error


def check_archive(path: Path) -> tuple[Any, int]:
    """The configuration in a `.keras` file, and the size of its weights. Raises EngineError when it is not sane."""
    with _opened(path) as archive:
        _check_members(path, archive)
        config = _json(path, archive, "config.json")
        size = archive.getinfo("model.weights.h5").file_size
        with archive.open("model.weights.h5") as weights:
            if weights.read(len(_HDF5)) != _HDF5:
                raise EngineError(f"{path.name} is damaged: it holds no weights. Choose another file.")
    _check_config(path, config, 0)
    return config, size


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Whatever zipfile finds wrong with it, then and later, becomes an EngineError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError:
        raise EngineError(f"{path} is not there. Check the path.") from None
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise EngineError(f"{path.name} is damaged or no .keras file. Choose another one.", str(error)) from error


def embedded_project(path: Path) -> Project:
    """The project inside a `.keras` file. Raises EngineError when it was not made by the workbench."""
    config, _ = check_archive(path)
    with _opened(path) as archive:
        if PROJECT_MEMBER not in archive.namelist() and _name(config) == PREPARED:
            raise EngineError(
                f"{path.name} has the preparation of its data inside, so it cannot be trained on. Open its project, or "
                "a .keras file that was exported without the preparation."
            )
        if PROJECT_MEMBER not in archive.namelist():
            raise EngineError(
                f"{path.name} was not made by the Workbench, so its tree and data are unknown. "
                "Choose a .keras file that was exported here."
            )
        data = archive.read(PROJECT_MEMBER)
    try:
        return project_file.decode(data, f"The project in {path.name}")
    except StoreError as error:
        raise EngineError(str(error)) from error


def _name(config: Any) -> object:
    inner = config.get("config")
    return inner.get("name") if isinstance(inner, dict) else None


def import_model(path: Path, folder: str) -> tuple[Project, str]:
    """A new project with one ended run that holds the model. Gives the project and the run's id. Raises EngineError or
    StoreError; nothing is overwritten."""
    import keras

    project = embedded_project(path)
    model = load_checked(path)
    content = path.read_bytes()
    store = ProjectFolder.create(folder, project)
    record = RunRecord(
        id=store.new_run_id(),
        name=path.stem[:200],
        status="ended",
        reason="completed",
        message=f"Imported from {path.name}.",
        started=now(),
        ended=now(),
        seed=project.training.seed,
        epochs_planned=0,
        layers=sum(not isinstance(layer, keras.layers.InputLayer) for layer in model.layers),
        params=model.count_params(),
    )
    try:
        store.create_run(record, {PROJECT_FILE: project_file.encode(project), MODEL_FILE: content})
    except OSError:
        with contextlib.suppress(OSError):
            store.file.unlink()  # a project without its model is not what was asked for
        raise
    return project, record.id


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(set(names)) != len(names) or not {"config.json", "model.weights.h5"} <= set(names) <= _MEMBERS:
        raise EngineError(
            f"{path.name} is not a .keras file of the Workbench: it holds other files. Choose another one."
        )
    for member in members:
        limit = memory_bytes() // 2 if member.filename == "model.weights.h5" else _MAX_JSON
        is_bomb = member.file_size > _MOST_PACKED * member.compress_size + _MAX_JSON
        if member.file_size > limit or is_bomb:
            raise EngineError(
                f"{path.name} is too large to open here: {member.filename} has {member.file_size:,} bytes."
            )


def _check_size(path: Path, config: Any, weights_bytes: int) -> None:
    """Refuse a network that would need more weights than the file holds, before one of them is allocated."""
    needed: list[int] = []
    failed: list[Exception] = []

    def work() -> None:
        import keras

        try:
            with keras.StatelessScope(initialize_variables=False):
                model = keras.saving.deserialize_keras_object({**config, "compile_config": None}, safe_mode=True)
                needed.append(sum(math.prod(weight.shape) for weight in model.weights))
        except Exception as error:  # noqa: BLE001 - raised again as a sentence in the thread that asked
            failed.append(error)

    # A thread of its own, because Keras keeps the variables of such a scope in a list of the thread.
    with BUILDING:
        state = random.getstate()
        thread = threading.Thread(target=work, name="look into model")
        thread.start()
        thread.join()
        random.setstate(state)
    if failed:
        raise EngineError(
            f"{path.name} could not be opened: its network is damaged, or was made with another version of Keras. "
            "Choose another file.",
            str(failed[0]),
        )
    if needed[0] > weights_bytes:
        raise EngineError(f"{path.name} is damaged: its network has {needed[0]:,} weights, but the file has fewer.")


def _json(path: Path, archive: zipfile.ZipFile, name: str) -> Any:
    try:
        return msgspec.json.decode(archive.read(name))
    except UNREADABLE as error:
        raise EngineError(f"{path.name} is damaged: its {name} cannot be read.", str(error)) from error


def _check_config(path: Path, value: Any, depth: int) -> None:
    """Refuse code and foreign classes anywhere in a configuration, and what is none."""
    if depth == 0 and not isinstance(value, dict):
        raise EngineError(f"{path.name} is damaged: its config.json describes no network. Choose another file.")
    if depth > _MAX_DEPTH:
        raise EngineError(f"{path.name} is nested too deep to be a model of the Workbench. Choose another file.")
    if isinstance(value, list):
        for item in value:
            _check_config(path, item, depth + 1)
    if not isinstance(value, dict):
        return
    name, module = value.get("class_name"), value.get("module")
    if name in _CODE or value.get("registered_name") in _CODE:
        raise EngineError(f"{path.name} holds program code ({name}), which is not opened. Choose another file.")
    if isinstance(module, str) and module != "builtins" and module.split(".")[0] != "keras":
        raise EngineError(f"{path.name} needs the foreign module “{module[:60]}”, which is not loaded.")
    for item in value.values():
        _check_config(path, item, depth + 1)
