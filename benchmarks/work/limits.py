"""What a benchmark needs of the system. Where the system forbids it the benchmark is not applicable, in words."""

import resource

from benchmarks.measure.process import available_bytes, open_files

_MEGABYTE = 1 << 20


def require_open_files(count: int) -> None:
    """Let this process open `count` more files. Raises NotImplementedError where the system's limit is lower."""
    needed = open_files() + count
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise NotImplementedError(f"{needed} open files are needed, and the system allows {hard} (see ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def require_memory(octets: int) -> None:
    """Raise NotImplementedError unless `octets` bytes of memory are available."""
    available = available_bytes()
    if available < octets:
        raise NotImplementedError(
            f"{octets / _MEGABYTE:,.0f} MB of memory are needed, {max(available, 0) / _MEGABYTE:,.0f} MB are available"
        )
