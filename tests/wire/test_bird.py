"""BIRD, a BGP speaker that routers run, accepts the fixtures and reads in them what their truths say."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from benchmarks.wire import (
    AFI,
    IPV4_UNICAST,
    IPV6_UNICAST,
    AttributeCode,
    Nlri,
    SegmentType,
    Session,
    end_of_rib,
    fitted_stream,
    keepalive,
    large_update,
    link_local_next_hop_update,
    notification,
    open_message,
    simple_update,
    ten_route_update,
    update,
)
from tests.wire.bird import BIRD, BIRDCL, OWN, PEER_ID, Notified, neighbours, sent_by_router, shown

pytestmark = pytest.mark.skipif(not (BIRD and BIRDCL), reason="BIRD is not installed: apt-get install bird2")

BOTH = frozenset({IPV4_UNICAST, IPV6_UNICAST})
SESSIONS = {
    "plain": Session(),
    "ADD-PATH": Session(addpath=BOTH),
    "ADD-PATH for IPv6": Session(addpath=frozenset({IPV6_UNICAST})),
    "two-octet AS": Session(asn4=False),
    "extended message": Session(extended_message=True),
    "internal": Session(local_as=65001),
    "internal, two-octet AS, ADD-PATH": Session(local_as=65001, asn4=False, addpath=BOTH),
    "four-octet neighbours": Session(local_as=4_200_000_000, peer_as=4_200_000_001),
    "IPv4": Session(families=(IPV4_UNICAST,)),
    "IPv6": Session(families=(IPV6_UNICAST,)),
}
every_session = pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)


@pytest.fixture
def established(tmp_path):
    """Call it with a session to have BIRD and a peer in it. In the end BIRD has complained of nothing."""

    def establish(session, options=""):
        peer = opened.enter_context(neighbours(tmp_path, session, options))
        peer.establish()
        peers.append(peer)
        return peer

    peers = []
    with ExitStack() as opened:
        yield establish
        for peer in peers:
            peer.settle()
            assert peer.bird.complaints() == []


class Table:
    """What a speaker must have after UPDATEs, by their truths alone."""

    def __init__(self, session):
        self._session = session
        self._routes = {}
        self._announced = self._withdrawn = 0

    def apply(self, build):
        """Messages for BIRD, made by a function of a session, and what BIRD must have of them.

        It shows AS_PATH and AGGREGATOR merged with AS4_PATH and AS4_AGGREGATOR: as they are with four-octet AS numbers.
        """
        messages = build(self._session)
        for message in build(replace(self._session, asn4=True)):
            truth = message.truth
            for nlri in truth.withdrawn:
                self._routes.pop(nlri, None)
            for nlri, next_hop in truth.announced:
                self._routes[nlri] = shown(nlri.prefix, next_hop, truth.attributes, self._session.internal)
            self._announced += len(truth.announced)
            self._withdrawn += len(truth.withdrawn)
        return messages

    @property
    def shown(self):
        return sorted(self._routes.values())

    @property
    def counts(self):
        return len(self._routes), self._announced, self._withdrawn


def check(peer, table):
    """BIRD has what the table says, and made it of as many announcements and withdrawals."""
    peer.settle()
    assert peer.bird.routes() == table.shown
    assert peer.bird.counts() == table.counts


@every_session
def test_the_open_asks_for_exactly_the_session(established, session):
    found = established(session).bird.session()
    truth = open_message(session, session.peer_as, PEER_ID).truth
    assert found["BGP state"] == "Established"
    assert found["Neighbor AS"] == str(truth.asn)
    assert found["Neighbor ID"] == truth.router_id
    assert found["Hold timer"].endswith(f"/{truth.hold_time}")
    names = {IPV4_UNICAST: "ipv4", IPV6_UNICAST: "ipv6"}
    families = " ".join(names[family] for family in truth.families)
    capabilities = {"Multiprotocol": "", "AF announced": families, "Route refresh": ""}
    if truth.asn4:
        capabilities["4-octet AS numbers"] = ""
    if truth.extended_message:
        capabilities["Extended message"] = ""
    if truth.addpath:
        addpath = " ".join(names[family] for family in sorted(truth.addpath))
        capabilities |= {"ADD-PATH": "", "RX": addpath, "TX": addpath}
    said = {title.removeprefix("Neighbor "): text for title, text in found.items() if title.startswith("Neighbor ")}
    assert {title: said[title] for title in said if title not in ("address", "AS", "ID")} == capabilities
    kind = "internal" if session.internal else "external"
    assert found["Session"] == f"{kind} multihop{' AS4' if session.asn4 else ''}"
    for family, name in names.items():
        assert found[f"Channel {name} State"] == ("UP" if family in session.families else "DOWN")


@pytest.mark.parametrize("hold_time", [0, 60, 65535])
def test_a_hold_time_is_as_asked_for(tmp_path, hold_time):
    with neighbours(tmp_path, Session(), options="hold time 65535;") as peer:
        peer.establish(hold_time)
        assert peer.bird.session()["Hold timer"].endswith(f"/{hold_time}")
        assert peer.bird.complaints() == []


@every_session
def test_updates_of_each_size_and_their_withdrawal(established, session):
    def announced(session):
        return [
            *(simple_update(session, index) for index in (0, 1, 999)),
            *(ten_route_update(session, index) for index in (2000, 2001)),
            large_update(session, 100, 1000),
            large_update(session, 200, 1001),
        ]

    def withdrawn(session):
        routes = [[nlri for nlri, _ in message.truth.announced] for message in announced(session)]
        return [update(session, withdraw=members) for members in routes[:-1]]

    peer, table = established(session), Table(session)
    peer.send(*table.apply(announced))
    check(peer, table)
    assert table.counts == (3 + 20 + 300, 3 + 20 + 300, 0)
    peer.send(*table.apply(withdrawn))
    check(peer, table)
    assert table.counts == (200, 3 + 20 + 300, 3 + 20 + 100)


@every_session
def test_a_stream(established, session):
    peer, table = established(session), Table(session)
    peer.send(*table.apply(lambda session: fitted_stream(2000, session)))
    check(peer, table)
    assert len(table.shown) > (900 if IPV4_UNICAST in session.families else 200)


def test_both_families_announced_and_withdrawn_in_one_update(established):
    def build(session):
        return [
            update(session, announce=["192.0.2.0/25", "2001:db8:2::/47", "0.0.0.0/1"]),
            update(
                session,
                announce=["2001:db8:1::/48", "10.0.0.0/9", "198.51.100.1/32", "2001:db8::1/128", "8000::/1"],
                withdraw=["2001:db8:2::/47", "192.0.2.0/25"],
                attributes={AttributeCode.MULTI_EXIT_DISC: 0xFFFFFFFF},
                next_hop="198.51.100.9",
                next_hop6="2001:db8::9:9",
            ),
        ]

    peer, table = established(Session()), Table(Session())
    peer.send(*table.apply(build))
    check(peer, table)
    assert table.counts == (6, 8, 2)


def test_default_routes(established):
    peer, table = established(Session()), Table(Session())
    peer.send(*table.apply(lambda session: [update(session, announce=["0.0.0.0/0", "::/0"])]))
    check(peer, table)


def test_a_next_hop_with_a_link_local_address(established):
    """One route, and both addresses are its next hop."""
    peer = established(Session())
    message = link_local_next_hop_update(Session())
    peer.send(message)
    peer.settle()
    assert peer.bird.counts() == (1, 1, 0)
    ((prefix, attributes),) = peer.bird.routes()
    ((nlri, next_hop),) = message.truth.announced
    assert prefix == nlri.prefix
    assert dict(attributes)["next_hop"] == f"{next_hop} fe80::1"


def test_an_extended_message(established):
    """As long as can be: more than fifteen times what other sessions allow."""
    session = Session(extended_message=True)
    prefixes = [f"{10 + n // 65536}.{n // 256 % 256}.{n % 256}.0/24" for n in range(16373)]
    peer, table = established(session), Table(session)
    (message,) = table.apply(lambda session: [update(session, announce=prefixes)])
    assert len(message.wire) == 65535
    peer.send(message)
    check(peer, table)


ATTRIBUTES = {
    AttributeCode.ORIGIN: 1,
    AttributeCode.AS_PATH: (
        (int(SegmentType.AS_SEQUENCE), (65001, 4_200_000_009, 64999)),
        (int(SegmentType.AS_SET), (64997, 70000)),
        (int(SegmentType.AS_SEQUENCE), (64998,)),
    ),
    AttributeCode.MULTI_EXIT_DISC: 4_000_000_000,
    AttributeCode.LOCAL_PREF: 77,
    AttributeCode.ATOMIC_AGGREGATE: True,
    AttributeCode.AGGREGATOR: (4_200_000_009, "198.51.100.1"),
    AttributeCode.COMMUNITIES: (65001 << 16 | 5, 70 << 16 | 65535, 0xFFFF029A),
    AttributeCode.ORIGINATOR_ID: "198.51.100.2",
    AttributeCode.CLUSTER_LIST: ("198.51.100.3", "198.51.100.4"),
    AttributeCode.EXTENDED_COMMUNITIES: (
        bytes.fromhex("0002 fde9 00011170"),
        bytes.fromhex("0003 fde9 00000005"),
        bytes.fromhex("0102 c6336401 0007"),
        bytes.fromhex("0202 fa56ea09 0008"),
        bytes.fromhex("4004 fde9 00000009"),
        bytes.fromhex("4300 0000 00000002"),
    ),
    AttributeCode.AIGP: bytes.fromhex("01 000b 00000000000003e9"),
    AttributeCode.LARGE_COMMUNITIES: ((4_200_000_000, 0, 0xFFFFFFFF), (65001, 2, 3)),
    99: b"unknown",
}
NOT_FROM_ANOTHER_AS = (AttributeCode.LOCAL_PREF, AttributeCode.ORIGINATOR_ID, AttributeCode.CLUSTER_LIST)


def with_attributes(attributes, session):
    path_id = 9 if session.addpath else None
    if session.internal:
        ((kind, (_, *asns)), *rest) = attributes[AttributeCode.AS_PATH]
        attributes = {**attributes, AttributeCode.AS_PATH: ((kind, tuple(asns)), *rest)}
    return [
        update(session, announce=[Nlri(1, 1, "10.0.0.0/8", path_id)], attributes=attributes),
        update(session, announce=[Nlri(2, 1, "2001:db8:1::/48", path_id)], attributes=attributes),
    ]


def test_every_attribute_is_among_them():
    # These `update` writes by itself.
    written = {"NEXT_HOP", "MP_REACH_NLRI", "MP_UNREACH_NLRI", "AS4_PATH", "AS4_AGGREGATOR"}
    # These have no place in unicast.
    others = {"PMSI_TUNNEL", "TUNNEL_ENCAPSULATION", "BGP_LS", "PREFIX_SID"}
    assert {code for code in AttributeCode if code.name not in written | others} | {99} == set(ATTRIBUTES)


@pytest.mark.parametrize("name", ["internal", "internal, two-octet AS, ADD-PATH"])
def test_every_attribute(established, name):
    session = SESSIONS[name]
    peer, table = established(session), Table(session)
    messages = table.apply(lambda session: with_attributes(ATTRIBUTES, session))
    assert (AttributeCode.AS4_AGGREGATOR in messages[0].truth.attributes) == (not session.asn4)
    peer.send(*messages)
    check(peer, table)


@pytest.mark.parametrize("name", ["plain", "two-octet AS"])
def test_every_attribute_that_leaves_an_as(established, name):
    session = SESSIONS[name]
    attributes = {code: value for code, value in ATTRIBUTES.items() if code not in NOT_FROM_ANOTHER_AS}
    peer, table = established(session), Table(session)
    peer.send(*table.apply(lambda session: with_attributes(attributes, session)))
    check(peer, table)


@pytest.mark.parametrize("asn4", [True, False])
def test_a_confederation(established, asn4):
    """RFC 5065: the peer is another member, so the path begins with a confederation's segment."""
    attributes = {code: value for code, value in ATTRIBUTES.items() if code not in NOT_FROM_ANOTHER_AS[1:]}
    path = ATTRIBUTES[AttributeCode.AS_PATH]
    attributes[AttributeCode.AS_PATH] = (
        (int(SegmentType.AS_CONFED_SEQUENCE), (65001, 65002)),
        (int(SegmentType.AS_CONFED_SET), (65003, 65004)),
        *path,
    )
    session = Session(asn4=asn4)
    peer = established(session, options="confederation 64512; confederation member yes;")
    table = Table(session)
    peer.send(*table.apply(lambda session: with_attributes(attributes, session)))
    check(peer, table)


