"""Changes of an ordered list; a place that it does not have leaves it as it is, the very same."""

from typing import TypeVar

T = TypeVar("T")


def without(items: tuple[T, ...], place: int) -> tuple[T, ...]:
    """The list with one item less."""
    return items[:place] + items[place + 1 :] if place < len(items) else items


def moved(items: tuple[T, ...], place: int, to: int) -> tuple[T, ...]:
    """The list with an item at another place."""
    if not (0 <= place < len(items) and 0 <= to < len(items)) or place == to:
        return items
    changed = list(items)
    changed.insert(to, changed.pop(place))
    return tuple(changed)


def replaced(items: tuple[T, ...], place: int, item: T) -> tuple[T, ...]:
    """The list with another item at a place that it has."""
    return (*items[:place], item, *items[place + 1 :])
