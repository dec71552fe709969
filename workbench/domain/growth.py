"""Parameters that grow from round to round of a repetition: "filters *2, units +16"."""

import re
from collections.abc import Mapping

from workbench.domain.values import Value

_RULE = re.compile(r"\s*([a-z_][a-z0-9_]{0,60})\s*([*×+])\s*(-?\d{1,9}(?:\.\d{1,9})?)\s*", re.IGNORECASE)
LARGEST = 2**31 - 1

Rules = Mapping[str, tuple[str, float]]


class GrowthError(ValueError):
    """The text is no rule; the message says how one is written."""


def rules_of(text: str) -> Rules:
    """What the text says: for each parameter "*" or "+", and by how much. Raises GrowthError."""
    found: dict[str, tuple[str, float]] = {}
    for part in filter(str.strip, text[:2_000].split(",")):
        rule = _RULE.fullmatch(part)
        if rule is None:
            raise GrowthError(f"“{part.strip()[:60]}” is no rule of growth. Write for example: filters *2, units +16")
        found[rule[1]] = ("*" if rule[2] == "×" else rule[2], float(rule[3]))
    return found


def grown(params: Mapping[str, Value], rules: Rules, round_number: int) -> dict[str, Value]:
    """The parameters in a round, counted from 0: numbers that a rule names are multiplied, or added to, once for each
    round before. Whole numbers stay whole, and no number becomes larger than 2³¹ − 1."""
    changed = dict(params)
    for name, (how, by) in rules.items():
        value = params.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        try:
            made = value * by**round_number if how == "*" else value + by * round_number
        except OverflowError:
            made = LARGEST
        made = max(-LARGEST, min(LARGEST, made))
        changed[name] = round(made) if isinstance(value, int) else float(made)
    return changed
