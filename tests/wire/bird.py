"""BIRD, a BGP speaker that others wrote, as the neighbour of a test: it runs, says what it understood, and ends."""

import os
import re
import select
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import mrtparse

from benchmarks.daemon_harness.daemon import process_cpu_ns
from benchmarks.wire import (
    AFI,
    AttributeCode,
    Message,
    MessageType,
    Nlri,
    Origin,
    SegmentType,
    Session,
    UpdateTruth,
    decode_update,
    keepalive,
    open_message,
    route_refresh,
)
from benchmarks.wire.message import frame
from tests.wire.independent import value

# Debian has them in /usr/sbin, which is not in everyone's path.
_PATH = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin{os.pathsep}/usr/local/sbin"
BIRD, BIRDCL = (shutil.which(name, path=_PATH) for name in ("bird", "birdcl"))

ADDRESS, PEER_ADDRESS, PEER_ID = "127.0.0.1", "127.0.0.2", "192.0.2.7"
SECONDS = 600
"""What starting, answering and ending may each take. They take milliseconds, but a machine may have other work."""

OWN = {AFI.IPV4: "203.0.113.0/24", AFI.IPV6: "2001:db8:ffff::/48"}
"""The routes that BIRD announces."""

# BIRD offers all that it can: it is the peer's OPEN that makes the session. It looks next hops up in empty tables. The
# time of a route is when it last changed, in seconds since 1970.
_CONFIGURATION = """
log "bird.log" all;
router id 192.0.2.254;
timeformat route "%s.%f";
ipv4 table nowhere4;
ipv6 table nowhere6;
ipv4 table others4;
ipv6 table others6;
vpn4 table vpns4;
vpn6 table vpns6;
flow4 table rules4;
flow6 table rules6;
protocol static own4 {{ ipv4; {own4} }}
protocol static own6 {{ ipv6; {own6} }}
protocol bgp tester {{
    debug {{ packets }};
    local {address} port {port} as {local_as};
    neighbor {peer} as {peer_as};
    strict bind on;
    passive on;
    multihop;
    enable extended messages on;
    allow as sets on;
    {options}
    ipv4 {{ {channel} igp table nowhere4; next hop address 192.0.2.1; }};
    ipv6 {{ {channel} igp table nowhere6; next hop address 2001:db8::1; }};
}}
"""
_CHANNEL = "import all; export where source = RTS_STATIC; add paths on; aigp on;"
_TITLES = {code: code.name.lower() for code in AttributeCode} | {
    AttributeCode.MULTI_EXIT_DISC: "med",
    AttributeCode.ATOMIC_AGGREGATE: "atomic_aggr",
    AttributeCode.COMMUNITIES: "community",
    AttributeCode.EXTENDED_COMMUNITIES: "ext_community",
    AttributeCode.LARGE_COMMUNITIES: "large_community",
}
_ORIGINS = {Origin.IGP: "IGP", Origin.EGP: "EGP", Origin.INCOMPLETE: "Incomplete"}
_SEGMENTS = {
    SegmentType.AS_SEQUENCE: "{}",
    SegmentType.AS_SET: "{{{}}}",
    SegmentType.AS_CONFED_SEQUENCE: "({})",
    SegmentType.AS_CONFED_SET: "({{{}}})",
}

OTHERS = {
    (1, 2): "ipv4 multicast {{ table others4; {} }};",
    (2, 2): "ipv6 multicast {{ table others6; {} }};",
    (1, 4): "ipv4 mpls {{ table others4; {} }};",
    (2, 4): "ipv6 mpls {{ table others6; {} }};",
    (1, 128): "vpn4 mpls {{ table vpns4; {} }};",
    (2, 128): "vpn6 mpls {{ table vpns6; {} }};",
    (1, 133): "flow4 {{ table rules4; {} }};",
    (2, 133): "flow6 {{ table rules6; {} }};",
}
"""Families other than unicast that BIRD knows, each by what has it take their routes: an option of the session."""

type Shown = tuple[str, tuple[tuple[str, str], ...]]
"""A route in BIRD's words: the prefix; names and values of its attributes."""


class Notified(Exception):  # noqa: N818  (it is a message, and often the expected one)
    """BIRD sent a NOTIFICATION with this code and subcode."""


