"""The real recording: read as mrtparse reads it, and with the statistics that `traffic` states."""

from collections import Counter
from itertools import islice
from pathlib import Path

import mrtparse
import pytest

from benchmarks.wire import (
    LINK_LOCAL,
    MessageType,
    MrtError,
    Session,
    decode_update,
    read_recording,
    recording_updates,
    traffic,
)
from benchmarks.wire.decode import link_local_next_hop
from tests.wire.recorded_traffic import count, recorded_updates

RECORDING = Path(__file__).parents[3] / "shared" / "mrt" / "updates.20190101.0000.gz"

pytestmark = pytest.mark.skipif(
    not RECORDING.exists(), reason=f"the RIPE RIS recording of 2019-01-01 00:00 UTC is not at {RECORDING}"
)


@pytest.fixture(scope="module")
def updates():
    return recorded_updates(RECORDING)


@pytest.fixture(scope="module")
def counted(updates):
    return count(updates)


def test_all_messages_are_read():
    types = Counter(message.type for message in read_recording(RECORDING))
    assert types == {MessageType.UPDATE: 54_107, MessageType.KEEPALIVE: 364}


def test_all_updates_decode():
    with pytest.raises(MrtError, match=r"has 53939 UPDATEs .* 53940 are needed"):
        recording_updates(RECORDING, 53_940)
    updates = recording_updates(RECORDING, 53_939)
    assert updates.left_out == {LINK_LOCAL: 168}
    assert [m.wire for m in recording_updates(RECORDING, 100).messages] == [m.wire for m in updates.messages[:100]]


def test_link_local_next_hops_are_left_out(updates):
    """37 of the first 1,000: ExaBGP 4.2 and 5.0 make two routes of each."""
    found = [message for message, _ in updates[:1000] if link_local_next_hop(message.body)]
    assert len(found) == 37
    taken = {message.body for message in recording_updates(RECORDING, 963).messages}
    assert len(taken & {message.body for message in found}) == 0
    assert recording_updates(RECORDING, 963).left_out == {LINK_LOCAL: 37}


def test_mrtparse_reads_the_same():
    """The first 4,000 messages, field for field of record and routes."""
    entries = (entry.data for entry in mrtparse.Reader(str(RECORDING)) if "bgp_message" in entry.data)
    for message, entry in islice(zip(read_recording(RECORDING), entries, strict=False), 4000):
        bgp = entry["bgp_message"]
        assert message.timestamp == next(iter(entry["timestamp"]))
        assert (message.peer_as, message.peer_ip) == (int(entry["peer_as"]), entry["peer_ip"])
        assert len(message.wire) == bgp["length"]
        assert message.type in bgp["type"]
        if message.type != MessageType.UPDATE:
            continue
        truth = decode_update(message.body, Session())
        announced, withdrawn = list(bgp["nlri"]), list(bgp["withdrawn_routes"])
        for attribute in bgp["path_attributes"]:
            if 14 in attribute["type"]:
                announced += attribute["value"]["nlri"]
                assert {hop for _, hop in truth.announced} == {attribute["value"]["next_hop"][0]}
            elif 15 in attribute["type"]:
                withdrawn += attribute["value"]["withdrawn_routes"]
            elif 2 in attribute["type"]:
                assert [list(map(str, asns)) for _, asns in truth.attributes[2]] == [
                    segment["value"] for segment in attribute["value"]
                ]
        assert [nlri.prefix for nlri, _ in truth.announced] == [f"{r['prefix']}/{r['length']}" for r in announced]
        assert [nlri.prefix for nlri in truth.withdrawn] == [f"{r['prefix']}/{r['length']}" for r in withdrawn]


COUNTS = [
    "KINDS",
    "ATTRIBUTE_TYPES",
    "PREFIX_LENGTHS",
    "ANNOUNCED_PER_UPDATE",
    "WITHDRAWN_PER_UPDATE",
    "PATH_LENGTHS",
    "ORIGINS",
    "MEDS",
    "COMMUNITIES",
    "LARGE_COMMUNITIES",
    "EXTENDED_COMMUNITIES",
    "EXTENDED_COMMUNITY_TYPES",
    "AGGREGATOR_IS_FOUR_OCTET",
    "SET_DISTANCES",
    "LIST_DISTANCES",
]
SHARES = ["PREPENDED", "FRESH_LIST_NEW_PREFIXES", "NEW_VALUES"]
BANDS = ["TRANSIT_AS", "ORIGIN_AS"]


@pytest.mark.parametrize("name", COUNTS)
def test_counts(counted, name):
    assert counted[name] == getattr(traffic, name)


@pytest.mark.parametrize("name", SHARES)
def test_shares(counted, name):
    assert counted[name] == pytest.approx(getattr(traffic, name), abs=0.0001)


@pytest.mark.parametrize("name", BANDS)
def test_bands(counted, name):
    stated = getattr(traffic, name)
    assert counted[name].keys() == stated.keys()
    for rank, (occurrences, share) in counted[name].items():
        assert (occurrences, pytest.approx(share, abs=0.0001)) == stated[rank]


def test_recurrence(counted):
    kinds = traffic.RECURRENCE_KINDS
    found = {size: tuple(classes[kind] for kind in kinds) for size, classes in counted["RECURRENCE"].items()}
    assert found == traffic.RECURRENCE


def test_every_histogram_is_verified(counted):
    data = {name for name in vars(traffic) if name.isupper()} - {"ANNOUNCED_UP_TO", "RECURRENCE_KINDS"}
    assert data == {*COUNTS, *SHARES, *BANDS, "RECURRENCE"} == set(counted)


def test_figures_of_the_documentation(updates):
    """What the docstring of `traffic` says, and the targets of the stream that are not histograms."""
    truths = [truth for _, truth in updates if truth.announced]
    routes = [nlri for truth in truths for nlri, _ in truth.announced]
    assert (len(updates), len(truths), len(routes)) == (54_107, 52_966, 159_948)
    assert len({(message.peer_as, message.peer_ip) for message, _ in updates}) == 63
    sizes = [len(message.wire) for message, _ in updates]
    assert sum(sizes) / len(sizes) == pytest.approx(95.6, abs=0.05)
    assert sum(50 <= size < 100 for size in sizes) / len(sizes) == pytest.approx(0.668, abs=0.0005)
    assert sum(100 <= size < 150 for size in sizes) / len(sizes) == pytest.approx(0.251, abs=0.0005)
    repeated = 1 - len({message.body for message, _ in updates}) / len(updates)
    assert repeated == pytest.approx(0.495, abs=0.0005)
