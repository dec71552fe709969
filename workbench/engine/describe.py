"""What Keras says of a network, without allocating weights: shapes, parameter counts, memory, the first error."""

import contextlib
import math
import random
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.catalogue import Category
from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import resolve
from workbench.domain.graph import Graph, GraphStep
from workbench.domain.heads import head_info, outputs_of
from workbench.domain.project import Project
from workbench.domain.projection import projection_step
from workbench.domain.sealed import SealedFacts, paths_of
from workbench.domain.summary import LayerSummary, ModelSummary, NodeError
from workbench.domain.training import ResolvedHead, ResolvedTraining
from workbench.domain.values import ObjectSpec
from workbench.engine.errors import EngineError
from workbench.engine.kept_weights import StartOf, start_of
from workbench.engine.measure import Measure, Spec, item_size, measure, sample_size
from workbench.engine.objects import BuildError, make, short_message
from workbench.engine.parts.limit import TooLongError, within
from workbench.engine.parts.scope import current, tell_keras
from workbench.engine.sealed.kept import facts_in
from workbench.engine.steps import BUILDING, input_spec, lay_out, missing_output

PARTS_SECONDS = 30.0
LARGEST = 2**63 - 1
"""Larger counts are shown as this one; MessagePack holds no larger ones."""

_endless: set[str] = set()  # the texts of own parts that were given up: nobody waits for them twice


def describe(project: Project, info: DatasetInfo, folder: Path | None = None) -> ModelSummary:
    """The summary of a project's network; an error is part of it. May run beside a training in another thread.
    `folder` is the project's, which keeps the weights that layers start with.

    Own parts are those that this thread is at work on (`parts.scope`). Raises EngineError where they do not end.
    """
    # Keras keeps the variables of such a scope in a list of the thread, and the next ordinary scope would initialise
    # them all: on a thread of its own the list goes with the thread.
    own = current()
    limit = PARTS_SECONDS if own.classes else None
    if own.key in _endless:
        raise _too_long()
    with BUILDING:
        state = random.getstate()
        tell_keras()
        try:
            return within(limit, lambda: _describe(project, info, folder), "describe")
        except TooLongError as error:
            _endless.add(own.key)
            raise _too_long() from error
        finally:
            random.setstate(state)


def _too_long() -> EngineError:
    names = " or ".join(name for _, name in current().classes)
    return EngineError(
        f"The network was not built within {PARTS_SECONDS:g} seconds, so {names} may never end. Test it under Own "
        "parts on the Model page."
    )


def _describe(project: Project, info: DatasetInfo, folder: Path | None) -> ModelSummary:
    import keras

    try:
        graph = lay_out(project)
    except BuildError as error:
        return ModelSummary(error=_node_error(error))
    training = resolve(project, info)
    slots, optimizer_error = _slots(msgspec.json.encode(training.optimizer))
    with keras.StatelessScope(initialize_variables=False):
        survey = _Survey(info, folder)
        for step in graph.steps:
            survey.add(step)
        summary = _summary(graph, survey)
        outputs = [survey.gives[name] for name in outputs_of(graph, info)] if summary.output_shape is not None else []
        loss_errors, metric_error = _errors_of_outputs(training, info, outputs)
    return msgspec.structs.replace(
        summary,
        sealed=_sealed(project),
        peak_bytes=_bounded(_peak_bytes(_largest_batch(training, info), slots, info, survey)),
        loss_error=next(iter(loss_errors.values()), None),
        loss_errors=loss_errors if info.heads else {},
        training_error=optimizer_error or metric_error,
    )


def _sealed(project: Project) -> dict[str, SealedFacts]:
    """What the sealed SavedModels are; those that cannot be read are left out."""
    found = {}
    for path in paths_of(project.model):
        with contextlib.suppress(EngineError):
            found[path] = facts_in(path, path)
    return found


