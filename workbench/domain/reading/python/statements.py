"""Statements one after another: names get values, loops are unrolled, functions of the text are put in their place."""

import ast
from collections.abc import Sequence

from workbench.domain.reading.python import builtins
from workbench.domain.reading.python.building import assigned_in, builds
from workbench.domain.reading.python.expressions import Expressions
from workbench.domain.reading.python.functions import call_layer, call_model
from workbench.domain.reading.python.making import call_keras
from workbench.domain.reading.python.members import layers_of
from workbench.domain.reading.python.methods import call_method
from workbench.domain.reading.python.names import bind_import
from workbench.domain.reading.python.notes import Notes
from workbench.domain.reading.python.values import (
    Arguments,
    Function,
    Given,
    Keras,
    LayerValue,
    Method,
    ModelValue,
    OwnClass,
    Partial,
    Tensor,
    Unknown,
    sequence,
    tensors_in,
)

MOST_ROUNDS = 1_000
_MOST_DEPTH = 20
_FEW_ROUNDS = 64
_SEEDS = frozenset({("keras", "utils", "set_random_seed"), ("tensorflow", "random", "set_seed")})
_NETWORKS = ("Layer", "Model", "Wrapper", "AbstractRNNCell")


class _Return(Exception):  # noqa: N818 - control flow of the text that is read
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class _Break(Exception):  # noqa: N818
    pass


class _Continue(Exception):  # noqa: N818
    pass


