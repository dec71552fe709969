"""The catalogue of Keras classes and data sources: what the palette and every generated form are made from.

It is generated from the installed Keras into `resources/catalogue.json` and read here without Keras.
"""

from functools import cache
from typing import Literal, TypeAlias

import msgspec

from workbench.domain.resources import resource
from workbench.domain.values import Value

Category: TypeAlias = Literal[
    "layers",
    "activations",
    "initializers",
    "regularizers",
    "constraints",
    "optimizers",
    "losses",
    "metrics",
    "schedules",
    "callbacks",
]
ParamKind: TypeAlias = Literal[
    "bool",
    "int",
    "float",
    "text",
    "choice",  # one of `choices`
    "ints",  # one whole number, or one for each of `dimensions` axes (kernel_size, pool_size, strides …)
    "floats",  # one number, or a pair (ranges of random layers)
    "shape",  # a tuple of whole numbers of any length, None allowed
    "object",  # an ObjectSpec of `category`, or its name as text for those without parameters
    "objects",  # several ObjectSpecs of `category`
    "float_or_schedule",  # a number, or an ObjectSpec of the category "schedules"
    "texts",  # several texts
    "value",  # anything: edited as a JSON value
]


class ParamEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One constructor parameter: how to edit it, between which bounds, with which default and Keras' own help."""

    name: str
    kind: ParamKind
    default: Value = None
    required: bool = False
    optional: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    category: Category | None = None
    low: float | None = None
    high: float | None = None
    dimensions: int | None = None
    advanced: bool = False


class ClassEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One Keras class (or activation function). `group` orders the palette; `wraps` says that it takes a layer inside;
    `merges` that it takes several inputs; `ranks` are the ranks of input it accepts with the batch, empty for any."""

    name: str
    category: Category
    group: str
    summary: str
    help: str = ""
    params: tuple[ParamEntry, ...] = ()
    wraps: bool = False
    merges: bool = False
    ranks: tuple[int, ...] = ()
    icon: str = ""
    keywords: tuple[str, ...] = ()


class SourceEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One data source plug-in. `group` is "bundled", "generated" or "own"; `suffixes` the file endings it opens."""

    kind: str
    title: str
    group: Literal["bundled", "generated", "own"]
    summary: str
    params: tuple[ParamEntry, ...] = ()
    suffixes: tuple[str, ...] = ()
    opens_folder: bool = False
    licence: str = ""
    task: str = ""
    samples: int | None = None
    shape: tuple[int, ...] = ()


class Catalogue(msgspec.Struct, frozen=True):
    """Everything that can be chosen, as generated from one version of Keras."""

    keras_version: str
    classes: tuple[ClassEntry, ...]
    sources: tuple[SourceEntry, ...]

    def of(self, category: Category) -> tuple[ClassEntry, ...]:
        """All entries of a category in the order of the palette."""
        return tuple(entry for entry in self.classes if entry.category == category)

    def entry(self, category: Category, name: str) -> ClassEntry:
        """The entry of a class. Raises KeyError when the catalogue does not have it."""
        for entry in self.classes:
            if entry.name == name and entry.category == category:
                return entry
        raise KeyError(f"The catalogue has no {name} among {category}.")

    def source(self, kind: str) -> SourceEntry:
        """The entry of a data source. Raises KeyError when there is none of this kind."""
        for entry in self.sources:
            if entry.kind == kind:
                return entry
        raise KeyError(f"There is no data source of the kind {kind!r}.")


@cache
def load_catalogue() -> Catalogue:
    """The catalogue in resources."""
    return msgspec.json.decode(resource("catalogue.json").read_bytes(), type=Catalogue)
