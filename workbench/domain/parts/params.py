"""The form of a part: what its constructor takes, by annotation, name and default."""

import ast
import math
from typing import Any

from workbench.domain.catalogue import Category, ParamEntry, ParamKind, keras_catalogue
from workbench.domain.naming import snake
from workbench.domain.values import Value

HIDDEN: dict[str, frozenset[str]] = {
    "layers": frozenset({"name", "dtype", "trainable"}),
    "losses": frozenset({"name", "dtype", "reduction"}),
    "metrics": frozenset({"dtype"}),
}
_ENDINGS: dict[str, Category] = {
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
    "activation": "activations",
}
_PLAIN: dict[str, ParamKind] = {"bool": "bool", "int": "int", "float": "float", "str": "text"}
_SEVERAL: dict[str, ParamKind] = {"int": "ints", "float": "floats", "str": "texts"}
_STARTS: dict[str, Value] = {"bool": False, "int": 1, "float": 1.0, "text": "", "ints": 1, "floats": 1.0, "texts": ()}
_SIZES = frozenset({"units", "filters", "size", "dim", "output_dim", "hidden", "channels"})
_FIRST_OBJECTS: dict[Category, str] = {
    "activations": "relu",
    "initializers": "GlorotUniform",
    "regularizers": "L2",
    "constraints": "NonNeg",
}
_NOTHING = object()


def params_of(function: ast.FunctionDef | None, category: str, help_of: dict[str, str]) -> tuple[ParamEntry, ...]:
    """An entry for each argument of a constructor that a person may set; None: there is no constructor."""
    entries = [] if function is None else _of_arguments(function.args, HIDDEN.get(category, frozenset()), help_of)
    if category == "metrics" and all(entry.name != "name" for entry in entries):
        help_text = help_of.get("name", "The name under which the value is shown.")
        entries.append(ParamEntry("name", "text", optional=True, help=help_text, advanced=True))
    return tuple(entries)


def _of_arguments(arguments: ast.arguments, hidden: frozenset[str], help_of: dict[str, str]) -> list[ParamEntry]:
    named = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(named) - len(arguments.defaults)) + list(arguments.defaults)
    pairs = [*zip(named, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)][1:]
    return [_entry(arg, default, help_of) for arg, default in pairs if arg.arg not in hidden]


def _entry(arg: ast.arg, node: ast.expr | None, help_of: dict[str, str]) -> ParamEntry:
    default = _literal(node) if node is not None else None
    is_known = default is not _NOTHING
    default = default if is_known else None
    annotation, optional = _without_none(_annotation(arg.annotation))
    choices = _choices(annotation)
    category = _category(annotation) or (None if choices else _category_of_name(arg.arg))
    kind: ParamKind = "choice" if choices else "object" if category else _kind(annotation, default)
    if kind == "value" and annotation is None and arg.arg in _SIZES:
        kind = "int"
    if category is not None and isinstance(default, str):
        default = _class_name(category, default)
    if kind == "float" and isinstance(default, int) and not isinstance(default, bool):
        default = float(default)
    if node is None:
        default = _start(arg.arg, kind, category, choices)
    return ParamEntry(
        name=arg.arg,
        kind=kind,
        default=default,
        required=node is None,
        optional=optional or (node is not None and default is None),
        help=help_of.get(arg.arg, ""),
        choices=choices,
        category=category,
        advanced=arg.arg in ("name", "seed"),
    )


def _class_name(category: Category, name: str) -> str:
    """The name in the catalogue of what Keras also calls `glorot_uniform`."""
    known = (entry.name for entry in keras_catalogue().of(category))
    return next((each for each in known if name in (each, snake(each))), name)


def _start(name: str, kind: ParamKind, category: Category | None, choices: tuple[str, ...]) -> Value:
    """What a required argument begins with."""
    if category is not None:
        return _FIRST_OBJECTS.get(category, "")
    if choices:
        return choices[0]
    return 32 if kind == "int" and name in _SIZES else _STARTS.get(kind)


def _literal(node: ast.expr) -> Any:
    """The value of a default that is written out, `_NOTHING` for one that would have to be worked out."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _NOTHING
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        items = tuple(_plain(item) for item in value)
        return _NOTHING if any(item is _NOTHING or isinstance(item, tuple) for item in items) else items
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else _NOTHING
    return value if isinstance(value, float) and math.isfinite(value) else _NOTHING


def _annotation(node: ast.expr | None) -> ast.expr | None:
    """An annotation, also one that is written as text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None
    return node


def _without_none(node: ast.expr | None) -> tuple[ast.expr | None, bool]:
    """An annotation without `None`, and whether that was possible: of `X | None` and `Optional[X]` the X."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return left, True
        case ast.BinOp(left=ast.Constant(value=None), op=ast.BitOr(), right=right):
            return right, True
        case ast.Subscript(value=value, slice=inner) if _last(value) == "Optional":
            return inner, True
    return node, False


def _choices(node: ast.expr | None) -> tuple[str, ...]:
    if not isinstance(node, ast.Subscript) or _last(node.value) != "Literal":
        return ()
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [item.value for item in inner if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return tuple(texts) if len(texts) == len(inner) else ()


def _category(node: ast.expr | None) -> Category | None:
    """Which Keras object an annotation asks for: `keras.initializers.Initializer`."""
    return _ENDINGS.get(_last(node).lower()) if node is not None else None


def _category_of_name(name: str) -> Category | None:
    return next((category for ending, category in _ENDINGS.items() if name.endswith(ending)), None)


def _kind(node: ast.expr | None, default: Any) -> ParamKind:
    """The kind of a plain value: as annotated, else as the default is."""
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        if _last(node.value).lower() in ("tuple", "list", "sequence"):
            return _SEVERAL.get(_last(inner), "value")
    found = _PLAIN.get(_last(node)) if node is not None else None
    if found is not None:
        return found
    if isinstance(default, tuple):
        kinds = {type(item).__name__ for item in default}
        return (
            _SEVERAL.get(kinds.pop(), "value")
            if len(kinds) == 1
            else "floats"
            if kinds == {"int", "float"}
            else "value"
        )
    return _PLAIN.get(type(default).__name__, "value")


def _last(node: ast.expr | None) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=attr):
            return attr
    return ""
