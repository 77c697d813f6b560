"""Measure trees on the workers of a cluster: on this machine, or on those of a scheduler that somebody has started.

dask.distributed gives each tree to a worker, and to another one where that dies, as often as its setting
`distributed.scheduler.allowed-failures` says.
"""

import asyncio
import logging
import queue
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from distributed import Client, Future, KilledWorker, Security, get_worker
from distributed.comm.core import connect

from tools.errors import ToolError
from tools.history import worker
from tools.history.lines import Commit
from tools.history.store import Series
from tools.history.tasks import Died, Done, Found, Refused
from tools.lifetime import end_children_with_this_process
from tools.paths import ROOT

# Seconds for the scheduler to answer.
PATIENCE = 30
# Seconds for it to be told that the sweep ends.
FAREWELL = 5
# Seconds for a worker to come where there is none: one that dies is started anew.
WORKERS = 60
# Between looks at whether the scheduler and its workers are there, in seconds.
POLL = 1.0

# What a worker runs is a text that names what it is to find in its own checkout. Functions of this repository would be
# looked for by the scheduler, too, and a worker without them would die rather than say so.
_NAMES = {"import_module": import_module, "find_spec": find_spec, "get_worker": get_worker}
_HERE = f"find_spec({worker.__name__.partition('.')[0]!r})"
_WORK = f"import_module({worker.__name__!r}).{worker.work.__name__}"
_NOT_HERE = "(get_worker().address, 'it was not started in a checkout of this repository')"


class _Task(NamedTuple):
    tree: str
    commit: Commit
    missing: Sequence[Series]
    every: Sequence[Series]


@contextmanager
def local(workers: int, folder: Path, python: str, say: Callable[[str], None]) -> Iterator["Cluster"]:
    """Workers on this machine, each a process of its own with a folder of its own in this folder."""
    command = [sys.executable, "-m", "tools.history.local_cluster", str(workers), str(folder)]
    pipe = subprocess.PIPE
    end_children_with_this_process()
    # ^C is not for them: they end with the process, which is killed here. What dask says is nothing to the user.
    with subprocess.Popen(
        command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, process_group=0
    ) as process:
        assert process.stdout
        try:
            address = process.stdout.readline().strip()
            if not address:
                raise ToolError("no cluster can be started on this machine: is loopback there, and memory?")
            with remote(address, python, say) as cluster:
                yield cluster
        finally:
            process.kill()


@contextmanager
def remote(address: str, python: str, say: Callable[[str], None]) -> Iterator["Cluster"]:
    """The workers of a scheduler. Raises ToolError where it can't be reached."""
    # What is wrong is said here, in one line.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        # A client that can't reach it takes another minute to give up.
        asyncio.run(_call(address))
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except Exception:
        # Whatever else is at that port may answer anything.
        hint = "is it there, its port open to this machine, and TLS set up where it is tls?"
        raise ToolError(f"no scheduler answers at {address}: {hint}") from None
    try:
        yield Cluster(client, address, python, say)
    finally:
        # One that is gone needs no farewell.
        with suppress(OSError):
            client.close(timeout=FAREWELL)


async def _call(address: str) -> None:
    """Have a dask server answer."""
    # What answers nothing is waited for without an end there.
    async with asyncio.timeout(PATIENCE):
        comm = await connect(address, timeout=PATIENCE, **Security().get_connection_args("client"))
        await comm.close()


class Cluster:
    """The workers of one scheduler, and the trees in their hands."""

    def __init__(self, client: Client, address: str, python: str, say: Callable[[str], None]) -> None:
        self._client = client
        self._address = address
        self._python = python
        self._say = say
        self._tasks: dict[object, _Task] = {}
        self._ended: queue.Queue[Future[Found | Refused]] = queue.Queue()
        self._refused: dict[str, str] = {}
        self._seen = time.monotonic()

    def size(self) -> int:
        """How many trees its workers measure at once. Raises ToolError where it has lost them, or is lost itself."""
        try:
            threads: int = sum(self._client.nthreads().values())
        except OSError:
            raise self._lost() from None
        now = time.monotonic()
        if threads:
            self._seen = now
        elif now - self._seen > WORKERS:
            why = f", and the last was refused: {[*self._refused.values()][-1]}" if self._refused else ""
            raise ToolError(
                f"the scheduler at {self._address} has no worker{why}: nothing is lost, start some and go on"
            )
        return threads

    def submit(self, tree: str, commit: Commit, missing: Sequence[Series], every: Sequence[Series]) -> None:
        """Have a worker measure some counts of a tree, of all those of the sweep."""
        self._submit(_Task(tree, commit, missing, every))

    def wait(self) -> Done | None:
        """A tree that has ended. None after a while without one: more workers may be there, or fewer."""
        try:
            future = self._ended.get(timeout=POLL)
        except queue.Empty:
            return None
        if future.cancelled():
            raise self._lost()
        task = self._tasks[future.key]
        try:
            found = future.result(timeout=PATIENCE)
        except Exception as error:
            if future.status != "error":
                if not isinstance(error, TimeoutError):
                    raise self._lost() from None
                # The worker is gone that had it, and another measures it.
                future.add_done_callback(self._ended.put)
                return None
            # Of the tree, though this may have been waited for too long.
            failure = future.exception(timeout=PATIENCE)
            died = isinstance(failure, KilledWorker)
            done = Done(task.tree, Died(failure.allowed_failures + 1) if died else failure)
        else:
            if not isinstance(found, Found):
                self._refuse(*found)
                self._submit(task)
                return None
            done = Done(task.tree, found)
        del self._tasks[future.key]
        return done

    def _submit(self, task: _Task) -> None:
        names = ([tuple(series) for series in of] for of in (task.missing, task.every))
        arguments = astuple(task.commit), *names, self._python
        future = self._client.submit(eval, f"{_WORK}(*{arguments!r}) if {_HERE} else {_NOT_HERE}", _NAMES, pure=False)
        self._tasks[future.key] = task
        future.add_done_callback(self._ended.put)

    def _refuse(self, worker: str, reason: str) -> None:
        """Send a worker away: it would be given the next tree, too."""
        if worker in self._refused:
            return
        self._refused[worker] = reason
        self._say(f"refused the worker at {worker}: {reason}")
        try:
            self._client.retire_workers([worker])
        except OSError:
            raise self._lost() from None

    def _lost(self) -> ToolError:
        return ToolError(f"the scheduler at {self._address} is gone: nothing is lost, and the same command goes on")
