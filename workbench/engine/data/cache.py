"""Keeps what was loaded, so that a changed split need not read the files again."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from workbench.engine.data.limits import memory_budget

K = TypeVar("K")
V = TypeVar("V")


class Cache(Generic[K, V]):
    """The newest values, at most `entries` of them and together within an eighth of the memory budget; the newest one
    always stays. Safe to use from several threads."""

    def __init__(self, entries: int, size: Callable[[V], int]) -> None:
        self._entries = entries
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """The value of a key, which becomes the newest."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: K, value: V) -> None:
        """Keep a value, and let go of the oldest ones."""
        limit = memory_budget() // 8
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and (
                len(self._kept) > self._entries or sum(map(self._size, self._kept.values())) > limit
            ):
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
