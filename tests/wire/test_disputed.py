"""UPDATEs of which the eras of ExaBGP make different routes: what other people's decoders make of them."""

from io import BytesIO

import mrtparse
import pytest

from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    Nlri,
    Session,
    UpdateTruth,
    decode_update,
    link_local_next_hop_update,
)
from benchmarks.wire.decode import link_local_next_hop
from tests.wire.independent import by_mrtparse, by_scapy, scapy_message
from tests.wire.mrt_writer import record

GLOBAL, LINK_LOCAL = "2001:db8::1", "fe80::1"


def test_octets_of_a_next_hop_with_a_link_local_address():
    message = link_local_next_hop_update(Session())
    octets = """
        0000 003c
        80 0e 2c 0002 01 20 20010db8000000000000000000000001 fe800000000000000000000000000001 00 30 20010db80001
        40 01 01 00
        40 02 06 02 01 0000fde9
    """
    assert message.body == bytes.fromhex(octets)
    assert message.truth == UpdateTruth(
        announced=((Nlri(2, 1, "2001:db8:1::/48"), GLOBAL),), withdrawn=(), attributes={1: 0, 2: ((2, (65001,)),)}
    )


@pytest.mark.parametrize("session", [Session(), Session(asn4=False), Session(families=(IPV6_UNICAST,))])
def test_other_decoders_find_one_route_with_both_addresses(session):
    message = link_local_next_hop_update(session)
    assert decode_update(message.body, session) == message.truth
    assert link_local_next_hop(message.body) == LINK_LOCAL
    assert by_mrtparse(message, session) == message.truth
    announced, withdrawn, _ = by_scapy(message, session)
    assert (announced, withdrawn) == (["2001:db8:1::/48"], [])
    (entry,) = mrtparse.Reader(BytesIO(record(link_local_next_hop_update(Session()).wire)))
    (reach,) = [a["value"] for a in entry.data["bgp_message"]["path_attributes"] if 14 in a["type"]]
    assert reach["next_hop"] == [GLOBAL, LINK_LOCAL]
    (reach,) = [a.attribute for a in scapy_message(message, asn4=session.asn4).path_attr if a.type_code == 14]
    assert reach.nh_addr_len == 32
    assert (reach.nh_v6_global, reach.nh_v6_link_local) == (GLOBAL, LINK_LOCAL)


def test_a_session_that_can_not_carry_it():
    with pytest.raises(ValueError, match="does not carry its family"):
        link_local_next_hop_update(Session(families=(IPV4_UNICAST,)))
    with pytest.raises(ValueError, match="ADD-PATH"):
        link_local_next_hop_update(Session(addpath=frozenset({IPV6_UNICAST})))
