import pytest

from benchmarks.wire import (
    AFI,
    IPV4_UNICAST,
    IPV6_UNICAST,
    SAFI,
    AttributeCode,
    MessageType,
    Nlri,
    SegmentType,
    Session,
    UpdateTruth,
    decode_update,
    end_of_rib,
    update,
)
from tests.wire.independent import by_mrtparse, by_scapy

SEQUENCE = int(SegmentType.AS_SEQUENCE)
BOTH = frozenset({IPV4_UNICAST, IPV6_UNICAST})


def test_octets_of_one_ipv4_route():
    message = update(
        Session(),
        announce=["198.51.100.0/24"],
        attributes={AttributeCode.AS_PATH: ((SEQUENCE, (65001, 4_200_000_000)),)},
        next_hop="192.0.2.9",
    )
    assert message.type == MessageType.UPDATE
    octets = """
        0000 0018
        40 01 01 00
        40 02 0a 02 02 0000fde9 fa56ea00
        40 03 04 c0000209
        18 c63364
    """
    assert message.body == bytes.fromhex(octets)
    assert message.truth == UpdateTruth(
        announced=((Nlri(1, 1, "198.51.100.0/24"), "192.0.2.9"),),
        withdrawn=(),
        attributes={1: 0, 2: ((2, (65001, 4_200_000_000)),), 3: "192.0.2.9"},
    )


def test_octets_of_routes_of_both_families_announced_and_withdrawn():
    message = update(
        Session(),
        announce=["2001:db8:1::/48", "10.0.0.0/9"],
        withdraw=["2001:db8:2::/47", "192.0.2.0/25"],
    )
    octets = """
        0005 19 c0000200
        0040
        80 0f 0a 0002 01 2f 20010db80002
        80 0e 1c 0002 01 10 20010db8000000000000000000000001 00 30 20010db80001
        40 01 01 00
        40 02 06 02 01 0000fde9
        40 03 04 c0000201
        09 0a00
    """
    assert message.body == bytes.fromhex(octets)
    assert message.truth.announced == (
        (Nlri(1, 1, "10.0.0.0/9"), "192.0.2.1"),
        (Nlri(2, 1, "2001:db8:1::/48"), "2001:db8::1"),
    )
    assert message.truth.withdrawn == (Nlri(1, 1, "192.0.2.0/25"), Nlri(2, 1, "2001:db8:2::/47"))


def test_octets_of_path_identifiers():
    session = Session(addpath=frozenset({IPV4_UNICAST}))
    message = update(
        session,
        announce=[Nlri(1, 1, "10.0.0.0/8", 7), Nlri(1, 1, "10.0.0.0/8", 0xFFFFFFFF), "2001:db8::/32"],
        withdraw=[Nlri(1, 1, "0.0.0.0/0", 1)],
    )
    assert message.body.startswith(bytes.fromhex("0005 00000001 00"))
    assert message.body.endswith(bytes.fromhex("00000007 08 0a ffffffff 08 0a"))
    assert bytes.fromhex("00 20 20010db8") in message.body
    assert decode_update(message.body, session) == message.truth


def test_two_octet_as_numbers():
    message = update(
        Session(asn4=False),
        announce=["10.0.0.0/8"],
        attributes={
            AttributeCode.AS_PATH: ((SegmentType.AS_CONFED_SEQUENCE, (65010,)), (SEQUENCE, (65001, 70000))),
            AttributeCode.AGGREGATOR: (70000, "10.1.1.1"),
        },
    )
    octets = """
        40 01 01 00
        40 02 0a 03 01 fdf2 02 02 fde9 5ba0
        40 03 04 c0000201
        c0 07 06 5ba0 0a010101
        c0 11 0a 02 02 0000fde9 00011170
        c0 12 08 00011170 0a010101
    """
    assert message.body[4:-2] == bytes.fromhex(octets)
    assert message.truth.attributes == {
        1: 0,
        2: ((3, (65010,)), (2, (65001, 23456))),
        3: "192.0.2.1",
        7: (23456, "10.1.1.1"),
        17: ((2, (65001, 70000)),),
        18: (70000, "10.1.1.1"),
    }


def test_two_octet_as_numbers_that_fit_need_no_attribute_more():
    message = update(
        Session(asn4=False), announce=["10.0.0.0/8"], attributes={AttributeCode.AGGREGATOR: (65535, "10.1.1.1")}
    )
    assert list(message.truth.attributes) == [1, 2, 3, 7]
    assert message.truth.attributes[7] == (65535, "10.1.1.1")


