"""Expressions: what they stand for, as far as that can be known without running anything."""

import ast
from abc import ABC, abstractmethod

from workbench.domain.reading.python import builtins, literals
from workbench.domain.reading.python.functions import arithmetic
from workbench.domain.reading.python.literals import NotKnownError
from workbench.domain.reading.python.members import item_of, member
from workbench.domain.reading.python.names import module, usual
from workbench.domain.reading.python.notes import Notes
from workbench.domain.reading.python.values import (
    Arguments,
    Function,
    Given,
    Keras,
    Method,
    Scope,
    Tensor,
    Unknown,
    is_plain,
    sequence,
    tensors_in,
)

_CONSTANTS = {"__name__": "__main__"}


class Expressions(ABC):
    """Gives the value of an expression in the names that are seen where it stands, the innermost scope last."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.scopes: tuple[Scope, ...] = ({},)

    @abstractmethod
    def call(self, target: object, arguments: Arguments, node: ast.Call) -> object:
        """What a call gives."""

    def value(self, node: ast.expr) -> object:
        """The value of an expression, Unknown where it cannot be known."""
        self.notes.step()
        try:
            return self._value(node)
        except NotKnownError:
            return self.notes.unknown(node)

    def _value(self, node: ast.expr) -> object:
        match node:
            case ast.Constant():
                return literals.bounded(node.value) if is_plain(node.value) else self.notes.unknown(node)
            case ast.Name():
                return self._named(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Tuple():
                return tuple(self._all(node.elts))
            case ast.List():
                return self._all(node.elts)
            case ast.Call():
                return self.call(self.value(node.func), self._arguments(node), node)
            case ast.BinOp():
                return self._combined(type(node.op), self.value(node.left), self.value(node.right), node)
            case ast.UnaryOp():
                return self._signed(node)
            case ast.Lambda():
                return Function(node, self.scopes, "lambda")
            case ast.NamedExpr():
                self.scopes[-1][node.target.id] = made = self.value(node.value)
                return made
            case _:
                return self._of_choice(node)

    def _of_choice(self, node: ast.expr) -> object:
        match node:
            case ast.Compare() | ast.BoolOp():
                return self._truth(node)
            case ast.IfExp():
                known = self.truth_of(node.test)
                if known is None:
                    return self.notes.unknown(node)
                return self.value(node.body if known else node.orelse)
            case ast.JoinedStr():
                return self._joined(node)
            case ast.Subscript():
                return item_of(self.value(node.value), self._index(node.slice), self.notes.unknown(node))
            case ast.Dict():
                return self._dict(node)
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node, node.elt)
            case ast.DictComp():
                pairs = self._comprehension(node, ast.Tuple([node.key, node.value], ast.Load()))
                return {pair[0]: pair[1] for pair in pairs if isinstance(pair, tuple) and is_plain(pair[0])}
            case ast.Starred():
                return self.value(node.value)
            case _:
                return self.notes.unknown(node)

    def _named(self, node: ast.Name) -> object:
        for scope in reversed(self.scopes):
            if node.id in scope:
                found = scope[node.id]
                if isinstance(found, Unknown) and found.tensor is None and not found.reason:
                    return self.notes.unknown(node)
                return found
        if node.id in _CONSTANTS:
            return _CONSTANTS[node.id]
        if node.id in builtins.NAMES:
            return Keras(("builtins", node.id))
        return usual(node.id) or self.notes.unknown(node)

    def _attribute(self, node: ast.Attribute) -> object:
        owner = self.value(node.value)
        if isinstance(owner, Keras):
            return module((*owner.path, node.attr)) or self.notes.unknown(node)
        if isinstance(owner, Unknown):
            return self.notes.unknown(node, owner.tensor)
        found = member(owner, node.attr)
        return Method(owner, node.attr) if found is None else found

    def _all(self, nodes: list[ast.expr]) -> list[object]:
        found: list[object] = []
        for node in nodes:
            value = self.value(node)
            items = sequence(value) if isinstance(node, ast.Starred) else None
            found += [value] if items is None else items
        literals.bounded(found)
        return found

    def _arguments(self, node: ast.Call) -> Arguments:
        text_of, line = self.notes.parsed.text_of, node.lineno
        by_place: list[Given] = []
        for each in node.args:
            value = self.value(each)
            items = sequence(value) if isinstance(each, ast.Starred) else None
            by_place += [Given(item, text_of(each), each.lineno) for item in ([value] if items is None else items)]
        by_name: dict[str, Given] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value)
            text, at = text_of(keyword.value), keyword.value.lineno
            if keyword.arg is not None:
                by_name[keyword.arg] = Given(value, text, at)
            elif isinstance(value, dict):
                by_name |= {str(name): Given(item, text, at) for name, item in value.items()}
        return Arguments(tuple(by_place), by_name, text_of(node), line)

    def _combined(self, kind: type[ast.operator], left: object, right: object, node: ast.expr) -> object:
        if tensors_in([left, right], 1):
            return arithmetic(kind, left, right, node, self.notes)
        self.notes.step(sum(len(each) for each in (left, right) if isinstance(each, str | list | tuple)) // 8)
        return literals.combined(kind, left, right)

    def combine(self, kind: type[ast.operator], target: object, value: object, node: ast.expr) -> object:
        """The value of `target op value`, as an assignment such as `x += 1` makes it."""
        try:
            return self._combined(kind, target, value, node)
        except NotKnownError:
            return self.notes.unknown(node)

    def _signed(self, node: ast.UnaryOp) -> object:
        value = self.value(node.operand)
        if isinstance(value, Tensor) and isinstance(node.op, ast.USub):
            return arithmetic(ast.Mult, value, -1, node, self.notes)
        return literals.negated(type(node.op), value)

    def truth_of(self, node: ast.expr) -> bool | None:
        """Whether a condition holds; None where that is not known."""
        value = self.value(node)
        return bool(value) if is_plain(value) or isinstance(value, list | tuple | dict) else None

    def _truth(self, node: ast.Compare | ast.BoolOp) -> object:
        if isinstance(node, ast.BoolOp):
            value: object = None
            for each in node.values:
                value = self.value(each)
                if not (is_plain(value) or isinstance(value, list | tuple)):
                    raise NotKnownError
                if bool(value) is isinstance(node.op, ast.Or):
                    return value
            return value
        left = self.value(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.value(comparator)
            self.notes.step(len(right) // 8 if isinstance(right, str | list | tuple) else 0)
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                raise NotKnownError
            if not literals.compared(type(operator), left, right):
                return False
            left = right
        return True

    def _joined(self, node: ast.JoinedStr) -> str:
        parts: list[str] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                layout = self.value(part.format_spec) if part.format_spec is not None else ""
                if part.conversion not in (-1, 115) or not isinstance(layout, str):
                    raise NotKnownError
                parts.append(literals.shown(self.value(part.value), layout))
            else:
                parts.append(literals.shown(self.value(part)))
        return str(literals.bounded("".join(parts)))

    def _index(self, node: ast.expr) -> object:
        if isinstance(node, ast.Slice):
            ends = [None if each is None else self.value(each) for each in (node.lower, node.upper, node.step)]
            if all(each is None or (isinstance(each, int) and not isinstance(each, bool)) for each in ends):
                return slice(*ends)
            raise NotKnownError
        return self.value(node)

    def _dict(self, node: ast.Dict) -> dict[object, object]:
        found: dict[object, object] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                inner = self.value(value)
                found |= inner if isinstance(inner, dict) else {}
                continue
            known = self.value(key)
            if not is_plain(known):
                raise NotKnownError
            found[known] = self.value(value)
        return found

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp, result: ast.expr) -> list[object]:
        found: list[object] = []
        outer = self.scopes
        self.scopes = (*outer, {})
        try:
            self._rounds(node.generators, result, found)
        finally:
            self.scopes = outer
        literals.bounded(found)
        return found

    def _rounds(self, loops: list[ast.comprehension], result: ast.expr, found: list[object]) -> None:
        if not loops:
            found.append(self.value(result))
            return
        items = sequence(self.value(loops[0].iter))
        if items is None:
            raise NotKnownError
        for item in items:
            self.assign(loops[0].target, item)
            if all(self._holds(condition) for condition in loops[0].ifs):
                self._rounds(loops[1:], result, found)

    def _holds(self, condition: ast.expr) -> bool:
        known = self.truth_of(condition)
        if known is None:
            raise NotKnownError
        return known

    @abstractmethod
    def assign(self, target: ast.expr, value: object) -> None:
        """Give a name, or several, a value."""
