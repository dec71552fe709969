"""Looks into a Python file without running it: whether it is one that brings data."""

import ast
from pathlib import Path

from workbench.domain.dataset import SourceSpec
from workbench.domain.files import StoreError, read_bounded
from workbench.domain.trust import MAX_CODE, code_text
from workbench.engine.data.errors import DataError
from workbench.protocol.events import FileInspected

_PREVIEW_LINES = 8
_PREVIEW_CELL = 80


def inspect_python(path: Path, ticket: int) -> FileInspected:
    """The beginning of the file. Raises DataError where it is no Python, or has no function `load`."""
    try:
        code = code_text(read_bounded(path, MAX_CODE))
        tree = ast.parse(code, str(path))
    except StoreError as error:
        raise DataError(str(error)) from error
    except SyntaxError as error:
        where = f", line {error.lineno}" if error.lineno else ""
        raise DataError(f"{path.name}{where} is no Python: {error.msg}. Correct it.", str(path)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise DataError(f"{path.name} is no Python file. Choose another.", repr(error)) from error
    if not any(_defines_load(statement) for statement in tree.body):
        raise DataError(f"{path.name} has no function load(). Write one that returns (x, y), or choose another file.")
    lines = code.splitlines()
    return FileInspected(
        ticket,
        str(path),
        SourceSpec("python", {"path": str(path)}),
        path.stem,
        {"Lines": f"{len(lines):,}"},
        ("code",),
        preview=tuple((line[:_PREVIEW_CELL],) for line in lines[:_PREVIEW_LINES]),
    )


def _defines_load(statement: ast.stmt) -> bool:
    """Whether a statement of the file may be what makes `load`."""
    match statement:
        case ast.FunctionDef(name=name):
            return name == "load"
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Name) and target.id == "load" for target in targets)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return any((alias.asname or alias.name) == "load" for alias in names)
    return not isinstance(statement, ast.Expr | ast.ClassDef | ast.AsyncFunctionDef)
