"""How large data may be, so that nothing is allocated that the machine does not have."""

from workbench.domain.machine import memory_bytes
from workbench.engine.data.errors import DataError

MAX_FILE = 1 << 30
LARGE_FILE = 256 << 20
MAX_COLUMNS = 10_000
MAX_CLASSES = 1_000
MAX_PICTURES = 500_000
MAX_DOTS = 50_000_000


def memory_budget() -> int:
    """Bytes that raw data may take: a quarter of the machine's memory, since they are kept next to a scaled copy."""
    return memory_bytes() // 4


def check_memory(needed: int, what: str, advice: str = "Use a smaller part of it.") -> None:
    """Raises DataError when `needed` bytes are more than data may take. `what` begins the sentence, `advice` ends
    it."""
    budget = memory_budget()
    if needed > budget:
        raise DataError(
            f"{what} would take {readable(needed)} of memory, but {readable(budget)} can be used here. {advice}"
        )


def readable(count: int) -> str:
    """A number of bytes for a person: "3.2 MB"."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{count} bytes" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")
