from itertools import pairwise

import pytest

from benchmarks.wire import decode_update, sharing_attributes
from benchmarks.wire.kinds import ATTRIBUTE_KINDS
from tests.wire.independent import by_mrtparse, scapy_message

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
