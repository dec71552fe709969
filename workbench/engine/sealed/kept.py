"""The kept copy of a sealed SavedModel: found in the project's folder, and held to its hash and its operations."""

from functools import lru_cache
from pathlib import Path

from workbench.domain.files import StoreError
from workbench.domain.graph import GraphStep
from workbench.domain.sealed import (
    ENDPOINT,
    OUTPUT,
    SOURCE,
    SealedEndpoint,
    SealedFacts,
    SealedTensor,
    content_hash,
    files_in,
    folder_of,
    path_in,
)
from workbench.engine.errors import EngineError
from workbench.engine.objects import BuildError
from workbench.engine.sealed.inspection import Stamp, facts_of
from workbench.engine.sealed.scope import sealed_folder

Spec = tuple[tuple[int | None, ...], str]


def kept_folder(path: str, name: str) -> Path:
    """The folder of a copy whose content is what it is called after. Raises EngineError where it is not there, or was
    changed since it was kept."""
    project = sealed_folder()
    again = "Import the SavedModel again."
    if project is None:
        raise EngineError(f"{name} is sealed, and is looked for only in the folder of its project. Open the project.")
    try:
        folder = folder_of(project, path)
        if not folder.is_dir() or folder.is_symlink():
            raise EngineError(f"The sealed SavedModel {name} is not in the project's folder ({path}). {again}")
        stamp = tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files_in(folder))
        found = _hash(folder, stamp)
    except (OSError, StoreError) as error:
        raise EngineError(f"The sealed SavedModel {name} cannot be read. {again}", str(error)) from error
    if found != folder.name:
        raise EngineError(f"The sealed SavedModel {name} was changed since it was kept, so it is not loaded. {again}")
    return folder


@lru_cache(maxsize=16)
def _hash(folder: Path, _stamp: Stamp) -> str:
    return content_hash(folder)


def facts_in(path: str, name: str) -> SealedFacts:
    """What a kept copy is. Raises EngineError like `kept_folder`, and where its operations are not allowed."""
    return facts_of(kept_folder(path, name), name)


def shown_name(step: GraphStep) -> str:
    """What a person calls the SavedModel of a step."""
    return f"“{str(step.params.get(SOURCE) or step.name)[:60]}”"


def output_of(step: GraphStep, taken: tuple[Spec, ...]) -> tuple[SealedEndpoint, SealedTensor]:
    """The endpoint that a step calls, and what it gives of its outputs. Raises BuildError where the SavedModel has no
    such, or what enters does not fit."""
    name = shown_name(step)
    try:
        facts = facts_in(path_in(step), name)
    except EngineError as error:
        raise BuildError(step.node_id, error.message, error.detail) from error
    wanted = str(step.params.get(ENDPOINT) or "serve")
    endpoint = facts.endpoint(wanted)
    if endpoint is None:
        raise BuildError(step.node_id, f"{name} has no endpoint called “{wanted[:60]}”. Choose another one.")
    if endpoint.refusal:
        message = f"The endpoint “{wanted[:60]}” of {name} cannot be a layer. {endpoint.refusal} Choose another one."
        raise BuildError(step.node_id, message)
    given = endpoint.output(str(step.params.get(OUTPUT) or ""))
    if given is None:
        raise BuildError(step.node_id, f"The endpoint “{wanted[:60]}” of {name} does not give this. Choose an output.")
    _check_taken(step, endpoint, taken, name)
    return endpoint, given


def _check_taken(step: GraphStep, endpoint: SealedEndpoint, taken: tuple[Spec, ...], name: str) -> None:
    wanted = endpoint.takes
    if len(taken) != len(wanted):
        text = f"{name} takes {len(wanted)} inputs, and gets {len(taken)}. Choose its inputs."
        raise BuildError(step.node_id, text)
    for (shape, dtype), each in zip(taken, wanted, strict=True):
        got = shape[1:]
        if len(got) != len(each.shape) or any(a != b for a, b in zip(got, each.shape, strict=True) if a and b):
            text = (
                f"{name} takes {shown_shape(each)}. Let an Input of this shape, or a Reshape or Resizing, stand above"
            )
            raise BuildError(step.node_id, text, input_shape=got)
        # Keras turns numbers with a point into its own type, and leaves all others as they are.
        if dtype != each.dtype and not (_has_point(dtype) and _has_point(each.dtype)):
            text = f"{name} takes {each.dtype}, and gets {dtype}. Let an Input of the type {each.dtype} stand above it."
            raise BuildError(step.node_id, text)


def _has_point(dtype: str) -> bool:
    return "float" in dtype


def shown_shape(tensor: SealedTensor) -> str:
    """A shape as a person reads it."""
    return " × ".join("any" if size is None else str(size) for size in tensor.shape) or "one number for each sample"
