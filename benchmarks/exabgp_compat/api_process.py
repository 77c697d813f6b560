"""An API process of a reactor, and what ExaBGP does with the lines that it writes: its reader, parser, handlers, queue.

The process is one that ExaBGP has started itself, and that lives; the far ends of its pipes are here.
"""

import asyncio
import fcntl
import importlib.util
import os
import shutil
import subprocess
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from itertools import starmap
from typing import NamedTuple

from .reactor import Reactor, runs_on_asyncio
from .startup import setting, settings, start

_NAME = "commands"

# More than any pipe has.
_EVERYTHING = 1 << 20

# Linux gives a pipe as much, the default of /proc/sys/fs/pipe-max-size.
_CAPACITY = 1 << 20

# More than ExaBGP takes for a command, or to find out that there is none.
_TURNS = 100


class Octets(NamedTuple):
    """What the process writes at once, and how many lines are whole with it."""

    octets: bytes
    lines: int


def process_sections() -> tuple[str, str]:
    """Of a configuration, the section of the process, and that of a neighbour which takes its commands."""
    program = shutil.which("cat")
    if program is None:
        raise NotImplementedError("there is no program cat, which is the API process")
    return f"process {_NAME} {{ run {program}; encoder json; }}\n", f"\n    api {{ processes [ {_NAME} ]; }}"


def group_of(lines: Iterable[str]) -> str:
    """One line that has ExaBGP do together what some lines ask for.

    Raises NotImplementedError on commits before 2025-12-10, which can't.
    """
    start()
    if importlib.util.find_spec("exabgp.reactor.api.command.group") is None:
        raise NotImplementedError("the API of this ExaBGP has no groups of commands")
    return f"peer * group {' ; '.join(lines)}"


def choose_api_settings(*, acknowledge: bool) -> None:
    """Have the API speak its version 4, where this ExaBGP has another, and acknowledge commands or not."""
    start()
    api = settings().api
    api.ack = acknowledge
    if setting("api", "version", default=None):
        api.version = 4


class ApiProcess:
    """The process of a reactor that has loaded a configuration with `process_sections` in it.

    `handle` has ExaBGP read lines, do what they ask for, and answer, turn by turn as its reactor does.
    """

    def __init__(self, reactor: Reactor) -> None:
        self._reactor = theirs = reactor.reactor
        self._processes = processes = theirs.processes
        # A daemon does so where it begins; later it only waits for processes to end.
        if hasattr(theirs.asynchronous, "set_error_handler"):
            name = "answer_error_sync" if hasattr(processes, "answer_error_sync") else "answer_error"
            theirs.asynchronous.set_error_handler(getattr(processes, name))
        processes.start(theirs.configuration.processes)
        self._process = processes._process[_NAME]
        self._connect()
        command = getattr(theirs.api, "process", None) or theirs.api.text
        self._command: Callable[[str, str], object] = partial(command, theirs)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.handle: Callable[[Iterable[Octets]], None] = self._handle
        if runs_on_asyncio():
            self._loop = asyncio.new_event_loop()
            processes.setup_async_readers(self._loop)
            flush = getattr(processes, "flush_write_queue", None) or processes.flush_write_queue_async
            self._flush = flush
            self.handle = self._handle_async
        # Ends the process, and closes everything: at the latest where nothing refers to this object any more.
        ends = (self._kept, self._feed, self._answers)
        self.close: Callable[[], object] = weakref.finalize(self, _close, self._process, ends, self._loop)

    def _connect(self) -> None:
        """Put pipes in the place of those that lead to the program, which notices nothing of it."""
        theirs = (self._process.stdout.fileno(), self._process.stdin.fileno())
        # Where its standard input closed, the program would end.
        self._kept = os.dup(theirs[1])
        from_here, self._feed = os.pipe()
        self._answers, to_here = os.pipe()
        for end, descriptor in zip((from_here, to_here), theirs, strict=True):
            blocking = os.get_blocking(descriptor)
            os.dup2(end, descriptor, inheritable=False)
            os.set_blocking(descriptor, blocking)
            os.close(end)
        for end in (self._feed, self._answers):
            os.set_blocking(end, False)
            if hasattr(fcntl, "F_SETPIPE_SZ"):
                with suppress(PermissionError):
                    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _CAPACITY)

    def clear(self) -> None:
        """Forget all commands and all answers."""
        self._reactor.asynchronous.clear()
        for queue in ("_buffer", "_write_queue", "_command_queue"):
            if hasattr(self._processes, queue):
                getattr(self._processes, queue).clear()
        self.answers()

    def answers(self) -> list[str]:
        """The lines that ExaBGP has answered since it was last asked."""
        with suppress(BlockingIOError):
            return os.read(self._answers, _EVERYTHING).decode().splitlines()
        return []

    def _write(self, octets: bytes) -> None:
        written = os.write(self._feed, octets)
        if written < len(octets):
            raise NotImplementedError(
                f"a pipe of this system takes {written} octets, and {len(octets)} are to wait in it"
            )

    def _handle(self, feed: Iterable[Octets]) -> None:
        received, command, queue = self._processes.received, self._command, self._reactor.asynchronous
        for octets, lines in feed:
            self._write(octets)
            for _ in range(_TURNS + 4 * lines):
                lines -= len(list(starmap(command, received())))
                queue.run()
                if lines <= 0 and not queue._async:
                    break
            else:
                raise self._lost(lines)

    def _handle_async(self, feed: Iterable[Octets]) -> None:
        received, command, queue = self._processes.received_async, self._command, self._reactor.asynchronous
        flush, written = self._flush, self._processes._write_queue

        async def handle() -> None:
            for octets, lines in feed:
                self._write(octets)
                # What is written is read in the turn after the next.
                at_least = 2
                for turn in range(_TURNS + 4 * lines):
                    lines -= len(list(starmap(command, received())))
                    if queue._async:
                        await queue._run_async()
                    await flush()
                    await asyncio.sleep(0)
                    if lines <= 0 and turn >= at_least and not (queue._async or any(written.values())):
                        break
                else:
                    raise self._lost(lines)

        assert self._loop
        self._loop.run_until_complete(handle())

    def _lost(self, lines: int) -> RuntimeError:
        return RuntimeError(f"ExaBGP does not come to an end: {lines} lines were not received")


def _close(process: subprocess.Popen[bytes], ends: Iterable[int], loop: asyncio.AbstractEventLoop | None) -> None:
    assert process.stdin
    assert process.stdout
    if loop:
        loop.remove_reader(process.stdout.fileno())
        loop.close()
    process.terminate()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    for descriptor in ends:
        os.close(descriptor)
