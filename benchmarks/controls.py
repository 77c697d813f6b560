"""Controls: they run no ExaBGP code, so no commit of it can change them. What they show is what the machine did.

A comparison of two commits in which these have moved is a comparison of two moments of the machine.
"""

from collections import deque

from benchmarks.common import Benchmark, Size, on

# A KEEPALIVE and its header, 19 octets: what a queue of messages holds.
_MESSAGE = bytes(19)


class Batches:
    """Messages that go into a deque some at a time, and out of it where it `drains`."""

    def __init__(self, messages: int, at_once: int, *, drains: bool) -> None:
        self.messages = messages
        self._batches = [[_MESSAGE] * at_once] * (messages // at_once)
        self._drains = drains

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def run(self) -> None:
        """Put all of them through a deque."""
        queue: deque[bytes] = deque()
        append, popleft = queue.append, queue.popleft
        for batch in self._batches:
            for message in batch:
                append(message)
            while self._drains and queue:
                popleft()


class Control(Benchmark):
    """Base of the controls."""

    control = True


_PATTERNS = {
    "1000 in": Batches(1000, 1000, drains=False),
    "1000 in and out, 100 at a time": Batches(1000, 100, drains=True),
    "10000 in, then out": Batches(10000, 10000, drains=True),
}


class ControlDeque(Control):
    """Messages through a deque, the pure container version of rows T05, T06 and T07.

    1,000 in; 1,000 in and out, a hundred at a time; 10,000 in, then out.
    """

    params = (list(_PATTERNS),)
    param_names = ("messages",)

    def size(self, pattern: str) -> Size:
        return Size(_PATTERNS[pattern].messages, 0)

    @on(_PATTERNS.__getitem__)
    def time_deque(self, work: Batches) -> None:
        work.run()


class ControlInterpreter(Control):
    """What the interpreter itself does all the time: whole numbers in a loop, and objects made and dropped."""

    rounds_of_work = 20000

    def size(self) -> Size:
        return Size(self.rounds_of_work, 0)

    def time_integers(self) -> None:
        value = 1
        for number in range(self.rounds_of_work):
            value = (value * 1103515245 + number) & 0x7FFFFFFF

    def time_allocation(self) -> None:
        kept: list[tuple[int, list[int], dict[str, int]]] = []
        for number in range(self.rounds_of_work):
            kept.append((number, [number], {"number": number}))
