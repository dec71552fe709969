"""Makes a base of an application of Keras, of a saved model or of a run: its layers as nodes, its weights kept."""

import contextlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from workbench.domain.applications import APPLICATIONS, BaseSource, application_shape
from workbench.domain.edits import set_starts
from workbench.domain.files import StoreError
from workbench.domain.project import Project
from workbench.domain.reading import tree_of
from workbench.domain.run_store import MODEL_FILE
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import AnyNode, Base, Input, Layer, ModelTree, Start, new_id, walk
from workbench.domain.values import Value
from workbench.engine.application_weights import load_ahead, with_weights_of
from workbench.engine.bundled_base import bundled_base
from workbench.engine.data.raw import Progress
from workbench.engine.errors import EngineError, disk_sentence
from workbench.engine.kept_weights import keep_weights
from workbench.engine.model_check import without_weights
from workbench.engine.parts.of_run import parts_in_network, parts_of_run
from workbench.engine.reading.files import open_model_file
from workbench.engine.reading.keras_model import Reading, ReadingError
from workbench.engine.reading.saved_model import NoLayersError
from workbench.engine.sealed.take_in import node_of, take_in, title_of
from workbench.engine.steps import BUILDING, first_output

PREPROCESS = "preprocess"


def make_base(
    source: BaseSource, folder: Path, shape: tuple[int, ...], progress: Progress = lambda _text, _fraction: None
) -> Base:
    """A frozen base for data of this shape, with its weights kept in a project's folder. A SavedModel that nobody
    described is one sealed layer in it. Raises EngineError with what stands against it, and whatever `progress` raises
    to cancel."""
    if source.is_file:
        path = Path(source.name).expanduser()
        if names := parts_in_network(path):
            raise EngineError(
                f"This run has own parts in its network ({', '.join(names)[:200]}), which a base cannot hold. Copy its "
                "layers into this network, and let them start with its weights."
            )
        try:
            with parts_of_run(path):
                model = _cut(open_model_file(path), source, path.name)
                return _base(model, folder, name=_name_of(path), source=path.name)
        except NoLayersError:
            return _sealed(path, folder, source, progress)
    if source.name not in APPLICATIONS:
        return bundled_base(source, folder, shape)
    return _application(source, folder, shape, progress)


def _name_of(path: Path) -> str:
    """That of the file, or where a run keeps its model there, that of the run."""
    if path.name == MODEL_FILE:
        with contextlib.suppress(StoreError, OSError):
            return ProjectFolder(path.parents[2]).read_run(path.parent.name).name[:100]
    return path.stem[:100]


