"""The numbers that the history is told by: what ExaBGP's main works cost, from a message to the daemon's start."""

from typing import NamedTuple


class Headline(NamedTuple):
    """One of them: what people call it, what it is, and the name of its series."""

    title: str
    about: str
    series: str
    front: bool = False
    # Why commits of a stretch have no number, where that is known.
    gap: str = ""


HEADLINES = (
    Headline(
        "A message received and used",
        "an UPDATE of real traffic, through Protocol.read_message(), with its prefixes and attributes read",
        "message_parsing.Traffic.track_read_message_and_use_bytecodes",
        front=True,
    ),
    Headline(
        "A route announced",
        "a route that was not announced before, from the RIB to the UPDATE",
        "announcing.FirstAnnouncement.track_announce_bytecodes('ipv4', 'distinct')",
        front=True,
    ),
    Headline(
        "A JSON line",
        "what an API process is told of an UPDATE of real traffic",
        "encoding.TrafficEncoding.track_encode_bytecodes('json')",
        front=True,
        gap="On main the [JSON was invalid](findings.md#seen-before-not-on-main) from 2025-11-29 until 2026-08-20. "
        "These commits have no number, so what changed meanwhile shows as one step, at the first commit counted after "
        "them.",
    ),
    Headline(
        "Memory of a received route",
        "what stays allocated for a route in Adj-RIB-In, none of whose attributes are those of another",
        "resource_monitoring.HeldRoutes.track_kept_bytes('Adj-RIB-In', 'ipv4', 'distinct')",
        front=True,
    ),
    Headline(
        "Memory of an announced route",
        "what stays allocated for a route in Adj-RIB-Out, none of whose attributes are those of another",
        "resource_monitoring.HeldRoutes.track_kept_bytes('Adj-RIB-Out', 'ipv4', 'distinct')",
    ),
    Headline(
        "A command",
        "'announce route' of an API process, from the text to the RIB",
        "api_commands.Commands.track_handle_bytecodes('announce route')",
    ),
    Headline(
        "A connection's read",
        "a message of mixed types, cut out of the octets of a socket by Connection.reader()",
        "message_parsing.ConnectionReader.track_read_bytecodes('1000 mixed messages')",
    ),
    Headline(
        "Start-up",
        "the import of all that the daemon imports",
        "startup.Import.track_import_bytecodes",
    ),
)