class Bird:
    """A running BIRD with its files in one folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self.port = port
        with (folder / "bird.err").open("w") as errors:
            self._process = subprocess.Popen(
                [str(BIRD), "-f", "-c", "bird.conf", "-s", "bird.ctl", "-P", "bird.pid"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def connection(self, address: str = PEER_ADDRESS) -> socket.socket:
        """A connection as from its neighbour, at this address, once it listens."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                return socket.create_connection((ADDRESS, self.port), SECONDS, (address, 0))
            except ConnectionRefusedError:
                ended = self._process.poll() is not None
                assert not ended and time.monotonic() < deadline, f"BIRD does not listen: {self.output()}"
                time.sleep(0.005)

    def output(self) -> str:
        """All that it logged and wrote."""
        files = [self._folder / name for name in ("bird.err", "bird.log")]
        return "".join(file.read_text() for file in files if file.exists())

    def log(self, kind: str) -> list[str]:
        """What it logged about its peer as <TRACE>, with that at the beginning."""
        return re.findall(rf"<TRACE> tester[^:]*: ({kind}.*)", self.output())

    def complaints(self) -> list[str]:
        """What it logged of errors and warnings, without time."""
        lines = (re.sub(r"^[-\d]+ [:.\d]+ ", "", line) for line in self.output().splitlines())
        return [line for line in lines if not line.startswith(("<TRACE>", "<INFO>", "<DBG>"))]

    def cpu_ns(self) -> int:
        """CPU time that it has used, in nanoseconds."""
        return process_cpu_ns(self._process.pid)

    def wake(self) -> None:
        """Have it see to what it has left for its next event, for which it may wait three seconds."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self._folder / "bird.ctl"))
            control.sendall(b"show status\n")

    def ask(self, command: str) -> str:
        """Its answer to a command."""
        run = [str(BIRDCL), "-s", "bird.ctl", *command.split()]
        answer = subprocess.run(run, cwd=self._folder, capture_output=True, text=True, timeout=SECONDS)
        assert not answer.returncode, f"{command}: {answer.stdout}{answer.stderr}"
        return answer.stdout

    def session(self) -> dict[str, str]:
        """`show protocols all`: values by their titles, after Local, Neighbor or Channel where they are below that."""
        found, section = {}, ""
        for line in self.ask("show protocols all tester").splitlines():
            title, _, text = (part.strip() for part in line.partition(":"))
            if title.startswith("Channel"):
                section = f"{title} "
            elif title.endswith("capabilities"):
                section = f"{title.split()[0]} "
            else:
                if not line.startswith("      ") and not section.startswith("Channel"):
                    section = ""
                found[section + title] = text
        return found

    def routes(self) -> list[Shown]:
        """`show route all`: what it has from its peer, in order."""
        found: list[tuple[str, list[list[str]]]] = []
        prefix = ""
        for line in self.ask("show route all protocol tester").splitlines():
            if "[tester " in line:
                # Another route to the same prefix has only spaces there.
                prefix = prefix if line[0] == " " else line.split()[0]
                found.append((prefix, []))
            elif line.startswith("\t\t"):
                found[-1][1][-1][1] += " " + line.strip()
            elif line.startswith("\tBGP."):
                title, _, text = line.removeprefix("\tBGP.").partition(":")
                found[-1][1].append([title, text.strip()])
        return sorted([(prefix, tuple(sorted((a, b) for a, b in attributes))) for prefix, attributes in found])

    def times(self) -> list[float]:
        """When each route that it has from its peer came, in seconds, the first one first."""
        found = re.findall(r"\[tester (\d+\.\d+)", self.ask("show route protocol tester"))
        return sorted(map(float, found))

    def counts(self) -> tuple[int, int, int]:
        """Routes it has from its peer, and how many it saw announced and withdrawn. It must have refused none."""
        count = self.ask("show route count protocol tester").splitlines()[-1]
        found = re.match(r"(?:Total: )?(\d+) of", count)
        assert found, count
        seen = {"updates": 0, "withdraws": 0}
        counters = r"Import (updates|withdraws): +(\d+) +(\d+) +(\S+)"
        for kind, received, rejected, filtered in re.findall(counters, self.ask("show protocols all tester")):
            assert rejected == "0"
            assert filtered in ("0", "---")
            seen[kind] += int(received)
        return int(found[1]), seen["updates"], seen["withdraws"]

    def dump(self, afi: int) -> set[tuple[Nlri, tuple[tuple[int, object], ...]]]:
        """Its routes of a family with their path identifiers, as it writes and mrtparse reads them."""
        file = self._folder / "dump.mrt"
        file.unlink(missing_ok=True)
        self.ask(f'mrt dump table "master{4 if afi == AFI.IPV4 else 6}" to "dump.mrt"')
        found = set()
        for entry in mrtparse.Reader(str(file)):
            data = entry.data
            for rib in data.get("rib_entries", ()):
                attributes = {next(iter(a["type"])): a["value"] for a in rib["path_attributes"]}
                attributes.pop(AttributeCode.MP_REACH_NLRI, None)
                nlri = Nlri(int(afi), 1, f"{data['prefix']}/{data['length']}", rib.get("path_id"))
                found.add((nlri, tuple((code, value(code, v)) for code, v in sorted(attributes.items()))))
        return {route for route in found if route[0].prefix != OWN[AFI(afi)]}


class Peer:
    """The other end of BIRD's session, which sends fixtures."""

    def __init__(self, bird: Bird, session: Session, address: str = PEER_ADDRESS) -> None:
        self.bird = bird
        self.session = session
        self._socket = bird.connection(address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *messages: Message | bytes) -> None:
        """Send messages, or the octets of something worse."""
        self._socket.sendall(b"".join(m if isinstance(m, bytes) else m.wire for m in messages))

    def receive(self) -> tuple[int, bytes]:
        """Type and body of the next message. Raises Notified when it is a NOTIFICATION."""
        header = self._octets(19)
        assert header[:16] == b"\xff" * 16
        kind, body = header[18], self._octets(int.from_bytes(header[16:18]) - 19)
        if kind == MessageType.NOTIFICATION:
            raise Notified(*body[:2])
        return kind, body

    def _octets(self, number: int) -> bytes:
        octets, deadline = b"", time.monotonic() + SECONDS
        while len(octets) < number:
            if select.select([self._socket], [], [], 0.005)[0]:
                more = self._socket.recv(number - len(octets))
                assert more, f"BIRD closed the connection: {self.bird.output()}"
                octets += more
            else:
                assert time.monotonic() < deadline, f"BIRD says nothing: {self.bird.output()}"
                self.bird.wake()
        return octets

    def establish(self, hold_time: int = 180) -> None:
        """Exchange OPEN and KEEPALIVE, and wait for all that BIRD announces."""
        self.send(open_message(self.session, self.session.peer_as, PEER_ID, hold_time))
        assert self.receive()[0] == MessageType.OPEN
        assert self.receive() == (MessageType.KEEPALIVE, b"")
        self.send(keepalive())
        # Of each family the route and End-of-RIB.
        prefixes = [prefix for _ in range(2 * len(self.session.families)) for prefix in self._announced()]
        assert sorted(prefixes) == sorted(OWN[AFI(afi)] for afi, _ in self.session.families)

    def refresh(self, afi: int, safi: int) -> list[str]:
        """What BIRD announces next when asked to by ROUTE-REFRESH, which it does after all it was sent before."""
        self.send(route_refresh(afi, safi))
        return self._announced()

    def settle(self) -> None:
        """Wait until BIRD has read all it was sent."""
        afi, safi = self.session.families[0]
        assert self.refresh(afi, safi) == [OWN[AFI(afi)]]

    def _announced(self) -> list[str]:
        kind, body = self.receive()
        while kind == MessageType.KEEPALIVE:
            kind, body = self.receive()
        assert kind == MessageType.UPDATE
        return [nlri.prefix for nlri, _ in decode_update(body, self.session).announced]


