"""Print what the counters say of several kinds of work, to be compared between processes."""

from collections import deque

from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker
from benchmarks.measure import count_bytecodes, kept_bytes
from benchmarks.wire import Session, fitted_stream, keepalive, large_updates, simple_updates
from benchmarks.work.announcing import EVENTS, ToNeighbors, announcing
from benchmarks.work.api_commands import Handling, announce_attributes, announce_to_all, refused
from benchmarks.work.backlog import Pending, Received
from benchmarks.work.command_queue import CommandQueueing
from benchmarks.work.configuration import Loading, Reloading, Validating
from benchmarks.work.decoding import Decoding
from benchmarks.work.reading import ConnectionReading, ProtocolReading
from benchmarks.work.whole_sessions import OpenedSession, SentKeepalives, SentUpdates

session = Session()
traffic = fitted_stream(60, session)
decoding = Decoding(traffic, session, "cold")
connection = ConnectionReading([*traffic, keepalive()], session)
protocol = ProtocolReading(traffic, session)
queue = CommandQueueing(100, 10)
received, pending = Received(simple_updates(session, 60)), Pending(simple_updates(session, 60))
loading, reloading, validating = Loading(3, 5), Reloading(2, 5, "one route less"), Validating(2)
attributes, to_all = Handling(announce_attributes(3)), Handling(announce_to_all(5))
bad = Handling(refused(8), "split", acknowledge=True)

for name, call, work in (
    ("decode", decoding.decode, decoding),
    ("decode and use", decoding.decode_and_use, decoding),
    ("connection", connection.read, connection),
    ("protocol", protocol.read_and_use, protocol),
    ("queue", queue.run, queue),
    ("received", received.drain_counted, received),
    ("pending", pending.drain_counted, pending),
    ("configuration", loading.load, loading),
    ("configuration again", reloading.load, reloading),
    ("validation", validating.validate, validating),
    ("attributes", attributes.run, attributes),
    ("commands for all", to_all.run, to_all),
    ("bad commands", bad.run, bad),
):
    print(name, count_bytecodes(call, work.prepare))

routes = [announcing(event, family, "distinct", 10) for event in EVENTS for family in ("ipv4", "vpnv6")]
sessions = [SentUpdates(30), SentKeepalives(5), OpenedSession(0), OpenedSession(30)]
for work in (*routes, ToNeighbors(4, to_all=True), *sessions):
    print(count_bytecodes(work.run, work.prepare))

decode = decoder(speaker(session))
types, bodies = types_and_bodies(large_updates(session, 10))
print("kept", kept_bytes(lambda: deque(decode(types, bodies))))
