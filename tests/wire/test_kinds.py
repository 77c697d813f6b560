import re
from itertools import pairwise

import pytest

from benchmarks.wire import AttributeCode, decode_update, sharing_attributes
from benchmarks.wire.families.kinds import FAMILY_KINDS
from benchmarks.wire.families.written import attributes_of
from benchmarks.wire.kinds import ATTRIBUTE_KINDS
from tests.wire.independent import by_mrtparse, scapy_message
from tests.wire.tshark import TSHARK, by_tshark

MANDATORY = {"none but the mandatory": set(), "AS_PATH of 30": set(), "AS_PATH with AS_SET": set()}
# Beside ORIGIN, AS_PATH and NEXT_HOP; LOCAL_PREF, 5, within one AS.
CODES = MANDATORY | {
    "MULTI_EXIT_DISC": {4},
    "LOCAL_PREF": {5},
    "ATOMIC_AGGREGATE": {6},
    "AGGREGATOR": {7},
    "2 COMMUNITIES": {8},
    "50 COMMUNITIES": {8},
    "ORIGINATOR_ID": {5, 9},
    "CLUSTER_LIST of 3": {5, 10},
    "2 EXTENDED_COMMUNITIES": {16},
    "20 EXTENDED_COMMUNITIES": {16},
    "2 LARGE_COMMUNITIES": {32},
    "50 LARGE_COMMUNITIES": {32},
    "an unassigned attribute": {99},
}


@pytest.mark.parametrize("name", ATTRIBUTE_KINDS)
def test_updates_of_a_kind_are_valid_and_have_that_attribute_alone(name):
    kind = ATTRIBUTE_KINDS[name]
    updates = kind.updates(20)
    for message in [*updates, *sharing_attributes(kind.session, updates)]:
        assert {*message.truth.attributes} == {1, 2, 3} | CODES[name]
        assert decode_update(message.body, kind.session) == message.truth
        assert by_mrtparse(message, kind.session) == message.truth
        scapy_message(message)
    assert all(one.truth.attributes != other.truth.attributes for one, other in pairwise([*updates, updates[0]]))


def test_lists_are_as_long_as_their_names_say():
    for name in ATTRIBUTE_KINDS:
        number, _, what = name.partition(" ")
        if what.endswith("COMMUNITIES"):
            (message,) = ATTRIBUTE_KINDS[name].updates(1)
            (code,) = CODES[name]
            assert len(message.truth.attributes[code]) == int(number)


@pytest.mark.parametrize("name", FAMILY_KINDS)
def test_updates_of_a_family_have_that_attribute_alone(name: str) -> None:
    kind = FAMILY_KINDS[name]
    updates, shared = kind.updates(5), kind.sharing(5)
    codes = {AttributeCode.ORIGIN, AttributeCode.AS_PATH, AttributeCode.MP_REACH_NLRI, *filter(None, [kind.code])}
    routes = set()
    for message in [*updates, *shared]:
        assert {*attributes_of(message.wire)} == codes
        assert message.truth.attributes == len(codes) - 1
        routes.add(message.truth.announced)
    assert len(routes) == 5
    without_routes = [
        [{**attributes_of(message.wire), AttributeCode.MP_REACH_NLRI: b""} for message in messages]
        for messages in (updates, shared)
    ]
    assert all(one != other for one, other in pairwise(without_routes[0]))
    assert all(one == without_routes[1][0] for one in without_routes[1])
    assert kind.session.aigp is (kind.code is AttributeCode.AIGP)


# tshark 4.0 has no name for these parts of BGP-LS; RFC 9514, sections 4.1 and 5.1, has their layout.
UNKNOWN = {
    "BGP-LS End.X SID of SRv6": "0452001e 0005 00 80 0a 00 20010db8000100000000000000000005 04e40004 20 10 10 00",
    "BGP-LS locator of SRv6": "048a0008 00 80 0000 00000064",
}
IN_ITS_WORDS = {"0x13": "End.DT4"}


def words_of(value: str) -> str:
    """How tshark puts a value."""
    if re.fullmatch("0x[0-9a-f]{16}", value):
        return str(int(value, 16))
    return IN_ITS_WORDS.get(value, value)


@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", sorted(FAMILY_KINDS.keys() - UNKNOWN))
def test_tshark_reads_the_attribute(name: str, tmp_path) -> None:
    messages = FAMILY_KINDS[name].updates(3)
    for message, text in zip(messages, by_tshark(messages, tmp_path), strict=True):
        assert not re.search("malformed|expert info|unknown", text, re.IGNORECASE), text
        for value in message.truth.says:
            assert re.search(rf"(?<![\w.]){re.escape(words_of(value))}(?![\w.])", text), (value, text)


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_tshark_does_not_know_is_as_the_rfc_has_it(name: str) -> None:
    (message,) = FAMILY_KINDS[name].updates(1)
    assert attributes_of(message.wire)[AttributeCode.BGP_LS] == bytes.fromhex(UNKNOWN[name])