class _Survey:
    """Goes through the steps; after an error only those go on that do not depend on it."""

    def __init__(self, info: DatasetInfo, folder: Path | None) -> None:
        self._info = info
        self._folder = folder
        self._takes: dict[str, tuple[Spec, ...]] = {}
        self.gives: dict[str, Spec] = {}
        self._further: dict[str, tuple[Spec, ...]] = {}
        self._nodes: dict[str, str] = {}  # the ids of the nodes that steps are of
        self.layers: list[LayerSummary] = []
        self.measures: list[Measure] = []
        self.kept: list[int] = []
        self.largest = 0
        self._learns: dict[str, bool] = {}
        self.error: BuildError | None = None

    def add(self, step: GraphStep) -> None:
        """Measure one step, if all that it takes is known."""
        self._nodes[step.name] = step.node_id
        try:
            if step.kind == "input":
                self._input(step)
            elif step.kind == "output":
                self._output(step)
            elif all(name in self.gives for name in step.inputs) and (not step.shares or step.shares in self._takes):
                self._layer(step)
        except BuildError as error:
            self.error = self.error or error

    def _input(self, step: GraphStep) -> None:
        shape, dtype = input_spec(step, self._info)
        self.gives[step.name] = (None, *shape), dtype
        self._learns[step.name] = False
        if step.node_id:
            shown = _shape((None, *shape))
            self.layers.append(LayerSummary(step.node_id, step.name, step.class_name, shown, shown, 0, 0))

    def _output(self, step: GraphStep) -> None:
        (source,) = step.inputs
        if source not in self.gives:
            return
        further = self._further.get(source, ())
        if step.output > len(further):
            raise BuildError(self._nodes[source], missing_output(step, 1 + len(further)))
        self.gives[step.name] = further[step.output - 1]
        self._learns[step.name] = self._learns[source]

    def _layer(self, step: GraphStep) -> None:
        taken = tuple(self.gives[name] for name in step.inputs)
        projection = projection_step(step, [shape[1:] for shape, _ in taken])
        if projection is not None:
            self._layer(projection)
            taken = (self.gives[projection.name], *taken[1:])
        measured = measure(step, taken, self._takes[step.shares] if step.shares else None)
        self._takes[step.name] = taken
        self.gives[step.name] = measured.output
        self._further[step.name] = measured.further
        # Backwards nothing goes through layers that do not learn, above all that learn.
        learns = bool(measured.trainable_params) or any(self._learns[name] for name in step.inputs)
        self._learns[step.name] = learns
        self.kept.append(measured.kept if learns else 0)
        self.largest = max(self.largest, measured.kept)
        if not step.shares:
            self.measures.append(measured)
        start = StartOf() if self._folder is None else start_of(step, measured.shapes, self._folder)
        self.layers.append(
            LayerSummary(
                node_id=step.node_id,
                name=step.name,
                class_name=step.class_name,
                input_shape=_shape(taken[0][0]) if taken else (),
                output_shape=_shape(measured.output[0]),
                params=0 if step.shares else _bounded(measured.params),
                trainable_params=0 if step.shares else _bounded(measured.trainable_params),
                start=start.state,
                start_detail=start.detail,
                further=tuple(_shape(shape) for shape, _ in measured.further),
            )
        )


def _summary(graph: Graph, survey: _Survey) -> ModelSummary:
    """What the layers say, without what depends on the training."""
    total = sum(measured.params for measured in survey.measures)
    trainable = sum(measured.trainable_params for measured in survey.measures)
    output = survey.gives.get(graph.outputs[0]) if graph.outputs and not survey.error else None
    return ModelSummary(
        layers=tuple(survey.layers),
        total_params=_bounded(total),
        trainable_params=_bounded(trainable),
        non_trainable_params=_bounded(total - trainable),
        param_bytes=_bounded(sum(measured.param_bytes for measured in survey.measures)),
        output_shape=_shape(output[0]) if output else None,
        error=_node_error(survey.error) if survey.error else None,
    )


def _largest_batch(training: ResolvedTraining, info: DatasetInfo) -> int:
    """No batch has more samples than there are."""
    return min(training.batch_size, info.sizes.get("train", 0) or training.batch_size)


