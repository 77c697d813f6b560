"""UPDATEs of many routes, handled by ExaBGP's own main loop of a peer: announced, announced again, withdrawn."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmarks.exabgp_compat.main_loop import MainLoops, to_the_end
from benchmarks.exabgp_compat.session import speaker
from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    AttributeCode,
    Message,
    Session,
    routes_in,
    update,
)
from benchmarks.work.announced import prove_held, prove_held_with_attributes
from benchmarks.work.proof import prove_decoded

ROUTES = 100
"""Routes in an UPDATE."""

_SESSIONS = {"IPv4": Session(families=(IPV4_UNICAST,)), "IPv6": Session(families=(IPV6_UNICAST,))}


def _prefixes(family: str, first: int, count: int = ROUTES) -> list[str]:
    """Prefixes by their numbers: /24 of 20.0.0.0/8 and onwards, /48 of 2001:db8::/32."""
    if family == "IPv4":
        return [f"{20 + (n >> 16)}.{n >> 8 & 0xFF}.{n & 0xFF}.0/24" for n in range(first, first + count)]
    return [f"2001:db8:{n:x}::/48" for n in range(first, first + count)]


class Handling:
    """UPDATEs of a hundred routes come behind others, which are `before`; ExaBGP reads, decodes and keeps all of them.

    The constructor raises WrongResultError when a message decodes to something else than it is, or when the
    Adj-RIB-In holds other routes in the end than the messages leave, or with other attributes.
    """

    def __init__(self, session: Session, before: Sequence[Message], measured: Sequence[Message]) -> None:
        self.routes = sum(map(routes_in, measured))
        self.comes_second = bool(before)
        self.messages = len(before) + len(measured)
        self._speaker = speaker(session)
        self._before = MainLoops([self._speaker], [to_the_end(message.wire for message in before)])
        self._all = MainLoops([self._speaker], [to_the_end(message.wire for message in (*before, *measured))])
        self.run = self._all.run
        for loops, stream in ((self._before, before), (self._all, [*before, *measured])):
            loops.clear()
            prove_decoded([message for _, message in loops.recorded_run()], stream, self._speaker)
            prove_held(loops.prefixes()[0], stream)
            prove_held_with_attributes(loops.routes(), stream)

    def prepare(self) -> None:
        """Empty the RIBs."""
        self._all.clear()

    def close(self) -> None:
        """Close the connections."""
        self._before.close()
        self._all.close()

    def run_counted(self) -> None:
        """Handle all, while the clock is held."""
        self._all.run_while_the_clock_is_held()

    def run_before(self) -> None:
        """Handle only what comes before, while the clock is held."""
        self._before.run_while_the_clock_is_held()


def _announcements(family: str, updates: int, metric: int) -> list[Message]:
    """UPDATEs with attributes of their own, which the metric tells apart from those of another time."""
    return [_update(family, number, metric, announce=number * ROUTES) for number in range(updates)]


def _withdrawals(family: str, updates: int) -> list[Message]:
    session = _SESSIONS[family]
    return [update(session, withdraw=_prefixes(family, number * ROUTES)) for number in range(updates)]


def _update(family: str, number: int, metric: int, announce: int, withdraw: Sequence[str] = ()) -> Message:
    session = _SESSIONS[family]
    attributes = {
        AttributeCode.AS_PATH: ((2, (session.peer_as, 64496 + number, 64511)),),
        AttributeCode.MULTI_EXIT_DISC: metric,
        AttributeCode.COMMUNITIES: (session.peer_as << 16 | number, session.peer_as << 16 | metric),
    }
    count = ROUTES - len(withdraw)
    return update(session, announce=_prefixes(family, announce, count), withdraw=withdraw, attributes=dict(attributes))


def _mixed(family: str, updates: int) -> list[Message]:
    """Each withdraws half of the routes of an UPDATE before and announces as many that were never there."""
    half = ROUTES // 2
    return [
        _update(family, number, 30, (updates + number) * ROUTES, _prefixes(family, number * ROUTES, half))
        for number in range(updates)
    ]


class Course(NamedTuple):
    """What is measured, and what comes before where anything does, of a family and a number of UPDATEs."""

    measured: Callable[[str, int], list[Message]]
    before: Callable[[str, int], list[Message]] | None = None

    def work(self, family: str, updates: int) -> Handling:
        """A number of UPDATEs of a family, behind as many where some come before."""
        before = self.before(family, updates) if self.before else []
        return Handling(_SESSIONS[family], before, self.measured(family, updates))


def _first(family: str, updates: int) -> list[Message]:
    return _announcements(family, updates, 10)


COURSES = {
    "announced": Course(_first),
    "announced with other attributes": Course(lambda family, updates: _announcements(family, updates, 20), _first),
    "withdrawn": Course(_withdrawals, _first),
    "withdrawn and announced": Course(_mixed, _first),
}
FAMILIES = list(_SESSIONS)
