"""Routes that an API process announces and withdraws, on their way to the peer.

ExaBGP's own parser and handlers make routes of commands before a run begins. In the run they go where the handler
sends them: the configuration finds the neighbour, which resolves the next hop, its Adj-RIB-Out compares them with what
the peer was told before, and UPDATEs are written of what is left.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from operator import methodcaller
from typing import Literal, NamedTuple, Self

from benchmarks.exabgp_compat.announcer import Announcer, carry_out
from benchmarks.exabgp_compat.rib import OutgoingRib
from benchmarks.exabgp_compat.session import LOCAL_ADDRESS
from benchmarks.wire import (
    AFI,
    IPV4_UNICAST,
    IPV6_UNICAST,
    SAFI,
    Message,
    Session,
    attributes_command,
    commands,
    sharing_attributes,
    simple_updates,
    with_attributes_of,
)
from benchmarks.work.announced import prove_announced, prove_withdrawn

type Family = Literal["ipv4", "ipv6", "labelled", "vpnv4", "vpnv6"]
type Attributes = Literal["shared", "distinct"]

SESSIONS: dict[Family, Session] = {
    "ipv4": Session(families=(IPV4_UNICAST,)),
    "ipv6": Session(families=(IPV6_UNICAST,)),
    "labelled": Session(families=((AFI.IPV4, SAFI.LABELLED),)),
    "vpnv4": Session(families=((AFI.IPV4, SAFI.VPN),)),
    "vpnv6": Session(families=((AFI.IPV6, SAFI.VPN),)),
}
# By number, attributes that no route of a batch has.
_OTHERS = 100_000

# Raises WrongResultError when what was written is wrong.
type Proof = Callable[[Sequence[bytes]], None]


class Commands(NamedTuple):
    """Lines of an API process, and how many routes they are about."""

    lines: Sequence[str]
    routes: int


class Announcing:
    """Routes are announced or withdrawn, and UPDATEs of them written, to a peer that was told of others before."""

    def __init__(self, session: Session, commands: Commands, proof: Proof, told: Sequence[Commands] = ()) -> None:
        self.messages = commands.routes
        self._announcer = Announcer(session)
        (self._rib,) = self._announcer.ribs
        self._commands, self._told, self._proof = commands, told, proof

    def prove(self) -> Self:
        """Raise WrongResultError when what ExaBGP writes is wrong; the object itself otherwise."""
        self.written()
        return self

    def written(self) -> list[bytes]:
        """What ExaBGP writes, proven."""
        self.prepare()
        written = list(self._begun())
        self._proof(written)
        return written

    def prepare(self) -> None:
        """Tell the peer what it knows, and parse the commands: the routes of a run are made for it."""
        self._announcer.clear()
        for before in self._told:
            carry_out(self._announcer.ask(*before))
            deque(self._rib.drain(), maxlen=0)
        self._steps = self._announcer.ask(*self._commands)

    def _begun(self) -> Iterator[bytes]:
        carry_out(self._steps)
        return self._rib.drain()

    def run(self) -> None:
        """Have the routes announced or withdrawn, and all UPDATEs written."""
        deque(self._begun(), maxlen=0)


class OfAll(Announcing):
    """Something is done to all routes that the peer was told, and UPDATEs of it written."""

    def __init__(self, session: Session, told: Commands, proof: Proof, ask: Callable[[OutgoingRib], object]) -> None:
        super().__init__(session, Commands((), 0), proof, (told,))
        self.messages = told.routes
        self._ask = ask

    def _begun(self) -> Iterator[bytes]:
        self._ask(self._rib)
        return self._rib.drain()


def announced(session: Session, attributes: Attributes, routes: int, first: int = 0) -> list[Message]:
    """What is announced: UPDATEs of one route each, with attributes of their own or all with those of the first."""
    batch = simple_updates(session, routes, first)
    return batch if attributes == "distinct" else sharing_attributes(session, batch)


def _lines(messages: Sequence[Message], action: str = "announce") -> Commands:
    return Commands(commands(messages, action), len(messages))


def _new(family: Family, attributes: Attributes, routes: int) -> Announcing:
    session = SESSIONS[family]
    return announcing_on(session, announced(session, attributes, routes))


def _again(family: Family, attributes: Attributes, routes: int) -> Announcing:
    session = SESSIONS[family]
    messages = announced(session, attributes, routes)
    lines = _lines(messages)
    return Announcing(session, lines, lambda written: prove_announced(written, messages, session, known=True), (lines,))


def _changed(family: Family, attributes: Attributes, routes: int) -> Announcing:
    session = SESSIONS[family]
    before, others = (announced(session, attributes, routes, first) for first in (0, _OTHERS))
    after = [with_attributes_of(session, *pair) for pair in zip(before, others, strict=True)]
    return Announcing(
        session, _lines(after), lambda written: prove_announced(written, after, session), (_lines(before),)
    )


def _withdrawn(family: Family, attributes: Attributes, routes: int, *, known: bool = True) -> Announcing:
    session = SESSIONS[family]
    messages = announced(session, attributes, routes)
    return Announcing(
        session,
        _lines(messages, "withdraw"),
        lambda written: prove_withdrawn(written, messages, session, known=known),
        (_lines(messages),) if known else (),
    )


def _refreshed(family: Family, attributes: Attributes, routes: int) -> Announcing:
    session = SESSIONS[family]
    messages = announced(session, attributes, routes)
    (asked_for,) = session.families
    return OfAll(
        session,
        _lines(messages),
        lambda written: prove_announced(written, messages, session),
        methodcaller("resend", asked_for),
    )


def _cleared(family: Family, attributes: Attributes, routes: int) -> Announcing:
    session = SESSIONS[family]
    messages = announced(session, attributes, routes)
    return OfAll(
        session,
        _lines(messages),
        lambda written: prove_withdrawn(written, messages, session),
        methodcaller("withdraw_all"),
    )


# What may happen to routes, by whether the peer knows them.
_EVENTS: dict[str, Callable[[Family, Attributes, int], Announcing]] = {
    "announced": _new,
    "announced again": _again,
    "announced with other attributes": _changed,
    "withdrawn": _withdrawn,
    "withdrawn, never announced": partial(_withdrawn, known=False),
    "Adj-RIB-Out cleared": _cleared,
    "ROUTE-REFRESH": _refreshed,
}
EVENTS = tuple(_EVENTS)


def announcing(event: str, family: Family, attributes: Attributes, routes: int) -> Announcing:
    """What happens to routes, each by a command of its own. Not yet proven."""
    return _EVENTS[event](family, attributes, routes)


def announcing_on(session: Session, messages: Sequence[Message]) -> Announcing:
    """What UPDATEs announce is announced to the peer of a session, a command each. Not yet proven."""
    return Announcing(session, _lines(messages), lambda written: prove_announced(written, messages, session))


def announcing_in_one(session: Session, routes: int) -> Announcing:
    """Unicast routes that share their attributes are announced by one command. Not yet proven."""
    messages = announced(session, "shared", routes)
    in_one = Commands([attributes_command(messages)], routes)
    return Announcing(session, in_one, lambda written: prove_announced(written, messages, session))


def announcing_self(attributes: Attributes, routes: int) -> Announcing:
    """Routes are announced with "next-hop self", which ExaBGP resolves to its address on the session."""
    session = SESSIONS["ipv4"]
    messages = [
        with_attributes_of(session, message, message, next_hop=LOCAL_ADDRESS)
        for message in announced(session, attributes, routes)
    ]
    lines = Commands(commands(messages, next_hop="self"), routes)
    return Announcing(session, lines, lambda written: prove_announced(written, messages, session))


class Written(NamedTuple):
    """What ExaBGP wrote of routes."""

    updates: int
    octets: int
    routes: int

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def of_thousand_routes(self, count: int) -> float:
        """A count of what was written, for 1,000 routes."""
        return round(1000 * count / self.routes, 3)


def written_of(work: Announcing) -> Written:
    """What ExaBGP writes, proven."""
    written = work.written()
    return Written(len(written), sum(map(len, written)), work.messages)


class ToNeighbors:
    """One route is announced, by a command that is parsed in the run, to all of many neighbours or to one of them."""

    def __init__(self, neighbors: int, *, to_all: bool) -> None:
        self.messages = neighbors
        session = SESSIONS["ipv4"]
        messages = simple_updates(session, 1)
        self._announcer = Announcer(session, neighbors)
        addressed = range(neighbors) if to_all else [neighbors // 2]
        self._lines = [self._announcer.addressed(commands(messages)[0], None if to_all else neighbors // 2)]
        self.prepare()
        for index, written in enumerate(self._begun()):
            prove_announced(written, messages if index in addressed else [], session)

    def prepare(self) -> None:
        """Have no neighbour know of anything."""
        self._announcer.clear()

    def _begun(self) -> Iterator[Iterator[bytes]]:
        self._announcer.command(self._lines)
        return (rib.drain() for rib in self._announcer.ribs)

    def run(self) -> None:
        """Handle the command, and write the UPDATEs of all neighbours."""
        deque(chain.from_iterable(self._begun()), maxlen=0)
