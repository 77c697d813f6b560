"""Loads whose memory and CPU time are watched: each takes messages in and holds what ExaBGP made of them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, Self

from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker
from benchmarks.wire import Message, large_updates, simple_updates
from benchmarks.work.backlog import Received
from benchmarks.work.many_peers import MainLoopReading
from benchmarks.work.proof import prove_decoded
from benchmarks.work.traffic import SESSION, traffic


class Load(Protocol):
    """Work that leaves something behind: `messages` of it."""

    messages: int

    def prepare(self) -> None:
        """Put back what the last run has changed."""

    def fill(self) -> None:
        """Take all messages in and hold what they become."""

    def empty(self) -> None:
        """Let go of it."""

    def prove(self) -> Self:
        """Raise WrongResultError when messages become something else than they are; the object itself otherwise."""


class Decoded:
    """Messages as octets in memory, decoded and held."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = len(messages)
        self._speaker = speaker(SESSION)
        self._updates = messages
        self._decode = decoder(self._speaker)
        self._types, self._bodies = types_and_bodies(messages)
        self._held: list[Any] = []

    def prove(self) -> Self:
        """Raise WrongResultError when a message decodes to something else than its octets say."""
        prove_decoded(self._decode(self._types, self._bodies), self._updates, self._speaker)
        return self

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def fill(self) -> None:
        """Decode all messages and hold what they decode to."""
        self._held = list(self._decode(self._types, self._bodies))

    def empty(self) -> None:
        """Let go of it."""
        self._held = []


class LoadOf(NamedTuple):
    """How a load is made of a number of messages, the number in the scenario, and how often they come.

    `part` messages are enough to prove that it does its work right, `kept` are those whose kept bytes are measured.
    """

    build: Callable[[int], Load]
    messages: int
    rounds: int = 1
    part: int = 100
    kept: int = 500

    def proven_part(self) -> Load:
        """A small load of this kind, proven."""
        return self.build(self.part).prove()


PEERS = 50


def _received(messages: int) -> Load:
    return Received(simple_updates(SESSION, messages))


def _of_peers(messages: int) -> Load:
    share = messages // PEERS
    streams = [simple_updates(SESSION, share, peer * share) for peer in range(PEERS)]
    return MainLoopReading(streams, SESSION)


LOADS = {
    "1000 UPDATEs decoded": LoadOf(lambda messages: Decoded(simple_updates(SESSION, messages)), 1000),
    "1000 UPDATEs of 100 routes decoded": LoadOf(
        lambda messages: Decoded(large_updates(SESSION, messages)), 1000, part=25, kept=25
    ),
    "10000 routes in the Adj-RIB-In": LoadOf(_received, 10000),
    "2000 UPDATEs, 5 times": LoadOf(_received, 2000, rounds=5),
    "5000 UPDATEs of traffic decoded": LoadOf(lambda messages: Decoded(traffic(messages)), 5000, rounds=2),
    "50 peers": LoadOf(_of_peers, 2500, rounds=4),
    "20000 UPDATEs received": LoadOf(_received, 20000),
    "31000 UPDATEs received": LoadOf(_received, 31000),
}
