"""What this machine has to offer."""

from functools import cache
from pathlib import Path

import psutil

_CGROUP = Path("/sys/fs/cgroup/memory.max")


@cache
def memory_bytes() -> int:
    """Physical memory in bytes, bounded by the container's limit where there is one."""
    total = int(psutil.virtual_memory().total)
    limit = _CGROUP.read_text(encoding="ascii").strip() if _CGROUP.is_file() else ""
    return min(total, int(limit)) if limit.isdigit() else total
