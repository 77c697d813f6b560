"""Messages of many peers, read by ExaBGP in one process; proven peer by peer, run as often as a clock wants."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.exabgp_compat.mainloop import MainLoops
from benchmarks.exabgp_compat.peers import PeerReaders
from benchmarks.exabgp_compat.session import Speaker, speakers
from benchmarks.limits import require_memory, require_open_files
from benchmarks.measure.statistics import jain_index
from benchmarks.proof import WrongResultError, prove_decoded
from benchmarks.wire import Message, Session, UpdateTruth, notification

# Bytes for the process, and for each peer with what it keeps: an allowance, not a measurement.
_PROCESS, _PEER = 100 << 20, 600 << 10


def _wire(stream: Iterable[Message]) -> bytes:
    return b"".join(message.wire for message in stream)


def _require_peers(count: int) -> None:
    """Two sockets a peer; the event loop has some of its own."""
    require_open_files(2 * count + 16)
    require_memory(_PROCESS + _PEER * count)


def prove_peers(
    read: Iterable[tuple[int, Any]], streams: Sequence[Sequence[Message]], all_speakers: Sequence[Speaker]
) -> None:
    """Raise WrongResultError unless each peer read exactly the messages that it was sent, in their order."""
    by_peer: list[list[Any]] = [[] for _ in streams]
    for peer, message in read:
        by_peer[peer].append(message)
    for peer, (found, stream, one) in enumerate(zip(by_peer, streams, all_speakers, strict=True)):
        try:
            prove_decoded(found, stream, one)
        except WrongResultError as error:
            raise WrongResultError(f"peer {peer}: {error}") from None


class ScheduledReading:
    """Read the messages of peers with ``Protocol.read_message()``, in the order of a schedule.

    The constructor raises WrongResultError when a peer read another message than it was sent.
    """

    def __init__(self, streams: Sequence[Sequence[Message]], schedule: Sequence[int], session: Session) -> None:
        if Counter(schedule) != {peer: len(stream) for peer, stream in enumerate(streams)}:
            raise ValueError("the schedule does not ask each peer for as many messages as it has")
        _require_peers(len(streams))
        all_speakers = speakers(session, len(streams))
        self._readers = PeerReaders(all_speakers, [_wire(stream) for stream in streams], schedule)
        prove_peers(zip(schedule, self._readers.read(), strict=True), streams, all_speakers)

    def read(self) -> None:
        """Read and decode all messages of all peers."""
        self._readers.read()


class MainLoopReading:
    """Have ExaBGP's own main loop of each peer read the peer's messages, all peers at once.

    The constructor raises WrongResultError when a peer read another message than it was sent, or when its Adj-RIB-In
    does not hold the routes that it announced. The messages must be UPDATEs that announce.
    """

    def __init__(self, streams: Sequence[Sequence[Message]], session: Session) -> None:
        _require_peers(len(streams))
        all_speakers = speakers(session, len(streams))
        end = notification(6, 2).wire
        self._loops = MainLoops(all_speakers, [_wire(stream) + end for stream in streams])
        record = self._loops.recorded_run()
        self._order = [peer for peer, _ in record]
        prove_peers(record, streams, all_speakers)
        # Once more, as it will be timed.
        self._loops.run()
        for peer, (found, stream) in enumerate(zip(self._loops.prefixes(), streams, strict=True)):
            truths = [message.truth for message in stream if isinstance(message.truth, UpdateTruth)]
            if found != sorted({nlri.prefix for truth in truths for nlri, _ in truth.announced}):
                raise WrongResultError(f"peer {peer}: {len(found)} routes in the Adj-RIB-In are not those announced")

    def run(self) -> None:
        """Read all messages of all peers into their Adj-RIBs-In."""
        self._loops.run()

    def fairness(self) -> float:
        """Jain's index of how many messages each peer had read when half of all were read."""
        half = Counter(self._order[: len(self._order) // 2])
        return jain_index([half[peer] for peer in sorted(set(self._order))])
