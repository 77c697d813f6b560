"""What a benchmark needs of the system. Where the system forbids it the benchmark is not applicable, in words."""

import resource

import psutil


def need_open_files(count: int) -> None:
    """Let this process open so many more files; raises NotImplementedError where the system's limit is lower."""
    needed = psutil.Process().num_fds() + count
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise NotImplementedError(f"{needed} open files are needed, and the system allows {hard} (see ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def need_memory(megabytes: int) -> None:
    """Raise NotImplementedError where less memory is available."""
    available = psutil.virtual_memory().available >> 20
    if available < megabytes:
        raise NotImplementedError(f"{megabytes} MB of memory are needed, and {available} MB are available")
