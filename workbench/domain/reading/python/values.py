"""What a name can stand for while Python is read: plain values are themselves, all else is one of these."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.catalogue import Category
from workbench.domain.taken import outputs_of
from workbench.domain.values import ObjectSpec, Value

Shape = tuple[int | None, ...]
Scope = dict[str, object]


@dataclass(frozen=True)
class Keras:
    """Something of Keras or TensorFlow by its path, as ("keras", "layers", "Dense")."""

    path: tuple[str, ...]

    @property
    def last(self) -> str:
        """The name without the modules."""
        return self.path[-1]


@dataclass(eq=False)
class Entry:
    """What `Input` made. A shape of None is that of the data."""

    shape: Shape | None
    dtype: str | None = None
    name: str = ""


@dataclass(eq=False)
class LayerValue:
    """A layer that was made and may be called. `entry` is the input that it brings along at the top of a Sequential."""

    class_name: str
    params: dict[str, Value]
    line: int
    name: str = ""
    trainable: bool = True
    inner: "LayerValue | None" = None
    entry: Entry | None = None

    @property
    def outputs(self) -> int:
        """How many values it gives."""
        inner = None if self.inner is None else (self.inner.class_name, self.inner.params)
        return len(outputs_of(self.class_name, self.params, inner))


@dataclass(eq=False)
class Made:
    """One call of a layer or model on tensors, or an input. `place` counts all of a text, `scope` are the functions
    that it was made in."""

    callee: "LayerValue | ModelValue | Entry"
    taken: tuple["Tensor", ...]
    place: int
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tensor:
    """One of the outputs of a call."""

    made: Made
    index: int = 0


@dataclass(frozen=True)
class Unknown:
    """What could not be known, as its `text` says. What a layer gave before it is the `tensor`, where there is such;
    `reason` is a sentence on why it was not read, where the text alone would not tell."""

    text: str
    line: int
    tensor: Tensor | None = None
    reason: str = ""


@dataclass(eq=False)
class ModelValue:
    """A model: of `items` one behind another where they are not None, else what lies between `inputs` and `outputs`.
    `training` are the fields of a TrainingSpec that `compile` and `fit` say; `used` says that it is part of another,
    `trained` that `fit` was called."""

    line: int
    name: str = ""
    items: list["LayerValue | ModelValue | Entry"] | None = None
    inputs: tuple[Tensor, ...] = ()
    outputs: tuple[Tensor, ...] = ()
    trainable: bool = True
    used: bool = False
    trained: bool = False
    training: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ObjectValue:
    """An initializer, regularizer, optimizer, loss and so on that was made."""

    category: Category
    spec: ObjectSpec


@dataclass(eq=False)
class Function:
    """A function of the text itself, with the names that it sees."""

    node: ast.FunctionDef | ast.Lambda
    scopes: tuple[Scope, ...]
    name: str
    called: bool = False


@dataclass(frozen=True)
class OwnClass:
    """A class of the text itself. `base` is the last name of what it is made from; of a class that only holds values,
    `held` has them."""

    name: str
    base: str
    line: int
    held: Scope = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Method:
    """Something that belongs to a value, as `add` of a model."""

    owner: object
    name: str


@dataclass(frozen=True)
class Partial:
    """What `functools.partial` made: a target with some of its arguments."""

    target: object
    arguments: "Arguments"


@dataclass(frozen=True)
class Given:
    """A value as it was given to a call, with its text and line for what is said about it."""

    value: object
    text: str
    line: int


@dataclass(frozen=True)
class Arguments:
    """What a call was given, by place and by name. `text` and `line` are those of the whole call."""

    by_place: tuple[Given, ...]
    by_name: dict[str, Given]
    text: str = ""
    line: int = 0

    def get(self, place: int, *names: str) -> Given | None:
        """The argument at a place, or with the first of these names that was given. None where there is none."""
        if 0 <= place < len(self.by_place):
            return self.by_place[place]
        return next((self.by_name[name] for name in names if name in self.by_name), None)


MOST_TENSORS = 1_000


def tensors_in(value: object, depth: int = 3) -> list[Tensor]:
    """The tensors in a value or in lists of such, at most as many as make sense."""
    found: list[Tensor] = []
    _collect(value, depth, found)
    return found


def _collect(value: object, depth: int, found: list[Tensor]) -> None:
    if isinstance(value, Tensor):
        found.append(value)
    elif isinstance(value, Unknown) and value.tensor is not None:
        found.append(value.tensor)
    elif isinstance(value, list | tuple) and depth:
        for item in value[:MOST_TENSORS]:
            if len(found) < MOST_TENSORS:
                _collect(item, depth - 1, found)


def is_plain(value: object) -> bool:
    """Whether a value is a number, a text, a truth value or None."""
    return value is None or isinstance(value, bool | int | float | str)


def sequence(value: object) -> Sequence[object] | None:
    """The items of a list or tuple. None for all else."""
    return value if isinstance(value, list | tuple) else None
