"""Print what the counters say of several kinds of work, to be compared between processes."""

from collections import deque

from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker
from benchmarks.measure import count_bytecodes, kept_bytes
from benchmarks.wire import Session, fitted_stream, keepalive, large_updates, simple_updates
from benchmarks.work.backlog import Pending, Received
from benchmarks.work.command_queue import CommandQueueing
from benchmarks.work.decoding import Decoding
from benchmarks.work.reading import ConnectionReading, ProtocolReading

session = Session()
traffic = fitted_stream(60, session)
decoding = Decoding(traffic, session, "cold")
connection = ConnectionReading([*traffic, keepalive()], session)
protocol = ProtocolReading(traffic, session)
queue = CommandQueueing(100, 10)
received, pending = Received(simple_updates(session, 60)), Pending(simple_updates(session, 60))

for name, call, work in (
    ("decode", decoding.decode, decoding),
    ("decode and use", decoding.decode_and_use, decoding),
    ("connection", connection.read, connection),
    ("protocol", protocol.read_and_use, protocol),
    ("queue", queue.run, queue),
    ("received", received.drain_counted, received),
    ("pending", pending.drain_counted, pending),
):
    print(name, count_bytecodes(call, work.prepare))

decode = decoder(speaker(session))
types, bodies = types_and_bodies(large_updates(session, 10))
print("kept", kept_bytes(lambda: deque(decode(types, bodies))))
