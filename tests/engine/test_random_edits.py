"""Whatever is done to a network: it is described, what is wrong has a problem at its node, and what is not is built."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_edits import an_edit

from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import EditError
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.reusable import in_step
from workbench.domain.summary import ModelSummary
from workbench.domain.tree import walk
from workbench.engine.build import build_model
from workbench.engine.describe import describe

MEMORY = 2 * 1024**3
DIGITS = DatasetInfo(
    title="Digits",
    form="pictures",
    task="multiclass",
    input_shape=(8, 8, 1),
    target_shape=(),
    labels="integer",
    sizes={"train": 100, "validation": 10, "test": 10},
    classes=tuple("0123456789"),
)
# Of the network as a whole, not of one node.
NOWHERE = {"tree", "no_layers", "several_outputs", "no_outputs", "loss_error", "training_error", "memory"}


def holds(project: Project) -> ModelSummary:
    """The summary of a network, after what must hold for any."""
    summary = describe(project, DIGITS)
    problems = find_problems(project, DIGITS, summary, MEMORY)
    nodes = {node.id for node in walk(project.model.nodes)}
    errors = [problem for problem in problems if problem.severity == "error"]
    assert all(problem.node_id in nodes or problem.node_id is None for problem in problems)
    if summary.error is not None:
        assert errors, summary.error.message
        assert any(problem.node_id in nodes or problem.code in NOWHERE for problem in errors), [
            (problem.code, problem.message) for problem in errors
        ]
    for problem in problems:
        for repair in problem.repairs:
            repair.edit(project)
    return summary


def edit_and_build(data: st.DataObject, steps: int) -> None:
    project = Project(model=first_network(DIGITS))
    summary = holds(project)
    for _ in range(data.draw(st.integers(1, steps))):
        try:
            after = data.draw(an_edit(project))(project)
        except EditError:
            continue
        project = msgspec.structs.replace(after, model=in_step(project.model, after.model))
        summary = holds(project)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(summary), type=ModelSummary) == summary
    if summary.error is None and summary.output_shape is not None and summary.peak_bytes < MEMORY:
        model = build_model(project, DIGITS, seed=1)
        problems = find_problems(project, DIGITS, summary, MEMORY)
        # What leads to no output is described, and warned of, but Keras leaves it out.
        if not any(problem.code == "unused_layer" for problem in problems):
            assert model.count_params() == summary.total_params


# A mask that a layer does not hand on is nothing that stops a network.
pytestmark = pytest.mark.filterwarnings("ignore:.*does not support masking:UserWarning")
CALM = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=8, suppress_health_check=CALM)
@given(st.data())
def test_that_a_few_edits_leave_a_network_that_is_built_or_told_what_is_wrong(data: st.DataObject) -> None:
    edit_and_build(data, 5)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@settings(max_examples=1000, suppress_health_check=CALM)
@given(st.data())
def test_that_whatever_is_done_a_network_is_built_or_told_what_is_wrong(data: st.DataObject) -> None:
    edit_and_build(data, 12)
