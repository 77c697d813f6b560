"""What the system says about this process: resident memory, CPU time, memory that is left.

psutil reads it. Where it can't, and where memory is short, a benchmark is not applicable: NotImplementedError with the
reason in words.
"""

import resource
from collections.abc import Callable
from typing import Any

_MEGABYTE = 1 << 20


def resident_bytes() -> int:
    """Resident memory of this process, in bytes, a whole number of pages."""
    return int(_figure("resident memory", lambda process: process.memory_info().rss))


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


def require_memory(octets: int) -> None:
    """Raise NotImplementedError unless so many bytes of memory are available."""
    available = available_bytes()
    if available < octets:
        raise NotImplementedError(
            f"{octets / _MEGABYTE:,.0f} MB of memory are needed, {max(available, 0) / _MEGABYTE:,.0f} MB are available"
        )


def _figure(name: str, read: Callable[[Any], Any]) -> Any:
    psutil = _psutil()
    try:
        return read(psutil.Process())
    except (psutil.Error, OSError, AttributeError, NotImplementedError) as error:
        raise NotImplementedError(f"psutil has no figure for {name} on this platform: {error}") from error


def _psutil() -> Any:
    try:
        import psutil
    except ImportError as error:
        raise NotImplementedError(f"psutil can't be imported: {error}") from error
    return psutil
