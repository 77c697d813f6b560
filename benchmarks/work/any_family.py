"""UPDATEs of any address family, decoded by ExaBGP and read as its JSON reads them."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.exabgp_compat.any_family import (
    Said,
    as_json,
    as_texts,
    attributes_of,
    reader,
    require_family,
    require_srv6,
    routes_of,
)
from benchmarks.exabgp_compat.caches import forget_attributes, remember_fresh_caches
from benchmarks.exabgp_compat.decode import decoder, types_and_bodies
from benchmarks.exabgp_compat.session import Speaker, speaker
from benchmarks.wire import Message, RoutesTruth, Session
from benchmarks.wire.families.kinds import FamilyKind
from benchmarks.work.decoding import Cache
from benchmarks.work.proof import WrongResultError, its_own_words, prove_named


class FamilyDecoding:
    """Decode UPDATEs of a family, and use what was decoded; with cold caches of attributes, or with warm ones.

    Used are routes as ExaBGP's JSON has them, and attributes likewise or, with `texts`, as text.
    Raises NotImplementedError where the commit does not know the family.
    """

    def __init__(
        self, messages: Sequence[Message], session: Session, cache: Cache = "cold", *, texts: bool = False
    ) -> None:
        self.messages = len(messages)
        self._cache = cache
        self._speaker = speaker(session)
        for family in session.families:
            require_family(family)
        remember_fresh_caches()
        self._decode = decoder(self._speaker)
        self._types, self._bodies = types_and_bodies(messages)
        decoded = list(self._decode(self._types, self._bodies))
        truths = [message.truth for message in messages if isinstance(message.truth, RoutesTruth)]
        self.routes = sum(len(truth.announced) + len(truth.withdrawn) for truth in truths)
        _prove_decoded(decoded, truths, self._speaker)
        self._use = reader(decoded[0], self._speaker, as_texts if texts else as_json)
        prove_said(map(self._use, decoded), truths, texts=texts)

    def prepare(self) -> None:
        """Make the caches of attributes cold, where that is asked for."""
        if self._cache == "cold":
            forget_attributes(self._speaker)

    def decode(self) -> None:
        """Decode all messages and drop each at once."""
        deque(self._decode(self._types, self._bodies), maxlen=0)

    def decode_and_use(self) -> None:
        """Decode all messages, and read the NLRI, next hops and attributes of each before it is dropped."""
        deque(map(self._use, self._decode(self._types, self._bodies)), maxlen=0)


def family_kind(kind: FamilyKind, messages: int, cache: Cache) -> FamilyDecoding:
    """UPDATEs with one kind of attribute, decoded: no two have the same attributes, or all with warm caches.

    Raises NotImplementedError where the commit does not know the attribute, or not what is in it.
    """
    with its_own_words():
        if kind.srv6 and kind.code:
            require_srv6(kind.code)
        updates = kind.updates(messages) if cache == "cold" else kind.sharing(messages)
        return FamilyDecoding(updates, kind.session, cache, texts=True)


def _prove_decoded(decoded: Sequence[Any], truths: Sequence[RoutesTruth], one: Speaker) -> None:
    for number, (found, truth) in enumerate(zip(decoded, truths, strict=True)):
        for what, has, expected in (
            ("routes announced and withdrawn", routes_of(found, one), (len(truth.announced), len(truth.withdrawn))),
            ("attributes", attributes_of(found, one), truth.attributes),
        ):
            if has != expected:
                raise WrongResultError(f"message {number}: ExaBGP has {what} {has}, the bytes {expected}")


def prove_said(said: Iterable[Said], truths: Iterable[RoutesTruth], *, texts: bool = False) -> None:
    """Raise WrongResultError unless ExaBGP names each route, in order, by its values, its next hop and attributes."""
    for number, (found, truth) in enumerate(zip(said, truths, strict=True)):
        where = f"message {number}"
        for text, route in zip(found.nlris, [*truth.announced, *truth.withdrawn], strict=True):
            prove_named(where, text, route.says)
        prove_named(where, found.attributes if texts else f"{{ {found.attributes} }}", truth.says)
        if truth.next_hop and {*found.next_hops} != {truth.next_hop}:
            raise WrongResultError(f"{where}: ExaBGP has next hops {found.next_hops}, the bytes say {truth.next_hop}")
