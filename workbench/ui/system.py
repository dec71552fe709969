"""What the window knows of the machine."""

import os
import sys
from functools import cache


@cache
def memory_bytes() -> int:
    """Physical memory, bounded by the container's limit where there is one; 8 GiB where it cannot be told."""
    sizes = [size for size in (_posix_bytes(), _windows_bytes(), _cgroup_bytes()) if size]
    return min(sizes, default=8 * 1024**3)


def _posix_bytes() -> int:
    if sys.platform == "win32":
        return 0
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def _windows_bytes() -> int:
    if sys.platform != "win32":
        return 0
    import ctypes

    class MemoryStatus(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong)
            for name in ("total", "available", "page", "page_free", "virtual", "virtual_free", "extended")
        ]

    status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.total)


def _cgroup_bytes() -> int:
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
            text = file.read().strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() else 0
