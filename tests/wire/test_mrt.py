"""Reading MRT files that the tests write, good and bad ones."""

import bz2
import gzip
import os
import socket
from io import BytesIO
from pathlib import Path

import mrtparse
import pytest

from benchmarks.wire import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    LINK_LOCAL,
    MALFORMED,
    MessageType,
    MrtError,
    Nlri,
    Session,
    decode_update,
    end_of_rib,
    fitted_stream,
    keepalive,
    large_update,
    link_local_next_hop_update,
    notification,
    open_message,
    read_recording,
    recording_digest,
    recording_updates,
    simple_update,
    update,
)
from tests.wire import mrt_writer
from tests.wire.mrt_writer import ADDPATH_SUBTYPES, FOUR_OCTET_SUBTYPES, MESSAGE_SUBTYPES, mrt, record

UPDATES = [simple_update(Session(), index) for index in range(5)]
RECORDS = [record(message.wire, seconds=1000 + n) for n, message in enumerate(UPDATES)]
PLAIN = b"".join(RECORDS)


@pytest.fixture
def written(tmp_path):
    def write(octets, name="updates.mrt"):
        path = tmp_path / name
        path.write_bytes(octets)
        return path

    return write


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress], ids=["plain", "gzip", "bzip2"])
@pytest.mark.parametrize("name", ["updates", "updates.gz", "updates.bz2"])
def test_compression_is_told_from_the_content(written, pack, name):
    recorded = list(read_recording(written(pack(PLAIN), name)))
    assert [message.wire for message in recorded] == [message.wire for message in UPDATES]
    assert [message.body for message in recorded] == [message.body for message in UPDATES]
    assert [message.timestamp for message in recorded] == [1000.0, 1001.0, 1002.0, 1003.0, 1004.0]


def test_several_gzip_members_are_one_file(written):
    octets = b"".join(map(gzip.compress, RECORDS))
    assert len(list(read_recording(written(octets)))) == 5


def test_a_path_may_be_text(written):
    assert len(list(read_recording(str(written(PLAIN))))) == 5


@pytest.mark.parametrize("subtype", MESSAGE_SUBTYPES)
@pytest.mark.parametrize("peer_ip", ["198.51.100.7", "2001:db8::7"])
@pytest.mark.parametrize("microseconds", [None, 250_000])
def test_every_kind_of_message_record(written, subtype, peer_ip, microseconds):
    asn4 = subtype in FOUR_OCTET_SUBTYPES
    addpath = frozenset({IPV4_UNICAST}) if subtype in ADDPATH_SUBTYPES else frozenset()
    session = Session(asn4=asn4, addpath=addpath)
    sent = simple_update(session)
    octets = record(
        sent.wire,
        subtype,
        seconds=1_546_300_800,
        microseconds=microseconds,
        peer_as=4_200_000_000 if asn4 else 64500,
        peer_ip=peer_ip,
    )
    (message,) = read_recording(written(octets))
    assert message.timestamp == 1_546_300_800 + (0.25 if microseconds else 0)
    assert message.peer_as == (4_200_000_000 if asn4 else 64500)
    assert message.peer_ip == peer_ip
    assert message.asn4 == asn4
    assert message.addpath == (subtype in ADDPATH_SUBTYPES)
    assert message.type is MessageType.UPDATE
    assert message.wire == sent.wire
    assert decode_update(message.body, session) == sent.truth
    # The independent reader finds the same in the record.
    (entry,) = mrtparse.Reader(BytesIO(octets))
    assert entry.data["peer_ip"] == peer_ip
    assert int(entry.data["peer_as"]) == message.peer_as
    assert entry.data["bgp_message"]["length"] == len(message.wire)
    assert [route.get("path_id") for route in entry.data["bgp_message"]["nlri"]] == [1 if addpath else None]


def test_all_types_of_messages_are_read_and_state_changes_are_not(written):
    session = Session()
    messages = [
        open_message(session, 65001, "192.0.2.1"),
        keepalive(),
        UPDATES[0],
        notification(6, 2, b"bye"),
        large_update(session, 200),
    ]
    states = (b"\0\1\0\2", mrt_writer.STATE_CHANGE_AS4), (b"\0\5\0\6", mrt_writer.STATE_CHANGE)
    octets = record(*states[0]) + b"".join(record(m.wire) for m in messages) + record(*states[1])
    recorded = list(read_recording(written(octets)))
    assert [(m.type, m.body) for m in recorded] == [(m.type, m.body) for m in messages]


