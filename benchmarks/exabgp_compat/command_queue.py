"""ExaBGP's queue of API commands: ``ASYNC``, where each command waits until the reactor runs it."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from operator import call
from typing import Any

from .event_loop import event_loop
from .startup import start

# Makes what is put in the queue: a generator, or a coroutine.
Command = Callable[[], Any]

_SERVICE, _LINE = "benchmark", "announce route 192.0.2.0/24 next-hop self"


class CommandQueue:
    """The queue, with commands of the kind that the commit's own are: generators, coroutines in the asynchronous era.

    A command does nothing, so that what is measured is the queue. ``drain`` runs the queue as the commit's reactor
    does, until nothing is left in it.
    """

    def __init__(self) -> None:
        start()
        from exabgp.reactor.asynchronous import ASYNC

        self._queue = ASYNC()
        self._loop = event_loop()
        self.command: Command = _coroutine if self._loop else _generator
        self.drain: Callable[[], None] = self._drain_async if self._loop else self._drain

    def recorder(self, record: Callable[[int], object], number: int) -> Command:
        """A command that records its number when it is run."""
        if self._loop:

            async def coroutine() -> None:
                record(number)

            return coroutine

        def generator() -> Iterator[None]:
            yield
            record(number)

        return generator

    def close(self) -> None:
        """Close the event loop, where there is one."""
        if self._loop:
            self._loop.close()

    def schedule(self, commands: Sequence[Any]) -> None:
        """Put commands, made already, in the queue."""
        deque(map(self._queue.schedule, repeat(_SERVICE), repeat(_LINE), commands), maxlen=0)

    def schedule_new(self, commands: Sequence[Command]) -> None:
        """Make each command and put it in the queue."""
        deque(map(self._queue.schedule, repeat(_SERVICE), repeat(_LINE), map(call, commands)), maxlen=0)

    def clear(self) -> None:
        """Empty the queue without running anything."""
        self._queue.clear()

    def _drain(self) -> None:
        run = self._queue.run
        while run():
            pass

    def _drain_async(self) -> None:
        assert self._loop
        run = self._queue._run_async

        async def drain() -> None:
            while await run():
                pass

        self._loop.run_until_complete(drain())


def _generator() -> Iterator[None]:
    yield


async def _coroutine() -> None:
    pass
