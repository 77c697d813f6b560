"""Which of the routes that are expected came, when, and how often: each is counted, none is taken on trust."""

from array import array
from collections.abc import Hashable, Iterable, Iterator
from struct import unpack_from

from benchmarks.wire import IPV4_UNICAST, AttributeCode, Nlri
from benchmarks.wire.prefix import encoded_nlri

_EXTENDED_LENGTH = 0x10


class Routes:
    """A table of the routes that are expected, by whatever names them (see `wire_key`).

    `seen` have come, at the times `at` (nanoseconds, 0 for those that have not), `twice` came again, and `unexpected`
    are none of them.
    """

    def __init__(self, expected: Iterable[Hashable]) -> None:
        self._numbers = {key: number for number, key in enumerate(dict.fromkeys(expected))}
        self.at = array("q", bytes(8 * len(self._numbers)))
        self.seen = self.twice = self.unexpected = 0

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def lost(self) -> int:
        """Expected routes that have not come."""
        return len(self) - self.seen

    @property
    def complete(self) -> bool:
        """Whether all have come."""
        return self.seen == len(self._numbers)

    @property
    def first_at(self) -> int:
        """When the first one came, or 0."""
        return min(filter(None, self.at), default=0)

    @property
    def last_at(self) -> int:
        """When the last one came for the first time, or 0."""
        return max(self.at, default=0)

    def take(self, keys: Iterable[Hashable], now: int) -> None:
        """Count routes that have come."""
        for key in keys:
            number = self._numbers.get(key)
            if number is None:
                self.unexpected += 1
            elif self.at[number]:
                self.twice += 1
            else:
                self.at[number] = now
                self.seen += 1

    def __str__(self) -> str:
        words = f"{self.seen:,} of {len(self):,} routes"
        for count, what in ((self.twice, "twice"), (self.unexpected, "unexpected")):
            words += f", {count:,} {what}" if count else ""
        return words


def wire_key(nlri: Nlri) -> bytes:
    """What names a route without path identifier on the wire: octets of its NLRI, behind the family where not IPv4."""
    octets = encoded_nlri(nlri, frozenset())[1]
    return octets if nlri[:2] == IPV4_UNICAST else nlri.afi.to_bytes(2) + nlri.safi.to_bytes(1) + octets


def split_update(body: bytes) -> tuple[list[bytes], list[bytes]]:
    """The keys of the routes that the body of an UPDATE announces and withdraws: IPv4, and IPv6 unicast."""
    withdrawn_size = body[0] << 8 | body[1]
    attributes = 4 + withdrawn_size
    end = attributes + (body[attributes - 2] << 8 | body[attributes - 1])
    announced, withdrawn = [], []
    if withdrawn_size:
        withdrawn += _prefixes(body, 2, attributes - 2, b"")
    if end < len(body):
        announced += _prefixes(body, end, len(body), b"")
    elif end > attributes:
        for code, start, stop in _attributes(body, attributes, end):
            if code == AttributeCode.MP_REACH_NLRI:
                # AFI, SAFI, length of the next hop, next hop, an octet that is reserved.
                announced += _prefixes(body, start + 5 + body[start + 3], stop, body[start : start + 3])
            elif code == AttributeCode.MP_UNREACH_NLRI:
                withdrawn += _prefixes(body, start + 3, stop, body[start : start + 3])
    return announced, withdrawn


def _prefixes(body: bytes, at: int, end: int, family: bytes) -> Iterator[bytes]:
    while at < end:
        after = at + 1 + (body[at] + 7 >> 3)
        yield family + body[at:after]
        at = after


def _attributes(body: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The type code of each path attribute, and where its value begins and ends."""
    while at < end:
        flags, code, size = unpack_from("!BBB", body, at)
        at += 3
        if flags & _EXTENDED_LENGTH:
            size = size << 8 | body[at]
            at += 1
        yield code, at, at + size
        at += size
