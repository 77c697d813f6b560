from itertools import product

import pytest

from benchmarks.wire import IPV4_UNICAST, IPV6_UNICAST, MessageType, OpenTruth, Session, open_message
from tests.wire.independent import scapy_message


def capabilities(message):
    """(code, value) of each capability, read from the octets by hand."""
    assert message.body[9] == len(message.body) - 10
    found, rest = [], message.body[10:]
    while rest:
        parameter, size = rest[0], rest[1]
        code, length = rest[2], rest[3]
        assert parameter == 2
        assert size == length + 2
        found.append((code, rest[4 : 4 + length]))
        rest = rest[2 + size :]
    return found


def test_octets_of_an_open():
    message = open_message(Session(families=(IPV4_UNICAST,)), 65001, "192.0.2.7", hold_time=90)
    assert message.type == MessageType.OPEN
    assert message.body == bytes.fromhex(
        "04 fde9 005a c0000207 14"
        "02 06 01 04 0001 00 01"  # multiprotocol, IPv4 unicast
        "02 02 02 00"  # route refresh
        "02 06 41 04 0000fde9"  # four-octet AS number
    )
    assert message.truth == OpenTruth(65001, "192.0.2.7", 90, (IPV4_UNICAST,), True, frozenset(), False)


@pytest.mark.parametrize(
    ("asn4", "addpath", "extended", "families"),
    list(
        product(
            (True, False),
            (frozenset(), frozenset({IPV4_UNICAST}), frozenset({IPV4_UNICAST, IPV6_UNICAST})),
            (True, False),
            ((IPV4_UNICAST, IPV6_UNICAST), (IPV4_UNICAST, IPV6_UNICAST, (1, 128))),
        )
    ),
)
def test_capabilities_say_what_the_session_has(asn4, addpath, extended, families):
    session = Session(asn4=asn4, addpath=addpath, extended_message=extended, families=families)
    message = open_message(session, 64512, "10.0.0.1")
    found = capabilities(message)
    assert [value for code, value in found if code == 1] == [bytes([0, afi, 0, safi]) for afi, safi in families]
    expected = [(2, b"")]
    expected += [(6, b"")] if extended else []
    expected += [(65, (64512).to_bytes(4))] if asn4 else []
    expected += [(69, b"".join(bytes([0, afi, safi, 3]) for afi, safi in sorted(addpath)))] if addpath else []
    assert [item for item in found if item[0] != 1] == expected


def test_scapy_reads_an_open_with_an_as_number_of_four_octets():
    session = Session(addpath=frozenset({IPV6_UNICAST}), extended_message=True, peer_as=4_200_000_000)
    packet = scapy_message(open_message(session, 4_200_000_000, "192.0.2.7", hold_time=30))
    assert (packet.version, packet.my_as, packet.hold_time, packet.bgp_id) == (4, 23456, 30, "192.0.2.7")
    read = [parameter.param_value for parameter in packet.opt_params]
    assert [capability.code for capability in read] == [1, 1, 2, 6, 65, 69]
    assert [(c.afi, c.safi) for c in read[:2]] == [(1, 1), (2, 1)]
    assert bytes(read[4])[-4:] == (4_200_000_000).to_bytes(4)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((Session(asn4=False), 70000, "192.0.2.1"), "AS number 70000 is not between 1 and 65535"),
        ((Session(), 0, "192.0.2.1"), "AS number 0 is not"),
        ((Session(), 1 << 32, "192.0.2.1"), "AS number 4294967296 is not"),
        ((Session(), 65001, "2001:db8::1"), "router id '2001:db8::1' is not an IPv4 address"),
        ((Session(), 65001, "192.0.2.1", 2), "hold time 2 is neither 0 nor between 3"),
        ((Session(), 65001, "192.0.2.1", 65536), "hold time 65536"),
        ((Session(families=tuple((n, 1) for n in range(1, 60))), 65001, "192.0.2.1"), "59 families do not fit"),
    ],
)
def test_an_open_out_of_range_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint) as caught:
        open_message(*arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"families": ()}, "without a family"),
        ({"families": (IPV4_UNICAST,), "addpath": frozenset({IPV6_UNICAST})}, "ADD-PATH is negotiated"),
        ({"asn4": False, "peer_as": 65536}, "AS number 65536"),
        ({"local_as": 0}, "AS number 0"),
    ],
)
def test_a_session_that_cannot_be_is_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        Session(**arguments)


def test_what_follows_from_a_session():
    assert Session(local_as=65001).internal
    assert not Session().internal
    assert Session().max_message_size == 4096
    assert Session(extended_message=True).max_message_size == 65535
