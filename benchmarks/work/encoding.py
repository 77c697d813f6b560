"""Messages received and told to an API process by ExaBGP's encoders."""

from collections.abc import Sequence

from benchmarks.exabgp_compat.any_family import require_family
from benchmarks.exabgp_compat.encoders import ApiProcess, Encoder
from benchmarks.wire import Message, Session
from benchmarks.work.proof import WrongResultError
from benchmarks.work.told import prove_told


class Encoding:
    """Encode messages that ExaBGP has read and decoded, for an API process that wants to know of each.

    Each run is on messages just decoded: ExaBGP keeps with them what it has read and written of them, and since 2025-12
    reads most of it in the first place when it is asked for.

    Raises NotImplementedError where the commit does not know a family of the session, or can't say it in text.
    """

    def __init__(self, messages: Sequence[Message], session: Session, encoder: Encoder) -> None:
        self.messages = len(messages)
        self._process = ApiProcess(session, encoder)
        for family in session.families:
            require_family(family)
        self._wire = [message.wire for message in messages]
        try:
            told = self._process.told(self._process.receive(self._wire))
        except Exception as error:
            raise WrongResultError(f"ExaBGP can't tell what it received: {type(error).__name__}: {error}") from error
        prove_told(told, messages, encoder)

    def prepare(self) -> None:
        """Have all messages received, and wait to be told."""
        self._waiting = self._process.receive(self._wire)

    def encode(self) -> None:
        """Encode all of them."""
        self._process.tell(self._waiting)