@pytest.mark.parametrize("asn4", [True, False])
def test_a_path_of_many_segments(established, asn4):
    """BIRD shows only its beginning, so it is read from a dump."""
    asns = tuple(100_000 + n for n in range(400))
    path = tuple((int(SegmentType.AS_SEQUENCE), members) for members in (asns[:255], asns[255:]))
    session = Session(asn4=asn4, local_as=65001)
    peer = established(session)
    peer.send(update(session, announce=["10.0.0.0/8"], attributes={AttributeCode.AS_PATH: path}))
    peer.settle()
    ((nlri, attributes),) = peer.bird.dump(AFI.IPV4)
    assert nlri.prefix == "10.0.0.0/8"
    assert dict(attributes)[AttributeCode.AS_PATH] == path


def test_path_identifiers(established):
    """BIRD tells paths apart by them, and has the same numbers."""
    session = SESSIONS["ADD-PATH"]
    peer, table = established(session), Table(session)
    ids = (0, 1, 2, 0x01020304, 0xFFFFFFFF)

    def announced(session, ids, med):
        return [
            update(
                session,
                announce=[Nlri(1, 1, "10.0.0.0/8", number), Nlri(2, 1, "2001:db8::/32", number)],
                attributes={AttributeCode.MULTI_EXIT_DISC: med + position},
            )
            for position, number in enumerate(ids)
        ]

    def identifiers():
        return [sorted(nlri.path_id or 0 for nlri, _ in peer.bird.dump(afi)) for afi in AFI]

    peer.send(*table.apply(lambda session: announced(session, ids, 100)))
    check(peer, table)
    assert len(table.shown) == 10
    assert identifiers() == [sorted(ids)] * 2

    peer.send(
        *table.apply(
            lambda session: [
                update(session, withdraw=[Nlri(1, 1, "10.0.0.0/8", 2), Nlri(2, 1, "2001:db8::/32", 0xFFFFFFFF)]),
                *announced(session, (1,), 300),
            ]
        )
    )
    check(peer, table)
    assert identifiers() == [[0, 1, 0x01020304, 0xFFFFFFFF], [0, 1, 2, 0x01020304]]


