"""A synthetic stream of UPDATEs that looks like what one peer of a route collector sends."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping
from functools import cache
from itertools import accumulate, count, islice
from math import isqrt, sqrt
from random import Random
from typing import Final, NamedTuple

from benchmarks.wire import traffic
from benchmarks.wire.attributes import Segments
from benchmarks.wire.iana import AFI, AS_TRANS, SAFI, AttributeCode, SegmentType
from benchmarks.wire.message import Message, Nlri
from benchmarks.wire.session import IPV4_UNICAST, IPV6_UNICAST, Session
from benchmarks.wire.update import update

# What attributes, header and next hop of an UPDATE take at most; the rest is for prefixes.
_ROOM_FOR_ATTRIBUTES: Final = 900


def fitted_stream(messages: int, session: Session, seed: int = 20190140) -> list[Message]:
    """That many UPDATEs with the statistics of `traffic`, always the same for the same arguments.

    Fitted are, for each of IPv4 and IPv6 that the session has: announcing and withdrawing UPDATEs, prefixes per
    UPDATE with the tail, prefix lengths, which attributes come together, path lengths and prepending,
    four-octet AS numbers, numbers of communities of each kind, and how attribute sets, lists of prefixes,
    paths and communities recur and after how many UPDATEs. A shorter stream is the beginning of a longer one,
    and each beginning of some hundred messages has the shares of the whole: values are not drawn at random
    but by a low-discrepancy sequence, and what would recur from before the beginning recurs from within it.
    Of sixty seeds the default is one with which the first thousand fit closely. An UPDATE that repeats an earlier
    one in all its octets, as half of them do, is the same object.

    Prefixes and AS numbers are made up. Left out because they are rare: AS_SETs (0.07 % of the UPDATEs),
    link-local next hops (2 % of the IPv6 ones), next hops other than the peer's usual one (0.8 %). On ADD-PATH
    all path identifiers are 1.

    Raises ValueError for a session with neither IPv4 nor IPv6 unicast, and for a negative number.
    """
    if messages < 0:
        raise ValueError(f"a stream has no {messages} messages")
    families = [family for family in (IPV4_UNICAST, IPV6_UNICAST) if family in session.families]
    if not families:
        raise ValueError("the session has neither IPv4 nor IPv6 unicast: no traffic is known for its families")
    source = Source(Random(seed))
    afis = [afi for afi, _ in families]
    next_kind = source.of({kind: n for kind, n in traffic.KINDS.items() if kind[0] in afis})
    speakers = {afi: _Speaker(afi, session, source) for afi in afis}
    kinds = (next_kind() for _ in range(messages))
    return [speakers[afi].next_update(announces, withdraws) for afi, announces, withdraws in kinds]


@cache
def _steps() -> tuple[float, ...]:
    """Steps of Weyl sequences, more than a stream has, that spread evenly from the first numbers on.

    Square roots of different primes have no rational relation, so no two sequences move in step. Taken are
    those of which no small multiple is close to a whole number: it would make a sequence crawl.
    """
    roots = (sqrt(n) for n in count(2) if all(n % d for d in range(2, isqrt(n) + 1)))
    even = (root for root in roots if all(abs(root * k - round(root * k)) * k > 0.15 for k in range(1, 50)))
    return tuple(islice(even, 64))


class Source:
    """Makes functions whose values have given shares, in each stretch of their calls as well as in all."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._steps = iter(_steps())

    def numbers(self) -> Callable[[], float]:
        """Numbers in [0, 1) as even as can be: a Weyl sequence with a quadratic irrational as its step."""
        step, at = next(self._steps), self.rng.random()

        def draw() -> float:
            nonlocal at
            at = (at + step) % 1.0
            return at

        return draw

    def of[T](self, histogram: Mapping[T, int]) -> Callable[[], T]:
        """Keys of the histogram in the proportion of their counts."""
        number, pick = self.numbers(), _picker(histogram)
        return lambda: pick(number())

    def by_class[C, T](self, histograms: Mapping[C, Mapping[T, int]]) -> Callable[[C], T]:
        """The same with a histogram for each class, all by one sequence."""
        number = self.numbers()
        pickers = {name: _picker(histogram) for name, histogram in histograms.items()}
        return lambda name: pickers[name](number())

    def share(self, share: float) -> Callable[[], bool]:
        """True in that share of the calls."""
        number = self.numbers()
        return lambda: number() < share


