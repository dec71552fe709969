"""The Keras layer of a sealed SavedModel. Nothing loads one elsewhere, nor before its copy was checked and tried.

It is Keras' own `TFSMLayer`, so that a run's model opens in plain Keras. Its weights are copies that Keras makes for
the count: what it computes with is loaded with the function and never trained.
"""

from collections.abc import Iterable
from typing import Any

from workbench.domain.graph import GraphStep
from workbench.domain.sealed import ENDPOINT, OUTPUT, is_sealed, path_in
from workbench.engine.errors import EngineError
from workbench.engine.objects import BuildError, short_message
from workbench.engine.sealed.kept import facts_in, kept_folder, shown_name
from workbench.engine.sealed.trial import failures_of, need_trial


def refuse_inside(step: GraphStep) -> None:
    """Raises BuildError where a wrapper takes a sealed SavedModel."""
    if step.inner is not None and is_sealed(step.inner):
        raise BuildError(step.node_id, "A sealed SavedModel cannot stand in a wrapper. Take it out of there")


def try_all(steps: Iterable[GraphStep]) -> None:
    """Try those that this machine has not tried yet, each in a process of its own. Raises BuildError. To be called
    where nothing is held, as it takes seconds."""
    for step in steps:
        if is_sealed(step) and not step.shares:
            try:
                need_trial(path_in(step), shown_name(step))
            except EngineError as error:
                raise BuildError(step.node_id, error.message, error.detail) from error


def make_sealed(step: GraphStep) -> Any:
    """The layer of a step. Raises BuildError where its copy is not as it was kept, does more than compute, or failed
    when it was tried."""
    import keras

    name = shown_name(step)
    endpoint = str(step.params.get(ENDPOINT) or "serve")
    try:
        facts_in(path_in(step), name)
        folder = kept_folder(path_in(step), name)
        failed = failures_of(folder.name).get(endpoint)
    except EngineError as error:
        raise BuildError(step.node_id, error.message, error.detail) from error
    if failed is not None:
        raise BuildError(step.node_id, f"The endpoint “{endpoint[:60]}” of {name} does not work: {failed}", failed)
    try:
        layer = keras.layers.TFSMLayer(str(folder), call_endpoint=endpoint, trainable=False, name=step.name)
    except Exception as error:
        raise BuildError(step.node_id, f"{name} could not be loaded: {short_message(error)}", str(error)) from error
    layer.filepath = path_in(step)  # what is saved of it says where it lies in the project
    return layer


def chosen_output(step: GraphStep, given: Any) -> Any:
    """What the node gives, of all that the endpoint gives."""
    name = str(step.params.get(OUTPUT) or "")
    return given[name] if isinstance(given, dict) else given


def shown_output(model: Any, layer: Any) -> Any:
    """What a layer of a model gives where it is called first; of several outputs the first, of those of a sealed one
    that which the network takes."""
    import keras

    given: list[Any] = layer._inbound_nodes[0].output_tensors
    if len(given) > 1 and isinstance(layer, keras.layers.TFSMLayer):
        nodes = (node for nodes in model._nodes_by_depth.values() for node in nodes)
        taken = {id(tensor) for node in nodes for tensor in node.input_tensors} | {id(each) for each in model.outputs}
        return next((tensor for tensor in given if id(tensor) in taken), given[0])
    return given[0]
