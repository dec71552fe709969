"""Parameters that grow from round to round of a repetition: "filters *2, units +16"."""

import re
from collections.abc import Mapping, Sequence

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


def rule_between(rounds: Sequence[Sequence[Mapping[str, Value]]]) -> str | None:
    """The rule by which parameters grow: for each of at least two rounds those of its layers, in the same order. Empty
    where they are the same in all rounds, None where no rule gives them exactly."""
    first, second = rounds[:2]
    parts: dict[str, str] = {}
    for before, after in zip(first, second, strict=True):
        for name, value in before.items():
            if name in parts or after.get(name) == value:
                continue
            part = next((each for each in _guesses(name, value, after.get(name)) if _gives(each, name, rounds)), None)
            if part is None:
                return None
            parts[name] = part
    text = ", ".join(parts.values())
    rules = rules_of(text)
    return text if all(follows(rules, first, layers, number) for number, layers in enumerate(rounds)) else None


def follows(
    rules: Rules, first: Sequence[Mapping[str, Value]], layers: Sequence[Mapping[str, Value]], number: int
) -> bool:
    """Whether the parameters of the layers of a round, counted from 0, are what the first ones have grown to."""
    return all(grown(before, rules, number) == after for before, after in zip(first, layers, strict=True))


def _guesses(name: str, value: Value, after: Value) -> list[str]:
    """Rules by which a number could have become the next one."""
    if isinstance(value, bool) or isinstance(after, bool):
        return []
    if not isinstance(value, int | float) or not isinstance(after, int | float):
        return []
    times = [f"{name} *{_short(after / value)}"] if value and after / value > 0 else []
    return [text for text in (*times, f"{name} +{_short(after - value)}") if _RULE.fullmatch(text)]


def _short(number: float) -> str:
    """A number as a rule writes it."""
    return f"{number:.9f}".rstrip("0").rstrip(".")


def _gives(rule: str, name: str, rounds: Sequence[Sequence[Mapping[str, Value]]]) -> bool:
    """Whether a rule gives one parameter of all layers in all rounds."""
    rules = rules_of(rule)
    return all(
        grown(before, rules, number).get(name) == after.get(name)
        for number, layers in enumerate(rounds)
        for before, after in zip(rounds[0], layers, strict=True)
    )
