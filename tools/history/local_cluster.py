"""A cluster on this machine, in a process of its own: ``python -m tools.history.local_cluster WORKERS FOLDER``.

Its scheduler's address is the only line that it prints. It is there until its standard input ends.
"""

import os
import sys
from multiprocessing import resource_tracker

from distributed import LocalCluster

from tools.lifetime import STARTED_BY


def main() -> None:
    """Start a scheduler and workers, all on loopback; one that dies is started anew."""
    workers, folder = sys.argv[1:]
    _start_tracker()
    with LocalCluster(
        # Those that use it wait for the first worker, and not for all of them.
        n_workers=0,
        threads_per_worker=1,
        memory_limit=0,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=folder,
    ) as cluster:
        cluster.scale(int(workers))
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


def _start_tracker() -> None:
    """Start what removes the semaphores of processes that were killed: it ends by itself, and not with them."""
    name = os.environ.pop(STARTED_BY)
    resource_tracker.ensure_running()
    os.environ[STARTED_BY] = name


if __name__ == "__main__":
    main()
