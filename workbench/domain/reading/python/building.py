"""Whether statements make a network: those that do not need not be run through, and nobody wants to hear of them."""

import ast
from collections.abc import Iterable

from workbench.domain.reading.keras_names import class_named
from workbench.domain.reading.python.names import module, usual
from workbench.domain.reading.python.values import Function, Keras, LayerValue, ModelValue, Partial, Scope, Tensor

_MAKING = frozenset({"Sequential", "Model", "Input", "InputLayer", "Lambda", "concatenate", "add", "multiply"})
_ADDING = frozenset({"add", "append", "extend"})


def builds(nodes: Iterable[ast.AST], scopes: tuple[Scope, ...], seen: frozenset[int] = frozenset()) -> bool:
    """Whether a layer is made or called somewhere in the statements, or in a function that they call."""
    return any(_does(node, scopes, seen) for top in nodes for node in ast.walk(top))


def _does(node: ast.AST, scopes: tuple[Scope, ...], seen: frozenset[int]) -> bool:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return isinstance(_lookup(node.id, scopes), Tensor)
    if not isinstance(node, ast.Call):
        return False
    target = _target(node.func, scopes)
    if isinstance(target, Partial):
        target = target.target
    if isinstance(target, Function):
        if id(target) in seen or len(seen) > 20:
            return False
        inner = target.node.body if isinstance(target.node.body, list) else [target.node.body]
        return builds(inner, target.scopes, seen | {id(target)})
    if isinstance(target, LayerValue):
        return True
    if isinstance(target, Keras):
        return target.last in _MAKING or (target.last[:1].isupper() and class_named("layers", target.last) is not None)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _ADDING:
        return isinstance(_target(node.func.value, scopes), ModelValue | list)
    return False


def _target(node: ast.expr, scopes: tuple[Scope, ...]) -> object:
    """What a name, or a part of a module, stands for."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    found = _lookup(node.id, scopes)
    if not names:
        return found
    return module((*found.path, *reversed(names))) if isinstance(found, Keras) else None


def _lookup(name: str, scopes: tuple[Scope, ...]) -> object:
    for scope in reversed(scopes):
        if name in scope:
            return scope[name]
    return usual(name)


def assigned_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that statements give a value."""
    return {
        node.id
        for top in nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
