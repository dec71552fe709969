"""The model of a run as a file or folder for others."""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.domain.files import write_atomically
from workbench.engine.errors import EngineError, disk_sentence
from workbench.engine.model_files import save_model, save_weights, write_beside
from workbench.engine.probes.base import Subject
from workbench.protocol.commands import Export

_WEIGHTS = ".weights.h5"


@dataclass(frozen=True)
class Written:
    """What was written; `notes` and `difference` as in `Exported`."""

    path: Path
    notes: tuple[str, ...] = ()
    difference: float | None = None


def export(command: Export, open_subject: Callable[[], Subject]) -> Written:
    """Write what the command asks for. Raises EngineError; a target that is there stays as it is, unless the command
    overwrites. `open_subject` opens the run, once the target is known to be free."""
    target = _target(command)
    if command.with_preparation and command.to not in ("keras", "saved_model"):
        raise EngineError("Only a Keras model and a SavedModel can hold the preparation. Choose one of these.")
    _check_target(command, target)
    subject = open_subject()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if command.with_preparation:
            return _write_prepared(command, subject, target)
        _write(command, subject, target)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise EngineError(f"{target.parent} cannot be written to. Choose another folder.", str(error)) from error
        raise EngineError(disk_sentence(error), str(error)) from error
    return Written(target)


def _check_target(command: Export, target: Path) -> None:
    if target.exists() and not command.overwrite:
        raise EngineError(f"{target} is there already. Choose another name, or allow to overwrite it.")
    if command.to != "saved_model":
        if target.is_dir():
            raise EngineError(f"{target} is a folder. Choose the name of a file.")
    elif target.is_file():
        raise EngineError(f"{target} is a file, and a SavedModel is a folder. Choose another name.")
    elif target.is_dir() and not (target / "saved_model.pb").exists() and any(target.iterdir()):
        raise EngineError(f"{target} holds other things than a SavedModel, so it stays. Choose another name.")


def _target(command: Export) -> Path:
    """The path to write, with the ending that the kind of file must have."""
    path = Path(command.output).expanduser().absolute()
    match command.to:
        case "keras":
            return path if path.suffix == ".keras" else path.with_name(path.name + ".keras")
        case "weights":
            return path if path.name.endswith(_WEIGHTS) else path.with_name(path.name.removesuffix(".h5") + _WEIGHTS)
        case "script":
            return path if path.suffix == ".py" else path.with_name(path.name + ".py")
        case _:
            return path


def _write(command: Export, subject: Subject, target: Path) -> None:
    match command.to:
        case "keras":
            save_model(subject.model, subject.project, target)
        case "weights":
            save_weights(subject.model, target)
        case "script":
            from workbench.domain.script import export_script

            text = export_script(subject.project, subject.dataset.info)
            write_atomically(target, text.encode())
        case "saved_model":
            write_beside(target, lambda path: _saved_model(subject.model, path))


def _saved_model(model: Any, path: Path) -> None:
    model.export(path, format="tf_saved_model", verbose=False)


def _write_prepared(command: Export, subject: Subject, target: Path) -> Written:
    """A model with the preparation inside, opened again and held against the workbench's own answers."""
    from workbench.engine.prepared_model import compare, with_preparation

    plain = command.to == "saved_model"
    prepared = with_preparation(subject, plain)
    if plain:
        write_beside(target, lambda path: _saved_model(prepared.model, path))
    else:
        save_model(prepared.model, None, target)
    found = compare(subject, _opened(command, target), plain)
    return Written(target, (*prepared.notes, found.sentence), found.worst)


def _opened(command: Export, path: Path) -> Callable[[Any], Any]:
    if command.to == "saved_model":
        import tensorflow as tf

        loaded = tf.saved_model.load(path)
        return lambda feed: loaded.serve(feed)  # it lives as long as this
    import keras

    return keras.saving.load_model(path, safe_mode=True)  # type: ignore[no-any-return]
