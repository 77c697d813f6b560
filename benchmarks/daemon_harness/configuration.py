"""What a daemon of any era is told: its configuration, the environment of its process, how it is started."""

import importlib.util
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.wire import AFI, SAFI, Session

API_READS = "parsed; update;"
"""Of a neighbour's API: the process gets a line of JSON for each UPDATE."""

API_WRITES = ""
"""Of a neighbour's API: the process only gives commands, and gets acknowledgements where they are asked for."""

PEER = "127.0.0.1"
ROUTER_ID = "10.0.0.2"
_FAMILIES = {(AFI.IPV4, SAFI.UNICAST): "ipv4 unicast", (AFI.IPV6, SAFI.UNICAST): "ipv6 unicast"}
_LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a daemon is asked for.

    `session` is what it negotiates with each of `peers`; `api` is None without an API process, or what that receives
    (`API_READS`, `API_WRITES`); `acknowledge` has it answer commands. `static` are routes as text, as
    `wire.static_routes` makes them. `hold_time` is in seconds. `speaker` is the port, 0 for none, of a BGP speaker that
    somebody else has started at the address of a peer: the daemon dials that, and the harness has no peer. `counted`
    has the daemon ready to count its instructions. `may_flap` has each peer answer a daemon that dials it anew, and
    count that: else the end of a session is the end of the run.
    """

    session: Session = field(default_factory=Session)
    peers: int = 1
    api: str | None = None
    acknowledge: bool = False
    static: tuple[str, ...] = ()
    adj_rib_in: bool = True
    hold_time: int = 180
    speaker: int = 0
    counted: bool = False
    may_flap: bool = False


def peer_addresses(count: int) -> list[str]:
    """An address of the loopback network for each peer: 127.0.0.1 and those behind it."""
    return [f"127.0.{number >> 8}.{number & 255}" for number in range(1, count + 1)]


def configuration(settings: Settings, program: Path) -> str:
    """The text of the configuration; `program` is what the API process runs. One statement a line: 4.2 wants it so."""
    process = f"process api {{\n    run {program};\n    encoder json;\n}}\n" if settings.api is not None else ""
    return process + "".join(_neighbor(settings, address) for address in peer_addresses(settings.peers))


def _neighbor(settings: Settings, address: str) -> str:
    session = settings.session
    families = [_FAMILIES[family] for family in session.families]
    statements = [
        f"router-id {ROUTER_ID};",
        "local-address 127.0.0.1;",
        f"local-as {session.local_as};",
        f"peer-as {session.peer_as};",
        f"hold-time {settings.hold_time};",
        *_section("family", [f"{family};" for family in families]),
        f"adj-rib-in {'true' if settings.adj_rib_in else 'false'};",
    ]
    if settings.api is not None:
        receive = settings.api.split(" ") if settings.api else []
        statements += _section("api", ["processes [ api ];", *(_section("receive", receive) if receive else [])])
    if settings.static:
        statements += _section("static", [f"{route};" for route in settings.static])
    return "\n".join(_section(f"neighbor {address}", statements)) + "\n"


def _section(name: str, statements: Iterable[str]) -> list[str]:
    return [f"{name} {{", *(f"    {statement}" for statement in statements), "}"]


def package_folder() -> Path:
    """The folder that this process would import exabgp from, without importing it."""
    spec = importlib.util.find_spec("exabgp")
    if spec is None or spec.origin is None:
        raise NotImplementedError("there is no exabgp to start")
    return Path(spec.origin).parents[1]


def command(settings: Settings, conf: Path) -> list[str]:
    """How the daemon's process is started; without what Python says of escape sequences in 4.x, its last words else."""
    counting = [str(conf.parent)] if settings.counted else []
    return [sys.executable, "-P", "-W", "ignore::SyntaxWarning", str(_LAUNCH), str(conf), *counting]


def environment(settings: Settings, port: int) -> dict[str, str]:
    """That of the daemon's process: this one's, with ExaBGP's settings; each has two spellings, by era."""
    package = package_folder()
    chosen = {
        "daemon.drop": "false",
        "daemon.daemonize": "false",
        # Each crashes at the other's word.
        "log.level": "ERR" if _speaks_syslog(package) else "ERROR",
        "log.destination": "stdout",
        "api.cli": "false",
        "api.respawn": "false",
        "api.version": "4",
        "api.ack": "true" if settings.acknowledge else "false",
        "tcp.port": str(port),
        "cache.attributes": "true",
    }
    if os.geteuid() == 0:
        chosen["daemon.user"] = "root"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("exabgp.", "exabgp_"))}
    spelled = {f"exabgp{dot}{name.replace('.', dot)}": value for name, value in chosen.items() for dot in "._"}
    return inherited | spelled | {"PYTHONPATH": str(package)}


def _speaks_syslog(package: Path) -> bool:
    """Whether the levels of logging have the names of syslog: until 2020, while the logger was one module, they had."""
    return (package / "exabgp" / "logger.py").exists()
