"""What the workbench writes as a Keras script, it reads again as the same network."""

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from samples_of_info import pictures, table
from trees import trees

from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import resolve
from workbench.domain.graph import Graph, GraphError, GraphStep, layout
from workbench.domain.naming import valid
from workbench.domain.project import Project
from workbench.domain.reading import tree_of
from workbench.domain.reading.python import read_python
from workbench.domain.samples import SampleEntry, samples
from workbench.domain.script import export_script
from workbench.domain.script.objects import entry_of, is_default
from workbench.domain.tree import AnyNode, Layer, ModelTree, Shared
from workbench.domain.tree_tools import map_nodes
from workbench.domain.values import Value

SAMPLES = {entry.id: entry for entry in samples()}
MERGES = ("Add", "Concatenate")
# Data of another shape than those of the sample: what matters here is the network.
INFO = pictures()


def told(step: GraphStep, info: DatasetInfo) -> tuple[object, ...]:
    """What makes a step the one that it is."""
    shape = info.input_shape if step.kind == "input" and step.shape is None else step.shape
    inner = None if step.inner is None else (step.inner.class_name, said(step.inner))
    return step.name, step.class_name, said(step), step.inputs, step.trainable, inner, step.shares, shape, step.dtype


def said(step: GraphStep) -> dict[str, Value]:
    """The parameters that differ from their defaults."""
    entry = entry_of("layers", step.class_name)
    return {name: value for name, value in step.params.items() if entry and not is_default(entry.param(name), value)}


def compare(graph: Graph, again: Graph, info: DatasetInfo) -> None:
    assert [told(step, info) for step in again.steps] == [told(step, info) for step in graph.steps]
    assert again.outputs == graph.outputs


@pytest.mark.parametrize("entry", SAMPLES.values(), ids=SAMPLES)
def test_that_the_script_of_a_sample_is_read_as_its_network(entry: SampleEntry) -> None:
    script = read_python(export_script(entry.project, INFO))
    phases = ["Here the training goes on in a second phase, which is not read. Add it on the Train page."]
    assert [unread.sentence for unread in script.unread] == (phases if entry.project.training.phases else [])
    assert script.calls is not None
    compare(layout(entry.project.model), layout(tree_of(script.calls)[0]), INFO)


@pytest.mark.parametrize("entry", SAMPLES.values(), ids=SAMPLES)
def test_that_the_training_of_a_sample_is_read(entry: SampleEntry) -> None:
    info = pictures() if entry.id != "diabetes" else table("regression")
    read = read_python(export_script(entry.project, info)).training
    meant = resolve(entry.project, info)
    assert read.epochs == entry.project.training.epochs
    assert read.seed == entry.project.training.seed
    assert read.optimizer is not None
    assert read.optimizer.class_name == meant.optimizer.class_name
    assert read.loss == meant.loss
    assert read.metrics == meant.metrics
    assert read.early_stopping == entry.project.training.early_stopping


def sensible(tree: ModelTree) -> ModelTree:
    """The tree with dense layers in the place of all that Keras does not have, and names that are valid and differ."""
    names: set[str] = set()

    def change(node: AnyNode) -> AnyNode:
        if isinstance(node, Layer):
            node = msgspec.structs.replace(node, class_name="Dense", params={"units": 3})
        name = valid(node.name)
        if name in names or isinstance(node, Shared):  # Keras has no name for a second call
            name = ""
        names.add(name)
        return msgspec.structs.replace(node, name=name)

    return ModelTree(map_nodes(tree.nodes, change), tree.outputs)


@given(trees())
@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
def test_that_any_network_is_read_from_its_script(tree: ModelTree) -> None:
    tree = sensible(tree)
    try:
        graph = layout(tree)
    except GraphError:
        assume(False)
    used = {name for step in graph.steps for name in step.inputs} | set(graph.outputs)
    assume(any(step.kind != "input" for step in graph.steps))
    assume(all(step.name in used for step in graph.steps))
    assume(all(len(step.inputs) < 2 or step.class_name in MERGES for step in graph.steps))
    text = export_script(Project(model=tree), INFO)
    assume("cannot be written yet" not in text)
    script = read_python(text)
    assert script.calls is not None, text
    compare(graph, layout(tree_of(script.calls)[0]), INFO)
