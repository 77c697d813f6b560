"""Commands in ExaBGP's own queue, which must come out once each and in order."""

from itertools import batched

from benchmarks.exabgp_compat.command_queue import CommandQueue
from benchmarks.work.proof import WrongResultError


class CommandQueueing:
    """Put commands in the queue, `at_once` at a time, and run each batch; or only put them in.

    The constructor raises WrongResultError when the queue runs other commands than were put in, or in another order.
    """

    def __init__(self, commands: int, at_once: int | None) -> None:
        self.messages = commands
        self._queue = CommandQueue()
        numbers = range(commands)
        ran: list[int] = []
        for batch in batched(numbers, at_once or commands):
            self._queue.schedule_new([self._queue.recorder(ran.append, number) for number in batch])
            self._queue.drain()
        if ran != list(numbers):
            raise WrongResultError(f"{commands} commands were put in ExaBGP's queue; it ran {len(ran)}, not in order")
        if at_once:
            self.run = self._put_in_and_run
            self._batches = [[self._queue.command] * len(batch) for batch in batched(numbers, at_once)]
        else:
            self.run = self._put_in
            self._commands = [self._queue.command() for _ in numbers]
            for command in self._commands:
                # They are never run; Python would warn of a coroutine that nobody awaited.
                command.close()

    def prepare(self) -> None:
        """Empty the queue."""
        self._queue.clear()

    def _put_in(self) -> None:
        self._queue.schedule(self._commands)

    def _put_in_and_run(self) -> None:
        for batch in self._batches:
            self._queue.schedule_new(batch)
            self._queue.drain()