def _peak_bytes(batch_size: int, slots: float, info: DatasetInfo, survey: _Survey) -> int:
    """Weights, their gradients, the optimizer's slots, and the activations of one batch with the gradients of the two
    largest of them."""
    trainable = sum(measured.trainable_bytes for measured in survey.measures)
    weights = sum(measured.param_bytes for measured in survey.measures)
    kept = sum(survey.kept) + 2 * survey.largest + sample_size((None, *info.input_shape))
    return weights + trainable + math.ceil(slots * trainable) + kept * item_size("float32") * max(batch_size, 1)


@lru_cache(maxsize=256)
def _slots(optimizer: bytes) -> tuple[float, str | None]:
    """Values that an optimizer keeps for each trainable weight, counted on a small matrix; for one that cannot be made
    2, as for Adam, and why not."""
    import keras

    try:
        made = make("optimizers", msgspec.json.decode(optimizer, type=ObjectSpec))
    except BuildError as error:
        return 2.0, error.message
    weight = keras.Variable(keras.initializers.Zeros(), shape=(64, 64))
    made.build([weight])
    return sum(_size(variable) for variable in made.variables if len(variable.shape)) / _size(weight), None


def _size(variable: Any) -> int:
    return sample_size((None, *variable.shape))


def _errors_of_outputs(
    training: ResolvedTraining, info: DatasetInfo, outputs: list[Spec]
) -> tuple[dict[str, str], str | None]:
    """Why losses, by the names of their heads, and why the first such metric, cannot compare outputs with targets."""
    learned = [(info, ResolvedHead("", "", training.loss, training.metrics, 1.0))]
    if info.heads:
        learned = [(head_info(info, each), training.heads[each.place]) for each in info.heads]
    if len(outputs) != len(learned):
        return {}, None
    losses: dict[str, str] = {}
    metric_error: str | None = None
    for (alone, head), output in zip(learned, outputs, strict=True):
        loss, metric = _comparison_errors(head, alone, output)
        if loss is not None:
            losses[head.name] = loss
        metric_error = metric_error or metric
    return losses, metric_error


def _comparison_errors(head: ResolvedHead, info: DatasetInfo, output: Spec) -> tuple[str | None, str | None]:
    """Why the loss, and why the first such metric, cannot compare outputs with targets."""
    target = ((None, *info.target_shape), "int32" if info.labels == "integer" else "float32")
    own = current().key
    metrics = (_against("metrics", msgspec.json.encode(metric), target, output, own) for metric in head.metrics)
    loss = _against("losses", msgspec.json.encode(head.loss), target, output, own)
    return loss, next((told for told in metrics if told), None)


@lru_cache(maxsize=256)
def _against(category: Category, spec: bytes, target: Spec, output: Spec, own: str) -> str | None:
    """Why a loss or metric cannot compare targets with outputs of these shapes, None when it can. `own` tells apart
    the own parts that it may be of."""
    import keras

    class Compare(keras.Operation):  # type: ignore[misc]
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return made(y_true, y_pred)

    try:
        made = make(category, msgspec.json.decode(spec, type=ObjectSpec))
        Compare().compute_output_spec(
            keras.KerasTensor(target[0], dtype=target[1]), keras.KerasTensor(output[0], dtype=output[1])
        )
    except BuildError as error:
        return error.message
    except Exception as error:  # noqa: BLE001 - Keras and TensorFlow raise anything; it becomes a sentence
        return short_message(error)
    return None


def _node_error(error: BuildError) -> NodeError:
    shape = None if error.input_shape is None else tuple(_limited(size) for size in error.input_shape)
    return NodeError(error.node_id, error.message, error.detail, shape)


def _shape(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """A shape without its batch."""
    return tuple(_limited(size) for size in shape[1:])


def _limited(size: int | None) -> int | None:
    return None if size is None else _bounded(int(size))


def _bounded(count: int) -> int:
    return min(count, LARGEST)
