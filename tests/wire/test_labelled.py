"""Labelled routes (RFC 8277) and routes of VPNs (RFC 4364, RFC 4659): octets written by hand, and mrtparse."""

from io import BytesIO

import mrtparse
import pytest

from benchmarks.wire import MalformedMessage, Nlri, Session, decode_update, simple_update, simple_updates, update
from tests.wire import mrt_writer

FAMILIES = [(1, 4), (2, 4), (1, 128), (2, 128)]
ATTRIBUTES = "40 01 01 00 40 02 06 02 01 0000fde9"


def labelled(family: tuple[int, int], prefix: str, label: int | None = 19) -> Nlri:
    return Nlri(*family, prefix, None, label, "65000:4" if family[1] == 128 else None)


@pytest.mark.parametrize(
    ("family", "prefix", "octets"),
    [
        ((1, 4), "10.1.0.0/16", "80 0e 0f 0001 04 04 c0000201 00 28 000131 0a01"),
        ((2, 4), "2001:db8::/32", "80 0e 1d 0002 04 10 20010db8000000000000000000000001 00 38 000131 20010db8"),
        (
            (1, 128),
            "10.1.0.0/16",
            "80 0e 1f 0001 80 0c 0000000000000000 c0000201 00 68 000131 0000fde800000004 0a01",
        ),
        (
            (2, 128),
            "2001:db8::/32",
            "80 0e 2d 0002 80 18 0000000000000000 20010db8000000000000000000000001 00 78 000131 0000fde800000004"
            " 20010db8",
        ),
    ],
)
def test_octets_of_a_route(family: tuple[int, int], prefix: str, octets: str) -> None:
    session = Session(families=(family,))
    message = update(session, announce=[labelled(family, prefix)])
    assert message.body[4:] == bytes.fromhex(octets + ATTRIBUTES)
    assert message.truth == decode_update(message.body, session)
    (((nlri, hop),), attributes) = message.truth.announced, message.truth.attributes
    assert nlri == labelled(family, prefix)
    assert hop == ("192.0.2.1" if family[0] == 1 else "2001:db8::1")
    assert 3 not in attributes


def test_octets_of_a_withdrawal() -> None:
    session = Session(families=((1, 128),))
    message = update(session, withdraw=[labelled((1, 128), "10.1.0.0/16", None)])
    assert message.body == bytes.fromhex("0000 0014 80 0f 11 0001 80 68 800000 0000fde800000004 0a01")
    assert decode_update(message.body, session) == message.truth
    # A label there says nothing: RFC 8277, section 2.4.
    for label in ("000131", "000000"):
        body = bytes.fromhex(f"0000 0014 80 0f 11 0001 80 68 {label} 0000fde800000004 0a01")
        assert decode_update(body, session) == message.truth


@pytest.mark.parametrize("family", [(1, 128), (2, 128)])
def test_mrtparse_agrees(family: tuple[int, int]) -> None:
    """It reads VPN families; it knows none that is only labelled."""
    message = simple_update(Session(families=(family,)), 3)
    (entry,) = list(mrtparse.Reader(BytesIO(mrt_writer.record(message.wire, mrt_writer.MESSAGE_AS4))))
    assert not entry.err
    reach = entry.data["bgp_message"]["path_attributes"][0]["value"]
    ((nlri, hop),) = message.truth.announced
    assert reach["next_hop"] == [hop]
    (route,) = reach["nlri"]
    # With the traffic class and the bit that says it is the last.
    assert route["label"] == [nlri.label << 4 | 1]
    assert route["route_distinguisher"] == nlri.distinguisher
    assert f"{route['prefix']}/{route['length'] - 24 - 64}" == nlri.prefix


@pytest.mark.parametrize("family", FAMILIES)
def test_batches_are_of_the_family(family: tuple[int, int]) -> None:
    session = Session(families=(family,))
    messages = simple_updates(session, 40)
    assert [decode_update(message.body, session) for message in messages] == [message.truth for message in messages]
    assert {nlri[:2] for message in messages for nlri, _ in message.truth.announced} == {family}
    assert len({nlri for message in messages for nlri, _ in message.truth.announced}) == 40


def test_what_does_not_go_together_is_refused() -> None:
    session = Session(families=tuple(FAMILIES))
    for routes, complaint in (
        ([labelled((1, 4), "10.0.0.0/8"), labelled((1, 128), "10.0.0.0/8")], "do not go into one UPDATE"),
        ([labelled((1, 4), "10.0.0.0/8", None)], "announced without a label"),
        ([Nlri(1, 128, "10.0.0.0/8", None, 5)], "asks for another label or route distinguisher"),
        ([Nlri(1, 4, "10.0.0.0/8", None, 5, "65000:1")], "asks for another label or route distinguisher"),
    ):
        with pytest.raises(ValueError, match=complaint):
            update(session, announce=routes)


@pytest.mark.parametrize(
    ("octets", "complaint"),
    [
        ("80 0e 0f 0001 04 04 c0000201 00 10 000131 0a01", "ends before its prefix"),
        ("80 0e 0f 0001 04 04 c0000201 00 28 000130 0a01", "more than one label"),
        ("80 0e 0f 0001 04 04 c0000201 00 28 800000 0a01", "without a label"),
        ("80 0e 0f 0001 04 04 c0000201 00 48 000131 0a01", "prefix length 48"),
        ("80 0e 0d 0001 04 04 c0000201 00 28 000131", "overruns"),
        ("80 0e 1f 0001 80 0c 0000000000000001 c0000201 00 68 000131 0000fde800000004 0a01", "is not zero"),
        ("80 0e 1f 0001 80 0c 0000000000000000 c0000201 00 68 000131 0001fde800000004 0a01", "has type 1, not 0"),
        ("80 0e 17 0001 80 04 c0000201 00 68 000131 0000fde800000004 0a01", "an IPv4 next hop of 4 octets"),
    ],
)
def test_malformed(octets: str, complaint: str) -> None:
    attributes = bytes.fromhex(octets + ATTRIBUTES)
    with pytest.raises(MalformedMessage, match=complaint):
        decode_update(bytes(2) + len(attributes).to_bytes(2) + attributes, Session(families=tuple(FAMILIES)))