def test_an_extended_message_is_read(written):
    session = Session(extended_message=True)
    message = update(session, announce=[f"10.{n >> 8}.{n & 255}.0/24" for n in range(15_000)])
    (recorded,) = read_recording(written(record(message.wire)))
    assert decode_update(recorded.body, session) == message.truth


def test_messages_come_while_the_file_is_read(written):
    reader = read_recording(written(PLAIN + b"\0" * 5))
    assert next(reader).body == UPDATES[0].body
    with pytest.raises(MrtError, match="record 6"):
        list(reader)


def complaint_about(path):
    with pytest.raises(MrtError) as caught:
        list(read_recording(path))
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{path.name}: ")
    return text.removeprefix(f"{path.name}: ")


SIZE = len(RECORDS[0])


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress], ids=["plain", "gzip", "bzip2"])
@pytest.mark.parametrize(
    ("octets", "complaint"),
    [
        (b"", "is empty: fetch it again"),
        (b"abc", "is not an MRT file: use an updates file of a route collector"),
        (b"<html><body>Not found</body></html>", "is not an MRT file: use an updates file of a route collector"),
        (mrt(99, 1, b"text"), "is not an MRT file: use an updates file of a route collector"),
        (mrt(13, 1, bytes(20)), "holds a table dump, not messages: use an updates file"),
        (mrt(13, 2, b"") + PLAIN, "holds a table dump, not messages: use an updates file"),
        (mrt(12, 1, bytes(20)), "holds a table dump, not messages: use an updates file"),
        (mrt(13, 1, bytes(100_000)), "holds a table dump, not messages: use an updates file"),
        (mrt(48, 0, bytes(20)), "holds MRT records of type 48, not BGP messages: use an updates file"),
        (
            PLAIN[:-1],
            f"record 5 at octet {4 * SIZE} has {SIZE - 13} of its {SIZE - 12} octets: "
            "the file is truncated, fetch it again",
        ),
        (
            PLAIN[: 4 * SIZE + 12],
            f"record 5 at octet {4 * SIZE} has 0 of its {SIZE - 12} octets: the file is truncated, fetch it again",
        ),
        (
            PLAIN[: 2 * SIZE + 11],
            f"record 3 at octet {2 * SIZE} ends within its header: the file is truncated, fetch it again",
        ),
        (
            PLAIN + b"x" * 12,
            f"record 6 at octet {5 * SIZE} is no MRT record: the file is damaged, fetch it again",
        ),
        (
            PLAIN + mrt(16, 4, b"")[:8] + (100_000).to_bytes(4),
            f"record 6 at octet {5 * SIZE} is no MRT record: the file is damaged, fetch it again",
        ),
    ],
)
def test_bad_files(written, pack, octets, complaint):
    assert complaint_about(written(pack(octets))) == complaint


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (mrt(16, 3, bytes(60)), "BGP4MP subtype 3 is unknown"),
        (mrt(16, 4, b"short"), "requires a buffer"),
        (mrt(17, 4, b"ab"), "requires a buffer"),
        (record(b""), "requires a buffer"),
        (record(b"\xff" * 18), "requires a buffer"),
        (record(b"\0" + UPDATES[0].wire[1:]), "wrong marker or length"),
        (record(UPDATES[0].wire + b"\0"), "wrong marker or length"),
        (record(UPDATES[0].wire[:-1]), "wrong marker or length"),
        (record(UPDATES[0].wire[:18] + b"\x09" + UPDATES[0].wire[19:]), "9 is not a valid MessageType"),
        (mrt(16, 4, bytes(10) + b"\0\7" + bytes(60)), "7 is not a valid AFI"),
    ],
)
def test_bad_records(written, octets, reason):
    text = complaint_about(written(PLAIN + octets))
    assert text.startswith(f"record 6 at octet {5 * SIZE} holds no BGP message (")
    assert reason in text
    assert text.endswith("): use another file")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_truncated_compressed_files(written, pack, kept):
    octets = pack(b"".join(record(m.wire) for m in fitted_stream(300, Session())))
    complaint = "the compressed data ends early: fetch it again"
    assert complaint_about(written(octets[: int(len(octets) * kept)])) == complaint


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gzip", "bzip2"])
def test_damaged_compressed_files(written, pack):
    octets = bytearray(pack(b"".join(record(m.wire) for m in fitted_stream(300, Session()))))
    middle = len(octets) // 2
    octets[middle : middle + 40] = b"\xff" * 40
    text = complaint_about(written(bytes(octets)))
    # Some of the damage comes out as octets before the check sum tells.
    assert text.startswith(("is damaged (", "record ", "is not an MRT file"))


