"""The model of a run as a file or folder for others."""

import errno
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.domain.files import StoreError, write_atomically
from workbench.domain.parts.files import FOLDER, write_parts
from workbench.domain.picture import picture
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import Progress
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError, disk_sentence
from workbench.engine.model_files import save_model, save_weights, write_beside
from workbench.engine.parts.scope import tell_keras
from workbench.engine.probes.base import Subject
from workbench.engine.reading.saved_model import DESCRIPTION
from workbench.engine.real_samples import Arrays, Compared, compared
from workbench.engine.sealed.exports import built_anew, is_sealed_in, opened_by_keras, put_beside, refuse_form
from workbench.engine.steps import BUILDING
from workbench.protocol.commands import Export

_WEIGHTS = ".weights.h5"
_ENDINGS = {
    "keras": ".keras",
    "h5": ".h5",
    "json": ".json",
    "litert": ".tflite",
    "onnx": ".onnx",
    "script": ".py",
    "picture": ".svg",
}


@dataclass(frozen=True)
class Written:
    """What was written; `notes` and `difference` as in `Exported`."""

    path: Path
    notes: tuple[str, ...] = ()
    difference: float | None = None


def export(
    command: Export, open_subject: Callable[[], Subject], progress: Progress = lambda _text, _fraction: None
) -> Written:
    """Write what the command asks for. Raises EngineError; a target that is there stays as it is, unless the command
    overwrites. `open_subject` opens the run, once the target is known to be free. What `progress` raises gives the work
    up: before the next stage, while ONNX is made at once."""
    target = _target(command)
    if command.with_preparation and command.to not in ("keras", "saved_model"):
        raise EngineError("Only a Keras model and a SavedModel can hold the preparation. Choose one of these.")
    _check_target(command, target)
    subject = open_subject()
    refuse_form(command, subject.project)
    progress("Writing the model", None)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if command.with_preparation:
            return _write_prepared(command, subject, target)
        if command.to == "litert":
            from workbench.engine.litert import write_litert

            lite = write_litert(subject, command.quantization, command.unroll, target, progress)
            return Written(target, lite.notes, lite.difference)
        if command.to == "onnx":
            from workbench.engine.onnx_file import write_onnx

            made = write_onnx(subject, target, progress)
            return Written(target, made.notes, made.difference)
        if command.to in ("keras", "saved_model"):
            return _write_compared(command, subject, target)
        if command.to in ("h5", "json", "weights"):
            return _write_in_part(command, subject, target)
        notes = (*_write(command, subject, target), f"The file has {readable(target.stat().st_size)}.")
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise EngineError(f"{target.parent} cannot be written to. Choose another folder.", str(error)) from error
        raise EngineError(disk_sentence(error), str(error)) from error
    return Written(target, notes)


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
        case "weights":
            return path if path.name.endswith(_WEIGHTS) else path.with_name(path.name.removesuffix(".h5") + _WEIGHTS)
        case "saved_model":
            return path
        case _:
            ending = _ENDINGS[command.to]
            return path if path.suffix == ending else path.with_name(path.name + ending)


def _write(command: Export, subject: Subject, target: Path) -> tuple[str, ...]:
    """Write what needs no more than the model; gives sentences about it."""
    match command.to:
        case "picture":
            summary = describe(subject.project, subject.dataset.info)
            write_atomically(target, picture(subject.project, summary).encode())
        case "script":
            from workbench.domain.script import write_script

            summary = describe(subject.project, subject.dataset.info)
            notes = _write_parts(command, subject, target)
            write_script(target, subject.project, subject.dataset.info, summary, Path(command.folder))
            return notes
    return ()


def _write_compared(command: Export, subject: Subject, target: Path) -> Written:
    """A model that is opened again and held against its own answers before it takes its place."""
    found: list[Compared] = []

    def check(path: Path) -> None:
        is_place = not is_folder and is_sealed_in(subject.project)
        opened = opened_by_keras(subject.model, Path(command.folder)) if is_place else _opened(command, path)
        found.append(compared(subject, lambda arrays: _answers(opened, arrays)))

    def write(path: Path) -> None:
        _saved_model(subject.model, path)
        if not is_sealed_in(subject.project):  # else it comes back sealed as a whole
            description = path.joinpath(*DESCRIPTION)
            description.parent.mkdir(exist_ok=True)
            description.write_text(subject.model.to_json(), encoding="utf-8")
        check(path)

    is_folder = command.to == "saved_model"
    beside: tuple[str, ...] = ()
    if not is_folder:
        beside = (*_write_parts(command, subject, target), *put_beside(command, subject.project, target))
    if is_folder:
        write_beside(target, write)
    else:
        save_model(subject.model, subject.project, target, check)
    size = sum(path.stat().st_size for path in (target.rglob("*") if is_folder else [target]))
    what, reader = ("folder", "TensorFlow") if is_folder else ("file", "Keras")
    notes = (f"The {what} has {readable(size)}.", f"Opened again with {reader}: {found[0].sentence}")
    return Written(target, (*beside, *notes), found[0].difference)


