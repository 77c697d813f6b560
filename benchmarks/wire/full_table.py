"""The whole routing table of the Internet, as a peer sends it once a session is up: each prefix once.

It is made while it is read, so that no more of it than an UPDATE is there at a time.
"""

from collections import Counter
from collections.abc import Iterator
from heapq import heapify, heapreplace
from itertools import accumulate, count, islice
from random import Random
from socket import AF_INET, AF_INET6, inet_pton
from struct import pack
from typing import Final

from benchmarks.wire import traffic
from benchmarks.wire.attributes import attribute, encoded, on_the_wire
from benchmarks.wire.iana import AFI, AttributeCode, MessageType
from benchmarks.wire.message import frame
from benchmarks.wire.prefix import address
from benchmarks.wire.session import Session
from benchmarks.wire.stream import AttributeSets, Source

# fmt: off

LENGTHS: Final[dict[int, dict[int, int]]] = {
    AFI.IPV4: {
        8: 16, 9: 14, 10: 40, 11: 100, 12: 300, 13: 620, 14: 1250, 15: 2200, 16: 14400, 17: 8800, 18: 15100,
        19: 27000, 20: 46800, 21: 55100, 22: 116500, 23: 107100, 24: 644660,
    },
    AFI.IPV6: {
        28: 223, 29: 5798, 30: 1115, 31: 446, 32: 26760, 33: 2007, 34: 1784, 35: 1115, 36: 10258, 37: 892, 38: 1784,
        39: 892, 40: 22300, 41: 1338, 42: 4906, 43: 1784, 44: 23415, 45: 2230, 46: 7136, 47: 5352, 48: 101465,
    },
}
"""By AFI: prefixes of the table by their length in bits, 1,040,000 of IPv4 and 223,000 of IPv6.

Sizes and mean lengths (22.9 and 42.9 bits) are those of the CIDR Report's table of 2025. The shares are approximate:
they are chosen to give these means, with most prefixes of 24 and of 48 bits.
"""

# fmt: on

_ROUTES_PER_UPDATE: Final = {
    size: sum(n for (_, list_is_known), n in zip(traffic.RECURRENCE_KINDS, counts, strict=True) if not list_is_known)
    for size, counts in traffic.RECURRENCE.items()
}
"""Routes of an UPDATE, as classes of `traffic.ANNOUNCED_UP_TO`: those of lists that a peer sends for the first time.

Their mean is 6. A table is sent as an UPDATE, or more, for each set of attributes.
"""

# What header and attributes take at most of an UPDATE; the rest is for prefixes.
_ROOM_FOR_ATTRIBUTES: Final = 900
# First number of the address space, how many follow, and their bits: 1.0.0.0-126.255.255.255, 2400::-2bff:ffff:...
_SPACES: Final = {AFI.IPV4: (1, 126, 8), AFI.IPV6: (0x2400, 0x800, 16)}
# Attribute sets that are known at a time to be different from each other: of those before, few come again.
_BLOCK: Final = 10_000
_NEXT_HOPS: Final = {AFI.IPV4: "192.0.2.1", AFI.IPV6: "2001:db8::1"}


