"""The whole table: each prefix once, of the lengths that the Internet's has, in UPDATEs that say so."""

import tracemalloc
from collections import Counter
from ipaddress import ip_network
from itertools import islice

import pytest

from benchmarks.wire import (
    HEADER_SIZE,
    IPV4_UNICAST,
    IPV6_UNICAST,
    AttributeCode,
    FullTable,
    Session,
    UpdateTruth,
    decode_update,
    fitted_stream,
)
from benchmarks.wire.full_table import LENGTHS

SESSIONS = [Session(families=(IPV4_UNICAST,)), Session(families=(IPV6_UNICAST,))]
both = pytest.mark.parametrize("session", SESSIONS, ids=["IPv4", "IPv6"])
SOME = 20_000


def decoded(table: FullTable, updates: int | None = None) -> list[UpdateTruth]:
    return [decode_update(octets[HEADER_SIZE:], table.session) for octets in islice(table.updates(), updates)]


def text(afi: int, length: int, network: int) -> str:
    bits = 32 if afi == 1 else 128
    return str(ip_network((network << (bits - length), length)))


@pytest.mark.parametrize(("afi", "routes", "mean"), [(1, 1_040_000, 22.9), (2, 223_000, 42.9)])
def test_the_lengths_are_those_of_the_table(afi: int, routes: int, mean: float) -> None:
    lengths = LENGTHS[afi]
    assert sum(lengths.values()) == routes
    assert sum(length * of for length, of in lengths.items()) / routes == pytest.approx(mean, abs=0.05)
    assert max(lengths, key=lambda length: lengths[length]) == (24 if afi == 1 else 48)


@both
def test_each_prefix_of_the_whole_is_there_once_and_is_known_by_its_number(session: Session) -> None:
    table = FullTable(session)
    assert Counter(length for length, _ in table.prefixes()) == LENGTHS[table.afi]
    assert len(set(table.prefixes())) == table.routes == table.whole
    assert [number for numbers in table.numbers() for number in numbers] == list(range(table.whole))
    # A hundredth of them, from everywhere.
    numbers = [table.number(text(table.afi, *prefix)) for prefix in islice(table.prefixes(), 0, None, 100)]
    assert None not in numbers
    assert len(set(numbers)) == len(numbers)


@both
def test_a_beginning_has_the_shares_of_the_whole(session: Session) -> None:
    table = FullTable(session, SOME)
    found = Counter(length for length, _ in table.prefixes())
    for length, of in LENGTHS[table.afi].items():
        assert found[length] == pytest.approx(of * SOME / table.whole, abs=1)
    assert [number for numbers in table.numbers() for number in numbers] == sorted(
        number for prefix in table.prefixes() if (number := table.number(text(table.afi, *prefix))) is not None
    )


@both
def test_the_updates_announce_the_prefixes_and_nothing_else(session: Session) -> None:
    table = FullTable(session, SOME)
    truths = decoded(table)
    announced = [nlri.prefix for truth in truths for nlri, _ in truth.announced]
    assert announced == [text(table.afi, *prefix) for prefix in table.prefixes()]
    assert not any(truth.withdrawn for truth in truths)
    assert {hop for truth in truths for _, hop in truth.announced} == {("192.0.2.1", "2001:db8::1")[table.afi - 1]}
    # Those of a table, and not of one route each.
    assert SOME / len(truths) == pytest.approx(6, abs=0.5)
    assert sum(len(truth.announced) == 1 for truth in truths) / len(truths) == pytest.approx(0.44, abs=0.02)


@both
def test_the_attributes_are_those_of_the_fitted_traffic_and_hardly_any_come_twice(session: Session) -> None:
    truths = decoded(FullTable(session), 12_000)
    assert len({tuple(truth.attributes.items()) for truth in truths}) > 0.97 * len(truths)
    traffic = [message.truth for message in fitted_stream(5000, session) if message.truth.announced]
    for code in (AttributeCode.COMMUNITIES, AttributeCode.LARGE_COMMUNITIES, AttributeCode.MULTI_EXIT_DISC):
        share, fitted = (sum(code in truth.attributes for truth in of) / len(of) for of in (truths, traffic))
        assert share == pytest.approx(fitted, abs=0.06)
    lengths = [
        sum(len(truth.attributes[AttributeCode.AS_PATH][0][1]) for truth in of) / len(of) for of in (truths, traffic)
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.05)


@both
def test_it_is_the_same_each_time(session: Session) -> None:
    assert [*islice(FullTable(session).updates(), 500)] == [*islice(FullTable(session).updates(), 500)]


def test_no_more_than_a_part_of_it_is_there_at_a_time() -> None:
    """Twelve thousand UPDATEs, 74,000 routes, take less than what half as many addresses would as objects."""
    tracemalloc.start()
    try:
        for _ in islice(FullTable(SESSIONS[0]).updates(), 12_000):
            pass
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16 << 20


@pytest.mark.parametrize("prefix", ["1.0.0.0/25", "127.0.0.0/24", "1.0.1.0/24", "1.0.0.1/24", "0.0.0.0/8", "1.0.0.0/0"])
def test_a_prefix_of_another_table_has_no_number(prefix: str) -> None:
    table = FullTable(SESSIONS[0])
    assert table.number("1.0.0.0/24") is not None
    assert table.number(prefix) is None


@pytest.mark.parametrize(
    ("session", "routes"),
    [
        (Session(), None),
        (Session(families=(IPV4_UNICAST,), addpath=frozenset({IPV4_UNICAST})), None),
        (SESSIONS[0], 0),
        (SESSIONS[1], 223_001),
    ],
)
def test_what_is_no_table_is_refused(session: Session, routes: int | None) -> None:
    with pytest.raises(ValueError, match="table"):
        FullTable(session, routes)
