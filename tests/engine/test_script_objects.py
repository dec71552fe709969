"""What the exported script writes for any class of the catalogue makes the same object as the engine."""

import json
import random
from typing import Any

import keras
import pytest

from workbench.domain.catalogue import Category, ClassEntry, load_catalogue
from workbench.domain.dataset import DatasetInfo
from workbench.domain.graph import GraphStep
from workbench.domain.project import Project
from workbench.domain.script.model import _needs_call, model_lines
from workbench.domain.script.objects import object_doc
from workbench.domain.script.source import flat
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec
from workbench.engine.objects import make

CATEGORIES: tuple[Category, ...] = (
    "layers",
    "initializers",
    "regularizers",
    "constraints",
    "optimizers",
    "losses",
    "metrics",
    "schedules",
    "callbacks",
)
SHAPES = ((6,), (6, 6), (6, 6, 3), (6, 6, 6, 3), (4, 6, 6, 3))


def first_choice(entry: ClassEntry) -> ObjectSpec:
    return ObjectSpec(entry.name, {param.name: param.default for param in entry.params if param.required})


def configured(made: Any) -> str:
    """The configuration without names, which count up, and without seeds, which are drawn."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items() if key not in ("name", "seed")}
        return [plain(item) for item in value] if isinstance(value, list | tuple) else value

    return json.dumps(plain(made.get_config()), default=str, sort_keys=True)


@pytest.mark.parametrize("category", CATEGORIES)
def test_that_the_script_makes_what_the_engine_makes(category: Category) -> None:
    for entry in load_catalogue().of(category):
        if entry.wraps or entry.name == "STFTInitializer":
            continue
        spec = first_choice(entry)
        text = flat(object_doc(spec, category))
        assert text is not None
        theirs = eval(text, {"keras": keras})
        ours = make(category, spec)
        assert type(theirs) is type(ours)
        if hasattr(ours, "get_config"):
            assert configured(theirs) == configured(ours), text


def test_that_every_layer_can_be_written_frozen() -> None:
    info = DatasetInfo(
        title="",
        form="arrays",
        task="regression",
        input_shape=(6,),
        target_shape=(1,),
        labels="number",
        sizes={"train": 1},
    )
    for entry in load_catalogue().of("layers"):
        if entry.wraps or entry.call != "one":
            continue
        node = Layer(id="a", class_name=entry.name, params=first_choice(entry).params, trainable=False)
        lines = model_lines(Project(model=ModelTree((node,))), info)
        text = "\n".join(lines).replace("keras.Input((6,)),", "").replace("keras.Sequential", "list")
        scope: dict[str, Any] = {"keras": keras}
        if text.startswith("model"):
            exec(text, scope)
            assert not scope["model"][0].trainable_variables


def test_that_layers_in_a_list_draw_no_seeds_when_they_are_built() -> None:
    """Otherwise a list of layers would draw in another order than the engine, which builds each as it is made."""
    for entry in load_catalogue().of("layers"):
        step = GraphStep("layer", "a", "a", entry.name, first_choice(entry).params)
        if entry.wraps or _needs_call(step):
            continue
        for shape in SHAPES:
            layer = make("layers", first_choice(entry))
            state = random.getstate()
            try:
                layer(keras.Input(shape))
            except (ValueError, TypeError, IndexError, KeyError, NotImplementedError):
                continue
            assert random.getstate() == state, entry.name
            break
