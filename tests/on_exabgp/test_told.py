"""What ExaBGP tells an API process is compared with what the bytes say, on the ExaBGP that this process imports."""

import json
import re
from typing import Any

import pytest

from benchmarks.exabgp_compat.encoders import ApiProcess, Encoder
from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    Message,
    Session,
    end_of_rib,
    keepalive,
    notification,
    open_message,
    route_refresh,
    simple_update,
    ten_route_update,
    update,
)
from benchmarks.wire.families import FAMILIES
from benchmarks.wire.message import Nlri
from benchmarks.work.proof import WrongResultError
from benchmarks.work.told import prove_told
from tests.on_exabgp.attributes import ATTRIBUTES

SESSION = Session()
ADD_PATH = Session(addpath=frozenset({IPV4_UNICAST, IPV6_UNICAST}))
UPDATES = [
    simple_update(SESSION),
    ten_route_update(SESSION, 1),
    update(SESSION, announce=["10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32"], attributes=ATTRIBUTES),
    update(SESSION, announce=["2001:db8::/32", "::/0"], attributes=ATTRIBUTES),
    update(SESSION, withdraw=["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"]),
    update(SESSION, announce=["10.0.0.0/9"], withdraw=["10.0.0.0/8", "2001:db8::/32"], attributes=ATTRIBUTES),
]
OTHERS = [
    open_message(SESSION, SESSION.peer_as, "192.0.2.2"),
    keepalive(),
    route_refresh(2, 1),
    end_of_rib(SESSION, 2, 1),
    notification(1, 2, b"\x10\x01"),
]


def told(messages: list[Message], encoder: Encoder, session: Session = SESSION) -> list[list[str]]:
    process = ApiProcess(session, encoder)
    return process.told(process.receive([message.wire for message in messages]))


def told_right(messages: list[Message], encoder: Encoder, session: Session = SESSION) -> list[list[str]]:
    """What is told, proven. Skips where this ExaBGP's JSON is invalid, after a look at the words."""
    pieces = told(messages, encoder, session)
    try:
        prove_told(pieces, messages, encoder)
    except WrongResultError as error:
        if "ExaBGP's JSON is invalid" not in str(error):
            raise
        with pytest.raises(ValueError, match="line 1 column"):
            json.loads(*pieces[0])
        pytest.skip(str(error))
    return pieces


@pytest.mark.parametrize("encoder", ["json", "text"])
@pytest.mark.parametrize("message", [*UPDATES, *OTHERS], ids=str)
def test_each_message_is_told_as_its_bytes_say(message: Message, encoder: Encoder) -> None:
    told_right([message], encoder)


@pytest.mark.parametrize("encoder", ["json", "text"])
def test_path_identifiers_are_told(encoder: Encoder) -> None:
    message = update(ADD_PATH, announce=[Nlri(1, 1, "10.0.0.0/8", 7), Nlri(1, 1, "10.0.0.0/8", 70000)])
    told_right([message], encoder, ADD_PATH)


@pytest.mark.parametrize("encoder", ["json", "text"])
def test_what_is_told_again_is_what_was_told(encoder: Encoder) -> None:
    process = ApiProcess(SESSION, encoder)
    wire = [message.wire for message in UPDATES]
    first, second = (process.told(process.receive(wire)) for _ in range(2))
    changing = r'"(time|counter)": [0-9.]+'
    assert [re.sub(changing, "", *pieces) for pieces in first] == [re.sub(changing, "", *pieces) for pieces in second]


CHANGED = {
    "a metric": (50, "51"),
    "an AS number": (4200000000, "4200000001"),
    "a route": ("192.0.2.1/32", "192.0.2.2/32"),
    "an aggregator": ("192.0.2.77", "192.0.2.78"),
    "a cluster": ("192.0.2.10", "192.0.2.11"),
}


@pytest.mark.parametrize("encoder", ["json", "text"])
@pytest.mark.parametrize("what", CHANGED)
def test_what_is_told_wrongly_is_refused(what: str, encoder: Encoder) -> None:
    message = UPDATES[2]
    ((text,),) = told_right([message], encoder)
    old, new = CHANGED[what]
    with pytest.raises(WrongResultError, match="ExaBGP tells"):
        prove_told([[re.sub(rf"\b{re.escape(str(old))}\b", new, text)]], [message], encoder)


def _without(text: str, encoder: Encoder, what: str) -> str:
    if encoder == "json":
        said = json.loads(text)
        contents: Any = said["neighbor"]["message"]["update"]
        if what == "route":
            del contents["announce"]["ipv4 unicast"]["192.0.2.1"][0]
        else:
            del contents["attribute"]["community"]
        return json.dumps(said)
    if what == "route":
        return re.sub("(?m)^.*announced.*\n", "", text, count=1)
    return re.sub(r" community \[.*?\]", "", text)


@pytest.mark.parametrize("encoder", ["json", "text"])
@pytest.mark.parametrize("what", ["route", "communities"])
def test_what_is_not_told_is_missed(what: str, encoder: Encoder) -> None:
    message = UPDATES[2]
    ((text,),) = told_right([message], encoder)
    with pytest.raises(WrongResultError, match="ExaBGP tells"):
        prove_told([[_without(text, encoder, what)]], [message], encoder)


@pytest.mark.parametrize("encoder", ["json", "text"])
@pytest.mark.parametrize("name", ["IPv6 unicast", "VPNv4", "IPv4 FlowSpec VPN", "VPLS"])
def test_routes_of_a_family_are_told(name: str, encoder: Encoder) -> None:
    family = FAMILIES[name]
    messages = family.updates(2)
    first, second = told_right(messages, encoder, family.session)
    with pytest.raises(WrongResultError, match=r"the bytes say|ExaBGP tells"):
        prove_told([second, first], messages, encoder)


@pytest.mark.parametrize("encoder", ["json", "text"])
def test_a_route_of_a_family_that_is_not_told_is_missed(encoder: Encoder) -> None:
    family = FAMILIES["VPNv4"]
    messages = family.updates(1)
    ((text,),) = told_right(messages, encoder, family.session)
    if encoder == "json":
        said = json.loads(text)
        ((routes,),) = (hops.values() for hops in said["neighbor"]["message"]["update"]["announce"].values())
        del routes[3]
        text = json.dumps(said)
    else:
        text = re.sub("(?m)^.*announced.*\n", "", text, count=1)
    with pytest.raises(WrongResultError, match="ExaBGP tells routes"):
        prove_told([[text]], messages, encoder)


def test_text_that_names_no_route_is_not_applicable() -> None:
    (message,) = FAMILIES["EVPN"].updates(1)
    lines = "".join("neighbor 127.1.0.0 receive update announced afi l2vpn safi evpn\n" for _ in range(10))
    with pytest.raises(NotImplementedError, match="does not name the routes"):
        prove_told([[lines]], [message], "text")


def test_invalid_json_is_refused_with_the_place() -> None:
    message = keepalive()
    ((text,),) = told_right([message], "json")
    with pytest.raises(WrongResultError, match=r"JSON is invalid, Expecting .* column .*nowhere"):
        prove_told([[text.replace('"type"', "nowhere")]], [message], "json")


@pytest.mark.parametrize("pieces", [[], ["", ""]])
def test_a_message_is_told_once(pieces: list[str]) -> None:
    with pytest.raises(WrongResultError, match=f"ExaBGP tells {len(pieces)} times of it"):
        prove_told([pieces], [keepalive()], "text")
    with pytest.raises(WrongResultError, match="ExaBGP tells of 0 messages, 1 were received"):
        prove_told([], [keepalive()], "text")
