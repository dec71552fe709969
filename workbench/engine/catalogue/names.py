"""What else reading Python needs to know of Keras: the order of constructors' arguments, and other names of classes.

Written into `resources/keras_names.json` beside the catalogue.
"""

import inspect
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec

from workbench.domain.catalogue import Category
from workbench.domain.reading.keras_names import FILE, KerasNames
from workbench.domain.resources import resource_folder
from workbench.engine.catalogue import walk

_BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def generate_names() -> KerasNames:
    """The names and signatures of the installed Keras. Imports TensorFlow."""
    orders = {
        category: {name: _order(thing) for name, thing in walk.classes(category).items()}
        for category in get_args(Category)
    }
    names = {
        category: {alias: name for alias, name in sorted(walk.names(category).items()) if alias != name}
        for category in get_args(Category)
    }
    return KerasNames(orders, names)


def render_names(names: KerasNames) -> bytes:
    """The file, indented so that a difference can be read."""
    return msgspec.json.format(msgspec.json.encode(names), indent=1) + b"\n"


def write_names(folder: Path | None = None) -> Path:
    """Write the names into the resources and return the path."""
    target = (folder or resource_folder()) / FILE
    content = render_names(generate_names())
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, 0o644)
    os.replace(file.name, target)
    return target


def _order(thing: Callable[..., Any]) -> str:
    """The arguments that can be given by their place, one after another with spaces between them."""
    target = thing if inspect.isfunction(thing) else thing.__init__
    parameters = inspect.signature(target).parameters.values()
    return " ".join(each.name for each in parameters if each.kind in _BY_PLACE and each.name != "self")
