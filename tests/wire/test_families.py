import re
from ipaddress import IPv4Address

import pytest

from benchmarks.wire.families import FAMILIES, ROUTES, l2vpn
from tests.wire.tshark import TSHARK, by_tshark

# tshark 4.0 has no name for the routes of these.
UNKNOWN = {name for name in FAMILIES if "mobile" in name or "SR policies" in name}
IN_ITS_WORDS = {"=tcp": ("=6",), "=syn": ("= S",), ">200&<300": ("200", "300")}


@pytest.mark.parametrize("name", FAMILIES)
def test_routes_are_all_different_and_say_different_things(name):
    family = FAMILIES[name]
    messages = family.updates(10)
    routes = [route for message in messages for route in (*message.truth.announced, *message.truth.withdrawn)]
    assert len(routes) == 10 * family.routes
    assert len({route.octets for route in routes}) == len({route.says for route in routes}) == len(routes)
    if not family.withdrawn:
        assert len({message.body for message in messages}) == 10
        assert all(message.truth.attributes >= 3 for message in messages)
        assert len({message.truth.says for message in messages}) == 10


def test_every_route_type_of_evpn_is_there():
    assert ROUTES % len(l2vpn.EVPN_ROUTES) == 0
    (message,) = FAMILIES["EVPN"].updates(1)
    assert {route.octets[0] for route in message.truth.announced} == {1, 2, 3, 4, 5}


def words_of(name, value):
    """How tshark puts a value."""
    if value in IN_ITS_WORDS:
        return IN_ITS_WORDS[value]
    if "FlowSpec" in name and value.startswith("65000:"):
        return (f"({value.partition(':')[2]})",)
    if "BGP-LS" in name and value.startswith("192.0.2."):
        return (IPv4Address(value).packed.hex(),)
    # Here and there it leaves the length of a prefix out.
    return (value.removeprefix("target:").partition("/")[0],)


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", sorted(FAMILIES.keys() - UNKNOWN))
def test_tshark_reads_the_routes(name, tmp_path):
    messages = FAMILIES[name].updates(5)
    for message, text in zip(messages, by_tshark(messages, tmp_path), strict=True):
        assert not re.search("malformed|expert info|unknown", text, re.IGNORECASE), text
        for route in (*message.truth.announced, *message.truth.withdrawn):
            for value in route.says:
                for words in words_of(name, value):
                    assert re.search(rf"(?<![\w.]){re.escape(words)}(?![\w.])", text, re.IGNORECASE), (value, text)
        if message.truth.next_hop:
            assert message.truth.next_hop in text


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
def test_tshark_sees_what_is_wrong(tmp_path):
    """It is strict enough to be asked: a route that ends too early is seen."""
    (message,) = FAMILIES["VPNv4"].updates(1)
    shorter = message.truth.announced[-1].octets[:-1]
    body = message.body.replace(message.truth.announced[-1].octets, shorter + b"\xff")
    (text,) = by_tshark([type(message)(message.type, body, None)], tmp_path)
    last = message.truth.announced[-1].says[0]
    assert last not in text or re.search("malformed|expert info", text, re.IGNORECASE)
