"""Path attributes one kind at a time: UPDATEs of one route with the mandatory attributes and those of one kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.wire.iana import AttributeCode, SegmentType
from benchmarks.wire.message import Message
from benchmarks.wire.session import Session
from benchmarks.wire.update import update

_EXTERNAL: Final = Session()
_INTERNAL: Final = Session(peer_as=65000)

# Octets of a transitive route target and a route origin (RFC 4360), before the AS number.
_TARGET, _ORIGIN = b"\0\2", b"\0\3"
# A type code that IANA has not assigned.
_UNASSIGNED: Final = 99


@dataclass(frozen=True, slots=True)
class AttributeKind:
    """A kind of attribute: the session that may carry it, and its value by the number of the message."""

    session: Session
    attributes: Callable[[int], dict[int, object]]

    def updates(self, messages: int) -> list[Message]:
        """UPDATEs of one route each; no two in a row have the same attributes."""
        return [
            update(
                self.session,
                announce=[f"10.{index >> 8}.{index & 0xFF}.0/24"],
                # By ORIGIN they differ where there is nothing else to differ by.
                attributes={AttributeCode.ORIGIN: index % 3} | self.attributes(index),
            )
            for index in range(messages)
        ]


def _reflected(index: int) -> dict[int, object]:
    """What a route that an internal peer reflects has in any case: the path of another AS, LOCAL_PREF."""
    return {AttributeCode.AS_PATH: (_path(0, 1),), AttributeCode.LOCAL_PREF: index}


def _path(index: int, length: int) -> tuple[int, tuple[int, ...]]:
    return int(SegmentType.AS_SEQUENCE), (65001, *range(4_200_000_000 + index, 4_200_000_000 + index + length - 1))


def _communities(index: int, count: int) -> tuple[int, ...]:
    return tuple((65001 << 16) + index * count + number for number in range(count))


def _extended(index: int, count: int) -> tuple[bytes, ...]:
    octets = (65001).to_bytes(2)
    kinds = (_TARGET, _ORIGIN)
    return tuple(sorted(kinds[n % 2] + octets + (index * count + n).to_bytes(4) for n in range(count)))


def _large(index: int, count: int) -> tuple[tuple[int, int, int], ...]:
    return tuple((4_200_000_000, index, number) for number in range(count))


ATTRIBUTE_KINDS: Final[dict[str, AttributeKind]] = {
    "none but the mandatory": AttributeKind(_EXTERNAL, lambda _: {}),
    "AS_PATH of 30": AttributeKind(_EXTERNAL, lambda index: {AttributeCode.AS_PATH: (_path(index, 30),)}),
    "AS_PATH with AS_SET": AttributeKind(
        _EXTERNAL,
        lambda index: {AttributeCode.AS_PATH: (_path(index, 3), (int(SegmentType.AS_SET), (65100, 65101, 65102)))},
    ),
    "MULTI_EXIT_DISC": AttributeKind(_EXTERNAL, lambda index: {AttributeCode.MULTI_EXIT_DISC: index}),
    "LOCAL_PREF": AttributeKind(_INTERNAL, _reflected),
    "ATOMIC_AGGREGATE": AttributeKind(_EXTERNAL, lambda _: {AttributeCode.ATOMIC_AGGREGATE: True}),
    "AGGREGATOR": AttributeKind(
        _EXTERNAL, lambda index: {AttributeCode.AGGREGATOR: (4_200_000_000 + index, "192.0.2.77")}
    ),
    "2 COMMUNITIES": AttributeKind(_EXTERNAL, lambda index: {AttributeCode.COMMUNITIES: _communities(index, 2)}),
    "50 COMMUNITIES": AttributeKind(_EXTERNAL, lambda index: {AttributeCode.COMMUNITIES: _communities(index, 50)}),
    "ORIGINATOR_ID": AttributeKind(
        _INTERNAL, lambda index: _reflected(index) | {AttributeCode.ORIGINATOR_ID: f"192.0.2.{index}"}
    ),
    "CLUSTER_LIST of 3": AttributeKind(
        _INTERNAL,
        lambda index: (
            _reflected(index) | {AttributeCode.CLUSTER_LIST: tuple(f"192.0.{number}.{index}" for number in range(3))}
        ),
    ),
    "2 EXTENDED_COMMUNITIES": AttributeKind(
        _EXTERNAL, lambda index: {AttributeCode.EXTENDED_COMMUNITIES: _extended(index, 2)}
    ),
    "20 EXTENDED_COMMUNITIES": AttributeKind(
        _EXTERNAL, lambda index: {AttributeCode.EXTENDED_COMMUNITIES: _extended(index, 20)}
    ),
    "2 LARGE_COMMUNITIES": AttributeKind(_EXTERNAL, lambda index: {AttributeCode.LARGE_COMMUNITIES: _large(index, 2)}),
    "50 LARGE_COMMUNITIES": AttributeKind(
        _EXTERNAL, lambda index: {AttributeCode.LARGE_COMMUNITIES: _large(index, 50)}
    ),
    "an unassigned attribute": AttributeKind(_EXTERNAL, lambda index: {_UNASSIGNED: bytes(7) + index.to_bytes(1)}),
}
"""Each kind by its name. LOCAL_PREF, which an internal session wants, stands beside ORIGINATOR_ID and CLUSTER_LIST."""
