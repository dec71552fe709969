"""What names mean in a text: what it imports, and what is plainly meant where it does not say."""

import ast

from workbench.domain.reading.keras_names import class_named
from workbench.domain.reading.python.values import Keras, Scope, Unknown

_ROOTS = frozenset({"keras", "tensorflow", "tf_keras"})
_KNOWN = frozenset({"functools", "math", "numpy"})
_MODULES = frozenset(
    {"activations", "applications", "callbacks", "constraints", "initializers", "layers", "losses", "metrics", "models"}
    | {"ops", "optimizers", "regularizers", "backend", "utils"}
)
_USUAL: dict[str, tuple[str, ...]] = {
    "K": ("keras", "backend"),
    "L": ("keras", "layers"),
    "keras": ("keras",),
    "math": ("math",),
    "nn": ("tensorflow", "nn"),
    "np": ("numpy",),
    "partial": ("functools", "partial"),
    "tf": ("tensorflow",),
}
_PLAIN = frozenset({"Sequential", "Model", "Input", "InputLayer", "Lambda"})
_HELPERS = frozenset({"add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract"})


def module(path: tuple[str, ...]) -> Keras | None:
    """A module or a part of one by its path, where it is of Keras or otherwise known."""
    if path[0] == "tensorflow" and "keras" in path[1:3]:
        path = path[path.index("keras") :]
    if path[0] == "tf_keras":
        path = ("keras", *path[1:])
    return Keras(path) if path[0] in _ROOTS | _KNOWN else None


def bind_import(statement: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    """Give the names of an import what they mean."""
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            path = (*(statement.module or "").split("."), alias.name)
            name = alias.asname or alias.name
            if alias.name == "*":
                continue
        else:
            path = tuple(alias.name.split("."))
            name = alias.asname or path[0]
            path = path if alias.asname else path[:1]
        relative = isinstance(statement, ast.ImportFrom) and statement.level > 0
        found = None if relative else module(path)
        scope[name] = found or Unknown(name, statement.lineno)


def usual(name: str) -> Keras | None:
    """What a name means that a text uses without saying where it comes from: lines out of a script have no imports."""
    if name in _USUAL:
        return Keras(_USUAL[name])
    if name in _MODULES:
        return Keras(("keras", name))
    if name in _PLAIN or name in _HELPERS or (name[:1].isupper() and class_named("layers", name) is not None):
        return Keras(("keras", "layers", name))
    for category in ("optimizers", "regularizers", "initializers", "constraints", "losses", "callbacks", "metrics"):
        if name[:1].isupper() and class_named(category, name) is not None:
            return Keras(("keras", category, name))
    return Keras(("keras", "regularizers", name)) if name in ("l1", "l2", "l1_l2") else None
