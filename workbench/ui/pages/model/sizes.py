"""Shapes, counts and sizes as a person reads them."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

LONG = 10_000  # sizes of as many digits are made brief


def shape_text(shape: Sequence[int | None]) -> str:
    """A shape as a person reads it: "26 × 26 × 32"; a free axis is "?"; of no axes, "1 value"."""
    return (
        " × ".join("?" if size is None else str(size) for size in shape)
        if shape
        else QCoreApplication.translate("ModelRows", "one value")
    )


def count_text(count: int) -> str:
    """A number with its thousands set apart."""
    return f"{count:,}"


def brief_count(count: int) -> str:
    """A number in three digits, for where there is little room: "29.7 G"."""
    size = float(count)
    for unit in ("", " k", " M", " G", " T", " P"):
        if size < 999.5:
            return f"{size:.3g}{unit}"
        size /= 1000
    return f"{count:.2e}"


def brief_shape_text(shape: Sequence[int | None]) -> str:
    """A shape whose long sizes are brief: "2 × 2 × 900 M"."""
    return " × ".join("?" if size is None else str(size) if size < LONG else brief_count(size) for size in shape)


def bytes_text(size: float) -> str:
    """A size in memory, short."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.3g} {unit}"
        size /= 1024
    return f"{size:.3g} TB"
