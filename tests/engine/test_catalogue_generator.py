"""The catalogue against the installed Keras."""

from typing import Any, get_args

import pytest

from workbench.domain.catalogue import Category, ClassEntry, load_catalogue
from workbench.domain.resources import resource
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.catalogue import docs, overlay, walk
from workbench.engine.catalogue.generate import COMMAND, generate, render
from workbench.engine.objects import make

CATALOGUE = load_catalogue()
ALL = [pytest.param(entry, id=f"{entry.category}-{entry.name}") for entry in CATALOGUE.classes]
# Wrappers take a layer that stands in the tree, not among the parameters.
INNER = {"Bidirectional": ObjectSpec("LSTM", {"units": 4})}


def starting_params(entry: ClassEntry) -> dict[str, Value]:
    """What the palette gives a new layer."""
    return {param.name: param.default for param in entry.params if param.required}


def default_params(entry: ClassEntry) -> dict[str, Value]:
    """Every parameter at the default that the form shows."""
    return {param.name: param.default for param in entry.params}


def make_entry(entry: ClassEntry, params: dict[str, Value]) -> Any:
    extra: dict[str, Any] = {}
    if entry.wraps:
        extra["layer"] = make("layers", INNER.get(entry.name, ObjectSpec("Dense", {"units": 4})))
    return make(entry.category, ObjectSpec(entry.name, params), **extra)


def test_that_the_file_is_what_the_installed_keras_and_our_sources_give() -> None:
    written = resource("catalogue.json").read_bytes()
    assert render(generate()) == written, f"The catalogue is out of date. Type: {COMMAND}"


@pytest.mark.parametrize("entry", ALL)
def test_that_every_class_can_be_made_as_the_palette_adds_it(entry: ClassEntry) -> None:
    made = make_entry(entry, starting_params(entry))
    assert made is not None
    if entry.category != "activations":
        assert type(made) is walk.classes(entry.category)[entry.name]


@pytest.mark.parametrize("entry", ALL)
def test_that_the_shown_defaults_are_those_of_keras(entry: ClassEntry) -> None:
    if not entry.params or entry.category in ("activations", "callbacks"):
        assert make_entry(entry, starting_params(entry)) is not None
        return
    explicit = make_entry(entry, default_params(entry))
    implicit = make_entry(entry, starting_params(entry))
    assert comparable(explicit) == comparable(implicit)


def comparable(made: Any) -> Any:
    """The configuration without names and seeds, which differ from object to object."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {key: item for key, item in value.items() if key not in ("name", "seed", "build_config")}
            return {key: plain(item) for key, item in kept.items()}
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return value

    return plain(made.get_config())


def test_that_every_name_that_keras_itself_uses_is_known() -> None:
    from keras.src import activations, constraints, initializers, losses, optimizers, regularizers

    tables: dict[Category, Any] = {
        "activations": activations,
        "initializers": initializers,
        "regularizers": regularizers,
        "constraints": constraints,
        "losses": losses,
        "optimizers": optimizers,
    }
    for category, module in tables.items():
        known = walk.names(category)
        left_out = {name.lower() for name in overlay.EXCLUDED[category]} | {"lossfunctionwrapper"}
        names = [name for name in module.ALL_OBJECTS_DICT if name.lower() not in left_out]
        assert [name for name in names if name not in known] == []
        for name in names:
            meant = module.ALL_OBJECTS_DICT[name].__name__
            assert meant.replace("_", "").lower() == known[name].replace("_", "").lower()


@pytest.mark.parametrize("category", get_args(Category))
def test_that_everything_in_keras_is_listed_or_left_out_on_purpose(category: Category) -> None:
    things = {id(thing) for thing in walk.classes(category).values()}
    for names, thing in walk._things(category):
        assert id(thing) in things or overlay.EXCLUDED[category].intersection(names)


def test_that_no_row_of_the_overlay_is_out_of_use() -> None:
    params = {(entry.name, param.name) for entry in CATALOGUE.classes for param in entry.params}
    names = {name for _, name in params}
    assert [row for row in overlay.BY_CLASS if row not in params] == []
    assert [row for row in overlay.BASIC_OF if row not in params] == []
    assert [name for name in overlay.BY_NAME if name not in names] == []
    assert [
        name for name in (*overlay.FIRST, *overlay.BASIC, *overlay.ADVANCED, *overlay.HELP) if name not in names
    ] == []


def test_that_summaries_are_written_for_classes_that_exist() -> None:
    from workbench.engine.catalogue.summaries import KEYWORDS, SUMMARIES

    for table in (SUMMARIES, KEYWORDS):
        for category, entries in table.items():
            assert [name for name in entries if name not in walk.classes(category)] == []


def test_that_a_docstring_becomes_text_without_code() -> None:
    class Sample:
        """Does a thing (e.g. well). And more.

        First paragraph
        in two lines.

        Example:

        >>> run()
        42

        - one
        - two

        Args:
            size: int, how large. One of `"small"` or
                `"big"`.
            shape (tuple): Of the output.

        Returns:
            Nothing.
        """

    read = docs.read_docs(Sample)
    assert read.lead == "Does a thing (e.g. well)."
    assert "First paragraph in two lines." in read.prose
    assert "42" not in read.prose
    assert read.args["size"] == 'int, how large. One of `"small"` or `"big"`.'
    assert read.args["shape"] == "(tuple) Of the output."