@every_session
def test_end_of_rib(established, session):
    """BIRD does not log of which family, but in a session of one it would refuse the other's."""
    peer = established(session)
    for family in session.families:
        peer.send(end_of_rib(session, *family))
    peer.settle()
    assert len(peer.bird.log("Got END-OF-RIB")) == len(session.families)
    assert peer.bird.counts() == (0, 0, 0)


def test_route_refresh_and_keepalive(established):
    session = Session()
    peer = established(session)
    peer.send(keepalive())
    for family in (IPV4_UNICAST, IPV6_UNICAST, IPV4_UNICAST):
        assert peer.refresh(*family) == [OWN[AFI(family[0])]]
    assert len(peer.bird.log("Got ROUTE-REFRESH")) == 3
    assert len(peer.bird.log("Got KEEPALIVE")) == 2


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (notification(1, 2, b"\x10\x01"), "Bad message length: 1001"),
        (notification(2, 2, b"\xfd\xe9"), "Bad peer AS: 65001"),
        (notification(3, 5, b"\x40\x01\x02\0\0"), "Invalid attribute length: 4001020000"),
        (notification(4, 0), "Hold timer expired"),
        (notification(5, 3, b"\x01"), "Unexpected message in Established state: 01"),
        (notification(6, 1, b"\0\1\1\0\0\0\5"), "Maximum number of prefixes reached: 00010100000005"),
        (notification(6, 2), "Administrative shutdown"),
        (notification(6, 4, b"\x08so long!"), 'Administrative reset: "so long!"'),
        (notification(7, 1), "Invalid ROUTE-REFRESH message length"),
    ],
)
def test_a_notification_ends_the_session(tmp_path, message, words):
    with neighbours(tmp_path, Session()) as peer:
        peer.establish()
        peer.send(simple_update(Session()))
        peer.settle()
        peer.send(message)
        with pytest.raises(AssertionError, match="BIRD closed the connection"):
            peer.receive()
        assert peer.bird.complaints() == [f"<RMT> tester: Received: {words}"]
        found = peer.bird.session()
        assert found["Last error"] == f"Received: {words.partition(':')[0]}"
        assert found["BGP state"] != "Established"