def _answers(opened: Callable[[Any], Any], arrays: Arrays) -> Any:
    """What a model says in inference, all its outputs in a row."""
    import keras

    fed = arrays if len(arrays) > 1 else arrays[0]
    told = opened(fed, training=False) if isinstance(opened, keras.Model) else opened(fed)
    return keras.tree.flatten(told)


def _write_parts(command: Export, subject: Subject, target: Path) -> tuple[str, ...]:
    """The project's own parts as files beside the target, as plain Keras needs them; gives a sentence about them."""
    try:
        written = write_parts(target.parent, subject.project, overwrite=command.overwrite)
    except StoreError as error:
        raise EngineError(str(error)) from error
    names = [path.stem for path in written if path.stem != "__init__"]
    if not names:
        return ()
    imports = ", ".join(f"{FOLDER}.{name}" for name in names)
    where = f"The own parts lie beside it in the folder {FOLDER}."
    if command.to == "script":
        return (f"{where} The script takes them from there: {imports}.",)
    return (f"{where} Where Keras opens the model, import them first: import {imports}.",)


def _write_in_part(command: Export, subject: Subject, target: Path) -> Written:
    """The old format, only the network or only its weights; opened again, what is missing filled in from the model, and
    held against its answers."""
    import keras

    notes = _write_parts(command, subject, target) if command.to != "weights" else ()

    def filled() -> Any:
        match command.to:
            case "h5":
                return keras.models.load_model(target, compile=False, safe_mode=True)
            case "json":
                opened = keras.models.model_from_json(target.read_text("utf-8"))
                opened.set_weights(subject.model.get_weights())
                return opened
        made = type(subject.model)
        is_sealed = is_sealed_in(subject.project)
        clone = built_anew(subject) if is_sealed else made.from_config(subject.model.get_config())
        clone.load_weights(target)
        return clone

    match command.to:
        case "h5":
            _write_h5(subject, target)
        case "json":
            write_atomically(target, subject.model.to_json(indent=2).encode())
        case _:
            save_weights(subject.model, target)
    with BUILDING:
        tell_keras()
        opened = filled()
    found = compared(subject, lambda arrays: _answers(opened, arrays))
    how = {"h5": "", "json": ", with the weights of the model", "weights": ", in a new network of the same layers"}
    told = (f"The file has {readable(target.stat().st_size)}.", f"Opened again with Keras{how[command.to]}: ")
    return Written(target, (*notes, told[0], told[1] + found.sentence), found.difference)


def _write_h5(subject: Subject, target: Path) -> None:
    """The old format of Keras, opened again: it cannot hold every network, such as one that hands masks on."""
    import keras

    def write(path: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that the format is old, which is what was asked for
            subject.model.save(path, include_optimizer=False)
        try:
            with BUILDING:
                tell_keras()
                opened = keras.models.load_model(path, compile=False, safe_mode=True)
        except Exception as error:
            raise EngineError(
                "The old format .h5 cannot hold this network: Keras does not open it again. Export it as .keras.",
                str(error),
            ) from error
        for ours, theirs in zip(subject.model.get_weights(), opened.get_weights(), strict=True):
            if not np.array_equal(ours, theirs):
                raise EngineError("The old format .h5 does not keep all weights of this network. Export it as .keras.")

    write_beside(target, write, ".h5")


def _saved_model(model: Any, path: Path) -> None:
    """What `model.export` writes, told that it does not train: Keras 3.15 leaves that open, and behind a Resizing a
    BatchNormalization then scales by the batch and changes its weights."""
    import keras
    import tensorflow as tf

    def spec(tensor: Any) -> Any:
        return tf.TensorSpec(tensor.shape, tensor.dtype, name=tensor.name)

    def serve(taken: Any) -> Any:
        return model(taken, training=False)

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", serve, input_signature=[keras.tree.map_structure(spec, model._inputs_struct)])
    archive.write_out(str(path), verbose=False)


def _write_prepared(command: Export, subject: Subject, target: Path) -> Written:
    """A model with the preparation inside, opened again and held against the workbench's own answers."""
    from workbench.engine.prepared_model import compare, with_preparation

    plain = command.to == "saved_model"
    prepared = with_preparation(subject, plain)
    parts = () if plain else _write_parts(command, subject, target)
    if plain:
        write_beside(target, lambda path: _saved_model(prepared.model, path))
    else:
        save_model(prepared.model, None, target)
    found = compare(subject, _opened(command, target), plain)
    return Written(target, (*prepared.notes, *parts, found.sentence), found.worst)


def _opened(command: Export, path: Path) -> Callable[[Any], Any]:
    if command.to == "saved_model":
        import tensorflow as tf

        loaded = tf.saved_model.load(path)
        return lambda feed: loaded.serve(feed)  # it lives as long as this
    import keras

    with BUILDING:
        tell_keras()
        return keras.saving.load_model(path, compile=False, safe_mode=True)  # type: ignore[no-any-return]
