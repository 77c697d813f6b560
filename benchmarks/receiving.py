"""Messages of any type received by ExaBGP's protocol; proven once, received as often as a clock wants."""

from collections.abc import Sequence

from benchmarks.exabgp_compat.bursts import BurstReader
from benchmarks.exabgp_compat.connection import Link, chunks
from benchmarks.exabgp_compat.protocol import ProtocolReader
from benchmarks.exabgp_compat.session import speaker
from benchmarks.proof import prove_decoded
from benchmarks.wire import Message, Session


class Receiving:
    """Read messages with ExaBGP's ``Protocol.read_message()``, sent in chunks of many or of as many as asked for.

    The constructor raises WrongResultError when what is read is not what was sent.
    """

    reader = ProtocolReader

    def __init__(self, messages: Sequence[Message], session: Session, at_once: int | None = None) -> None:
        one = speaker(session)
        self._reader = self.reader(one, Link())
        self._feed = chunks([message.wire for message in messages], at_once)
        prove_decoded(self._reader.read(self._feed), messages, one)

    def read(self) -> None:
        """Read and decode all messages."""
        self._reader.read(self._feed)


class BurstReceiving(Receiving):
    """The same; before each chunk ExaBGP has found the socket empty and waits."""

    reader = BurstReader
