"""Messages on the wire, read by ExaBGP from a real socket; proven once, read as often as a clock wants."""

from collections import deque
from collections.abc import Sequence
from operator import itemgetter

from benchmarks.exabgp_compat.connection import ConnectionReader, Link, chunks
from benchmarks.exabgp_compat.decode import decoder
from benchmarks.exabgp_compat.protocol import ProtocolReader
from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.use import user
from benchmarks.proof import announces, prove_decoded, prove_read, prove_used
from benchmarks.wire import Message, Session

_TYPE, _BODY = itemgetter(1), itemgetter(3)


class ConnectionReading:
    """Read messages with ExaBGP's ``Connection.reader()``, and decode what was read.

    The peer's end of the socket pair is fed in chunks of many messages, so that the feeding is next to nothing, or of
    as many as asked for. The constructor raises WrongResultError when what is read or decoded is not what was sent.
    """

    def __init__(self, messages: Sequence[Message], session: Session, at_once: int | None = None) -> None:
        one = speaker(session)
        self._decode = decoder(one)
        self._reader = ConnectionReader(Link())
        self._feed = chunks([message.wire for message in messages], at_once)
        read = self._reader.read(self._feed)
        prove_read(read, messages)
        prove_decoded(self._decode(map(_TYPE, read), map(_BODY, read)), messages, one)

    def read(self) -> None:
        """Read all messages, header checks included."""
        self._reader.read(self._feed)

    def read_and_decode(self) -> None:
        """Read the messages and decode them."""
        read = self._reader.read(self._feed)
        deque(self._decode(map(_TYPE, read), map(_BODY, read)), maxlen=0)


class ProtocolReading:
    """Read messages with ExaBGP's ``Protocol.read_message()``: from the socket to decoded objects.

    The constructor raises WrongResultError when what is read is not what was sent.
    """

    def __init__(self, messages: Sequence[Message], session: Session) -> None:
        one = speaker(session)
        self._reader = ProtocolReader(one, Link())
        self._feed = chunks([message.wire for message in messages])
        read = self._reader.read(self._feed)
        prove_decoded(read, messages, one)
        sample = next(found for found, message in zip(read, messages, strict=True) if announces(message))
        self._use = user(sample, one)
        prove_used(map(self._use, read), messages)

    def read(self) -> None:
        """Read and decode all messages."""
        self._reader.read(self._feed)

    def read_and_use(self) -> None:
        """Read and decode all messages, then read the prefixes, next hops and attributes of each."""
        deque(map(self._use, self._reader.read(self._feed)), maxlen=0)
