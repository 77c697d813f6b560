"""Routes of all address families, on the ExaBGP that this process imports."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.exabgp_compat.any_family import Said, routes_of
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.startup import start
from benchmarks.exabgp_compat.use import collection_of
from benchmarks.families_and_attributes import FamilyAttributeKinds
from benchmarks.wire import RoutesTruth
from benchmarks.wire.families import FAMILIES
from benchmarks.wire.families.commands import COMMANDS
from benchmarks.wire.families.kinds import FAMILY_KINDS
from benchmarks.work import any_family
from benchmarks.work.any_family import FamilyDecoding, family_kind, prove_said
from benchmarks.work.family_announcing import announcing_family, prove_written
from benchmarks.work.proof import WrongResultError

# Without those of which some commit of ExaBGP is wrong.
SOUND = (
    "IPv6 unicast",
    "IPv6 unicast, withdrawn",
    "IPv4 multicast",
    "IPv4 labelled",
    "IPv6 labelled",
    "VPNv4",
    "VPNv6",
)
SOUND += ("IPv4 FlowSpec", "IPv6 FlowSpec", "IPv4 FlowSpec VPN", "IPv6 FlowSpec VPN", "VPLS", "BGP-LS IPv4 prefixes")
SOUND += ("route targets", "IPv4 multicast VPN", "IPv4 SR policies", "IPv6 multicast")


def updates(name: str, messages: int = 2) -> list[Any]:
    return FAMILIES[name].updates(messages)


@pytest.mark.parametrize("name", SOUND)
def test_a_family_is_decoded_and_used(name: str) -> None:
    try:
        work = FamilyDecoding(updates(name), FAMILIES[name].session)
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    assert work.routes == 2 * FAMILIES[name].routes
    work.prepare()
    work.decode_and_use()


@pytest.mark.parametrize("cache", ["cold", "warm"])
@pytest.mark.parametrize("name", FAMILY_KINDS)
def test_an_attribute_of_a_family_is_decoded_and_used(name: str, cache: Any) -> None:
    kind = FAMILY_KINDS[name]
    try:
        work = family_kind(kind, 3, cache)
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    except WrongResultError as reason:
        assert name in {parameters[0] for parameters in FamilyAttributeKinds.faults}
        pytest.skip(f"this ExaBGP is wrong: {reason}")
    assert work.routes == work.messages == 3
    for _ in range(2):
        work.prepare()
        work.decode_and_use()
    wrong = replace(kind, says=lambda _: ("12345",))
    with pytest.raises(WrongResultError, match="the bytes say 12345"):
        family_kind(wrong, 3, cache)


def test_a_family_that_exabgp_does_not_know_is_not_applicable() -> None:
    speaker(FAMILIES["VPNv4"].session)
    with pytest.raises(NotImplementedError, match="does not know the address family 1/200"):
        any_family.require_family((1, 200))


def test_a_route_that_is_lost_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "VPNv4"
    one = speaker(FAMILIES[name].session)
    (message,) = updates(name, 1)
    (decoded,) = decoder(one)(*types_and_bodies([message]))
    assert routes_of(decoded, one) == (10, 0)

    def lose_one(update: Any, speaker: Any) -> tuple[int, int]:
        announced, withdrawn = routes_of(update, speaker)
        return announced - 1, withdrawn

    monkeypatch.setattr(any_family, "routes_of", lose_one)
    with pytest.raises(
        WrongResultError, match=r"ExaBGP has routes announced and withdrawn \(9, 0\), the bytes \(10, 0\)"
    ):
        FamilyDecoding([message], FAMILIES[name].session)
    assert collection_of(decoded, one)


SAID = Said(['{ "nlri": "10.0.0.0/24", "label": [ [100] ], "rd": "65000:0" }'], ["192.0.2.1"], '"x": "target:65000:0"')
TRUTH = updates("VPNv4", 1)[0].truth
TRUTH = RoutesTruth(TRUTH.family, TRUTH.announced[:1], (), TRUTH.next_hop, TRUTH.attributes, TRUTH.says)
WRONG = {
    "another prefix": SAID._replace(nlris=[SAID.nlris[0].replace("10.0.0.0", "110.0.0.0")]),
    "another length": SAID._replace(nlris=[SAID.nlris[0].replace("/24", "/25")]),
    "another label": SAID._replace(nlris=[SAID.nlris[0].replace("[100]", "[1000]")]),
    "another distinguisher": SAID._replace(nlris=[SAID.nlris[0].replace("65000:0", "65000:10")]),
    "another next hop": SAID._replace(next_hops=["192.0.2.2"]),
    "another target": SAID._replace(attributes='"x": "target:65000:1"'),
    "invalid JSON": SAID._replace(nlris=[SAID.nlris[0].replace(",", "")]),
    "invalid attributes": SAID._replace(attributes='"target:65000:0'),
}


def test_a_route_of_an_unknown_type_is_not_applicable() -> None:
    with pytest.raises(NotImplementedError, match="does not know the type"):
        prove_said([SAID._replace(nlris=['{ "code": 4, "parsed": false, "raw": "04" }'])], [TRUTH])


@pytest.mark.parametrize("what", WRONG)
def test_what_is_said_wrongly_is_refused(what: str) -> None:
    prove_said([SAID], [TRUTH])
    with pytest.raises(WrongResultError):
        prove_said([WRONG[what]], [TRUTH])


def test_exabgp_can_announce_no_family_that_is_left_out() -> None:
    """By the commands that sections of its configuration have, which are those of its API too."""
    start()
    from exabgp.configuration.configuration import Configuration

    sections = ("announce", "ipv4", "ipv6", "l2vpn", "static", "flow")
    words = {
        str(command).lower()
        for section, has in Configuration([])._structure.items()
        if section.lower().startswith(sections)
        for command in [*has["commands"], *has["sections"]]
    }
    assert {"unicast", "route", "vpls"} <= words
    assert not [word for word in words if any(name in word for name in ("evpn", "bgp-ls", "bgpls", "rtc", "target"))]
    # Of the families that are received all others have a command, here or in the benchmarks of announcing.
    elsewhere = {"IPv6 unicast", "IPv4 labelled", "IPv6 labelled", "VPNv4", "VPNv6"}
    without = {name for name in FAMILIES if "withdrawn" not in name} - {*COMMANDS} - elsewhere
    assert without == {name for name in FAMILIES if name.startswith(("EVPN", "BGP-LS", "route targets"))}


@pytest.mark.parametrize("name", [name for name in COMMANDS if not name.endswith("multicast")])
def test_routes_of_a_family_are_announced_each_once(name: str) -> None:
    try:
        written = announcing_family(name, 6).written()
    except NotImplementedError as reason:
        pytest.skip(str(reason))
    prove_written(written, name, 6)
    for wrong, words in (
        (written[1:], "of 6 routes are in no UPDATE"),
        ([*written, written[0]], "UPDATE [16] has .* which was told"),
    ):
        with pytest.raises(WrongResultError, match=words):
            prove_written(wrong, name, 6)
    with pytest.raises(WrongResultError, match="no command is about"):
        prove_written(written, name, 5)


def test_a_route_of_a_family_with_other_attributes_is_refused() -> None:
    written = announcing_family("VPLS", 2).written()
    target = bytes.fromhex("0002fde800000000")
    assert target in written[0]
    with pytest.raises(WrongResultError, match="UPDATE 0 has attributes"):
        prove_written([written[0].replace(target, target[:-1] + b"\1"), written[1]], "VPLS", 2)