# That BIRD and these tests notice what is wrong: octets, and the NOTIFICATION that it sends.
def framed(body, kind=2):
    return b"\xff" * 16 + (19 + len(body)).to_bytes(2) + bytes([kind]) + body


def one_route(path_attributes, nlri="080a"):
    """An UPDATE of these attributes and NLRI in hexadecimal."""
    attributes = bytes.fromhex(path_attributes)
    return framed(b"\0\0" + len(attributes).to_bytes(2) + attributes + bytes.fromhex(nlri))


GOOD = "40010100 40020602010000fde9 400304c0000201"


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        (one_route(GOOD, "210a00000000"), (3, 10)),
        (one_route(GOOD, "200a"), (3, 1)),
        (framed(bytes.fromhex("0009 080a 0000")), (3, 1)),
        (framed(b"", 9), (1, 3)),
        (framed(b"\0\1", 5), (1, 2)),
        (large_update(Session(extended_message=True), 1000).wire, (1, 2)),
        (b"\xfe" + keepalive().wire[1:], (1, 1)),
        (open_message(Session(), 65001, PEER_ID).wire, (5, 3)),
    ],
    ids=[
        "a prefix of 33 bits",
        "a prefix cut short",
        "withdrawn routes beyond the message",
        "no known type",
        "a ROUTE-REFRESH cut short",
        "more than 4,096 octets",
        "a broken marker",
        "a second OPEN",
    ],
)
def test_broken_octets_make_it_notify(tmp_path, octets, error):
    with neighbours(tmp_path, Session()) as peer:
        peer.establish()
        peer.send(octets)
        with pytest.raises(Notified) as caught:
            peer.receive()
        assert caught.value.args == error
        assert peer.bird.complaints()


