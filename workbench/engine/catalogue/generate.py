"""Puts the catalogue together and writes it."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec

from workbench.domain.catalogue import Catalogue, Category, ClassEntry
from workbench.domain.resources import resource_folder
from workbench.engine.catalogue import docs, groups, params, walk
from workbench.engine.catalogue.summaries import KEYWORDS, SUMMARIES

FILE = "catalogue.json"
COMMAND = "python -m workbench.engine.catalogue"


def generate() -> Catalogue:
    """The catalogue of the installed Keras, of our data sources and steps of preparation. Imports TensorFlow."""
    import keras

    from workbench.engine.data.analyses import all_analyses
    from workbench.engine.data.sources import all_sources
    from workbench.engine.data.steps import all_steps

    found = tuple(entry for category in get_args(Category) for entry in _entries(category))
    return Catalogue(keras.__version__, found, all_sources(), all_steps(), all_analyses())


def render(catalogue: Catalogue) -> bytes:
    """The file: JSON with one line for each entry, so that a difference can be read."""
    encode = msgspec.json.Encoder().encode
    lists = ("classes", "sources", "steps", "analyses")
    parts = [b'"%b":[\n%b\n]' % (name.encode(), b",\n".join(map(encode, getattr(catalogue, name)))) for name in lists]
    return b'{"keras_version":%b,\n%b}\n' % (encode(catalogue.keras_version), b",\n".join(parts))


def write(folder: Path | None = None) -> Path:
    """Write the catalogue into the resources and return its path."""
    target = (folder or resource_folder()) / FILE
    content = render(generate())
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, 0o644)
    os.replace(file.name, target)
    return target


def _entries(category: Category) -> list[ClassEntry]:
    placed = []
    for name, thing in walk.classes(category).items():
        group, icon, key = groups.place(category, name, thing.__module__)
        placed.append((key, _entry(category, name, thing, group, icon)))
    return [entry for _, entry in sorted(placed, key=lambda pair: pair[0])]


def _entry(category: Category, name: str, thing: Callable[..., Any], group: str, icon: str) -> ClassEntry:
    text = docs.read_docs(thing)
    is_layer = category == "layers"
    return ClassEntry(
        name=name,
        category=category,
        group=group,
        icon=icon,
        summary=SUMMARIES.get(category, {}).get(name) or text.lead or _words(name),
        help=text.prose,
        params=tuple(params.entries(category, name, thing, text.args)),
        wraps=is_layer and name in groups.WRAPPERS,
        merges=is_layer and name in groups.MERGES,
        ranks=groups.ranks(name, group) if is_layer else (),
        call=groups.call(name) if is_layer else "one",
        keywords=KEYWORDS.get(category, {}).get(name, ()),
    )


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).capitalize() + "."
