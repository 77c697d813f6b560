"""The synthetic stream: valid, deterministic, and with the statistics of `traffic` at every length."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import product
from time import process_time

import pytest

from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    AttributeCode,
    Session,
    decode_update,
    digest,
    fitted_stream,
    traffic,
)
from tests.wire.independent import by_mrtparse
from tests.wire.recorded_traffic import count
from tools.paths import ROOT

LENGTHS = (1000, 5000, 10_000)


@pytest.fixture(scope="module")
def stream():
    return fitted_stream(max(LENGTHS), Session())


@pytest.fixture(scope="module", params=LENGTHS)
def counted(request, stream):
    """(number of messages, the messages, what `recorded_traffic` counts in them as in a recording)"""
    messages = stream[: request.param]
    return request.param, messages, count(as_recorded(messages))


def as_recorded(messages):
    """Each family as a peer of its own, as a route collector has them."""

    class Peer:
        peer_as = 65001

        def __init__(self, afi):
            self.peer_ip = afi

    for message in messages:
        afi = (message.truth.withdrawn or [nlri for nlri, _ in message.truth.announced])[0].afi
        yield Peer(afi), message.truth


def distance(found, expected):
    """Total variation distance: the share of cases that would have to move to make both the same."""
    total_found, total_expected = sum(found.values()), sum(expected.values())
    keys = found.keys() | expected.keys()
    return sum(abs(found.get(k, 0) / total_found - expected.get(k, 0) / total_expected) for k in keys) / 2


def announcing(messages):
    return [message.truth for message in messages if message.truth.announced]


# How far a histogram may be from the recording's at 1,000, 5,000 and 10,000 messages.
TOLERANCES = {
    "KINDS": (0.005, 0.002, 0.002),
    "ORIGINS": (0.03, 0.02, 0.02),
    "MEDS": (0.10, 0.06, 0.04),
    "COMMUNITIES": (0.10, 0.05, 0.04),
    "LARGE_COMMUNITIES": (0.08, 0.04, 0.03),
    "EXTENDED_COMMUNITIES": (0.25, 0.15, 0.12),
    "EXTENDED_COMMUNITY_TYPES": (0.10, 0.10, 0.10),
    "AGGREGATOR_IS_FOUR_OCTET": (0.04, 0.02, 0.02),
}
TOLERANCES_IPV4 = {
    "ATTRIBUTE_TYPES": (0.06, 0.03, 0.02),
    "PREFIX_LENGTHS": (0.05, 0.03, 0.02),
    "ANNOUNCED_PER_UPDATE": (0.015, 0.005, 0.005),
    "WITHDRAWN_PER_UPDATE": (0.15, 0.06, 0.05),
    "PATH_LENGTHS": (0.08, 0.03, 0.02),
}
TOLERANCES_IPV6 = {
    "ATTRIBUTE_TYPES": (0.20, 0.08, 0.06),
    "PREFIX_LENGTHS": (0.18, 0.10, 0.06),
    "ANNOUNCED_PER_UPDATE": (0.02, 0.01, 0.01),
    "WITHDRAWN_PER_UPDATE": (0.25, 0.08, 0.05),
    "PATH_LENGTHS": (0.08, 0.05, 0.04),
}


def report(name, distances):
    print(name, {key: round(value, 3) for key, value in distances.items()})


def too_far(distances, tolerances, number):
    at = LENGTHS.index(number)
    return {key: value for key, value in distances.items() if value > tolerances[key][at]}


def test_histograms(counted):
    number, _, found = counted
    distances = {name: distance(found[name], getattr(traffic, name)) for name in TOLERANCES}
    report(number, distances)
    assert not too_far(distances, TOLERANCES, number)


@pytest.mark.parametrize(("afi", "tolerances"), [(1, TOLERANCES_IPV4), (2, TOLERANCES_IPV6)])
def test_histograms_of_a_family(counted, afi, tolerances):
    number, _, found = counted
    distances = {}
    for name in tolerances:
        expected = getattr(traffic, name)[afi]
        distances[name] = distance(found[name][afi], expected)
    report((number, afi), distances)
    assert not too_far(distances, tolerances, number)


def test_shares_of_the_whole(counted):
    """The figures that describe the recording, with what the stream may differ from them."""
    number, messages, found = counted
    truths = announcing(messages)
    routes = [nlri for truth in truths for nlri, _ in truth.announced]
    sets = {(routes_of(truth)[0].afi, *truth.attributes.items()) for truth in truths}
    sizes = [len(message.wire) for message in messages]
    having = Counter(code for truth in truths for code in truth.attributes)
    figures = {
        "distinct attribute sets": (len(sets) / len(truths), 0.3919, 0.01 if number == 1000 else 0.003),
        "routes per announcing UPDATE": (len(routes) / len(truths), 3.02, 0.30),
        "new prefixes": (len(set(routes)) / len(routes), 0.171, 0.04),
        "octets per UPDATE": (sum(sizes) / number, 95.6, 5.0),
        "50-99 octets": (sum(50 <= size < 100 for size in sizes) / number, 0.668, 0.04),
        "100-149 octets": (sum(100 <= size < 150 for size in sizes) / number, 0.251, 0.04),
        "announcing IPv4": (sum(r[0].afi == 1 for r in map(routes_of, truths)) / number, 0.832, 0.005),
        "announcing IPv6": (sum(r[0].afi == 2 for r in map(routes_of, truths)) / number, 0.147, 0.005),
        "only withdrawing": (1 - len(truths) / number, 0.0211, 0.002),
        "communities": (having[AttributeCode.COMMUNITIES] / number, 0.617, 0.04),
        "large communities": (having[AttributeCode.LARGE_COMMUNITIES] / number, 0.139, 0.03),
        "extended communities": (having[AttributeCode.EXTENDED_COMMUNITIES] / number, 0.0144, 0.008),
        "new paths": (found["NEW_VALUES"][AttributeCode.AS_PATH], 0.855, 0.04),
        "new communities": (found["NEW_VALUES"][AttributeCode.COMMUNITIES], 0.241, 0.09),
        "prepended": (found["PREPENDED"], 0.160, 0.03),
        "repeated messages": (1 - len({message.body for message in messages}) / number, 0.495, 0.03),
        "four-octet transit": (four_octet_share(truths, slice(1, -1)), 0.194, 0.03),
        "four-octet origins": (four_octet_share(truths, slice(-1, None)), 0.367, 0.04),
    }
    print(number, {name: f"{value:.3f} ({target})" for name, (value, target, _) in figures.items()})
    assert not {name: row for name, row in figures.items() if abs(row[0] - row[1]) > row[2]}


def routes_of(truth):
    return [nlri for nlri, _ in truth.announced]


def four_octet_share(truths, where):
    asns = [asn for truth in truths for asn in truth.attributes[AttributeCode.AS_PATH][0][1][where]]
    return sum(asn > 65535 for asn in asns) / len(asns)


@pytest.mark.parametrize(("name", "tolerance"), [("SET_DISTANCES", 0.15), ("LIST_DISTANCES", 0.25)])
def test_what_recurs_does_so_after_as_many_updates_as_recorded(stream, name, tolerance):
    """Of what comes back within 512 UPDATEs. (What would recur from further back is nearer in a short stream.)"""
    found = count(as_recorded(stream))[name]
    near, expected = ({k: n for k, n in h.items() if k <= 512} for h in (found, getattr(traffic, name)))
    report(name, {"distance": distance(near, expected)})
    assert distance(near, expected) < tolerance


def test_the_tail_of_large_updates_is_there(stream):
    sizes = [len(message.truth.announced) for message in stream]
    assert 257 < max(sizes) <= 715
    # 566 of the 54,107 recorded UPDATEs.
    assert sum(size > 32 for size in sizes) / len(stream) == pytest.approx(0.01046, abs=0.0003)


def test_a_shorter_stream_is_the_beginning_of_a_longer_one(stream):
    assert fitted_stream(1000, Session()) == stream[:1000]


def test_a_thousand_messages_are_made_quickly():
    """The aim is 60 ms of CPU, of which a fast machine needs half; a slow one may take twice as long."""

    def seconds():
        start = process_time()
        fitted_stream(1000, Session())
        return process_time() - start

    assert min(seconds() for _ in range(5)) < 0.12


def test_no_messages():
    assert fitted_stream(0, Session()) == []


def test_a_seed_gives_other_messages():
    assert digest(fitted_stream(50, Session(), seed=1)) != digest(fitted_stream(50, Session(), seed=2))


def test_two_processes_make_the_same_octets():
    code = "from benchmarks.wire import *; print(digest(fitted_stream(2000, Session())))"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("0", "1", "4242")
    }
    assert digests == {digest(fitted_stream(2000, Session()))}


SESSIONS = [
    Session(asn4=asn4, addpath=addpath, local_as=local_as)
    for asn4, addpath, local_as in product(
        (True, False), (frozenset(), frozenset({IPV4_UNICAST, IPV6_UNICAST})), (65000, 65001)
    )
]


@pytest.mark.parametrize("session", SESSIONS, ids=str)
def test_all_messages_are_valid(session):
    for message in fitted_stream(3000, session):
        assert decode_update(message.body, session) == message.truth
        assert len(message.wire) <= 4096


@pytest.mark.parametrize("session", SESSIONS, ids=str)
def test_another_decoder_agrees(session):
    for message in fitted_stream(400, session):
        assert by_mrtparse(message, session) == message.truth


def test_paths_begin_with_the_peer_and_have_no_loop():
    for session in (Session(), Session(local_as=65001)):
        for truth in announcing(fitted_stream(3000, session)):
            ((kind, asns),) = truth.attributes[AttributeCode.AS_PATH]
            assert kind == 2
            assert (asns[0] == session.peer_as) == (not session.internal)
            assert session.local_as not in asns
            changes = [asn for asn, before in zip(asns, (None, *asns), strict=False) if asn != before]
            assert len(changes) == len(set(changes))


def test_communities_are_in_ascending_order(stream):
    lists = [truth.attributes.get(AttributeCode.COMMUNITIES, ()) for truth in announcing(stream)]
    assert all(list(members) == sorted(set(members)) for members in lists)
    assert max(map(len, lists)) > 30


def test_prefixes_within_a_message_are_distinct(stream):
    for message in stream:
        routes = [*routes_of(message.truth), *message.truth.withdrawn]
        assert len(routes) == len(set(routes))


def test_only_what_was_announced_is_withdrawn(stream):
    known, unknown, withdrawals = set(), 0, 0
    for message in stream:
        withdrawals += len(message.truth.withdrawn)
        unknown += sum(nlri not in known for nlri in message.truth.withdrawn)
        known.update(routes_of(message.truth))
    assert withdrawals > 300
    assert unknown <= 2


@pytest.mark.parametrize("family", [IPV4_UNICAST, IPV6_UNICAST])
def test_a_session_of_one_family_has_no_other(family):
    truths = [message.truth for message in fitted_stream(1000, Session(families=(family, (1, 128))))]
    nlri = [n for truth in truths for n in [*routes_of(truth), *truth.withdrawn]]
    assert {(n.afi, n.safi) for n in nlri} == {family}
    assert 0 < sum(not truth.announced for truth in truths) < 60


def test_large_updates_are_cut_to_what_the_session_allows():
    addpath = Session(addpath=frozenset({IPV4_UNICAST}))
    most = max(len(message.truth.announced) for message in fitted_stream(10_000, addpath))
    assert 257 < most <= 399
    extended = replace(addpath, extended_message=True)
    assert max(len(message.truth.announced) for message in fitted_stream(10_000, extended)) > 399


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((-1, Session()), "a stream has no -1 messages"),
        ((1, Session(families=((1, 128),))), "neither IPv4 nor IPv6 unicast"),
    ],
)
def test_bad_arguments(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        fitted_stream(*arguments)