def _application(source: BaseSource, folder: Path, shape: tuple[int, ...], progress: Progress) -> Base:
    import keras

    make = getattr(keras.applications, source.name)
    wanted, fits = (None, False) if source.top else application_shape(source.name, shape)
    title = "keras.applications"

    def model_with(weights: str | None) -> Any:
        return make(weights=weights, include_top=source.top, input_shape=wanted)

    if source.weights == "none":

        def bare() -> Base:
            return _base(_cut(model_with(None), source, source.name), None, name=source.name, source=title)

        return _of_any_size(without_weights(bare), fits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that the weights were learned on pictures of another size
        try:
            load_ahead(source, lambda: without_weights(lambda: model_with("imagenet")), progress)
            with BUILDING, with_weights_of(source) as weights:
                model = model_with(weights)
        except (ValueError, OSError) as error:
            raise EngineError(
                f"The weights do not belong to {source.name}. Choose the file that Keras made for it "
                f"{'with' if source.top else 'without'} its top.",
                str(error),
            ) from error
    model = _cut(model, source, source.name)
    base = _base(model, folder, name=source.name, source=f"{title}, ImageNet")
    return _with_preprocessing(_of_any_size(base, fits), source.name, folder)


def _sealed(path: Path, folder: Path, source: BaseSource, progress: Progress) -> Base:
    title = title_of(path)
    if source.cut:
        raise EngineError(f"{title} has no layers to be cut at: nobody described them. Leave out where to cut.")
    taken = take_in(path, folder, progress)
    if len(taken.endpoint.takes) != 1:
        raise EngineError(f"{title} takes {len(taken.endpoint.takes)} inputs, and a base one. Import it as a project.")
    return Base(
        id=new_id(),
        name=title,
        source=title,
        children=(node_of(taken, title),),
        trainable=False,
        shape=taken.endpoint.takes[0].shape,
    )


def _of_any_size(base: Base, fits: bool) -> Base:
    """Without its top an application takes pictures of any size that is not too small for it."""
    return msgspec.structs.replace(base, shape=(None, None, 3)) if fits else base


def _cut(model: Any, source: BaseSource, title: str) -> Any:
    """The model up to the layer that the base ends with. Raises EngineError where there is none of that name, or the
    model has several inputs or outputs."""
    import keras

    if len(model.inputs) != 1:
        raise EngineError(f"{title} has {len(model.inputs)} inputs, and a base can have one. Import it as a project.")
    if source.cut:
        known = {layer.name: layer for layer in model.layers}
        if source.cut not in known:
            near = ", ".join(list(known)[-6:])
            raise EngineError(f"{title} has no layer “{source.cut[:60]}”. Its last ones are: {near}.")
        return keras.Model(model.inputs, first_output(known[source.cut].output))
    if source.is_file and not source.top:
        last = [layer for layer in model.layers if layer.weights][-1:]
        if last and isinstance(last[0].input, keras.KerasTensor) and last[0].input is not model.inputs[0]:
            return keras.Model(model.inputs, last[0].input)
    if len(model.outputs) != 1:
        raise EngineError(f"{title} has {len(model.outputs)} outputs. Name the layer that the base shall end with.")
    return model


def _base(model: Any, folder: Path | None, *, name: str, source: str) -> Base:
    """The base of a model; without a folder its layers start afresh."""
    try:
        reading = Reading(model)
    except ReadingError as error:
        raise EngineError(f"{name} cannot become a tree. {' '.join(error.reasons[:8])}") from error
    tree, ids = tree_of(reading.calls)
    base = Base(
        id=new_id(),
        name=name,
        source=source,
        children=_without_input(tree, name),
        trainable=False,
        shape=tuple(model.inputs[0].shape[1:]),
    )
    if folder is None:
        return base
    layers = {ids[call]: layer for call, layer in reading.layers.items() if layer.weights}
    return _started(base, {node_id: (layer.name, layer.get_weights()) for node_id, layer in layers.items()}, folder)


def _started(base: Base, weights: Mapping[str, tuple[str, list[Any]]], folder: Path) -> Base:
    """The base whose layers, by the ids of their nodes, start with these weights."""
    names: dict[str, str] = {}
    for node_id, (name, _) in weights.items():
        plain = name.replace("/", "_")
        names[node_id] = plain if plain not in names.values() else f"{plain} {node_id}"
    try:
        file = keep_weights(folder, {names[node_id]: arrays for node_id, (_, arrays) in weights.items()})
    except OSError as error:
        raise EngineError(disk_sentence(error), str(error)) from error
    edit = set_starts({node_id: Start(file, (name,)) for node_id, name in names.items()})
    (made,) = edit(Project(model=ModelTree((base,)))).model.nodes
    assert isinstance(made, Base)
    return made


def _without_input(tree: ModelTree, name: str) -> tuple[AnyNode, ...]:
    """The nodes that stand below the input, which takes what stands above the base."""
    entry, *nodes = tree.nodes
    if not isinstance(entry, Input) or tree.outputs or any(isinstance(node, Input) for node in nodes):
        raise EngineError(f"{name} is no network from one input to one output. Import it as a project.")
    if any(entry.id in node.inputs for node in walk(tuple(nodes))):
        return (Layer(id=entry.id, class_name="Identity", name=f"{entry.name}_taken"), *nodes)
    return tuple(nodes)


def _with_preprocessing(base: Base, name: str, folder: Path) -> Base:
    """The base with what scales pictures of 0 to 255 as the weights want it, where the network does not do so."""
    kernel, offset = _preprocessing(name)
    if np.array_equal(kernel, np.eye(3)) and not offset.any():
        return msgspec.structs.replace(base, pixels=True)
    scale = float(kernel[0, 0])
    if np.allclose(kernel, scale * np.eye(3), atol=1e-7) and np.ptp(offset) < 1e-6:
        params: dict[str, Value] = {"scale": scale, "offset": float(offset[0])}
        first = Layer(id=new_id(), name=PREPROCESS, class_name="Rescaling", params=params)
        return msgspec.structs.replace(base, pixels=True, children=(first, *base.children))
    # Channels in another order, or each with a scale of its own: what a convolution of one dot does exactly.
    weights = [kernel[None, None].astype("float32"), offset.astype("float32")]
    file = keep_weights(folder, {PREPROCESS: weights})
    first = Layer(
        id=new_id(),
        name=PREPROCESS,
        class_name="Conv2D",
        params={"filters": 3, "kernel_size": 1},
        trainable=False,
        start=Start(file, (PREPROCESS,)),
    )
    return msgspec.structs.replace(base, pixels=True, children=(first, *base.children))


def _preprocessing(name: str) -> tuple[Any, Any]:
    """What an application's `preprocess_input` does with a pixel: a matrix (3, 3) from old to new channels, and what is
    added. It is the same for every pixel, so four of them tell it."""
    import inspect

    import keras

    modules = [each for each in vars(keras.applications).values() if inspect.ismodule(each)]
    found = [each.preprocess_input for each in modules if hasattr(each, name) and hasattr(each, "preprocess_input")]
    if not found:
        return np.eye(3), np.zeros(3)
    pixels = np.concatenate([np.zeros((1, 3)), 255.0 * np.eye(3)])[None, None]
    told = np.asarray(found[0](pixels.copy(), data_format="channels_last"), "float64")[0, 0]
    return (told[1:] - told[0]) / 255.0, told[0]