def test_within_one_as_the_path_is_empty_and_there_is_a_local_preference():
    message = update(Session(local_as=65001), announce=["10.0.0.0/8"])
    assert message.truth.attributes == {1: 0, 2: (), 3: "192.0.2.1", 5: 100}
    assert message.body[4:-2] == bytes.fromhex("40010100 400200 400304c0000201 40050400000064")


@pytest.mark.parametrize(
    ("code", "value", "octets"),
    [
        (AttributeCode.ORIGIN, 2, "40 01 01 02"),
        (AttributeCode.MULTI_EXIT_DISC, 0xFFFFFFFF, "80 04 04 ffffffff"),
        (AttributeCode.LOCAL_PREF, 0, "40 05 04 00000000"),
        (AttributeCode.ATOMIC_AGGREGATE, True, "40 06 00"),
        (AttributeCode.AGGREGATOR, (70000, "10.0.0.1"), "c0 07 08 00011170 0a000001"),
        (AttributeCode.COMMUNITIES, (65001 << 16 | 5, 0xFFFFFF01), "c0 08 08 fde90005 ffffff01"),
        (AttributeCode.ORIGINATOR_ID, "10.0.0.1", "80 09 04 0a000001"),
        (AttributeCode.CLUSTER_LIST, ("10.0.0.1", "10.0.0.2"), "80 0a 08 0a000001 0a000002"),
        (AttributeCode.EXTENDED_COMMUNITIES, (b"\0\2\xfd\xe9\0\0\0\5",), "c0 10 08 0002fde900000005"),
        (AttributeCode.PMSI_TUNNEL, b"\0\6", "c0 16 02 0006"),
        (AttributeCode.AIGP, b"\1\0\x0b" + bytes(8), "80 1a 0b 01 000b 0000000000000000"),
        (AttributeCode.LARGE_COMMUNITIES, ((70000, 1, 2),), "c0 20 0c 00011170 00000001 00000002"),
        (200, b"\1\2\3", "c0 c8 03 010203"),
        (200, bytes(256), "d0 c8 0100" + "00" * 256),
        (200, bytes(255), "c0 c8 ff" + "00" * 255),
    ],
)
def test_octets_of_each_attribute(code, value, octets):
    message = update(Session(), announce=["10.0.0.0/8"], attributes={code: value})
    assert bytes.fromhex(octets) in message.body
    assert message.truth.attributes[code] == value
    assert type(message.truth.attributes[code]) is type(value)
    assert list(message.truth.attributes) == sorted(message.truth.attributes)
    assert decode_update(message.body, Session()) == message.truth
    assert by_mrtparse(message, Session()) == message.truth


def test_a_long_path_has_segments_and_an_extended_length():
    path = ((SEQUENCE, tuple(range(1, 256))), (SegmentType.AS_SET, (256, 257)))
    message = update(Session(), announce=["10.0.0.0/8"], attributes={AttributeCode.AS_PATH: path})
    assert bytes.fromhex("50 02 0408 02 ff 00000001") in message.body
    assert by_mrtparse(message, Session()) == message.truth
    assert message.truth.attributes[AttributeCode.AS_PATH] == path


def test_scapy_agrees():
    session = Session(local_as=65001)
    message = update(
        session,
        announce=["10.128.0.0/9", "192.0.2.255/32", "2001:db8::/32", "2001:db8::1/128"],
        withdraw=["198.51.100.0/24", "2001:db8:2::/48"],
        attributes={
            AttributeCode.ORIGIN: 2,
            AttributeCode.AS_PATH: ((SEQUENCE, (70000, 70001)), (int(SegmentType.AS_SET), (3, 4))),
            AttributeCode.MULTI_EXIT_DISC: 50,
            AttributeCode.ORIGINATOR_ID: "10.0.0.1",
            AttributeCode.CLUSTER_LIST: ("10.0.0.2",),
        },
    )
    announced, withdrawn, attributes = by_scapy(message, session)
    assert announced == [nlri.prefix for nlri, _ in message.truth.announced]
    assert withdrawn == [nlri.prefix for nlri in message.truth.withdrawn]
    assert attributes == message.truth.attributes
    assert len(attributes) == 7


