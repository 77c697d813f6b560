"""The decoder refuses what is no valid UPDATE. (That it reads valid ones right is tested with the builders.)"""

import pytest

from benchmarks.wire import IPV4_UNICAST, IPV6_UNICAST, MalformedMessage, Nlri, Session, decode_update, ten_route_update

ORIGIN = "40 01 01 00"
AS_PATH = "40 02 06 02 01 0000fde9"
NEXT_HOP = "40 03 04 c0000201"
NLRI = "18 c63364"
NEXT_HOP6 = "20010db8000000000000000000000001"


def body(attributes="", nlri="", withdrawn=""):
    fields = [bytes.fromhex(field) for field in (withdrawn, attributes, nlri)]
    return len(fields[0]).to_bytes(2) + fields[0] + len(fields[1]).to_bytes(2) + fields[1] + fields[2]


def routes(extra="", *, origin=ORIGIN, as_path=AS_PATH, next_hop=NEXT_HOP):
    return body(origin + as_path + next_hop + extra, NLRI)


def test_the_parts_of_these_tests_are_valid_together():
    truth = decode_update(routes(), Session())
    assert truth.announced == ((Nlri(1, 1, "198.51.100.0/24"), "192.0.2.1"),)


@pytest.mark.parametrize(
    ("octets", "complaint"),
    [
        (b"", "withdrawn routes length at octet 0 is outside a body of 0 octets"),
        (b"\0", "withdrawn routes length at octet 0 is outside"),
        (b"\0\0\0", "path attributes length at octet 2 is outside"),
        (b"\0\5\0\0", "path attributes length at octet 7 is outside"),
        (b"\0\0\0\1", "path attributes of 1 octets overrun a body of 4"),
        (body("40"), "path attribute at octet 0 ends within its header"),
        (body("50 01 00"), "path attribute at octet 0 ends within its header"),
        (body("40 01 02 00"), "ORIGIN of 2 octets overruns"),
        (routes(ORIGIN), "ORIGIN is there twice"),
        (routes("c0 01 01 00"), "ORIGIN has flags 0xc0: wrong Optional or Transitive bit"),
        (routes("40 08 04 00000001"), "COMMUNITIES has flags 0x40: wrong"),
        (routes("c0 04 04 00000001"), "MULTI_EXIT_DISC has flags 0xc0: wrong"),
        (routes("40 63 00"), "attribute 99 says it is well-known"),
        (routes("00 63 00"), "attribute 99 says it is well-known"),
        (routes(origin="60 01 01 00"), "ORIGIN is partial"),
        (routes("a0 04 04 00000001"), "MULTI_EXIT_DISC is partial"),
        (routes(next_hop=""), "NEXT_HOP is missing"),
        (routes(origin=""), "ORIGIN is missing"),
        (routes(as_path=""), "AS_PATH is missing"),
        (routes(origin="40 01 02 0000"), "ORIGIN has 2 octets, not 1"),
        (routes(origin="40 01 01 03"), "ORIGIN is 3, not"),
        (routes(next_hop="40 03 05 c000020101"), "NEXT_HOP has 5 octets, not 4"),
        (routes("80 04 03 000001"), "MULTI_EXIT_DISC has 3 octets, not 4"),
        (routes("40 05 05 0000000001"), "LOCAL_PREF has 5 octets, not 4"),
        (routes("40 06 01 00"), "ATOMIC_AGGREGATE has 1 octets, not 0"),
        (routes("c0 07 06 fde9 0a000001"), "AGGREGATOR has 6 octets, not 8"),
        (routes("c0 07 08 00000000 0a000001"), "AGGREGATOR names AS 0"),
        (routes("c0 08 05 0000000000"), "COMMUNITIES has 5 octets, not 4 or a multiple"),
        (routes("c0 08 00"), "COMMUNITIES has 0 octets"),
        (routes("80 0a 06 0a0000010a00"), "CLUSTER_LIST has 6 octets"),
        (routes("c0 10 09 000000000000000000"), "EXTENDED_COMMUNITIES has 9 octets"),
        (routes("c0 12 06 fde9 0a000001"), "AS4_AGGREGATOR has 6 octets, not 8"),
        (routes("c0 20 0b 0000000000000000000000"), "LARGE_COMMUNITIES has 11 octets"),
        (routes(as_path="40 02 01 02"), "AS_PATH ends within the header of a segment"),
        (routes(as_path="40 02 04 02 01 fde9"), "AS_PATH has a segment of type 2 with 1 AS numbers"),
        (routes(as_path="40 02 02 02 00"), "AS_PATH has a segment of type 2 with 0 AS numbers"),
        (routes(as_path="40 02 06 05 01 0000fde9"), "AS_PATH has a segment of type 5"),
        (routes(as_path="40 02 06 02 01 00000000"), "AS_PATH holds AS 0"),
        (body(ORIGIN + AS_PATH + NEXT_HOP, "21 c633640101"), "prefix length 33 at octet 0 of the NLRI is above 32"),
        (body(ORIGIN + AS_PATH + NEXT_HOP, "08 0a 18 c633"), "prefix of 3 octets at octet 2 overruns"),
        (body("", "", "18 c633"), "prefix of 3 octets at octet 0 overruns"),
        (routes("80 0e 04 0002 01 10"), "MP_REACH_NLRI of 4 octets is too short"),
        (routes(f"80 0e 15 0001 01 10 {NEXT_HOP6} 00"), "MP_REACH_NLRI of family 1/1: only IPv6 unicast"),
        (routes("80 0e 09 0002 01 04 0a000001 00"), "an IPv6 next hop of 4 octets"),
        (routes(f"80 0e 14 0002 01 10 {NEXT_HOP6}"), "next hop of 16 octets overruns MP_REACH_NLRI"),
        (routes(f"80 0e 16 0002 01 10 {NEXT_HOP6} 00 81"), "prefix length 129 at octet 0 of the NLRI is above 128"),
        (routes("80 0f 02 0002"), "MP_UNREACH_NLRI of 2 octets is too short"),
        (routes("80 0f 03 0002 02"), "MP_UNREACH_NLRI of family 2/2: only IPv6 unicast"),
        (routes("80 0f 05 0002 01 30 20"), "prefix of 6 octets at octet 0 overruns"),
    ],
)
def test_malformed(octets, complaint):
    with pytest.raises(MalformedMessage) as caught:
        decode_update(octets, Session())
    assert str(caught.value).startswith(complaint) or complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_truncation_of_an_update_is_refused_or_says_less():
    octets = ten_route_update(Session()).body
    whole = decode_update(octets, Session())
    last_field = len(octets) - sum(1 + (int(n.prefix.split("/")[1]) + 7) // 8 for n, _ in whole.announced)
    for end in range(len(octets)):
        try:
            truth = decode_update(octets[:end], Session())
        except MalformedMessage:
            continue
        # The NLRI field has no length of its own: cut between two prefixes the rest is valid.
        assert end >= last_field
        assert truth.announced == whole.announced[: len(truth.announced)] != whole.announced


@pytest.mark.parametrize(
    ("octets", "family"),
    [
        (routes(), IPV6_UNICAST),
        (body("", "", "08 0a"), IPV6_UNICAST),
        (body(f"80 0e 16 0002 01 10 {NEXT_HOP6} 00 00"), IPV4_UNICAST),
        (body("80 0f 04 0002 01 00"), IPV4_UNICAST),
    ],
)
def test_a_family_that_was_not_negotiated(octets, family):
    with pytest.raises(MalformedMessage, match="which the session does not have"):
        decode_update(octets, Session(families=(family,)))


def test_path_identifiers_are_read_only_where_negotiated():
    octets = body(ORIGIN + AS_PATH + NEXT_HOP, "00000000 08 0a")
    read = [n for n, _ in decode_update(octets, Session(addpath=frozenset({IPV4_UNICAST}))).announced]
    assert read == [Nlri(1, 1, "10.0.0.0/8", 0)]
    without = [n.prefix for n, _ in decode_update(octets, Session()).announced]
    assert without == ["0.0.0.0/0"] * 4 + ["10.0.0.0/8"]
    with pytest.raises(MalformedMessage, match="ends within its path identifier"):
        decode_update(body("", "", "00000001"), Session(addpath=frozenset({IPV4_UNICAST})))


def test_bits_behind_the_prefix_are_ignored():
    octets = body(ORIGIN + AS_PATH + NEXT_HOP, "0a 0aff 01 ff 16 c63367")
    read = [n.prefix for n, _ in decode_update(octets, Session()).announced]
    assert read == ["10.192.0.0/10", "128.0.0.0/1", "198.51.100.0/22"]


def test_of_two_ipv6_next_hops_the_global_one_counts():
    link_local = "fe800000000000000000000000000001"
    octets = body(f"80 0e 2c 0002 01 20 {NEXT_HOP6} {link_local} 00 30 20010db80001" + ORIGIN + AS_PATH)
    assert decode_update(octets, Session()).announced == ((Nlri(2, 1, "2001:db8:1::/48"), "2001:db8::1"),)


def test_flags_that_do_not_matter_are_accepted():
    """Extended length of a short attribute, Partial on an optional transitive one, the four unused bits."""
    truth = decode_update(routes("f0 08 0004 00000001 c3 10 08 0002fde900000001"), Session())
    assert truth.attributes[8] == (1,)
    assert truth.attributes[16] == (bytes.fromhex("0002fde900000001"),)
