"""What is read from Python, against the real Keras that runs the same text. All texts are our own."""

import inspect
from typing import Any, get_args

import pytest
from python_snippets import SNIPPETS

from workbench.domain.catalogue import Category
from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.reading import tree_of
from workbench.domain.reading.keras_names import FILE, argument_order, class_named
from workbench.domain.reading.python import read_python
from workbench.domain.resources import resource
from workbench.engine.build import build_model
from workbench.engine.catalogue import walk
from workbench.engine.catalogue.generate import COMMAND
from workbench.engine.catalogue.names import generate_names, render_names
from workbench.engine.data.load import load_dataset

RUNNABLE = [name for name, snippet in SNIPPETS.items() if snippet.model]


@pytest.fixture(scope="module")
def info() -> DatasetInfo:
    return load_dataset(DatasetSpec(SourceSpec("digits"))).info


def test_that_names_and_orders_are_those_of_the_installed_keras() -> None:
    assert render_names(generate_names()) == resource(FILE).read_bytes(), f"They are out of date. Type: {COMMAND}"


def test_that_arguments_by_place_reach_the_parameters_that_keras_gives_them_to() -> None:
    """Every class of the catalogue, and every parameter of a layer has its place unless Keras wants it by name."""
    checked = 0
    for category in get_args(Category):
        for name, thing in walk.classes(category).items():
            entry = class_named(category, name)
            assert entry is not None
            order = argument_order(entry)
            bound = inspect.signature(thing).bind_partial(*(f"mark {place}" for place in range(len(order))))
            assert list(bound.arguments) == list(order), name
            checked += 1
    assert checked > 200


def sizes(weights: Any) -> list[tuple[int, ...]]:
    return sorted(tuple(weight.shape) for weight in weights)


def told(model: Any) -> list[str]:
    """Each layer with weights, also within models, as its class, its configuration, and the shapes of its weights."""
    import keras

    found: list[str] = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += told(layer)
        elif layer.weights:
            shapes = [tuple(weight.shape) for weight in layer.weights]
            found.append(f"{type(layer).__name__} {unnamed(layer.get_config())} {shapes}")
    return found


def unnamed(value: Any) -> Any:
    """A configuration without what may differ: names, and shapes that layers were built with."""
    if isinstance(value, dict):
        return {key: unnamed(item) for key, item in sorted(value.items()) if key not in ("name", "build_config")}
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return [unnamed(item) for item in value] if isinstance(value, list | tuple) else value


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
@pytest.mark.parametrize("name", RUNNABLE)
def test_that_a_snippet_is_the_network_that_keras_makes_of_it(name: str, info: DatasetInfo) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(SNIPPETS[name].text, names)
    expected = names[SNIPPETS[name].model]
    script = read_python(SNIPPETS[name].text)
    assert script.calls is not None
    tree, _ = tree_of(script.calls)
    project = Project(name=name, data=DatasetSpec(SourceSpec("digits")), model=tree, training=script.training)
    made = build_model(project, info)
    assert made.count_params() == expected.count_params()
    assert [tuple(each.shape) for each in made.outputs] == [tuple(each.shape) for each in expected.outputs]
    assert [tuple(each.shape) for each in made.inputs] == [tuple(each.shape) for each in expected.inputs]
    assert sizes(made.trainable_weights) == sizes(expected.trainable_weights)
    assert sorted(told(made)) == sorted(told(expected))