def test_prefixes_come_out_canonical():
    message = update(Session(), announce=["2001:0DB8:0:0::/32"], next_hop6="2001:0DB8::0:9")
    assert message.truth.announced == ((Nlri(2, 1, "2001:db8::/32"), "2001:db8::9"),)
    assert decode_update(message.body, Session()) == message.truth


def test_enumerations_do_not_leak_into_the_truth():
    nlri = update(Session(), announce=[Nlri(AFI.IPV4, SAFI.UNICAST, "10.0.0.0/8")]).truth.announced[0][0]
    assert (type(nlri.afi), type(nlri.safi)) == (int, int)


@pytest.mark.parametrize(("afi", "octets"), [(AFI.IPV4, "0000 0000"), (AFI.IPV6, "0000 0006 80 0f 03 0002 01")])
def test_end_of_rib(afi, octets):
    message = end_of_rib(Session(), afi, SAFI.UNICAST)
    assert message.body == bytes.fromhex(octets)
    assert message.truth == decode_update(message.body, Session()) == UpdateTruth((), (), {})


def test_end_of_rib_of_a_family_that_is_not_there():
    with pytest.raises(ValueError, match="does not carry family 2/1"):
        end_of_rib(Session(families=(IPV4_UNICAST,)), 2, 1)


def refused(arguments, session=None):
    with pytest.raises(ValueError, match=r".+") as caught:
        update(session or Session(), **arguments)
    assert type(caught.value) is ValueError
    complaint = str(caught.value)
    assert "\n" not in complaint
    return complaint


@pytest.mark.parametrize(
    ("prefix", "complaint"),
    [
        ("192.0.2.1/24", "prefix '192.0.2.1/24' has host bits set behind its 24 bits"),
        ("2001:db8::1/32", "prefix '2001:db8::1/32' has host bits set behind its 32 bits"),
        ("10.0.0.0/33", "prefix '10.0.0.0/33' has no length between 0 and 32"),
        ("2001:db8::/129", "prefix '2001:db8::/129' has no length between 0 and 128"),
        ("10.0.0.0", "prefix '10.0.0.0' has no length between 0 and 32"),
        ("10.0.0.0/-1", "prefix '10.0.0.0/-1' has no length between 0 and 32"),
        ("10.0.0.0/²", "prefix '10.0.0.0/²' has no length between 0 and 32"),
        ("10.0.0/8", "prefix '10.0.0' is not an IPv4 address"),
        ("2001:db8/32", "prefix '2001:db8' is not an IPv6 address"),
        ("nonsense", "prefix 'nonsense' is not an IPv4 address"),
        (Nlri(1, 2, "10.0.0.0/8"), "10.0.0.0/8: family 1/2 is neither unicast, labelled nor VPN, of IPv4 or IPv6"),
        (Nlri(1, 128, "10.0.0.0/8"), "10.0.0.0/8: family 1/128 asks for another label or route distinguisher"),
        (Nlri(1, 1, "10.0.0.0/8", None, 5), "10.0.0.0/8: family 1/1 asks for another label or route distinguisher"),
        (
            Nlri(1, 1, "10.0.0.0/8", 1),
            "10.0.0.0/8 has a path identifier without ADD-PATH for family 1/1",
        ),
    ],
)
def test_a_prefix_that_is_none_is_refused(prefix, complaint):
    assert refused({"announce": [prefix]}) == complaint
    assert refused({"withdraw": [prefix]}) == complaint


