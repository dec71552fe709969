"""The classes of a part's file: what each derives from, the methods it has, and what is missing for Keras."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.catalogue import Call, Category, ClassEntry
from workbench.domain.parts.imports import Names, category_of
from workbench.domain.parts.params import HIDDEN

# What Keras calls, by kind: a class that derives from the bare base has to define it.
_NEEDED: dict[str, tuple[str, ...]] = {
    "layers": ("call",),
    "losses": ("call",),
    "metrics": ("update_state", "result"),
    "initializers": ("__call__",),
    "regularizers": ("__call__",),
    "constraints": ("__call__",),
}
_WRITTEN = frozenset({"losses", "metrics", "initializers", "regularizers", "constraints"})
_PASSED = {
    "layers": ("name", "trainable", "dtype"),
    "metrics": ("name", "dtype"),
    "losses": ("name", "reduction"),
}
_DEEPEST = 20


@dataclass(frozen=True)
class Class:
    """A class that is made for Keras. `above` are the classes of the same file that it derives from, nearest first;
    `inherited` is the catalogue's entry of the class of Keras behind them, None for a bare base."""

    node: ast.ClassDef
    category: Category
    inherited: ClassEntry | None
    above: tuple[ast.ClassDef, ...] = ()

    def method(self, name: str) -> ast.FunctionDef | None:
        """A method that the class, or one of its file above it, defines."""
        for each in (self.node, *self.above):
            for statement in each.body:
                if isinstance(statement, ast.FunctionDef) and statement.name == name:
                    return statement
        return None

    def assigns(self, name: str) -> bool:
        """Whether a name is bound in the class by something else than a method."""
        bound = (statement for each in (self.node, *self.above) for statement in each.body)
        return any(
            isinstance(statement, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
            for statement in bound
        )

    @property
    def call(self) -> Call:
        """How a layer takes what is above it: two arguments that must be given take a pair."""
        function = self.method("call") if self.category == "layers" else None
        return "pair" if function is not None and len(_required(function)) == 2 else "one"


def classes_of(tree: ast.Module, names: Names) -> dict[str, Class]:
    """The classes at the top of a file that derive from one of Keras, by name."""
    own = {statement.name: statement for statement in tree.body if isinstance(statement, ast.ClassDef)}
    found: dict[str, Class] = {}
    for name, node in own.items():
        made = _followed(node, own, names)
        if made is not None:
            found[name] = made
    return found


def _followed(node: ast.ClassDef, own: dict[str, ast.ClassDef], names: Names) -> Class | None:
    above: list[ast.ClassDef] = []
    current = node
    for _ in range(_DEEPEST):
        for base in current.bases:
            known = category_of(names.path(base))
            if known is not None:
                return Class(node, known[0], known[1], tuple(above))
        inside = next((own[base.id] for base in current.bases if isinstance(base, ast.Name) and base.id in own), None)
        if inside is None or inside is node or inside in above:
            return None
        above.append(inside)
        current = inside
    return None


def class_faults(made: Class) -> Iterator[tuple[int, str]]:
    """What Keras would stumble over, with the line."""
    if made.inherited is not None and made.inherited.wraps:
        yield made.node.lineno, "A wrapper cannot be a part. Make the layer that it wraps in __init__ instead."
    if made.inherited is None:
        for needed in _NEEDED.get(made.category, ()):
            if made.method(needed) is None and not made.assigns(needed):
                yield made.node.lineno, f"{made.node.name} has no method {needed}. Write it: Keras calls it."
    call = made.method("call") if made.category == "layers" else None
    if call is not None and len(_required(call)) > 2:
        yield call.lineno, "A layer can be called on one input, on a list of inputs, or on two. Take a list instead."
    init = made.method("__init__")
    if init is not None:
        yield from _init_faults(made, init)


def _init_faults(made: Class, init: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """What a constructor must do so that Keras can name, save and load what it makes."""
    taken = {arg.arg for arg in (*init.args.posonlyargs, *init.args.args, *init.args.kwonlyargs)} - {"self"}
    passed = _PASSED.get(made.category, ())
    rest = init.args.kwarg
    if not set(passed) <= taken and not _saves_alone(made):
        if rest is None:
            yield (
                init.lineno,
                "Let __init__ take **kwargs and pass them to super().__init__, so that Keras can save it.",
            )
        elif not _passes_on(init, rest.arg):
            text = f"Call super().__init__(**{rest.arg}) in __init__, so that Keras can name and save it."
            yield init.lineno, text
    if init.args.vararg is not None:
        yield (
            init.lineno,
            f"Name the arguments of __init__ instead of *{init.args.vararg.arg}: a form needs their names.",
        )
    own = sorted(taken - HIDDEN.get(made.category, frozenset()) - {"name"})
    if made.category in _WRITTEN and own and made.method("get_config") is None:
        keys = " and ".join(own)
        yield init.lineno, f"Write get_config, which returns a dict with {keys}: without it a saved model loses them."


def _saves_alone(made: Class) -> bool:
    """Whether the class says by itself what is saved, so that Keras adds nothing to it."""
    written = made.method("get_config")
    return made.method("from_config") is not None or (written is not None and not _names_super(written))


def _names_super(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "super" for node in ast.walk(function))


def _passes_on(init: ast.FunctionDef, rest: str) -> bool:
    calls = (node for node in ast.walk(init) if isinstance(node, ast.Call))
    return any(
        isinstance(keyword.value, ast.Name) and keyword.value.id == rest and keyword.arg is None
        for call in calls
        for keyword in call.keywords
    )


def _required(function: ast.FunctionDef) -> list[ast.arg]:
    """The arguments besides `self` that have no default."""
    named = [*function.args.posonlyargs, *function.args.args]
    return named[1 : len(named) - len(function.args.defaults)]
