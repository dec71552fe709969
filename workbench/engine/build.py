"""The Keras model of a project, and how it is compiled."""

from pathlib import Path
from typing import Any, Literal

from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import resolve
from workbench.domain.heads import outputs_of
from workbench.domain.machine import memory_bytes
from workbench.domain.project import Project
from workbench.engine.data.limits import readable
from workbench.engine.describe import describe
from workbench.engine.kept_weights import start_layers
from workbench.engine.objects import BuildError, make, short_message
from workbench.engine.parts.scope import tell_keras
from workbench.engine.sealed.layer import try_all
from workbench.engine.steps import BUILDING, Network, lay_out

__all__ = ["BuildError", "build_model", "check_size", "compile_model"]


def build_model(project: Project, info: DatasetInfo, seed: int | None = None, folder: Path | None = None) -> Any:
    """The uncompiled `keras.Model` of a project. Layers are made in the order of `graph.layout`, as in the exported
    script. With `seed`, all random states are set just before, and no other thread can draw in between. With the
    project's `folder`, layers get the kept weights that they start with.

    Always functional: then each layer has one output, which probes can ask for. Raises BuildError, also when the
    network would not fit into memory; that is known before anything is allocated.
    """
    import keras

    check_size(project, info)
    graph = lay_out(project)
    try_all(graph.steps)
    with BUILDING:
        tell_keras()
        if seed is not None:
            keras.utils.set_random_seed(seed)
        network = Network(info)
        for step in graph.steps:
            network.add(step)
        inputs = [network.tensors[step.name] for step in graph.steps if step.kind == "input"]
        outputs = [network.output(name) for name in outputs_of(graph, info)]
        try:
            model = keras.Model(_one_or_all(inputs), _one_or_all(outputs), name="network")
        except ValueError as error:
            raise BuildError("", short_message(error), str(error)) from error
    if folder is not None:
        start_layers(network.layers, graph.steps, folder)
    return model


def compile_model(
    model: Any, project: Project, info: DatasetInfo, jit_compile: bool | Literal["auto"] = "auto"
) -> None:
    """Compile a model with the project's optimizer, loss and metrics, defaults filled in. Raises BuildError."""
    training = resolve(project, info)
    learned: dict[str, Any] = {
        "loss": make("losses", training.loss),
        "metrics": [make("metrics", metric) for metric in training.metrics],
    }
    if training.heads:
        learned = {
            "loss": [make("losses", head.loss) for head in training.heads],
            "loss_weights": [head.weight for head in training.heads],
            "metrics": [[make("metrics", metric) for metric in head.metrics] for head in training.heads],
        }
    model.compile(optimizer=make("optimizers", training.optimizer), jit_compile=jit_compile, **learned)


def check_size(project: Project, info: DatasetInfo, memory: int | None = None) -> None:
    """Raises BuildError when the network has an error or would not fit into `memory` bytes (None: the machine's)."""
    summary = describe(project, info)
    if summary.error is not None:
        error = summary.error
        raise BuildError(error.node_id, error.message, error.detail, error.input_shape)
    limit = memory_bytes() if memory is None else memory
    if summary.peak_bytes > limit:
        largest = max(summary.layers, key=lambda layer: layer.params)
        raise BuildError(
            largest.node_id,
            f"Training this network would take {_size(summary.peak_bytes)} of memory, and only {_size(limit)} are "
            "there. "
            f"Most parameters are in “{largest.name}”: make it smaller.",
        )


def _one_or_all(tensors: list[Any]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors


def _size(count: int) -> str:
    return readable(count) if count < 10**15 else "more than a million GB"
