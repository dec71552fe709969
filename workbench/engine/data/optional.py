"""Libraries that only some sources need."""

import importlib
from types import ModuleType

from workbench.engine.data.errors import DataError


def library(module: str, extra: str, title: str) -> ModuleType:
    """A library that is not always installed. Raises DataError that says which command brings it. `title` is what
    cannot be opened without."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.split(".")[0]
        raise DataError(
            f"{title} needs the library {name}, which is not installed. "
            f'Install it with: pip install "workbench[{extra}]"',
            str(error),
        ) from error
