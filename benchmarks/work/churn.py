"""Routes that come and go for ever, each time with content never seen before: AS numbers, communities, prefixes."""

from collections import deque
from itertools import count
from typing import Literal

from benchmarks.exabgp_compat.announcer import Announcer
from benchmarks.exabgp_compat.main_loop import MainLoops, to_the_end
from benchmarks.exabgp_compat.session import speaker
from benchmarks.wire import IPV4_UNICAST, AttributeCode, Message, Session, commands, update
from benchmarks.work.announced import prove_announced, prove_held, prove_withdrawn
from benchmarks.work.holding import Rib
from benchmarks.work.proof import prove_decoded

type Content = Literal["AS numbers", "communities", "prefixes"]

CONTENTS: tuple[Content, ...] = ("AS numbers", "communities", "prefixes")

_SESSION = Session(families=(IPV4_UNICAST,))
# Each is used once in a process, so that its content is new to ExaBGP.
_NUMBERS = count()


def _announcement(content: Content, number: int, place: int) -> Message:
    """What is new in it has its number, what is not its place in its cycle."""

    asn, community, prefix = (number if kind == content else place for kind in CONTENTS)
    return update(
        _SESSION,
        announce=[f"{20 + (prefix >> 16)}.{prefix >> 8 & 0xFF}.{prefix & 0xFF}.0/24"],
        attributes={
            # Of two octets: main of 2026 refuses a longer one in a command.
            AttributeCode.AS_PATH: ((2, (_SESSION.peer_as, 1000 + asn)),),
            AttributeCode.COMMUNITIES: ((1000 << 16) + community,),
        },
    )


def _withdrawals(announcements: list[Message]) -> list[Message]:
    return [update(_SESSION, withdraw=[nlri for nlri, _ in message.truth.announced]) for message in announcements]


def _announcements(content: Content, messages: int) -> list[Message]:
    """UPDATEs that announce what was never announced before."""
    return [_announcement(content, next(_NUMBERS), place) for place in range(messages)]


def _stream(messages: list[Message]) -> list[bytes]:
    return to_the_end(message.wire for message in messages)


class ReceivedChurn:
    """Routes are received, one in an UPDATE, and withdrawn: ExaBGP's main loop handles both, the Adj-RIB-In is empty.

    The constructor raises WrongResultError when the messages become something else than they are.
    """

    def __init__(self, content: Content, messages: int, cycles: int) -> None:
        receiver = speaker(_SESSION)

        def cycle() -> list[Message]:
            announcements = _announcements(content, messages)
            return announcements + _withdrawals(announcements)

        first = cycle()
        self._loop = MainLoops([receiver], [_stream(first)])
        prove_decoded([message for _, message in self._loop.recorded_run()], first, receiver)
        prove_held(self._loop.prefixes()[0], first)
        # What the peer sends is there before any allocation is watched.
        self._streams = iter([_stream(cycle()) for _ in range(cycles)])

    def run(self) -> None:
        """Go through the next cycle."""
        self._loop.give([next(self._streams)])
        self._loop.run_while_the_clock_is_held()
        self._loop.forget_what_has_ended()

    def left(self) -> list[str]:
        """Prefixes that are left in the Adj-RIB-In."""
        return self._loop.prefixes()[0]


class AnnouncedChurn:
    """An API process announces routes and withdraws them; ExaBGP writes UPDATEs of both, the Adj-RIB-Out is empty.

    The constructor raises WrongResultError when it writes other UPDATEs.
    """

    def __init__(self, content: Content, messages: int, cycles: int) -> None:
        self._announcer = Announcer(_SESSION)
        (self._rib,) = self._announcer.ribs
        announcements = _announcements(content, messages)
        first = self._lines(announcements)
        self._announcer.command(first[0])
        prove_announced(self._rib.drain(), announcements, _SESSION)
        self._announcer.command(first[1])
        prove_withdrawn(list(self._rib.drain()), announcements, _SESSION, known=True)
        self._cycles = iter([self._lines(_announcements(content, messages)) for _ in range(cycles)])

    def _lines(self, announcements: list[Message]) -> list[list[str]]:
        addressed = self._announcer.addressed
        return [[*map(addressed, commands(announcements, action))] for action in ("announce", "withdraw")]

    def run(self) -> None:
        """Go through the next cycle."""
        for lines in next(self._cycles):
            self._announcer.command(lines)
            deque(self._rib.drain(), maxlen=0)

    def left(self) -> list[str]:
        """Prefixes that are left in the Adj-RIB-Out."""
        return self._rib.prefixes()


def churn(rib: Rib, content: Content, messages: int, cycles: int) -> ReceivedChurn | AnnouncedChurn:
    """Cycles of new content, proven."""
    return (ReceivedChurn if rib == "Adj-RIB-In" else AnnouncedChurn)(content, messages, cycles)