@pytest.mark.parametrize(
    "octets", [gzip.compress(b"")[:10] + b"\xff" * 20, b"BZh9" + b"\xff" * 20], ids=["gzip", "bzip2"]
)
def test_files_that_do_not_decompress(written, octets):
    text = complaint_about(written(octets))
    assert text.startswith("is damaged (")
    assert text.endswith("): fetch it again")


def test_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "no" / "updates.gz"
    assert complaint_about(path) == f"cannot be read (No such file or directory): check the path {path}"


def folder(path):
    path.mkdir()
    return path


def fifo(path):
    os.mkfifo(path)
    return path


def unix_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
    return path


def device(path):
    path.symlink_to("/dev/zero")
    return path


@pytest.mark.parametrize("make", [folder, fifo, unix_socket, device])
def test_what_is_no_regular_file(tmp_path, monkeypatch, make):
    # The path of a socket is short.
    monkeypatch.chdir(tmp_path)
    path = make(Path("updates"))
    assert complaint_about(path) == "is no regular file: name an updates file of a route collector"
    with pytest.raises(MrtError, match="is no regular file"):
        recording_digest(path)


def test_updates_of_a_recording(written):
    """Only UPDATEs with routes of sessions with four-octet AS numbers and without ADD-PATH; what is left out counts."""
    bad = UPDATES[0].wire.replace(b"\x40\x01\x01\x00", b"\x40\x01\x01\x07")
    octets = (
        record(keepalive().wire)
        + RECORDS[0]
        + record(bad)
        + record(end_of_rib(Session(), 1, 1).wire)
        + record(end_of_rib(Session(), 2, 1).wire)
        + record(UPDATES[1].wire, mrt_writer.MESSAGE_AS4_ADDPATH)
        + record(simple_update(Session(asn4=False)).wire, mrt_writer.MESSAGE, peer_as=65001)
        + record(link_local_next_hop_update(Session()).wire)
        + record(bad)
        + RECORDS[2]
        + RECORDS[3]
    )
    path = written(octets)
    updates = recording_updates(path, 3)
    assert [m.wire for m in updates.messages] == [UPDATES[n].wire for n in (0, 2, 3)]
    assert [m.truth for m in updates.messages] == [UPDATES[n].truth for n in (0, 2, 3)]
    assert updates.left_out == {MALFORMED: 2, LINK_LOCAL: 1}
    assert updates.left_out_in_words == (
        "2 not valid, 1 with a link-local next hop beside the global one (RFC 2545), "
        "of which ExaBGP 4.2 and 5.0 make two routes"
    )
    first = recording_updates(path, 1)
    assert ([m.wire for m in first.messages], first.left_out_in_words) == ([UPDATES[0].wire], "none")
    assert recording_updates(path, 0).messages == []


def test_a_recording_with_too_few_updates(written):
    with pytest.raises(MrtError) as caught:
        recording_updates(written(PLAIN + record(link_local_next_hop_update(Session()).wire)), 6)
    assert str(caught.value) == (
        "updates.mrt: has 5 UPDATEs of sessions with four-octet AS numbers and without ADD-PATH, 6 are needed "
        f"(left out: 1 {LINK_LOCAL}): use a longer updates file"
    )


def test_a_recording_that_is_truncated_behind_what_is_needed(written):
    path = written(PLAIN[:-1])
    assert len(recording_updates(path, 4).messages) == 4
    with pytest.raises(MrtError, match="truncated"):
        recording_updates(path, 5)


def test_the_digest_is_of_the_octets(written):
    assert recording_digest(written(PLAIN, "one")) == recording_digest(written(PLAIN, "two"))
    assert recording_digest(written(PLAIN, "one")) != recording_digest(written(PLAIN[:-1], "two"))
    # The benchmarks are found with any file, and say then what is wrong with it.
    assert recording_digest(written(b"no recording"))
    with pytest.raises(MrtError, match="cannot be read"):
        recording_digest("/none")


def test_a_recording_without_an_update_to_use(written):
    octets = record(UPDATES[0].wire, mrt_writer.MESSAGE) + record(keepalive().wire)
    with pytest.raises(MrtError, match=r"updates\.mrt: has 0 UPDATEs of sessions with four-octet .* 5 are needed"):
        recording_updates(written(octets), 5)


def test_add_path_records_decode_in_a_session_with_add_path(written):
    session = Session(addpath=frozenset({IPV4_UNICAST, IPV6_UNICAST}))
    message = update(session, announce=[Nlri(1, 1, "10.0.0.0/8", 3), Nlri(2, 1, "2001:db8::/32", 4)])
    (recorded,) = read_recording(written(record(message.wire, mrt_writer.MESSAGE_AS4_ADDPATH)))
    assert decode_update(recorded.body, session) == message.truth
