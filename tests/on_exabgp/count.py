"""Print what the counters say about decoding, using and reading, to be compared between processes."""

from collections import deque

from benchmarks.decoding import Decoding
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker
from benchmarks.measure import count_bytecodes, kept_bytes
from benchmarks.queueing import Queueing
from benchmarks.reading import ConnectionReading, ProtocolReading
from benchmarks.wire import Session, fitted_stream, keepalive, large_update

session = Session()
traffic = fitted_stream(60, session)
decoding = Decoding(traffic, session, "cold")
connection = ConnectionReading([*traffic, keepalive()], session)
protocol = ProtocolReading(traffic, session)

print("decode", count_bytecodes(decoding.decode).measured)
print("decode and use", count_bytecodes(decoding.decode_and_use).measured)
print("connection", count_bytecodes(connection.read).measured)
print("protocol", count_bytecodes(protocol.read_and_use).measured)
print("queue", count_bytecodes(Queueing(100, 10).run).measured)

decode = decoder(speaker(session))
types, bodies = types_and_bodies([large_update(session, 100, index) for index in range(10)])
print("kept", kept_bytes(lambda: deque(decode(types, bodies))))
