"""How much memory this process may use."""

import os
import sys
from functools import cache
from pathlib import Path

_FALLBACK = 8 << 30
_CGROUP = Path("/sys/fs/cgroup/memory.max")


@cache
def memory_bytes() -> int:
    """Physical memory, bounded by the container's limit where there is one; 8 GiB where it cannot be told."""
    if sys.platform == "win32":
        return _FALLBACK
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    if _CGROUP.is_file():
        limit = _CGROUP.read_text(encoding="ascii").strip()
        if limit.isdigit():
            sizes.append(int(limit))
    return min(size for size in sizes if size > 0)
