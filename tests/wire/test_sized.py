from itertools import product

import pytest

from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    AttributeCode,
    Session,
    decode_update,
    keepalive,
    large_update,
    notification,
    simple_update,
    ten_route_update,
    wide_update,
)
from tests.wire.independent import by_mrtparse

SESSIONS = [
    Session(asn4=asn4, addpath=addpath, local_as=local_as)
    for asn4, addpath, local_as in product(
        (True, False), (frozenset(), frozenset({IPV4_UNICAST, IPV6_UNICAST})), (65000, 65001)
    )
]
SESSIONS.append(Session(peer_as=4_200_000_000))
BUILDERS = {
    "simple": (simple_update, 1, 60, 80),
    "ten": (ten_route_update, 10, 200, 500),
    "large": (large_update, 100, 2000, 4000),
    "larger": (lambda session, index=0: large_update(session, 150, index), 150, 2000, 4000),
    "largest": (lambda session, index=0: large_update(session, 200, index), 200, 2000, 4000),
}


def test_messages_without_routes():
    assert len(keepalive().wire) == 19
    assert len(notification(6, 2).wire) == 21


@pytest.mark.parametrize("session", SESSIONS, ids=str)
@pytest.mark.parametrize(("build", "routes", "least", "most"), BUILDERS.values(), ids=BUILDERS)
def test_sizes(session, build, routes, least, most):
    for index in (0, 1, 254, 999, 10000):
        message = build(session, index=index)
        assert least <= len(message.wire) <= most
        assert len(message.truth.announced) == routes
        assert not message.truth.withdrawn
        assert {(nlri.afi, nlri.safi) for nlri, _ in message.truth.announced} == {IPV4_UNICAST}
        assert decode_update(message.body, session) == message.truth
        if index < 2:
            assert by_mrtparse(message, session) == message.truth


@pytest.mark.parametrize(("build", "routes"), [row[:2] for row in BUILDERS.values()], ids=BUILDERS)
def test_different_indexes_share_neither_prefixes_nor_attributes(build, routes):
    messages = [build(Session(), index=index) for index in [*range(300), 9_000, 10_000]]
    prefixes = [nlri.prefix for message in messages for nlri, _ in message.truth.announced]
    assert len(prefixes) == len(set(prefixes)) == 302 * routes
    assert len({repr(message.truth.attributes) for message in messages}) == 302
    # Apart from ORIGIN, NEXT_HOP and now and then a value, each attribute differs too.
    assert len({message.truth.attributes[2] for message in messages}) == 302
    assert len({message.truth.attributes[8] for message in messages}) == 302


def test_the_same_index_gives_the_same_message():
    assert large_update(Session(), index=7).wire == large_update(Session(), index=7).wire


def test_the_attributes_are_what_the_docstrings_say():
    def shape(message):
        return {
            code: len(value) if isinstance(value, tuple) and code != 7 else None
            for code, value in message.truth.attributes.items()
        }

    assert shape(simple_update(Session())) == {1: None, 2: 1, 3: None, 8: 2}
    assert shape(ten_route_update(Session())) == {1: None, 2: 1, 3: None, 4: None, 7: None, 8: 8, 32: 6}
    assert shape(large_update(Session())) == {1: None, 2: 1, 3: None, 4: None, 8: 56, 16: 40, 32: 84}
    assert len(large_update(Session()).truth.attributes[2][0][1]) == 24


def test_a_session_without_ipv4_gets_ipv6():
    session = Session(families=(IPV6_UNICAST,))
    for build, routes, least, _ in BUILDERS.values():
        message = build(session, index=3)
        assert len(message.truth.announced) == routes
        assert {(nlri.afi, nlri.safi) for nlri, _ in message.truth.announced} == {IPV6_UNICAST}
        assert least <= len(message.wire) <= 4096
        assert by_mrtparse(message, session) == decode_update(message.body, session) == message.truth
    prefixes = [n.prefix for i in range(3000) for n, _ in ten_route_update(session, i).truth.announced]
    assert len(set(prefixes)) == 30000


def test_an_index_out_of_range_is_refused():
    last = (126 << 14) // 10 - 1
    assert ten_route_update(Session(), last).truth.announced[-1][0].prefix.startswith("126.255.")
    for index in (-1, last + 1):
        with pytest.raises(ValueError, match=f"index {index} is not between 0 and {last}"):
            ten_route_update(Session(), index)


@pytest.mark.parametrize("session", [Session(), Session(asn4=False), Session(local_as=65001)])
def test_mrtparse_reads_as_numbers_of_four_octets(session):
    for index in (0, 9):
        message = wide_update(session, index)
        assert by_mrtparse(message, session) == message.truth == decode_update(message.body, session)
        assert (AttributeCode.AS4_PATH in message.truth.attributes) is not session.asn4
        assert (AttributeCode.AS4_AGGREGATOR in message.truth.attributes) is not session.asn4