@contextmanager
def neighbours(folder: Path, session: Session, options: str = "") -> Iterator[Peer]:
    """BIRD and its peer, connected, with nothing sent yet. In the end both are gone."""
    own = {afi: [f"route {prefix} unreachable;"] for afi, prefix in OWN.items()}
    with _running(folder, session, PEER_ADDRESS, own, options) as bird, Peer(bird, session) as peer:
        yield peer


@contextmanager
def router(folder: Path, session: Session, announce: Iterable[Message] = ()) -> Iterator[Bird]:
    """BIRD as the neighbour of a speaker at its own address, which dials; in the end it is gone.

    It announces the routes of UPDATEs as `simple_update` makes them of the session, and sends no End-of-RIB.
    """
    own: dict[AFI, list[str]] = {afi: [] for afi in AFI}
    for message in announce:
        truth = message.truth
        assert isinstance(truth, UpdateTruth)
        for nlri, _ in truth.announced:
            own[AFI(nlri.afi)].append(f"route {nlri.prefix} unreachable {{ {_assignments(truth.attributes)} }};")
    mirrored = replace(session, local_as=session.peer_as, peer_as=session.local_as)
    # Where the speaker goes away, it may be back at once.
    with _running(folder, mirrored, ADDRESS, own, "graceful restart off; error wait time 1, 1;") as bird:
        bird.connection(ADDRESS).close()
        yield bird


