"""Routes of any address family as ExaBGP decodes them, and as it reads them for its JSON."""

from collections.abc import Callable
from importlib.util import find_spec
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

from benchmarks.wire import AttributeCode

from .session import Speaker
from .startup import start
from .truth import WITHDRAW
from .use import collection_of


class Said(NamedTuple):
    """Everything in an UPDATE as ExaBGP puts it in its JSON: NLRI in its order, those that are withdrawn last.

    Attributes are as in the JSON, or as texts.
    """

    nlris: list[str]
    next_hops: list[str]
    attributes: str


def require_family(family: tuple[int, int]) -> None:
    """Raise NotImplementedError where this ExaBGP does not know the family."""
    start()
    from exabgp.protocol.family import Family

    if family not in {(int(afi), int(safi)) for afi, safi in Family.size}:
        raise NotImplementedError(f"this ExaBGP does not know the address family {family[0]}/{family[1]}")


def require_srv6(code: int) -> None:
    """Raise NotImplementedError where this ExaBGP knows no SRv6 in an attribute: as of RFC 9252 or RFC 9514."""
    start()
    module = {AttributeCode.PREFIX_SID: "sr.srv6.l3service", AttributeCode.BGP_LS: "bgpls.link.srv6endx"}[code]
    attributes = "exabgp.bgp.message.update.attribute"
    package = f"{attributes}.{module.rpartition('.')[0]}"
    if not (find_spec(package) and find_spec(f"{attributes}.{module}")):
        raise NotImplementedError(f"this ExaBGP does not know SRv6 in attribute {code}")


def routes_of(update: Any, speaker: Speaker) -> tuple[int, int]:
    """How many routes of an UPDATE are announced, and how many withdrawn."""
    collection = collection_of(update, speaker)
    if hasattr(collection, "announces"):
        return len(collection.announces), len(collection.withdraws)
    withdrawn = sum(int(nlri.action) == WITHDRAW for nlri in collection.nlris)
    return len(collection.nlris) - withdrawn, withdrawn


def attributes_of(update: Any, speaker: Speaker) -> int:
    """How many attributes of an UPDATE ExaBGP has decoded."""
    return len(collection_of(update, speaker).attributes)


as_json: Callable[[Any], str] = methodcaller("json")
"""Read attributes as ExaBGP's JSON has them."""


def as_texts(attributes: Any) -> str:
    """Read attributes as text, one by one."""
    return " ".join(map(str, attributes.values()))


def reader(sample: Any, speaker: Speaker, read_attributes: Callable[[Any], str] = as_json) -> Callable[[Any], Said]:
    """A function that reads an UPDATE of this commit, in the way the sample shows to be right.

    Where a commit has no JSON for an NLRI of the family it is read as the text that there is.
    """
    collection = collection_of(sample, speaker)
    get_collection: Callable[[Any], Any] | None = None
    if collection is not sample:
        get_collection = methodcaller("parse", speaker.negotiated)
    get_nlri, get_next_hop = attrgetter("nlri"), attrgetter("nexthop")

    if hasattr(collection, "announces"):
        first = next(iter([*collection.announces, *collection.withdraws]))
        # Since 2025-12-09 a next hop stands beside its NLRI, and withdrawn routes are bare NLRI.
        routed = hasattr(first, "nlri")
        read = _reader(first.nlri if routed else first)

        def use(update: Any) -> Said:
            contents = get_collection(update) if get_collection else update
            announces = contents.announces
            nlris = [*(map(get_nlri, announces) if routed else announces), *contents.withdraws]
            return Said(
                list(map(read, nlris)),
                list(map(str, map(get_next_hop, announces))),
                read_attributes(contents.attributes),
            )

    else:
        read = _reader(collection.nlris[0])

        def use(update: Any) -> Said:
            contents = get_collection(update) if get_collection else update
            nlris = contents.nlris
            return Said(
                list(map(read, nlris)),
                list(map(str, map(get_next_hop, nlris))),
                read_attributes(contents.attributes),
            )

    return use


def _reader(nlri: Any) -> Callable[[Any], str]:
    from exabgp.bgp.message.update.nlri.nlri import NLRI

    # That of the base class is there to be replaced.
    own = getattr(type(nlri), "json", None)
    return methodcaller("json") if own is not getattr(NLRI, "json", None) else str
