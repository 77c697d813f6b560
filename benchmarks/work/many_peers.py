"""Messages of many peers, read by ExaBGP in one process."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Self

from benchmarks.exabgp_compat.caches import forget_attributes, remember_fresh_caches
from benchmarks.exabgp_compat.main_loop import MainLoops
from benchmarks.exabgp_compat.peers import PeerReaders
from benchmarks.exabgp_compat.session import Speaker, speakers
from benchmarks.measure.statistics import jain_index
from benchmarks.wire import Message, Session, UpdateTruth, notification
from benchmarks.work.limits import require_memory, require_open_files
from benchmarks.work.proof import WrongResultError, prove_decoded

# Bytes for the process, and for each peer with what it keeps: an allowance, not a measurement.
_PROCESS, _PEER = 100 << 20, 600 << 10


def _wire(stream: Iterable[Message]) -> bytes:
    return b"".join(message.wire for message in stream)


def _require_peers(count: int) -> None:
    """Two sockets a peer; the event loop has some of its own."""
    require_open_files(2 * count + 16)
    require_memory(_PROCESS + _PEER * count)


def prove_peers(
    read: Iterable[tuple[int, Any]], streams: Sequence[Sequence[Message]], receivers: Sequence[Speaker]
) -> None:
    """Raise WrongResultError unless each peer read exactly the messages that it was sent, in their order."""
    by_peer: list[list[Any]] = [[] for _ in streams]
    for peer, message in read:
        by_peer[peer].append(message)
    for peer, (found, stream, receiver) in enumerate(zip(by_peer, streams, receivers, strict=True)):
        try:
            prove_decoded(found, stream, receiver)
        except WrongResultError as error:
            raise WrongResultError(f"peer {peer}: {error}") from None


class ScheduledReading:
    """Read the messages of peers with ``Protocol.read_message()``, in the order of a schedule.

    The constructor raises WrongResultError when a peer read another message than it was sent.
    """

    def __init__(self, streams: Sequence[Sequence[Message]], schedule: Sequence[int], session: Session) -> None:
        if Counter(schedule) != {peer: len(stream) for peer, stream in enumerate(streams)}:
            raise ValueError("the schedule does not ask each peer for as many messages as it has")
        self.messages = len(schedule)
        _require_peers(len(streams))
        remember_fresh_caches()
        self._receivers = speakers(session, len(streams))
        self._readers = PeerReaders(self._receivers, [_wire(stream) for stream in streams], schedule)
        prove_peers(zip(schedule, self._readers.read(), strict=True), streams, self._receivers)

    def prepare(self) -> None:
        """Make the attribute caches cold: since 5.0.14 each session remembers the attributes of its last UPDATE.

        Where a peer has one message, that would be the next one again.
        """
        for receiver in self._receivers:
            forget_attributes(receiver)

    def read(self) -> None:
        """Read and decode all messages of all peers."""
        self._readers.read()


class MainLoopReading:
    """Have ExaBGP's own main loop of each peer read the peer's messages, all peers at once.

    The messages must be UPDATEs that announce. What they become stays in the Adj-RIBs-In until the next run.
    """

    def __init__(self, streams: Sequence[Sequence[Message]], session: Session) -> None:
        self.messages = sum(map(len, streams))
        _require_peers(len(streams))
        self._streams = streams
        self._receivers = speakers(session, len(streams))
        end = notification(6, 2).wire
        self._loops = MainLoops(self._receivers, [[_wire(stream) + end] for stream in streams])
        self.run = self._loops.run
        self.fill = self.run_counted = self._loops.run_while_the_clock_is_held
        self.empty = self.prepare = self._loops.clear

    def prove(self) -> Self:
        """Raise WrongResultError when a peer read another message than it was sent; the object itself otherwise.

        Or when its Adj-RIB-In does not hold the routes that it announced.
        """
        record = self._loops.recorded_run()
        self._order = [peer for peer, _ in record]
        prove_peers(record, self._streams, self._receivers)
        # Once more, as it will be timed.
        self._loops.run()
        for peer, (found, stream) in enumerate(zip(self._loops.prefixes(), self._streams, strict=True)):
            truths = [message.truth for message in stream if isinstance(message.truth, UpdateTruth)]
            if found != sorted({nlri.prefix for truth in truths for nlri, _ in truth.announced}):
                raise WrongResultError(f"peer {peer}: {len(found)} routes in the Adj-RIB-In are not those announced")
        return self

    def fairness(self) -> float:
        """Jain's index of how many messages each peer had read when half of all were read."""
        half = Counter(self._order[: len(self._order) // 2])
        return jain_index([half[peer] for peer in sorted(set(self._order))])
