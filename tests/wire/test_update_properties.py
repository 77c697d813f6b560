"""Any valid UPDATE is built so that two decoders read out of it what was put in."""

from ipaddress import IPv4Network, IPv6Network
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.wire import IPV4_UNICAST, IPV6_UNICAST, AttributeCode, Nlri, Session, decode_update, update
from tests.wire.independent import by_mrtparse, by_scapy

BOTH = frozenset({IPV4_UNICAST, IPV6_UNICAST})

asns = st.one_of(st.integers(1, 65535), st.integers(65536, 0xFFFFFFFF), st.just(23456))
u32 = st.integers(0, 0xFFFFFFFF)
ipv4 = st.ip_addresses(v=4).map(str)
segments = st.tuples(st.integers(1, 4), st.lists(asns, min_size=1, max_size=70).map(tuple))


def tuples(of, largest):
    return st.lists(of, min_size=1, max_size=largest).map(tuple)


ATTRIBUTES = {
    AttributeCode.ORIGIN: st.integers(0, 2),
    AttributeCode.AS_PATH: st.lists(segments, max_size=3).map(tuple),
    AttributeCode.MULTI_EXIT_DISC: u32,
    AttributeCode.LOCAL_PREF: u32,
    AttributeCode.ATOMIC_AGGREGATE: st.just(True),
    AttributeCode.AGGREGATOR: st.tuples(asns, ipv4),
    AttributeCode.COMMUNITIES: tuples(u32, 70),
    AttributeCode.ORIGINATOR_ID: ipv4,
    AttributeCode.CLUSTER_LIST: tuples(ipv4, 5),
    AttributeCode.EXTENDED_COMMUNITIES: tuples(st.binary(min_size=8, max_size=8), 40),
    AttributeCode.PMSI_TUNNEL: st.binary(max_size=300),
    AttributeCode.LARGE_COMMUNITIES: tuples(st.tuples(u32, u32, u32), 30),
    200: st.binary(max_size=300),
}


SCAPY_READS = {
    AttributeCode.ORIGIN,
    AttributeCode.AS_PATH,
    AttributeCode.MULTI_EXIT_DISC,
    AttributeCode.LOCAL_PREF,
    AttributeCode.ORIGINATOR_ID,
    AttributeCode.CLUSTER_LIST,
}


@st.composite
def networks(draw, shortest=0):
    if draw(st.booleans()):
        address, length = draw(st.integers(0, (1 << 32) - 1)), draw(st.integers(shortest, 32))
        return str(IPv4Network((address, length), strict=False))
    address, length = draw(st.integers(0, (1 << 128) - 1)), draw(st.integers(shortest, 128))
    return str(IPv6Network((address, length), strict=False))


@st.composite
def updates(draw, sessions, required=(), shortest=0, codes=tuple(ATTRIBUTES)):
    """(session, prefixes announced, prefixes withdrawn, attributes, message)"""
    session = draw(sessions)
    # mrtparse takes a prefix that is there twice for ADD-PATH.
    routes = draw(st.lists(networks(shortest), min_size=1, max_size=12, unique=True))
    if session.addpath:
        routes = [Nlri(2 if ":" in route else 1, 1, route, draw(u32)) for route in routes]
    cut = draw(st.integers(1 if required else 0, len(routes)))
    attributes = {}
    if cut:
        possible = {code: values for code, values in ATTRIBUTES.items() if code in codes}
        needed = {code: possible.pop(code) for code in required}
        attributes = draw(st.fixed_dictionaries(needed, optional=possible))
    message = update(session, announce=routes[:cut], withdraw=routes[cut:], attributes=attributes)
    return session, routes[:cut], routes[cut:], attributes, message


def sessions(asn4=(True, False), addpath=(frozenset(), BOTH)):
    return st.builds(
        Session, asn4=st.sampled_from(asn4), addpath=st.sampled_from(addpath), local_as=st.sampled_from([65000, 65001])
    )


def in_wire_order(routes):
    plain = [route if isinstance(route, Nlri) else Nlri(2 if ":" in route else 1, 1, route) for route in routes]
    return tuple(sorted(plain, key=lambda nlri: nlri.afi))


@settings(max_examples=300, deadline=None)
@given(updates(sessions()))
def test_decoders_read_what_was_put_in(case):
    session, announced, withdrawn, attributes, message = case
    truth = message.truth
    assert tuple(nlri._replace(prefix=canonical(nlri)) for nlri in in_wire_order(announced)) == tuple(
        nlri for nlri, _ in truth.announced
    )
    assert tuple(nlri._replace(prefix=canonical(nlri)) for nlri in in_wire_order(withdrawn)) == truth.withdrawn
    if session.asn4:
        assert {code: truth.attributes[code] for code in attributes} == attributes
    assert decode_update(message.body, session) == truth
    assert by_mrtparse(message, session) == truth


def canonical(nlri):
    # ipaddress writes ::ffff:0:0/96 and the like in hexadecimal groups, inet_ntop as IPv4 at the end.
    family = AF_INET if nlri.afi == 1 else AF_INET6
    host, _, length = nlri.prefix.partition("/")
    return f"{inet_ntop(family, inet_pton(family, host))}/{length}"


@settings(max_examples=60, deadline=None)
@given(updates(sessions(asn4=[True], addpath=[frozenset()]), shortest=1, codes=SCAPY_READS))
def test_scapy_agrees_without_add_path(case):
    session, _, _, _, message = case
    announced, withdrawn, attributes = by_scapy(message, session)
    assert announced == [nlri.prefix for nlri, _ in message.truth.announced]
    assert withdrawn == [nlri.prefix for nlri in message.truth.withdrawn]
    assert attributes == {code: message.truth.attributes[code] for code in attributes}
    assert (AttributeCode.AS_PATH in attributes) == bool(announced)


@settings(max_examples=150, deadline=None)
@given(updates(sessions(asn4=[False]), required=[AttributeCode.AS_PATH]))
def test_two_octet_as_numbers_lose_nothing(case):
    """AS_PATH and AS4_PATH together hold the path that was given (RFC 6793, section 4.2.3)."""
    _, _, _, attributes, message = case
    given_path = attributes[AttributeCode.AS_PATH]
    carried = message.truth.attributes
    if any(asn > 65535 for _, members in given_path for asn in members):
        assert carried[AttributeCode.AS4_PATH] == tuple(s for s in given_path if s[0] in (1, 2))
    else:
        assert AttributeCode.AS4_PATH not in carried
        assert carried[AttributeCode.AS_PATH] == given_path
    shape = [(kind, len(members)) for kind, members in given_path]
    assert [(kind, len(members)) for kind, members in carried[AttributeCode.AS_PATH]] == shape
