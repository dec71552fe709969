"""Attention that must not look ahead: what Keras takes when a layer is called is a parameter in the tree."""

from typing import Any

import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.reading.python import read_python
from workbench.domain.script import export_script
from workbench.domain.tree import Layer, ModelTree
from workbench.engine.build import BuildError, build_model
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe

pytestmark = pytest.mark.engine

KINDS = {
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 3},
    "GroupQueryAttention": {"head_dim": 4, "num_query_heads": 2, "num_key_value_heads": 1},
    "Attention": {},
    "AdditiveAttention": {},
}


def project(kind: str, **more: Any) -> Project:
    params = {**KINDS[kind], "use_causal_mask": True, **more}
    nodes = (
        Layer(id="r", class_name="Reshape", params={"target_shape": (8, 8)}),
        Layer(id="a", name="attends", class_name=kind, params=params),
    )
    return Project(data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes))


@pytest.mark.parametrize("kind", KINDS)
def test_that_no_place_knows_of_those_behind_it(kind: str) -> None:
    made = project(kind)
    dataset = load_dataset(made.data)
    assert describe(made, dataset.info).error is None
    x = dataset.x["test"][:2].copy()
    changed = x.copy()
    changed[:, 5:] += 1  # the last three of eight steps
    for causal in (True, False):
        tried = made if causal else project(kind, use_causal_mask=False)
        model = build_model(tried, dataset.info, seed=1)
        before, after = model.predict(x, verbose=0), model.predict(changed, verbose=0)
        assert np.array_equal(before[:, :5], after[:, :5]) is causal


def test_that_the_script_calls_the_layer_so_and_is_read_back() -> None:
    made = project("MultiHeadAttention")
    text = export_script(made, load_dataset(made.data).info)
    assert "use_causal_mask=True)" in text
    assert "key_dim=3, use_causal_mask" not in text
    script = read_python(text)
    assert script.unread == ()
    assert script.calls is not None
    (read,) = [call for call in script.calls.calls if call.class_name == "MultiHeadAttention"]
    assert read.params == made.model.nodes[1].params  # type: ignore[union-attr]


def test_that_a_wrong_value_is_told_at_its_layer() -> None:
    made = project("Attention", use_causal_mask="yes")
    with pytest.raises(BuildError, match="use_causal_mask of Attention cannot be"):
        build_model(made, load_dataset(made.data).info)