class FullTable:
    """The table of the session's only family, or the first `routes` of it; a beginning has the shares of the whole.

    Attributes are those of `wire.fitted_stream`; each UPDATE has a set of its own, but for some that come again.
    Prefixes are made up: those of a length are spread over the address space, in ascending order.

    `routes` is how many there are, and `whole` how many the whole table has.

    Raises ValueError where there are fewer, or not one family of unicast.
    """

    def __init__(self, session: Session, routes: int | None = None) -> None:
        if session.families not in (((AFI.IPV4, 1),), ((AFI.IPV6, 1),)) or session.addpath:
            raise ValueError("a table is of IPv4 unicast or of IPv6 unicast, without ADD-PATH")
        self.session = session
        self.afi = AFI(session.families[0][0])
        self._lengths = LENGTHS[self.afi]
        self._first = dict(zip(self._lengths, accumulate(self._lengths.values(), initial=0), strict=False))
        self.whole = sum(self._lengths.values())
        self.routes = self.whole if routes is None else routes
        if not 0 < self.routes <= self.whole:
            raise ValueError(f"the table has {self.whole} routes, not {self.routes}")

    def prefixes(self) -> Iterator[tuple[int, int]]:
        """Length and network of each prefix; the network is a number of as many bits."""
        total, (first, spread, bits) = self.whole, _SPACES[self.afi]
        # The next place in the table of each length, in units of 1/(2 x its number), and how many there were.
        due = [(total / of / 2, length, 0) for length, of in self._lengths.items()]
        heapify(due)
        for _ in range(self.routes):
            place, length, before = due[0]
            of, beyond = self._lengths[length], length - bits
            yield length, (first << beyond) + before * (spread << beyond) // of
            heapreplace(due, (place + total / of, length, before + 1))

    def number(self, prefix: str) -> int | None:
        """The number of a prefix, as text, in the whole table: those of a length have one after the other.

        None where the table has no such prefix.
        """
        host, _, digits = prefix.partition("/")
        length = int(digits)
        size, family = (32, AF_INET) if self.afi == AFI.IPV4 else (128, AF_INET6)
        if length not in self._lengths:
            return None
        first, spread, bits = _SPACES[self.afi]
        of, beyond = self._lengths[length], length - bits
        network, host_bits = divmod(int.from_bytes(inet_pton(family, host)), 1 << (size - length))
        offset = network - (first << beyond)
        before = -(-offset * of // (spread << beyond))
        if host_bits or not 0 <= before < of or before * (spread << beyond) // of != offset:
            return None
        return self._first[length] + before

    def numbers(self) -> list[range]:
        """The numbers of all prefixes, those of a length together."""
        sizes = Counter(length for length, _ in self.prefixes())
        return [range(first, first + sizes[length]) for length, first in self._first.items()]

    def updates(self) -> Iterator[bytes]:
        """The UPDATEs on the wire, header included."""
        prefixes, sizes, attributes = self.prefixes(), self._sizes(), self._attributes()
        left = self.routes
        while left:
            size = min(left, next(sizes))
            left -= size
            nlri = b"".join([self._nlri(length, network) for length, network in islice(prefixes, size)])
            yield self._update(next(attributes), nlri)

    def _sizes(self) -> Iterator[int]:
        """Routes of each UPDATE, where there are so many."""
        source = Source(Random(self.afi))
        next_class = source.of(_ROUTES_PER_UPDATE)
        below = dict(zip(traffic.ANNOUNCED_UP_TO, (0, *traffic.ANNOUNCED_UP_TO), strict=False))
        longest = 1 + (max(self._lengths) + 7) // 8
        most = (self.session.max_message_size - _ROOM_FOR_ATTRIBUTES) // longest
        while True:
            upto = next_class()
            yield min(below[upto] + 1 + int(source.rng.random() * (upto - below[upto])), most)

    def _attributes(self) -> Iterator[bytes]:
        """The attributes of each UPDATE but MP_REACH_NLRI."""
        asn4, known = self.session.asn4, {}
        if self.afi == AFI.IPV4:
            known[AttributeCode.NEXT_HOP] = _NEXT_HOPS[AFI.IPV4]
        for block in count():
            sets = AttributeSets(self.afi, self.session, Source(Random(self.afi << 16 | block)))
            for _ in range(_BLOCK):
                yield encoded(on_the_wire(known | sets.all[sets.add()], asn4), asn4)

    def _nlri(self, length: int, network: int) -> bytes:
        octets = (length + 7) // 8
        return length.to_bytes(1) + (network << (8 * octets - length)).to_bytes(octets)

    def _update(self, attributes: bytes, nlri: bytes) -> bytes:
        if self.afi == AFI.IPV6:
            hop = address(AFI.IPV6, _NEXT_HOPS[AFI.IPV6], "next hop")
            value = pack("!HBB", *self.session.families[0], len(hop)) + hop + b"\0" + nlri
            attributes, nlri = attribute(AttributeCode.MP_REACH_NLRI, value) + attributes, b""
        return frame(MessageType.UPDATE, bytes(2) + pack("!H", len(attributes)) + attributes + nlri)