def test_path_identifiers_are_checked():
    session = Session(addpath=BOTH)
    assert refused({"announce": ["10.0.0.0/8"]}, session) == (
        "10.0.0.0/8 has no path identifier despite ADD-PATH for family 1/1"
    )
    assert "does not fit 32 bits" in refused({"announce": [Nlri(2, 1, "::/0", 1 << 32)]}, session)
    assert "does not fit 32 bits" in refused({"announce": [Nlri(2, 1, "::/0", -1)]}, session)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (AttributeCode.ORIGIN, 3),
        (AttributeCode.ORIGIN, "IGP"),
        (AttributeCode.AS_PATH, (65001,)),
        (AttributeCode.AS_PATH, [(2, (65001,))]),
        (AttributeCode.AS_PATH, ((5, (65001,)),)),
        (AttributeCode.AS_PATH, ((2, ()),)),
        (AttributeCode.AS_PATH, ((2, (1,) * 256),)),
        (AttributeCode.AS_PATH, ((2, (0,)),)),
        (AttributeCode.AS_PATH, ((2, (1 << 32,)),)),
        (AttributeCode.AS_PATH, ((2, ("65001",)),)),
        (AttributeCode.MULTI_EXIT_DISC, 1 << 32),
        (AttributeCode.MULTI_EXIT_DISC, -1),
        (AttributeCode.LOCAL_PREF, "100"),
        (AttributeCode.ATOMIC_AGGREGATE, False),
        (AttributeCode.AGGREGATOR, (65001,)),
        (AttributeCode.AGGREGATOR, (65001, "2001:db8::1")),
        (AttributeCode.AGGREGATOR, (0, "10.0.0.1")),
        (AttributeCode.COMMUNITIES, ()),
        (AttributeCode.COMMUNITIES, ("65001:1",)),
        (AttributeCode.COMMUNITIES, (1 << 32,)),
        (AttributeCode.COMMUNITIES, 5),
        (AttributeCode.ORIGINATOR_ID, 5),
        (AttributeCode.ORIGINATOR_ID, "10.0.0"),
        (AttributeCode.CLUSTER_LIST, ("nonsense",)),
        (AttributeCode.CLUSTER_LIST, ()),
        (AttributeCode.EXTENDED_COMMUNITIES, (b"short",)),
        (AttributeCode.LARGE_COMMUNITIES, ((1, 2),)),
        (AttributeCode.LARGE_COMMUNITIES, ((1, 2, 1 << 32),)),
        (AttributeCode.LARGE_COMMUNITIES, (1,)),
        (AttributeCode.PMSI_TUNNEL, "text"),
        (0, b""),
        (256, b""),
        (AttributeCode.NEXT_HOP, "192.0.2.1"),
        (AttributeCode.MP_REACH_NLRI, b""),
        (AttributeCode.MP_UNREACH_NLRI, b""),
        (AttributeCode.AS4_PATH, ((2, (65001,)),)),
        (AttributeCode.AS4_AGGREGATOR, (65001, "10.0.0.1")),
    ],
)
def test_an_attribute_value_of_the_wrong_shape_is_refused(code, value):
    for session in (Session(), Session(asn4=False)):
        complaint = refused({"announce": ["10.0.0.0/8"], "attributes": {code: value}}, session)
        assert any(word in complaint for word in ("must be", "is not"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({}, "an UPDATE without a route is an End-of-RIB marker: use end_of_rib"),
        ({"announce": "10.0.0.0/8"}, "'10.0.0.0/8' must be in a list"),
        ({"withdraw": Nlri(1, 1, "10.0.0.0/8")}, "must be in a list"),
        ({"withdraw": ["10.0.0.0/8"], "attributes": {1: 0}}, "only withdraws routes has no path attributes"),
        ({"announce": ["10.0.0.0/8"], "next_hop": "2001:db8::1"}, "NEXT_HOP '2001:db8::1' is not an IPv4 address"),
        ({"announce": ["::/0"], "next_hop6": "10.0.0.1"}, "next_hop6 '10.0.0.1' is not an IPv6 address"),
    ],
)
def test_an_update_that_makes_no_sense_is_refused(arguments, complaint):
    assert complaint in refused(arguments)


def test_a_family_that_the_session_does_not_have_is_refused():
    only4, only6 = Session(families=(IPV4_UNICAST,)), Session(families=(IPV6_UNICAST,))
    assert refused({"announce": ["::/0"]}, only4) == "::/0: the session does not carry its family"
    assert refused({"withdraw": ["10.0.0.0/8"]}, only6) == "10.0.0.0/8: the session does not carry its family"


def test_the_longest_update():
    def prefixes(number):
        return [f"10.{n >> 8}.{n & 255}.0/24" for n in range(number)]

    # Header and fixed fields 23, ORIGIN 4, AS_PATH 9, NEXT_HOP 7.
    longest = update(Session(), announce=prefixes(1012), attributes={200: bytes(2)})
    assert len(longest.wire) == 23 + 4 + 9 + 7 + 5 + 4 * 1012 == 4096
    assert refused({"announce": prefixes(1012), "attributes": {200: bytes(3)}}) == (
        "UPDATE of 4097 octets is longer than the 4096 that are allowed"
    )
    extended = Session(extended_message=True)
    assert len(update(extended, announce=prefixes(16000)).wire) == 43 + 64000
    assert "longer than the 65535" in refused({"announce": prefixes(16400)}, extended)