def sent_by_router(folder: Path, session: Session, announce: Sequence[Message]) -> list[bytes]:
    """The UPDATEs, whole, by which that router announces the routes of UPDATEs, in its order."""
    found: list[bytes] = []
    with router(folder, session, announce) as bird, Peer(bird, session, ADDRESS) as peer:
        peer.send(open_message(session, session.local_as, PEER_ID))
        assert peer.receive()[0] == MessageType.OPEN
        peer.send(keepalive())
        while len(found) < len(announce):
            kind, body = peer.receive()
            if kind == MessageType.UPDATE:
                found.append(frame(MessageType.UPDATE, body))
    return found


def _running(folder: Path, session: Session, peer: str, own: Mapping[AFI, list[str]], options: str) -> Bird:
    """BIRD in a session with a peer of this address, which announces the routes of these lines."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port = probe.getsockname()[1]
    configuration = _CONFIGURATION.format(
        own4="\n".join(own[AFI.IPV4]),
        own6="\n".join(own[AFI.IPV6]),
        address=ADDRESS,
        port=port,
        peer=peer,
        local_as=session.local_as,
        peer_as=session.peer_as,
        options=options if session.internal else f"enforce first as on; {options}",
        channel=_CHANNEL,
    )
    (folder / "bird.conf").write_text(configuration)
    return Bird(folder, port)


def _assignments(attributes: Mapping[int, Any]) -> str:
    """What gives a route of BIRD's own these attributes: ORIGIN, one AS_SEQUENCE behind its own AS, COMMUNITIES."""
    ((_, (_, *asns)),) = attributes[AttributeCode.AS_PATH]
    said = [f"bgp_origin = ORIGIN_{Origin(attributes[AttributeCode.ORIGIN]).name};"]
    said += [f"bgp_path.prepend({asn});" for asn in reversed(asns)]
    said += [f"bgp_community.add(({n >> 16},{n & 0xFFFF}));" for n in attributes[AttributeCode.COMMUNITIES]]
    return " ".join(said)


def shown(prefix: str, next_hop: str, attributes: Mapping[int, object], internal: bool) -> Shown:
    """How BIRD shows a route with these attributes of an `UpdateTruth`, of a session with four-octet AS numbers."""
    # A route from another AS gets the usual preference.
    given = dict(attributes) if internal else {AttributeCode.LOCAL_PREF: 100, **attributes}
    given[AttributeCode.NEXT_HOP] = next_hop
    return prefix, tuple(sorted(_attribute(code, content) for code, content in given.items()))


def _attribute(code: int, content: object) -> tuple[str, str]:
    match code, content:
        case AttributeCode.ORIGIN, _:
            text = _ORIGINS[content]
        case AttributeCode.AS_PATH, _:
            text = " ".join(_SEGMENTS[kind].format(" ".join(map(str, asns))) for kind, asns in content)
        case AttributeCode.ATOMIC_AGGREGATE, _:
            text = ""
        case AttributeCode.AGGREGATOR, (asn, speaker):
            text = f"{speaker} AS{asn}"
        case AttributeCode.COMMUNITIES, _:
            text = " ".join(f"({number >> 16},{number & 0xFFFF})" for number in content)
        case AttributeCode.LARGE_COMMUNITIES, _:
            text = " ".join(f"({a}, {b}, {c})" for a, b, c in content)
        case AttributeCode.EXTENDED_COMMUNITIES, _:
            text = " ".join(map(_extended_community, content))
        case AttributeCode.CLUSTER_LIST, _:
            text = " ".join(content)
        case AttributeCode.AIGP, _:
            text = str(int.from_bytes(content[3:]))
        case _, bytes():
            # BIRD does not know it, but that it is transitive.
            return f"{code:02x} [t]", content.hex(" ")
        case _:
            text = str(content)
    return _TITLES[AttributeCode(code)], text


def _extended_community(octets: bytes) -> str:
    kind, subtype = octets[:2]
    if kind & 0xBF > 2:
        return f"(generic, 0x{octets[:4].hex().lstrip('0')}, 0x{int.from_bytes(octets[4:]):x})"
    name = {0x0002: "rt", 0x0003: "ro"}.get((kind & 0xF0) << 8 | subtype, f"unknown 0x{kind << 8 | subtype:x}")
    if kind & 0x0F == 0:
        return f"({name}, {int.from_bytes(octets[2:4])}, {int.from_bytes(octets[4:])})"
    key = socket.inet_ntoa(octets[2:6]) if kind & 0x0F == 1 else int.from_bytes(octets[2:6])
    return f"({name}, {key}, {int.from_bytes(octets[6:])})"
