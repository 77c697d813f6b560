"""Loads whose memory and CPU time are watched: each takes messages in and holds what ExaBGP made of them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

from benchmarks.backlog import Received, simple_updates
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker, speakers
from benchmarks.proof import prove_decoded
from benchmarks.traffic import SESSION, traffic
from benchmarks.wire import Message, large_update


class Decoded:
    """Messages on the table, decoded and held."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._speaker = speaker(SESSION)
        self._messages = messages
        self._decode = decoder(self._speaker)
        self._types, self._bodies = types_and_bodies(messages)
        self._held: list[Any] = []

    def prove(self) -> Self:
        """Raise WrongResultError when a message decodes to something else than its bytes say."""
        prove_decoded(self._decode(self._types, self._bodies), self._messages, self._speaker)
        return self

    def fill(self) -> None:
        """Decode all messages and hold what they decode to."""
        self._held = list(self._decode(self._types, self._bodies))

    def empty(self) -> None:
        """Let go of it."""
        self._held = []


class Peers:
    """Messages of many peers, read from a connection each and kept in an Adj-RIB-In each."""

    def __init__(self, peers: int, messages: Sequence[Message]) -> None:
        share = len(messages) // peers
        self._peers = [
            Received(messages[index * share : (index + 1) * share], one=one)
            for index, one in enumerate(speakers(SESSION, peers))
        ]

    def prove(self) -> Self:
        """Raise WrongResultError when one of them gets something else than was sent to it."""
        for peer in self._peers:
            peer.prove()
        return self

    def fill(self) -> None:
        """Read and keep everything, peer after peer."""
        for peer in self._peers:
            peer.fill()

    def empty(self) -> None:
        """Throw away what is kept."""
        for peer in self._peers:
            peer.empty()


type Load = Decoded | Peers | Received


class LoadOf(NamedTuple):
    """How a load of so many messages is made, how many are meant, and how often they are to come."""

    build: Callable[[int], Load]
    messages: int
    rounds: int = 1


def large_updates(messages: int) -> list[Message]:
    """UPDATEs of 100 routes, all different."""
    return [large_update(SESSION, 100, index) for index in range(messages)]


PEERS = 50

LOADS = {
    "1000 UPDATEs decoded": LoadOf(lambda messages: Decoded(simple_updates(messages)), 1000),
    "1000 UPDATEs of 100 routes decoded": LoadOf(lambda messages: Decoded(large_updates(messages)), 1000),
    "10000 routes in the Adj-RIB-In": LoadOf(lambda messages: Received(simple_updates(messages)), 10000),
    "2000 UPDATEs, 5 times": LoadOf(lambda messages: Received(simple_updates(messages)), 2000, 5),
    "5000 UPDATEs of traffic decoded": LoadOf(lambda messages: Decoded(traffic(messages)), 5000, 2),
    "50 peers": LoadOf(lambda messages: Peers(PEERS, simple_updates(messages)), 2500, 4),
    "20000 UPDATEs received": LoadOf(lambda messages: Received(simple_updates(messages)), 20000),
    "31000 UPDATEs received": LoadOf(lambda messages: Received(simple_updates(messages)), 31000),
}
