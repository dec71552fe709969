"""The catalogue of Keras classes and data sources: what the palette and every generated form are made from.

It is generated from the installed Keras into `resources/catalogue.json` and read here without Keras.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property
from typing import Literal, TypeAlias

import msgspec

from workbench.domain.dataset import Form
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
Call: TypeAlias = Literal[
    "one",  # layer(x)
    "list",  # layer([x, y, …])
    "pair_list",  # layer([x, y]), a single input as both: layer([x, x])
    "pair",  # layer(x, y), a single input as both: layer(x, x)
    "states",  # layer(x), with the states that it starts with: layer(x, initial_state=[h, c])
]

# An activation with parameters is written as the Keras layer of the same mathematics, which every `.keras` file can
# hold; a function with arguments bound to it can not be saved.
ACTIVATION_LAYERS = {"elu": "ELU", "leaky_relu": "LeakyReLU", "relu": "ReLU", "softmax": "Softmax"}


class ParamEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One constructor parameter: how to edit it, between which bounds, with which default and Keras' own help. `title`
    is what a person reads where the name alone says too little, `choice_titles` where the choices do, one for each.
    What Keras takes `at_call` is given to the layer whenever it is called, not to its constructor."""

    name: str
    kind: ParamKind
    default: Value = None
    required: bool = False
    optional: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    choice_titles: tuple[str, ...] = ()
    category: Category | None = None
    low: float | None = None
    high: float | None = None
    dimensions: int | None = None
    advanced: bool = False
    title: str = ""
    at_call: bool = False


class ClassEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One Keras class (or activation function). `group` orders the palette; `wraps` says that it takes a layer inside;
    `merges` that it takes several inputs, and `call` how it takes them; `ranks` are the ranks of input it accepts with
    the batch, empty for any; `own` names the file of the project in which a part of the person's own stands (see
    `parts`), empty for what Keras brings."""

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
    call: Call = "one"
    own: str = ""

    @property
    def at_call(self) -> tuple[str, ...]:
        """The names of the parameters that the layer takes whenever it is called."""
        return tuple(param.name for param in self.params if param.at_call)

    def param(self, name: str) -> ParamEntry | None:
        """The entry of a parameter, None when the class does not take it."""
        return next((param for param in self.params if param.name == name), None)


class SourceEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One data source plug-in. `group` is "bundled", "generated", "keras" or "own"; `suffixes` the file endings it
    opens; `table` says that it gives a table with a target and columns to choose, and holes to fill; `remote` that it
    asks another machine, and `code` that it runs Python code of the person's own, which a project of a stranger must
    not do by itself (see `trust`)."""

    kind: str
    title: str
    group: Literal["bundled", "generated", "keras", "own"]
    summary: str
    params: tuple[ParamEntry, ...] = ()
    suffixes: tuple[str, ...] = ()
    opens_folder: bool = False
    table: bool = False
    remote: bool = False
    code: bool = False
    licence: str = ""
    task: str = ""
    samples: int | None = None
    shape: tuple[int, ...] = ()

    def opens(self, path: str) -> bool:
        """Whether it opens files with the ending of this one."""
        return path.lower().endswith(self.suffixes)


class StepEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of preparation plug-in. `forms` are the forms of data that it can be used on; with `colour` only on
    pictures that have colours, with `grey` only on those that have none."""

    kind: str
    title: str
    summary: str
    forms: tuple[Form, ...]
    params: tuple[ParamEntry, ...] = ()
    colour: bool = False
    grey: bool = False


class AnalysisEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way to look at a whole data set. `forms` are the forms of data that it can be used on; `order` is its place
    among the others; `slow` says that a report, which nobody waits for long, leaves it out."""

    kind: str
    title: str
    summary: str
    forms: tuple[Form, ...]
    order: int = 0
    slow: bool = False


class Catalogue(msgspec.Struct, frozen=True, dict=True):
    """Everything that can be chosen, as generated from one version of Keras. Look-ups cost one dictionary access."""

    keras_version: str
    classes: tuple[ClassEntry, ...]
    sources: tuple[SourceEntry, ...]
    steps: tuple[StepEntry, ...] = ()
    analyses: tuple[AnalysisEntry, ...] = ()

    def of(self, category: Category) -> tuple[ClassEntry, ...]:
        """All entries of a category in the order of the palette."""
        return self._by_category.get(category, ())

    def entry(self, category: Category, name: str) -> ClassEntry:
        """The entry of a class. Raises KeyError when the catalogue does not have it."""
        found = self._by_name.get((category, name))
        if found is None:
            raise KeyError(f"The catalogue has no {name} among {category}.")
        return found

    def source(self, kind: str) -> SourceEntry:
        """The entry of a data source. Raises KeyError when there is none of this kind."""
        for entry in self.sources:
            if entry.kind == kind:
                return entry
        raise KeyError(f"There is no data source of the kind {kind!r}.")

    def is_table(self, kind: str) -> bool:
        """Whether sources of this kind give a table of the person's own."""
        return any(entry.table for entry in self.sources if entry.kind == kind)

    def step(self, kind: str) -> StepEntry:
        """The entry of a step of preparation. Raises KeyError when there is none of this kind."""
        for entry in self.steps:
            if entry.kind == kind:
                return entry
        raise KeyError(f"There is no step of the kind {kind!r}.")

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], ClassEntry]:
        from workbench.domain.sealed import ENTRY  # which is made of what stands here; nobody can choose it

        return {(entry.category, entry.name): entry for entry in (ENTRY, *self.classes)}

    @cached_property
    def _by_category(self) -> dict[str, tuple[ClassEntry, ...]]:
        found: dict[str, list[ClassEntry]] = {}
        for entry in self.classes:
            found.setdefault(entry.category, []).append(entry)
        return {category: tuple(entries) for category, entries in found.items()}


@cache
def keras_catalogue() -> Catalogue:
    """The catalogue in resources."""
    return msgspec.json.decode(resource("catalogue.json").read_bytes(), type=Catalogue)


_used: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def load_catalogue() -> Catalogue:
    """The catalogue in resources; while a project is looked at, with that project's own parts (see `parts.scope`)."""
    return _used.get() or keras_catalogue()


@contextmanager
def using(catalogue: Catalogue) -> Iterator[None]:
    """Let `load_catalogue` give this one, in this thread, until the end of the block."""
    token = _used.set(catalogue)
    try:
        yield
    finally:
        _used.reset(token)
