"""Messages as octets in memory, decoded by ExaBGP."""

from collections import deque
from collections.abc import Sequence
from typing import Literal

from benchmarks.exabgp_compat.caches import forget_attributes, remember_fresh_caches
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import speaker
from benchmarks.exabgp_compat.truth import truth_of
from benchmarks.exabgp_compat.use import text_reader
from benchmarks.wire import Message, Session, UpdateTruth, link_local_next_hop_update
from benchmarks.work.proof import WrongResultError, announces, prove_decoded, prove_used

type Cache = Literal["cold", "warm"]


class Decoding:
    """Decode messages, and use what was decoded.

    With the cache "cold" a run finds ExaBGP's attribute caches as they are in a daemon just started; "warm" leaves them
    as the run before left them.
    """

    def __init__(self, messages: Sequence[Message], session: Session, cache: Cache) -> None:
        self.messages = len(messages)
        self._cache = cache
        self._speaker = speaker(session)
        remember_fresh_caches()
        self._decode = decoder(self._speaker)
        self._types, self._bodies = types_and_bodies(messages)
        decoded = list(self._decode(self._types, self._bodies))
        prove_decoded(decoded, messages, self._speaker)

        updates = [found for found, message in zip(decoded, messages, strict=True) if announces(message)]
        if updates:
            self._use = text_reader(updates[0], self._speaker)
            prove_used(map(self._use, decoded), messages)

    def prepare(self) -> None:
        """Make the caches cold, where that is asked for."""
        if self._cache == "cold":
            forget_attributes(self._speaker)

    def decode(self) -> None:
        """Decode all messages and drop each at once."""
        deque(self._decode(self._types, self._bodies), maxlen=0)

    def decode_and_use(self) -> None:
        """Decode all messages, and read each UPDATE's prefixes, next hops and attributes before it is dropped."""
        deque(map(self._use, self._decode(self._types, self._bodies)), maxlen=0)


class LinkLocalNextHop:
    """Decode an UPDATE of one IPv6 route whose next hop is a global and a link-local address: eras differ on it."""

    messages = 1

    def __init__(self, session: Session) -> None:
        message = link_local_next_hop_update(session)
        receiver = speaker(session)
        (decoded,) = decoder(receiver)(*types_and_bodies([message]))
        self._found = truth_of(decoded, receiver).announced
        assert isinstance(message.truth, UpdateTruth)
        ((nlri, next_hop),) = message.truth.announced
        if {found for found, _ in self._found} != {nlri} or next_hop not in {hop for _, hop in self._found}:
            raise WrongResultError(f"ExaBGP has announced {self._found}, the octets say {nlri} by {next_hop}")

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def routes(self) -> int:
        """Routes that ExaBGP makes of it."""
        return len(self._found)