@pytest.mark.parametrize(
    ("message", "error"),
    [
        (open_message(Session(), 65009, PEER_ID), (2, 2)),
        (open_message(Session(), 65001, "0.0.0.0"), (2, 3)),
        (framed(open_message(Session(), 65001, PEER_ID).body.replace(b"\0\xb4", b"\0\1", 1), 1), (2, 6)),
        (framed(b"\5" + open_message(Session(), 65001, PEER_ID).body[1:], 1), (2, 1)),
        (keepalive(), (5, 1)),
    ],
    ids=["another AS", "no router id", "a hold time of one second", "version 5", "no OPEN"],
)
def test_it_refuses_what_is_no_proper_open(tmp_path, message, error):
    with neighbours(tmp_path, Session()) as peer:
        peer.send(message)
        with pytest.raises(Notified) as caught:
            while peer.receive():
                pass
        assert caught.value.args == error
        assert peer.bird.complaints()


@pytest.mark.parametrize(
    "path_attributes",
    [
        GOOD.replace("40010100", "40010109"),
        GOOD.replace("40010100", ""),
        GOOD.replace("40010100", "4001020000"),
        GOOD.replace("0201", "0202"),
        GOOD.replace("fde9", "fdea"),
        GOOD[:-2],
        GOOD.replace("400304c0000201", ""),
        GOOD + "800403000001",
        GOOD + "c00803000001",
        GOOD + "c0200400000001",
    ],
    ids=[
        "ORIGIN 9",
        "no ORIGIN",
        "a long ORIGIN",
        "a segment beyond AS_PATH",
        "a path that the peer is not in",
        "an attribute cut short",
        "no NEXT_HOP",
        "a short MED",
        "a short community",
        "a short large community",
    ],
)
def test_a_broken_attribute_is_noticed(tmp_path, path_attributes):
    """RFC 7606: its route counts as withdrawn, the session goes on."""
    with neighbours(tmp_path, Session()) as peer:
        peer.establish()
        peer.send(one_route(GOOD))
        peer.settle()
        assert peer.bird.counts() == (1, 1, 0)
        assert peer.bird.complaints() == []
        peer.send(one_route(path_attributes))
        peer.settle()
        assert peer.bird.counts()[0] == 0
        assert peer.bird.complaints()


