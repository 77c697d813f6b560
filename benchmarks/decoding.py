"""Messages on the table, ready to be decoded by ExaBGP; proven once, decoded as often as a clock wants."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Literal

from benchmarks.exabgp_compat.caches import forgetter, remember_fresh_caches
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.use import user
from benchmarks.proof import announces, prove_decoded, prove_used
from benchmarks.wire import Message, Session

type Cache = Literal["cold", "warm"]


def _nothing() -> None:
    """Leave the caches as they are."""


class Decoding:
    """Decode messages, and use what was decoded.

    With the cache "cold" each call starts with ExaBGP's attribute caches as they are in a daemon just started; "warm"
    leaves them as the call before left them. The constructor has ExaBGP do the work once and raises WrongResultError
    when the outcome is not what the bytes say.
    """

    def __init__(self, messages: Sequence[Message], session: Session, cache: Cache) -> None:
        self.messages = messages
        one = speaker(session)
        remember_fresh_caches()
        self._decode = decoder(one)
        self._types, self._bodies = types_and_bodies(messages)
        decoded = list(self._decode(self._types, self._bodies))
        prove_decoded(decoded, messages, one)

        updates = [found for found, message in zip(decoded, messages, strict=True) if announces(message)]
        if updates:
            self._use = user(updates[0], one)
            prove_used(map(self._use, decoded), messages)
        self._start: Callable[[], object] = forgetter(self.decode_as_is, one) if cache == "cold" else _nothing

    def decode_as_is(self) -> None:
        """Decode all messages and drop each at once, whatever is in the caches."""
        deque(self._decode(self._types, self._bodies), maxlen=0)

    def decode(self) -> None:
        """Decode all messages and drop each at once."""
        self._start()
        deque(self._decode(self._types, self._bodies), maxlen=0)

    def decode_and_use(self) -> None:
        """Decode all messages, and read each UPDATE's prefixes, next hops and attributes before it is dropped."""
        self._start()
        deque(map(self._use, self._decode(self._types, self._bodies)), maxlen=0)
