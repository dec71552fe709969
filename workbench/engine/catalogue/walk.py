"""Which Keras classes there are: found by walking the public modules, one entry for each object whatever its names.

Everything that makes Keras objects resolves names here, never through `keras.<module>.get(name)`: some of those
look-ups fail although the class exists, and this way nothing outside the catalogue can be made.
"""

import inspect
import re
from collections.abc import Callable
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

from workbench.domain.catalogue import Category
from workbench.engine.catalogue.overlay import ALIASES, EXCLUDED


def snake_case(name: str) -> str:
    """`SparseCategoricalCrossentropy` as `sparse_categorical_crossentropy`, the way Keras does."""
    first = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", first).lower()


@cache
def classes(category: Category) -> MappingProxyType[str, Callable[..., Any]]:
    """Every class (every function of "activations") of a category under the name by which `keras.<module>` has it."""
    found = {}
    for names, thing in _things(category):
        own_name = getattr(thing, "__name__", "")
        name = own_name if own_name in names else names[0]
        if not EXCLUDED[category].intersection(names):
            found[name] = thing
    return MappingProxyType(dict(sorted(found.items())))


@cache
def names(category: Category) -> MappingProxyType[str, str]:
    """Every name by which people and Keras call a class ("glorot_uniform", "mse"), with the name in the catalogue."""
    known = {}
    for exported, thing in _things(category):
        for name, candidate in classes(category).items():
            if candidate is thing:
                known.update(dict.fromkeys((*exported, name, name.lower(), snake_case(name)), name))
    for alias, name in ALIASES.get(category, {}).items():
        known.update({alias: name, alias.upper(): name})
    known.update({name: name for name in classes(category)})
    return MappingProxyType(known)


def _things(category: Category) -> list[tuple[list[str], Callable[..., Any]]]:
    """Objects of the right sort with all their public names; grouped by identity, because Keras exports many twice."""
    module = _module(category)
    wanted = inspect.isfunction if category == "activations" else inspect.isclass
    groups: dict[int, tuple[list[str], Callable[..., Any]]] = {}
    for name in dir(module):
        thing = getattr(module, name)
        if not name.startswith("_") and wanted(thing):
            groups.setdefault(id(thing), ([], thing))[0].append(name)
    return list(groups.values())


def _module(category: Category) -> ModuleType:
    import keras

    modules: dict[Category, ModuleType] = {
        "layers": keras.layers,
        "activations": keras.activations,
        "initializers": keras.initializers,
        "regularizers": keras.regularizers,
        "constraints": keras.constraints,
        "optimizers": keras.optimizers,
        "losses": keras.losses,
        "metrics": keras.metrics,
        "schedules": keras.optimizers.schedules,
        "callbacks": keras.callbacks,
    }
    return modules[category]