@pytest.mark.parametrize("code", [code for code in ATTRIBUTES if code != 99], ids=lambda code: code.name)
def test_wrong_flags_of_any_attribute_are_noticed(tmp_path, code):
    """So those that it accepts have the right ones."""
    session = Session(local_as=65001)
    message = update(session, announce=["10.0.0.0/8"], attributes={code: ATTRIBUTES[code]})
    body, at = bytearray(message.body), 4
    while body[at + 1] != code:
        at += 3 + body[at + 2]
    body[at] ^= 0x40
    with neighbours(tmp_path, session) as peer:
        peer.establish()
        peer.send(framed(bytes(body)))
        peer.settle()
        assert "conflicting flags" in " ".join(peer.bird.complaints())


def test_another_table_is_noticed(established):
    """Each detail of a truth counts in what BIRD is compared with."""
    session = Session(local_as=65001, addpath=BOTH)
    peer, table = established(session), Table(session)
    peer.send(*table.apply(lambda session: with_attributes(ATTRIBUTES, session)))
    check(peer, table)
    (message, _) = with_attributes(ATTRIBUTES, session)
    truth, found = message.truth, peer.bird.routes()
    ((nlri, hop),) = truth.announced
    others = {
        AttributeCode.ORIGIN: 2,
        AttributeCode.AS_PATH: truth.attributes[2][:2],
        AttributeCode.MULTI_EXIT_DISC: 1,
        AttributeCode.LOCAL_PREF: 1,
        AttributeCode.AGGREGATOR: (1, "198.51.100.1"),
        AttributeCode.COMMUNITIES: truth.attributes[8][1:],
        AttributeCode.ORIGINATOR_ID: "198.51.100.9",
        AttributeCode.CLUSTER_LIST: truth.attributes[10][::-1],
        AttributeCode.EXTENDED_COMMUNITIES: truth.attributes[16][:-1],
        AttributeCode.AIGP: bytes(11),
        AttributeCode.LARGE_COMMUNITIES: truth.attributes[32][:1],
        99: b"unknowm",
    }
    assert shown(nlri.prefix, hop, truth.attributes, internal=True) in found
    assert shown(nlri.prefix, "192.0.2.2", truth.attributes, internal=True) not in found
    for code, other in others.items():
        assert shown(nlri.prefix, hop, truth.attributes | {code: other}, internal=True) not in found
    for code in truth.attributes.keys() - {AttributeCode.NEXT_HOP}:
        fewer = {kept: content for kept, content in truth.attributes.items() if kept != code}
        assert shown(nlri.prefix, hop, fewer, internal=True) not in found


def test_bird_announces_in_the_octets_that_we_write(tmp_path):
    """In an order of its own. Where it stops before the end it is woken: in three seconds it would go on by itself."""
    session = Session(families=(IPV4_UNICAST,))
    messages = [simple_update(session, index) for index in range(3000)]
    sent = sent_by_router(tmp_path, session, messages)
    assert sent != [message.wire for message in messages]
    assert sorted(sent) == sorted(message.wire for message in messages)


def test_nothing_is_left_when_a_test_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), neighbours(tmp_path, Session()) as peer:
        peer.establish()
        process, connection = peer.bird._process, peer._socket
        raise ZeroDivisionError
    assert process.returncode is not None
    assert connection.fileno() == -1
    assert not (tmp_path / "bird.ctl").exists()
