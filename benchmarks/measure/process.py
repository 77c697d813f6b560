"""What the system says about this process: resident memory, CPU time, open files, memory that is left.

psutil reads it. Where it can't, a benchmark is not applicable: NotImplementedError with the reason in words.
"""

import resource
from collections.abc import Callable
from typing import Any


def resident_bytes(pid: int | None = None) -> int:
    """Resident memory of this process, or of another, in bytes, a whole number of pages."""
    return int(_figure("resident memory", lambda process: process.memory_info().rss, pid))


def cpu_seconds() -> float:
    """CPU time that this process has used, in user and in system mode. Linux counts it in hundredths."""
    return float(_figure("CPU time", lambda process: sum(process.cpu_times()[:2])))


def available_bytes() -> int:
    """Memory that this process can still get without swapping, or within its limit (`ulimit -v`) if that is less."""
    left = int(_figure("available memory", lambda _: _psutil().virtual_memory().available))
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY:
        left = min(left, limit - int(_figure("size", lambda process: process.memory_info().vms)))
    return left


def open_files() -> int:
    """Files and sockets that this process has open."""
    return int(_figure("open files", lambda process: process.num_fds()))


def _figure(name: str, read: Callable[[Any], Any], pid: int | None = None) -> Any:
    psutil = _psutil()
    try:
        return read(psutil.Process(pid))
    except (psutil.Error, OSError, AttributeError, NotImplementedError) as error:
        raise NotImplementedError(f"psutil has no figure for {name} on this platform: {error}") from error


def _psutil() -> Any:
    try:
        import psutil
    except ImportError as error:
        raise NotImplementedError(f"psutil can't be imported: {error}") from error
    return psutil