class Statements(Expressions):
    """Reads statements. `bare` are the values of expressions that stand by themselves, `seed` that of the text."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(notes)
        self.bare: list[object] = []
        self.functions: list[Function] = []
        self.classes: list[OwnClass] = []
        self.seed: int | None = None
        self._depth = 0
        self._counts: dict[str, int] = {}

    def run(self, statements: Sequence[ast.stmt]) -> None:
        """Read statements of the text itself. A wrong `return` or `break` ends what it stands in."""
        for statement in statements:
            try:
                self._statement(statement)
            except (_Return, _Break, _Continue):
                continue
            except RecursionError:
                self.notes.note(statement.lineno, "This is nested too deeply to be read.")

    def _body(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        self.notes.step()
        match statement:
            case ast.Assign():
                value = self.value(statement.value)
                for target in statement.targets:
                    self.assign(target, value)
            case ast.AnnAssign() if statement.value is not None:
                self.assign(statement.target, self.value(statement.value))
            case ast.AugAssign():
                before, more = self.value(statement.target), self.value(statement.value)
                node = ast.copy_location(ast.BinOp(statement.target, statement.op, statement.value), statement)
                self.assign(statement.target, self.combine(type(statement.op), before, more, node))
            case ast.Expr():
                value = self.value(statement.value)
                if self._depth == 0:
                    self.bare.append(value)
            case ast.Import() | ast.ImportFrom():
                bind_import(statement, self.scopes[-1])
            case ast.FunctionDef():
                made = Function(statement, self.scopes, statement.name)
                self.scopes[-1][statement.name] = made
                self.functions.append(made)
            case ast.ClassDef():
                own = OwnClass(statement.name, _base(statement), statement.lineno)
                self.scopes[-1][statement.name] = own
                self._hold(own, statement)
                self.classes.append(own)
            case _:
                self._of_flow(statement)

    def _hold(self, own: OwnClass, statement: ast.ClassDef) -> None:
        """Keep the values that a class without a base gives names to: many keep their settings so."""
        if own.base in _NETWORKS:
            return
        outer = self.scopes
        self.scopes = (*outer, own.held)
        try:
            self._body([each for each in statement.body if isinstance(each, ast.Assign | ast.AnnAssign)])
        finally:
            self.scopes = outer

    def _of_flow(self, statement: ast.stmt) -> None:
        match statement:
            case ast.If():
                self._if(statement)
            case ast.For():
                self._for(statement)
            case ast.While():
                self._while(statement)
            case ast.With():
                for item in statement.items:
                    value = self.value(item.context_expr)
                    if item.optional_vars is not None:
                        self.assign(item.optional_vars, value)
                self._body(statement.body)
            case ast.Try():
                self._body([*statement.body, *statement.orelse, *statement.finalbody])
            case ast.Return():
                raise _Return(None if statement.value is None else self.value(statement.value))
            case ast.Raise():
                raise _Return(self.notes.unknown(statement))
            case ast.Break():
                raise _Break
            case ast.Continue():
                raise _Continue
            case ast.Match() | ast.AsyncFor() | ast.AsyncWith() if builds([statement], self.scopes):
                self.notes.note(statement.lineno, "A statement of this kind is not read, so it was left out.")

    def _if(self, statement: ast.If) -> None:
        known = self.truth_of(statement.test)
        if known is not None:
            self._body(statement.body if known else statement.orelse)
            return
        inside = [*statement.body, *statement.orelse]
        text = self.notes.parsed.text_of(statement.test)
        self._left_out(inside, statement, f"Whether `{text}` holds is not known here, so what depends on it")

    def _left_out(self, inside: Sequence[ast.stmt], statement: ast.stmt, what: str) -> None:
        """Leave statements out, which is noted where they make a network; what they give a value is not known then."""
        if builds(inside, self.scopes):
            self.notes.note(statement.lineno, f"{what} was left out.")
        for name in assigned_in(inside):
            if not isinstance(self.scopes[-1].get(name), Tensor | ModelValue):
                self.scopes[-1][name] = Unknown(name, statement.lineno)

    def _for(self, statement: ast.For) -> None:
        value = self.value(statement.iter)
        items = list(value) if isinstance(value, dict) else sequence(value)
        inside = [*statement.body, *statement.orelse]
        text = self.notes.parsed.text_of(statement.iter)
        if items is None:
            self._left_out(inside, statement, f"The loop over `{text}`, which is not known here,")
        elif len(items) > MOST_ROUNDS:
            self._left_out(inside, statement, f"The loop over `{text}`, which has more than {MOST_ROUNDS:,} rounds,")
        elif builds(inside, self.scopes) or (len(items) <= _FEW_ROUNDS and not _has_loop(inside)):
            for item in items:
                self.assign(statement.target, item)
                if not self._round(statement.body):
                    return
            self._body(statement.orelse)
        else:
            self._left_out(inside, statement, "")

    def _while(self, statement: ast.While) -> None:
        text = self.notes.parsed.text_of(statement.test)
        if not builds(statement.body, self.scopes) and _has_loop(statement.body):
            self._left_out(statement.body, statement, "")
            return
        for _ in range(MOST_ROUNDS):
            known = self.truth_of(statement.test)
            if known is None:
                self._left_out(statement.body, statement, f"How long `{text}` holds is not known here, so the loop")
                return
            if not known or not self._round(statement.body):
                return
        self._left_out(statement.body, statement, f"The loop while `{text}` has more than {MOST_ROUNDS:,} rounds and")

    def _round(self, body: Sequence[ast.stmt]) -> bool:
        """One round of a loop; False where that was the last one."""
        self.notes.step()
        try:
            self._body(body)
        except _Continue:
            pass
        except _Break:
            return False
        return True

    def assign(self, target: ast.expr, value: object) -> None:
        match target:
            case ast.Name():
                self.scopes[-1][target.id] = value
            case ast.Tuple() | ast.List():
                self._unpack(target.elts, value)
            case ast.Starred():
                self.assign(target.value, value)
            case ast.Attribute(attr="trainable"):
                if isinstance(value, bool) and not self.notes.goes_on(target.lineno):
                    _set_trainable(self.value(target.value), value, 0, self.notes)
            case ast.Subscript():
                owner, index = self.value(target.value), self.value(target.slice)
                new = isinstance(owner, dict) and isinstance(index, str | int) and len(owner) < MOST_ROUNDS
                old = isinstance(owner, list) and isinstance(index, int) and -len(owner) <= index < len(owner)
                if new or old:
                    owner[index] = value  # type: ignore[index]

    def _unpack(self, targets: Sequence[ast.expr], value: object) -> None:
        items = sequence(value)
        starred = next((place for place, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
        if items is not None and starred is not None and len(items) >= len(targets) - 1:
            more = len(items) - len(targets) + 1
            items = [*items[:starred], list(items[starred : starred + more]), *items[starred + more :]]
        if items is None and isinstance(value, Tensor):
            items = [value, *(self.notes.unknown(each) for each in targets[1:])]
        if items is None or len(items) != len(targets):
            tensor = value.tensor if isinstance(value, Unknown) else None
            items = [self.notes.unknown(each, tensor) for each in targets]
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item)

    def call(self, target: object, arguments: Arguments, node: ast.Call) -> object:
        match target:
            case Keras():
                return self._keras(target, arguments)
            case LayerValue():
                return call_layer(target, arguments, self.notes)
            case ModelValue():
                return call_model(target, arguments, self.notes)
            case Function():
                return self.inline(target, arguments)
            case Method():
                return call_method(target, arguments, self.notes)
            case Partial():
                return self._partial(target, arguments, node)
        tensors = tensors_in([given.value for given in (*arguments.by_place, *arguments.by_name.values())])
        tensor = tensors[0] if tensors else None
        if isinstance(target, OwnClass) and target.held and not tensors:
            return target
        if isinstance(target, OwnClass):
            return Unknown(arguments.text, arguments.line, tensor, _own_reason(target))
        reason = target.reason if isinstance(target, Unknown) else ""
        line = target.line if reason and isinstance(target, Unknown) else arguments.line
        return Unknown(arguments.text, line, tensor, reason)

    def _partial(self, partial: Partial, more: Arguments, node: ast.Call) -> object:
        """A call with the arguments that were given before, unless they are given anew."""
        before = partial.arguments
        both = Arguments((*before.by_place, *more.by_place), before.by_name | more.by_name, more.text, more.line)
        self.notes.step(1 + len(both.by_place) + len(both.by_name))
        return self.call(partial.target, both, node)

    def _keras(self, target: Keras, arguments: Arguments) -> object:
        values = tuple(given.value for given in arguments.by_place)
        root = target.path[0]
        if target.path == ("functools", "partial") and values:
            given = arguments.by_place[1:]
            return Partial(values[0], Arguments(given, arguments.by_name, arguments.text, arguments.line))
        if root in ("builtins", "math", "numpy"):
            tensors = tensors_in(values)
            if tensors and target.last not in ("list", "tuple", "zip", "enumerate", "reversed", "len"):
                return Unknown(arguments.text, arguments.line, tensors[0])
            if root == "builtins" and target.last == "dict" and not values:
                return {name: given.value for name, given in arguments.by_name.items()}
            done = builtins.called if root == "builtins" else None
            return builtins.called_in_module(target, values) if done is None else done(target.last, values)
        if target.path in _SEEDS:
            if values and isinstance(values[0], int):
                self.seed = values[0]
            return None
        if target.last == "image_data_format":
            return "channels_last"
        return call_keras(target, arguments, self.notes)

    def inline(self, function: Function, arguments: Arguments) -> object:
        """What a function of the text gives: its statements are read with what it is given."""
        function.called = True
        given = [each.value for each in (*arguments.by_place, *arguments.by_name.values())]
        tensors = tensors_in(given, 2)
        if self._depth >= _MOST_DEPTH:
            self.notes.note(
                arguments.line, f"Functions call one another more than {_MOST_DEPTH} deep, which is not read."
            )
            return Unknown(arguments.text, arguments.line, tensors[0] if tensors else None)
        outer, scope = self.scopes, self.notes.scope
        self.scopes = (*function.scopes, {})
        self._bind(function.node.args, arguments)
        self._depth += 1
        if tensors and isinstance(function.node, ast.FunctionDef):
            count = self._counts[function.name] = self._counts.get(function.name, 0) + 1
            self.notes.scope = (*scope, f"{function.name}_{count}" if count > 1 else function.name)
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body)
            self._body(function.node.body)
        except _Return as given_back:
            return given_back.value
        except (_Break, _Continue):
            return None
        finally:
            self._depth -= 1
            self.scopes, self.notes.scope = outer, scope
        return None

    def _bind(self, wanted: ast.arguments, arguments: Arguments) -> None:
        """Give the names that a function takes what it is given, else what it takes by default."""
        local = self.scopes[-1]
        by_place = [*wanted.posonlyargs, *wanted.args]
        defaults: list[ast.expr | None] = [None] * (len(by_place) - len(wanted.defaults)) + list(wanted.defaults)
        named = dict(arguments.by_name)
        for place, (each, default) in enumerate(zip(by_place, defaults, strict=True)):
            taken = arguments.by_place[place] if place < len(arguments.by_place) else named.pop(each.arg, None)
            local[each.arg] = self._taken(each, taken, default)
        for each, default in zip(wanted.kwonlyargs, wanted.kw_defaults, strict=True):
            local[each.arg] = self._taken(each, named.pop(each.arg, None), default)
        if wanted.vararg is not None:
            local[wanted.vararg.arg] = tuple(given.value for given in arguments.by_place[len(by_place) :])
        if wanted.kwarg is not None:
            local[wanted.kwarg.arg] = {name: given.value for name, given in named.items()}

    def _taken(self, wanted: ast.arg, given: Given | None, default: ast.expr | None) -> object:
        if given is not None:
            return given.value
        return Unknown(wanted.arg, wanted.lineno) if default is None else self.value(default)


def _has_loop(statements: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, ast.For | ast.While) for top in statements for node in ast.walk(top))


def _base(statement: ast.ClassDef) -> str:
    base = statement.bases[0] if statement.bases else None
    return base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""


def _own_reason(own: OwnClass) -> str:
    if own.base not in _NETWORKS:
        return ""
    kind = "model" if own.base == "Model" else "layer"
    where = " Write it under Own parts on the Model page." if kind == "layer" else ""
    return f"{own.name} is a {kind} written in the text itself, whose code is not run, so it was left out.{where}"


def _set_trainable(value: object, trainable: bool, depth: int, notes: Notes) -> None:
    """Freeze a layer, or all of a model, or let it learn."""
    notes.step()
    if isinstance(value, LayerValue):
        value.trainable = trainable
    elif isinstance(value, ModelValue) and depth < _MOST_DEPTH:
        value.trainable = trainable
        for inner in layers_of(value):
            _set_trainable(inner, trainable, depth + 1, notes)
