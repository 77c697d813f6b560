"""BGP messages as octets, each with the truth about it: what a correct speaker must read out of them.

Nothing here imports exabgp, and nothing but the standard library is needed.
"""

from benchmarks.wire.api_text import attributes_command, commands, static_routes
from benchmarks.wire.batches import (
    DAY,
    LARGE,
    QUIET_DAY,
    large_updates,
    mixed,
    repeated,
    sharing_attributes,
    simple_updates,
    sized_update,
    with_attributes_of,
)
from benchmarks.wire.decode import MalformedMessage, decode_update, path_attributes
from benchmarks.wire.disputed import link_local_next_hop_update
from benchmarks.wire.full_table import FullTable
from benchmarks.wire.iana import AFI, AS_TRANS, SAFI, AttributeCode, MessageType, Origin, SegmentType
from benchmarks.wire.message import (
    HEADER_SIZE,
    Message,
    Nlri,
    NotificationTruth,
    OpenTruth,
    Route,
    RouteRefreshTruth,
    RoutesTruth,
    Truth,
    UpdateTruth,
    digest,
    routes_in,
)
from benchmarks.wire.mrt import (
    LINK_LOCAL,
    MALFORMED,
    MrtError,
    RecordedMessage,
    RecordedUpdates,
    read_recording,
    recording_digest,
    recording_updates,
)
from benchmarks.wire.session import IPV4_UNICAST, IPV6_UNICAST, Session, open_message
from benchmarks.wire.simple import keepalive, notification, route_refresh
from benchmarks.wire.sized import large_update, simple_update, ten_route_update, wide_update
from benchmarks.wire.stream import fitted_stream
from benchmarks.wire.update import end_of_rib, update

__all__ = [
    "AFI",
    "AS_TRANS",
    "DAY",
    "HEADER_SIZE",
    "IPV4_UNICAST",
    "IPV6_UNICAST",
    "LARGE",
    "LINK_LOCAL",
    "MALFORMED",
    "QUIET_DAY",
    "SAFI",
    "AttributeCode",
    "FullTable",
    "MalformedMessage",
    "Message",
    "MessageType",
    "MrtError",
    "Nlri",
    "NotificationTruth",
    "OpenTruth",
    "Origin",
    "RecordedMessage",
    "RecordedUpdates",
    "Route",
    "RouteRefreshTruth",
    "RoutesTruth",
    "SegmentType",
    "Session",
    "Truth",
    "UpdateTruth",
    "attributes_command",
    "commands",
    "decode_update",
    "digest",
    "end_of_rib",
    "fitted_stream",
    "keepalive",
    "large_update",
    "large_updates",
    "link_local_next_hop_update",
    "mixed",
    "notification",
    "open_message",
    "path_attributes",
    "read_recording",
    "recording_digest",
    "recording_updates",
    "repeated",
    "route_refresh",
    "routes_in",
    "sharing_attributes",
    "simple_update",
    "simple_updates",
    "sized_update",
    "static_routes",
    "ten_route_update",
    "update",
    "wide_update",
    "with_attributes_of",
]
