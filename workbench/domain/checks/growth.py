"""Rules of growth in repetitions: what is none, and what makes nothing grow."""

import re
from collections.abc import Iterator

from workbench.domain.checks._case import Case
from workbench.domain.edits import set_field
from workbench.domain.growth import GrowthError, rules_of
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import Layer, Repeat, Wrapper, walk

DETAIL = (
    "A rule names a parameter, and says by what it is multiplied (*), or how much is added (+), each further round."
)
_NEARLY = re.compile(r"(?P<name>[a-z_]\w*)\s*(?P<how>[x*×+]*)=?\s*(?P<by>-?\d+(\.\d+)?)", re.IGNORECASE)


def check(case: Case) -> Iterator[Problem]:
    for node in case.nodes.values():
        if isinstance(node, Repeat) and node.enabled and node.grow:
            yield from _check(node, case.name(node.id))


def _check(node: Repeat, name: str) -> Iterator[Problem]:
    nothing = Repair("Let nothing grow", set_field((node.id,), "grow", ""), f"remove the growth of “{name}”")
    try:
        rules = rules_of(node.grow)
    except GrowthError as error:
        meant = _meant(node.grow)
        right = Repair(f"Write “{meant}”", set_field((node.id,), "grow", meant), f"growth of “{name}”: {meant}")
        repairs = (right, nothing) if meant else (nothing,)
        yield Problem("growth", "error", str(error), DETAIL, node_id=node.id, field="grow", repairs=repairs)
        return
    growing = _numbers(node)
    for wrong in [each for each in rules if each not in growing]:
        known = f" What is set there: {', '.join(growing)}." if growing else ""
        yield Problem(
            "growth",
            "warning",
            f"No layer in “{name}” has a number “{wrong}” of its own, so nothing of it grows.{known}",
            DETAIL,
            node_id=node.id,
            field="grow",
            repairs=(nothing,) if len(rules) == 1 else (),
        )


def _numbers(repeat: Repeat) -> tuple[str, ...]:
    """The parameters of its layers that are set to a number."""
    layers = [node for node in walk(repeat.children) if isinstance(node, Layer | Wrapper)]
    found = (name for layer in layers for name, value in layer.params.items() if _is_number(value))
    return tuple(dict.fromkeys(found))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _meant(text: str) -> str:
    """The rules that a text such as "filters 2" or "filters*=2" is nearly; empty where that cannot be said."""
    made = []
    for part in filter(str.strip, text[:2_000].split(",")):
        found = _NEARLY.fullmatch(part.strip())
        if found is None:
            return ""
        made.append(f"{found['name']} {'+' if '+' in found['how'] else '*'}{found['by']}")
    rule = ", ".join(made)
    try:
        return rule if rules_of(rule) else ""
    except GrowthError:
        return ""
