"""Messages on the wire, read by ExaBGP from a real socket.

The peer's end of a socket pair is fed in chunks of many messages, so that the feeding is next to nothing, or of as many
as asked for.
"""

from collections import deque
from collections.abc import Sequence
from operator import itemgetter

from benchmarks.exabgp_compat.bursts import BurstReader
from benchmarks.exabgp_compat.connection import ConnectionReader, Link, chunks
from benchmarks.exabgp_compat.decode import decoder
from benchmarks.exabgp_compat.protocol import ProtocolReader
from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.use import text_reader
from benchmarks.wire import Message, Session, routes_in
from benchmarks.work.proof import announces, prove_decoded, prove_read, prove_used

_TYPE, _BODY = itemgetter(1), itemgetter(3)


class ConnectionReading:
    """Read messages with ExaBGP's ``Connection.reader()``, and decode what was read."""

    def __init__(self, messages: Sequence[Message], session: Session, at_once: int | None = None) -> None:
        self.messages = len(messages)
        receiver = speaker(session)
        self._decode = decoder(receiver)
        self._reader = ConnectionReader(Link())
        self._feed = chunks([message.wire for message in messages], at_once)
        read = self._reader.read(self._feed)
        prove_read(read, messages)
        prove_decoded(self._decode(map(_TYPE, read), map(_BODY, read)), messages, receiver)

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def read(self) -> None:
        """Read all messages, header checks included."""
        self._reader.read(self._feed)

    def read_and_decode(self) -> None:
        """Read the messages and decode them."""
        read = self._reader.read(self._feed)
        deque(self._decode(map(_TYPE, read), map(_BODY, read)), maxlen=0)


class ProtocolReading:
    """Read messages with ExaBGP's ``Protocol.read_message()``: from the socket to decoded objects."""

    reader = ProtocolReader

    def __init__(self, messages: Sequence[Message], session: Session, at_once: int | None = None) -> None:
        self.messages = len(messages)
        self.routes = sum(map(routes_in, messages))
        receiver = speaker(session)
        self._reader = self.reader(receiver, Link())
        self._feed = chunks([message.wire for message in messages], at_once)
        read = self._reader.read(self._feed)
        prove_decoded(read, messages, receiver)
        sample = next((found for found, message in zip(read, messages, strict=True) if announces(message)), None)
        if sample is not None:
            self._use = text_reader(sample, receiver)

    def prove_used(self, messages: Sequence[Message]) -> None:
        """Raise WrongResultError unless the texts that `read_and_use` makes say what the UPDATEs say."""
        prove_used(map(self._use, self._reader.read(self._feed)), messages)

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def read(self) -> None:
        """Read and decode all messages."""
        self._reader.read(self._feed)

    def read_and_use(self) -> None:
        """Read and decode all messages, then read the prefixes, next hops and attributes of each."""
        deque(map(self._use, self._reader.read(self._feed)), maxlen=0)


class BurstReading(ProtocolReading):
    """The same; before each chunk ExaBGP has found the socket empty and waits."""

    reader = BurstReader
