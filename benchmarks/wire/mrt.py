"""Reading BGP messages out of MRT recordings (RFC 6396; ADD-PATH variants RFC 8050)."""

import bz2
import gzip
import hashlib
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from os import PathLike
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_ntop
from typing import BinaryIO, Final, NamedTuple, Protocol

from benchmarks.wire.decode import MalformedMessage, decode_update, link_local_next_hop
from benchmarks.wire.iana import AFI, MessageType
from benchmarks.wire.message import HEADER_SIZE, MARKER, MAX_EXTENDED_SIZE, Message, frame
from benchmarks.wire.session import Session


class MrtError(ValueError):
    """A file that holds no BGP messages to read, with one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """A BGP message as a collector recorded it.

    `timestamp` is in seconds since 1970 UTC (with microseconds in BGP4MP_ET records); `peer_as` and `peer_ip`
    are the speaker on the other side of the collector's session, which has four-octet AS numbers when `asn4`
    and ADD-PATH when `addpath`. `body` is without the 19-octet header.
    """

    timestamp: float
    peer_as: int
    peer_ip: str
    asn4: bool
    addpath: bool
    type: MessageType
    body: bytes

    @property
    def wire(self) -> bytes:
        """The octets on the wire: marker, length, type, body."""
        return frame(self.type, self.body)


MALFORMED: Final = "not valid"
LINK_LOCAL: Final = (
    "with a link-local next hop beside the global one (RFC 2545), of which ExaBGP 4.2 and 5.0 make two routes"
)
# To be raised when other messages are taken of a recording: numbers of before and after can't be compared.
_SELECTION: Final = 1


class RecordedUpdates(NamedTuple):
    """UPDATEs of a recording; and how many were left out on the way, by why: MALFORMED or LINK_LOCAL."""

    messages: list[Message]
    left_out: Mapping[str, int]

    @property
    def left_out_in_words(self) -> str:
        """How many were left out and why, in one line."""
        return ", ".join(f"{number} {why}" for why, number in self.left_out.items()) or "none"


class _Layout(NamedTuple):
    asn4: bool
    addpath: bool


_BGP4MP: Final = 16
_BGP4MP_ET: Final = 17
_TABLE_DUMPS: Final = frozenset({12, 13})
# The types that RFC 6396 defines beside these: OSPF and IS-IS.
_OTHER_TYPES: Final = frozenset({11, 32, 33, 48, 49})

# Subtypes of BGP4MP and BGP4MP_ET (RFC 6396, section 4.4; RFC 8050, section 3). The LOCAL ones are messages
# that the collector sent.
_MESSAGES: Final = {
    1: _Layout(asn4=False, addpath=False),  # BGP4MP_MESSAGE
    4: _Layout(asn4=True, addpath=False),  # BGP4MP_MESSAGE_AS4
    6: _Layout(asn4=False, addpath=False),  # BGP4MP_MESSAGE_LOCAL
    7: _Layout(asn4=True, addpath=False),  # BGP4MP_MESSAGE_AS4_LOCAL
    8: _Layout(asn4=False, addpath=True),  # BGP4MP_MESSAGE_ADDPATH
    9: _Layout(asn4=True, addpath=True),  # BGP4MP_MESSAGE_AS4_ADDPATH
    10: _Layout(asn4=False, addpath=True),  # BGP4MP_MESSAGE_LOCAL_ADDPATH
    11: _Layout(asn4=True, addpath=True),  # BGP4MP_MESSAGE_AS4_LOCAL_ADDPATH
}
_STATE_CHANGES: Final = frozenset({0, 5})

_HEADER: Final = struct.Struct("!IHHI")
# The longest message and the longest fields before it, with room: a record that claims more is damaged.
_MAX_RECORD: Final = MAX_EXTENDED_SIZE + 1024


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_recording(path: str | PathLike[str]) -> Iterator[RecordedMessage]:
    """Yield the BGP messages of an MRT file in their order: BGP4MP and BGP4MP_ET, state changes left out.

    The file is plain, gzip or bzip2, whatever its name says. Raises MrtError when it is missing, no regular file,
    empty, truncated, not MRT, or MRT of another kind; what was read before the faulty record has been yielded.
    """
    name = _name(path)
    try:
        with _opened(path) as file:
            yield from _records(_unpacked(file), name)
    except OSError as error:
        # The decompressors raise OSError too, for octets that are not theirs.
        if error.errno is None:
            raise MrtError(f"{name}: is damaged ({error}): fetch it again") from None
        raise _unreadable(path, error) from None
    except EOFError:
        raise MrtError(f"{name}: the compressed data ends early: fetch it again") from None
    except zlib.error as error:
        raise MrtError(f"{name}: is damaged ({error}): fetch it again") from None


def recording_updates(path: str | PathLike[str], number: int) -> RecordedUpdates:
    """The first `number` UPDATEs of a recording as messages of `Session()`, with the truth about each.

    Only those of sessions with four-octet AS numbers and without ADD-PATH, and no End-of-RIB markers. Left out are
    UPDATEs that `decode_update` refuses, and those of which the eras of ExaBGP do not make the same routes: the
    messages are the same for every commit. In five minutes of RIPE RIS (54,107 UPDATEs) only the link-local next hops
    are of that kind, 168 of them.

    Raises MrtError as `read_recording` does, and when the recording has fewer.
    """
    left_out: Counter[str] = Counter()
    updates = RecordedUpdates(list(islice(_usable(path, left_out), number)), left_out)
    if len(updates.messages) < number:
        raise MrtError(
            f"{_name(path)}: has {len(updates.messages)} UPDATEs of sessions with four-octet AS numbers and without "
            f"ADD-PATH, {number} are needed (left out: {updates.left_out_in_words}): use a longer updates file"
        )
    return updates


def _usable(path: str | PathLike[str], left_out: Counter[str]) -> Iterator[Message]:
    session = Session()
    for recorded in read_recording(path):
        if recorded.type != MessageType.UPDATE or not recorded.asn4 or recorded.addpath:
            continue
        try:
            truth = decode_update(recorded.body, session)
        except MalformedMessage:
            left_out[MALFORMED] += 1
            continue
        if link_local_next_hop(recorded.body):
            left_out[LINK_LOCAL] += 1
        elif truth.announced or truth.withdrawn:
            yield Message(recorded.type, recorded.body, truth)


def recording_digest(path: str | PathLike[str]) -> str:
    """Fingerprint of the messages that are taken of a recording: of its octets, and of how they are chosen (SHA-256).

    Raises MrtError where it can't be read. It may hold no messages.
    """
    sha = hashlib.sha256(_SELECTION.to_bytes(4))
    try:
        with _opened(path) as file:
            sha.update(file.read())
    except OSError as error:
        raise _unreadable(path, error) from None
    return sha.hexdigest()


def _opened(path: str | PathLike[str]) -> BinaryIO:
    # Asked before: to open a FIFO is to wait for whoever writes into it.
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise MrtError(f"{_name(path)}: is no regular file: name an updates file of a route collector")
    return Path(path).open("rb")


def _unreadable(path: str | PathLike[str], error: OSError) -> MrtError:
    return MrtError(f"{_name(path)}: cannot be read ({error.strerror}): check the path {path}")


def _name(path: str | PathLike[str]) -> str:
    return Path(path).name or str(path)


def _unpacked(file: BinaryIO) -> _Readable:
    magic = file.read(3)
    file.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.open(file)
    if magic == b"BZh":
        return bz2.open(file)
    return file


def _records(file: _Readable, name: str) -> Iterator[RecordedMessage]:
    number, offset = 1, 0
    while header := file.read(_HEADER.size):
        where = f"record {number} at octet {offset}"
        if len(header) < _HEADER.size:
            if number == 1:
                raise MrtError(f"{name}: is not an MRT file: use an updates file of a route collector")
            raise MrtError(f"{name}: {where} ends within its header: the file is truncated, fetch it again")
        seconds, kind, subtype, size = _HEADER.unpack(header)
        _check_type(kind, size, name, where)
        record = file.read(size)
        if len(record) < size:
            raise MrtError(
                f"{name}: {where} has {len(record)} of its {size} octets: the file is truncated, fetch it again"
            )
        if subtype not in _STATE_CHANGES:
            try:
                yield _message(seconds, kind, subtype, record)
            except (ValueError, struct.error) as error:
                raise MrtError(f"{name}: {where} holds no BGP message ({error}): use another file") from None
        number += 1
        offset += _HEADER.size + size
    if number == 1:
        raise MrtError(f"{name}: is empty: fetch it again")


def _check_type(kind: int, size: int, name: str, where: str) -> None:
    if kind in _TABLE_DUMPS:
        raise MrtError(f"{name}: holds a table dump, not messages: use an updates file")
    if kind in _OTHER_TYPES and size <= _MAX_RECORD:
        raise MrtError(f"{name}: holds MRT records of type {kind}, not BGP messages: use an updates file")
    if kind not in (_BGP4MP, _BGP4MP_ET) or size > _MAX_RECORD:
        if where.startswith("record 1 "):
            raise MrtError(f"{name}: is not an MRT file: use an updates file of a route collector")
        raise MrtError(f"{name}: {where} is no MRT record: the file is damaged, fetch it again")


def _message(seconds: int, kind: int, subtype: int, record: bytes) -> RecordedMessage:
    """The message in a record; ValueError or struct.error when it is not laid out as RFC 6396 says."""
    timestamp = float(seconds)
    if kind == _BGP4MP_ET:
        timestamp += int.from_bytes(record[:4]) / 1_000_000
        record = record[4:]
    if subtype not in _MESSAGES:
        raise ValueError(f"BGP4MP subtype {subtype} is unknown")
    layout = _MESSAGES[subtype]
    # Peer AS, local AS, interface index, address family; then the addresses of both.
    peer_as, afi = struct.unpack_from("!I4x2xH" if layout.asn4 else "!H2x2xH", record)
    family, width = _ADDRESSES[AFI(afi)]
    peer_at = 12 if layout.asn4 else 8
    peer = record[peer_at : peer_at + width]
    wire = record[peer_at + 2 * width :]
    size, message_type = struct.unpack_from("!HB", wire, len(MARKER))
    if not wire.startswith(MARKER) or size != len(wire):
        raise ValueError("wrong marker or length")
    return RecordedMessage(
        timestamp,
        peer_as,
        inet_ntop(family, peer),
        layout.asn4,
        layout.addpath,
        MessageType(message_type),
        wire[HEADER_SIZE:],
    )


_ADDRESSES: Final = {AFI.IPV4: (AF_INET, 4), AFI.IPV6: (AF_INET6, 16)}