def _picker[T](histogram: Mapping[T, int]) -> Callable[[float], T]:
    """A function from [0, 1) to the keys, each for a part as large as its share of the counts."""
    values = [value for value, n in histogram.items() if n]
    bounds = list(accumulate(histogram[value] for value in values))
    return lambda number: values[bisect_right(bounds, number * bounds[-1])]


class _Announced(NamedTuple):
    """An UPDATE that announced, for it to recur."""

    set_number: int
    routes: list[Nlri]
    message: Message


class _Positions:
    """Positions in the stream where things came last, in ascending order."""

    def __init__(self) -> None:
        self._all: list[int] = []

    def __len__(self) -> int:
        return len(self._all)

    def nearest(self, position: int) -> int:
        """The one that is nearest to a position."""
        after = bisect_left(self._all, position)
        return min(self._all[max(after - 1, 0) : after + 1], key=lambda known: abs(known - position))

    def remove(self, position: int) -> None:
        """What was last there came again."""
        del self._all[bisect_left(self._all, position)]

    def append(self, position: int) -> None:
        """Something came at a position behind all others."""
        self._all.append(position)


class _Speaker:
    """What the peer announces and withdraws in one address family, and what it announced before."""

    def __init__(self, afi: int, session: Session, source: Source) -> None:
        self._session = session
        self._rng = source.rng
        self._prefixes = _Prefixes(afi, session, source)
        self._sets = AttributeSets(afi, session, source)
        self._size = source.of(traffic.ANNOUNCED_PER_UPDATE[afi])
        self._withdrawn = source.of(traffic.WITHDRAWN_PER_UPDATE[afi])
        self._recurrence = source.by_class(
            {
                size: dict(zip(traffic.RECURRENCE_KINDS, counts, strict=True))
                for size, counts in traffic.RECURRENCE.items()
            }
        )
        self._set_distance = source.of(traffic.SET_DISTANCES)
        self._list_distance = source.of(traffic.LIST_DISTANCES)
        octets = 8 if (afi, SAFI.UNICAST) in session.addpath else 4
        self._most = (session.max_message_size - _ROOM_FOR_ATTRIBUTES) // octets

        self._announced: list[_Announced] = []
        self._position_of_set: list[int] = []
        self._sets_by_position = _Positions()
        self._messages_by_position = {size: _Positions() for size in traffic.ANNOUNCED_UP_TO}

    def next_update(self, announces: bool, withdraws: bool) -> Message:
        """The next UPDATE of the stream, which announces or withdraws or both."""
        if not announces:
            return update(self._session, withdraw=self._prefixes.withdrawn(self._withdrawn(), ()))
        announced = self._announce()
        if not withdraws:
            return announced.message
        return update(
            self._session,
            announce=announced.routes,
            withdraw=self._prefixes.withdrawn(self._withdrawn(), announced.routes),
            attributes=self._sets.all[announced.set_number],
        )

    def _announce(self) -> _Announced:
        size = self._size()
        set_known, list_known = self._recurrence(size)
        same_size = self._messages_by_position[size]
        if list_known and same_size:
            distance = self._set_distance() if set_known else self._list_distance()
            at = same_size.nearest(self._position(distance))
            announced = self._announced[at]
            if set_known:
                same_size.remove(at)
            else:
                announced = self._new(self._sets.add(), announced.routes)
        elif set_known and self._announced:
            at = self._sets_by_position.nearest(self._position(self._set_distance()))
            announced = self._new(self._announced[at].set_number, self._routes(size, set_known=True))
        else:
            announced = self._new(self._sets.add(), self._routes(size, set_known=False))
        self._record(announced, same_size)
        return announced

    def _position(self, distance: int) -> int:
        """A position as far back as a class of distances says, or anywhere when the stream is younger."""
        back = distance - int(self._rng.random() * (distance // 2))
        age = len(self._announced)
        return age - back if back <= age else int(self._rng.random() * age)

    def _routes(self, size: int, *, set_known: bool) -> list[Nlri]:
        """Prefixes, as many as the class of sizes says."""
        below = traffic.ANNOUNCED_UP_TO[bisect_left(traffic.ANNOUNCED_UP_TO, size) - 1] if size > 1 else 0
        number = below + 1 + int(self._rng.random() * (size - below))
        return self._prefixes.announced(min(number, self._most), set_known)

    def _new(self, set_number: int, routes: list[Nlri]) -> _Announced:
        message = update(self._session, announce=routes, attributes=self._sets.all[set_number])
        return _Announced(set_number, routes, message)

    def _record(self, announced: _Announced, same_size: _Positions) -> None:
        position = len(self._announced)
        self._announced.append(announced)
        same_size.append(position)
        if announced.set_number < len(self._position_of_set):
            self._sets_by_position.remove(self._position_of_set[announced.set_number])
            self._position_of_set[announced.set_number] = position
        else:
            self._position_of_set.append(position)
        self._sets_by_position.append(position)


class _Prefixes:
    """The prefixes of a family that the peer announces, new ones and those that it announced before."""

    def __init__(self, afi: int, session: Session, source: Source) -> None:
        self._afi = afi
        self._path_id = 1 if (afi, SAFI.UNICAST) in session.addpath else None
        self._rng = source.rng
        self._length = source.of(traffic.PREFIX_LENGTHS[afi])
        self._is_new = {known: source.share(share) for known, share in traffic.FRESH_LIST_NEW_PREFIXES.items()}
        self._known: list[Nlri] = []
        self._texts: set[str] = set()

    def announced(self, number: int, set_known: bool) -> list[Nlri]:
        """That many prefixes, of which some are new: more in a new attribute set than in a known one."""
        return self._list(number, self._is_new[set_known], ())

    def withdrawn(self, number: int, but: Collection[Nlri]) -> list[Nlri]:
        """That many prefixes other than some, announced before unless these are too few."""
        return self._list(number, lambda: False, but)

    def _list(self, number: int, is_new: Callable[[], bool], but: Collection[Nlri]) -> list[Nlri]:
        chosen: dict[Nlri, None] = {}
        while len(chosen) < number:
            # Looking for one that is neither chosen nor excluded is quick while at least half are not.
            if is_new() or len(self._known) < 2 * (len(chosen) + len(but) + 1):
                nlri = self._new()
            else:
                nlri = self._known[int(self._rng.random() * len(self._known))]
            if nlri not in but:
                chosen[nlri] = None
        return list(chosen)

    def _new(self) -> Nlri:
        while (text := self._text(self._length())) in self._texts:
            pass
        self._texts.add(text)
        nlri = Nlri(self._afi, int(SAFI.UNICAST), text, self._path_id)
        self._known.append(nlri)
        return nlri

    def _text(self, length: int) -> str:
        """A made-up prefix: in 1.0.0.0-126.255.255.255, or in 2400::-2bff:ffff:... with up to 48 bits."""
        if self._afi == AFI.IPV4:
            network = int((1 + self._rng.random() * 126) * (1 << 24)) >> (32 - length) << (32 - length)
            return f"{network >> 24}.{network >> 16 & 255}.{network >> 8 & 255}.{network & 255}/{length}"
        network = int((0x2400 + self._rng.random() * 0x800) * (1 << 32)) >> (48 - length) << (48 - length)
        groups = [f"{network >> shift & 0xFFFF:x}" for shift in (32, 16, 0)]
        while groups[-1] == "0":
            groups.pop()
        return f"{':'.join(groups)}::/{length}"


class AttributeSets:
    """The attribute sets of a family's UPDATEs: `all` of them so far, each in the form that `update` takes."""

    def __init__(self, afi: int, session: Session, source: Source) -> None:
        self.all: list[dict[int, object]] = []
        self._seen: set[tuple[object, ...]] = set()
        self._types = source.of(traffic.ATTRIBUTE_TYPES[afi])
        self._paths = _Paths(afi, session, source)
        self._origin = source.of(traffic.ORIGINS)
        self._values: dict[int, Callable[[], object]] = {
            AttributeCode.MULTI_EXIT_DISC: _meds(source),
            AttributeCode.ATOMIC_AGGREGATE: lambda: True,
            AttributeCode.COMMUNITIES: _recurring(
                AttributeCode.COMMUNITIES, traffic.COMMUNITIES, _standard_communities(source.rng), source
            ),
            AttributeCode.EXTENDED_COMMUNITIES: _recurring(
                AttributeCode.EXTENDED_COMMUNITIES, traffic.EXTENDED_COMMUNITIES, _extended_communities(source), source
            ),
            AttributeCode.LARGE_COMMUNITIES: _recurring(
                AttributeCode.LARGE_COMMUNITIES, traffic.LARGE_COMMUNITIES, _large_communities(source.rng), source
            ),
        }
        self._aggregator_is_four_octet = source.of(traffic.AGGREGATOR_IS_FOUR_OCTET)

    def add(self) -> int:
        """Make a set that differs from all before, and return its number."""
        types = self._types()
        path = self._paths.next()
        attributes: dict[int, object] = {AttributeCode.ORIGIN: self._origin(), AttributeCode.AS_PATH: path}
        for code in types:
            if code == AttributeCode.AGGREGATOR:
                attributes[code] = self._aggregator(path)
            elif code in self._values:
                attributes[code] = self._values[code]()
        if tuple(attributes.items()) in self._seen:
            attributes[AttributeCode.AS_PATH] = self._paths.new(path)
        self._seen.add(tuple(attributes.items()))
        self.all.append(attributes)
        return len(self.all) - 1

    def _aggregator(self, path: Segments) -> tuple[int, str]:
        """A speaker of the AS that originates the path, where that fits the share of four-octet numbers."""
        four_octet = self._aggregator_is_four_octet()
        origin = path[0][1][-1]
        asn = origin if four_octet == (origin > 65535) else _as_number(origin, four_octet=four_octet)
        return asn, f"198.51.100.{1 + origin % 254}"


class _Paths:
    """AS paths: the peer's AS first, then transit, the origin last, some of them prepended."""

    def __init__(self, afi: int, session: Session, source: Source) -> None:
        self._rng = source.rng
        self._own = () if session.internal else (session.peer_as,)
        self._taken = (session.local_as, session.peer_as, AS_TRANS)
        self._length = source.of(traffic.PATH_LENGTHS[afi])
        self._is_new = source.share(traffic.NEW_VALUES[AttributeCode.AS_PATH])
        self._prepended = source.share(traffic.PREPENDED)
        self._transit = _as_numbers(traffic.TRANSIT_AS, 0, source)
        self._origin = _as_numbers(traffic.ORIGIN_AS, max(traffic.TRANSIT_AS), source)
        self._rare_origins = count(max(traffic.TRANSIT_AS) + max(traffic.ORIGIN_AS) + 1)
        self._by_length: dict[int, list[Segments]] = {}
        self._seen: set[Segments] = set()

    def next(self) -> Segments:
        """A path for a new attribute set: most have a new one."""
        length = self._length()
        known = self._by_length.setdefault(length, [])
        if known and not self._is_new():
            return known[int(self._rng.random() * len(known))]
        path = self._build(length)
        if path in self._seen:
            path = self.new(path)
        self._seen.add(path)
        known.append(path)
        return path

    def new(self, path: Segments) -> Segments:
        """The path with another origin, one that no path has yet."""
        ((kind, asns),) = path
        return ((kind, (*asns[:-1], _as_number(next(self._rare_origins), four_octet=False))),)

    def _build(self, length: int) -> Segments:
        asns = list(self._own)
        repeats = [False] + [self._prepended() for _ in range(length - len(asns) - 1)]
        hops = len(repeats) - sum(repeats)
        for repeat in repeats:
            if not repeat:
                hops -= 1
                asn = self._transit() if hops else self._origin()
                while asn in asns or asn in self._taken:
                    asn += 1
            asns.append(asn)
        return ((int(SegmentType.AS_SEQUENCE), tuple(asns)),)


def _as_numbers(bands: Mapping[int, tuple[int, float]], offset: int, source: Source) -> Callable[[], int]:
    """AS numbers by the bands of `traffic`; different offsets give different numbers."""
    next_band = source.of({last: occurrences for last, (occurrences, _) in bands.items()})
    first_of = dict(zip(bands, (1, *(last + 1 for last in bands)), strict=False))
    rng = source.rng

    def draw() -> int:
        last = next_band()
        rank = first_of[last] + int(rng.random() * (last - first_of[last] + 1))
        # The golden ratio spreads the four-octet numbers evenly over the ranks of a band.
        return _as_number(offset + rank, four_octet=rank * 0.618034 % 1.0 < bands[last][1])

    return draw


def _as_number(number: int, *, four_octet: bool) -> int:
    """A made-up AS number for a number, from the ranges that registries hand out."""
    return 131072 + number * 7919 % 269000 if four_octet else 1 + number * 7919 % 64000


def _recurring[T](
    code: AttributeCode, sizes: Mapping[int, int], build: Callable[[int], T], source: Source
) -> Callable[[], T]:
    """Values of an attribute with as many members as the histogram says, new ones or earlier ones."""
    next_size = source.of(sizes)
    is_new = source.share(traffic.NEW_VALUES[code])
    by_size: dict[int, list[T]] = {}

    def draw() -> T:
        size = next_size()
        known = by_size.setdefault(size, [])
        if known and not is_new():
            return known[int(source.rng.random() * len(known))]
        value = build(size)
        known.append(value)
        return value

    return draw


def _meds(source: Source) -> Callable[[], int]:
    next_med = source.of(traffic.MEDS)

    def draw() -> int:
        med = next_med()
        return 100 + int(source.rng.random() * 15000) if med is None else med

    return draw


def _standard_communities(rng: Random) -> Callable[[int], tuple[int, ...]]:
    def build(size: int) -> tuple[int, ...]:
        chosen: dict[int, None] = {}
        while len(chosen) < size:
            # About 2,900 values are in use, their frequency falling with their rank as in Zipf's law.
            rank = int(2900 ** rng.random())
            chosen[_as_number(rank // 8, four_octet=False) << 16 | rank * 97 % 65536] = None
        return tuple(sorted(chosen))

    return build


def _large_communities(rng: Random) -> Callable[[int], tuple[tuple[int, int, int], ...]]:
    def build(size: int) -> tuple[tuple[int, int, int], ...]:
        asn = _as_number(int(rng.random() * 300), four_octet=rng.random() < 0.5)
        return tuple([(asn, 1 + member, int(rng.random() * 10000)) for member in range(size)])

    return build


def _extended_communities(source: Source) -> Callable[[int], tuple[bytes, ...]]:
    next_type = source.of(traffic.EXTENDED_COMMUNITY_TYPES)

    def build(size: int) -> tuple[bytes, ...]:
        return tuple([next_type() + int(source.rng.random() * (1 << 48)).to_bytes(6) for _ in range(size)])

    return build
