"""The kind of editor a constructor parameter needs: from the overlay, its name, its default, and its docstring."""

import inspect
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from workbench.domain.catalogue import Category, ParamEntry, ParamKind
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.catalogue import overlay
from workbench.engine.catalogue.at_call import AT_CALL
from workbench.engine.catalogue.docs import read_docs
from workbench.engine.catalogue.walk import classes, names

_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def entries(
    category: Category, class_name: str, thing: Callable[..., Any], help_of: dict[str, str]
) -> list[ParamEntry]:
    """A form entry for each constructor parameter that a person may set, in the order of the signature."""
    target = thing if inspect.isfunction(thing) else thing.__init__
    found = []
    for parameter in inspect.signature(target).parameters.values():
        hidden = parameter.name in overlay.HIDDEN[category] or (class_name, parameter.name) in overlay.HIDDEN_OF
        if parameter.kind not in _VARIADIC and parameter.name != "self" and not hidden:
            found.append(_entry(category, class_name, parameter, help_of))
    if category == "layers":
        found += AT_CALL.get(class_name, ())
    order = {name: place for place, name in enumerate(overlay.FIRST)}
    return sorted(found, key=lambda entry: (entry.advanced, order.get(entry.name, len(order))))


def _entry(category: Category, class_name: str, parameter: inspect.Parameter, help_of: dict[str, str]) -> ParamEntry:
    name = parameter.name
    text = help_of.get(name) or overlay.HELP.get(name) or _borrowed_help(category, name)
    has_default = parameter.default is not parameter.empty
    fixed = {**overlay.BY_NAME.get(name, {})}
    if has_default:
        fixed.pop("default", None)  # a starting value is for what Keras leaves to the person
    fixed |= overlay.BY_CLASS.get((class_name, name), {})
    default = _value(parameter.default if has_default else None)
    kind: ParamKind = fixed.get("kind") or _kind(name, default, text)
    about: dict[str, Any] = {"default": default, "advanced": _is_advanced(category, class_name, name)}
    if kind == "choice":
        about["choices"] = choices_in(text, default)
    if kind in ("object", "objects"):
        about["category"] = fixed.get("category") or _object_category(name)
    if kind == "float_or_schedule":
        about["category"] = "schedules"
    if kind == "ints" and (axes := re.search(r"([123])D", class_name)):
        about["dimensions"] = int(axes[1])
    about |= fixed
    about["kind"] = kind
    if about.get("category") and isinstance(about["default"], str):
        about["default"] = names(about["category"]).get(about["default"], about["default"])
    about["optional"] = parameter.default is None or about.get("optional", False)
    return ParamEntry(name=name, help=text, **{"required": not has_default, **about})


@cache
def _borrowed_help(category: Category, name: str) -> str:
    lender = overlay.HELP_FROM.get(category)
    return read_docs(classes(category)[lender]).args.get(name, "") if lender else ""


def _kind(name: str, default: Value, text: str) -> ParamKind:
    if name.endswith(("_initializer", "_regularizer", "_constraint", "activation")) or name == "initializer":
        return "object"
    if isinstance(default, bool):
        return "bool"
    if isinstance(default, tuple) and default:
        whole = all(isinstance(item, int) for item in default)
        return "ints" if whole else "floats"
    return _kind_in(text, default)


def _kind_in(text: str, default: Value) -> ParamKind:
    """The kind that the first words of a docstring name. A whole-number default beside "float" is a float."""
    start = text[:160].lower()
    several = re.search(r"tuple|list of|sequence of", start[:60]) is not None
    if several and (isinstance(default, float) or re.search(r"\bfloat", start)):
        return "floats"
    if several and re.search(r"\bint", start):
        return "ints"
    if isinstance(default, str) or re.search(r"\bstr(ing)?\b", start[:50]):
        return "choice" if len(choices_in(text, default)) > 1 else "text"
    if isinstance(default, float) or re.search(r"\bfloat", start):
        return "float"
    if re.search(r"\bbool", start):
        return "bool"
    if isinstance(default, int) or re.search(r"\bint(eger)?s?\b", start):
        return "int"
    return "value"


def choices_in(text: str, default: Value) -> tuple[str, ...]:
    """The words in quotes of a docstring that read like an enumeration, the default among them."""
    head = re.split(r"Defaults? (?:to|is)|defaults to|\. If|\. When", text)[0]
    found = re.findall(r"""`?["'](\w+)["']`?""", head) or re.findall(r"""`["'](\w+)["']`""", text)
    if isinstance(default, str) and default and default not in found and found:
        found.append(default)
    return tuple(dict.fromkeys(found))


def _object_category(name: str) -> Category:
    for ending, category in overlay.CATEGORY_BY_ENDING.items():
        if name.endswith(ending):
            return category
    raise LookupError(f"The parameter {name} takes an object of an unknown category: name it in the overlay.")


def _is_advanced(category: Category, class_name: str, name: str) -> bool:
    if (class_name, name) in overlay.BASIC_OF or name in overlay.BASIC:
        return False
    return name in overlay.ADVANCED or name.endswith(("_initializer", "_regularizer", "_constraint"))


def _value(default: object) -> Value:
    """A default as plain data; a Keras object as the text of its class."""
    if isinstance(default, (list, tuple)):
        return msgspec.convert([_value(item) for item in default], tuple[Any, ...])
    if default is None or isinstance(default, (bool, int, float, str, ObjectSpec)):
        return default
    return type(default).__name__
