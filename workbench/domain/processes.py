"""Whether the process that owned a lock or a run still lives."""

import contextlib
import os
import sys
from pathlib import Path


def is_process_alive(pid: int) -> bool:
    """Whether a process with this number runs on this machine."""
    if pid <= 0:
        return False
    if sys.platform == "win32":
        import ctypes

        query_limited_information, still_active = 0x1000, 259
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(query_limited_information, False, pid)
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == still_active
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    except OverflowError:
        return False
    return not _is_zombie(pid)


def process_started(pid: int) -> float | None:
    """When a process started, in seconds since 1970; None where the system does not say."""
    fields = _stat(pid)
    if len(fields) < 20:
        return None
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/stat").read_text(encoding="ascii").splitlines()
        booted = next(float(line.split()[1]) for line in lines if line.startswith("btime "))
        return booted + float(fields[19]) / os.sysconf("SC_CLK_TCK")
    return None


def _is_zombie(pid: int) -> bool:
    return _stat(pid)[:1] == ["Z"]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty on systems without it."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
