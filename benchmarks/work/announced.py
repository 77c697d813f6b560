"""Compare the UPDATEs that ExaBGP wrote with the routes that it was given to announce."""

from collections.abc import Iterable, Sequence

from benchmarks.wire import Message, MessageType, Nlri, Session, UpdateTruth, decode_update
from benchmarks.work.proof import WrongResultError

_HEADER = 19


def prove_announced(
    written: Iterable[bytes], messages: Sequence[Message], session: Session, *, withdrawn: Sequence[Message] = ()
) -> None:
    """Raise WrongResultError unless a peer that reads what was written holds the routes of the messages, and no other.

    Each route must be there once, with its next hop and attributes. Routes of `withdrawn` may be withdrawn before they
    are announced.
    """
    expected = dict(_routes(messages))
    may_go = {nlri for nlri, _ in _routes(withdrawn)}
    held: dict[Nlri, tuple[str, dict[int, object]]] = {}
    for number, octets in enumerate(written):
        if octets[18] != MessageType.UPDATE or int.from_bytes(octets[16:18]) != len(octets):
            raise WrongResultError(f"message {number} that ExaBGP wrote is no UPDATE of {len(octets)} octets")
        truth = decode_update(bytes(octets[_HEADER:]), session)
        for nlri in truth.withdrawn:
            if nlri not in may_go:
                raise WrongResultError(f"message {number}: ExaBGP withdraws {nlri}, which nobody asked for")
            held.pop(nlri, None)
        for nlri, next_hop in truth.announced:
            if nlri in held:
                raise WrongResultError(f"message {number}: ExaBGP announces {nlri} once more")
            held[nlri] = next_hop, dict(truth.attributes)
    for nlri, route in expected.items():
        if nlri not in held:
            raise WrongResultError(f"ExaBGP has lost {nlri}: it announced {len(held)} of {len(expected)} routes")
        if held[nlri] != route:
            raise WrongResultError(f"ExaBGP announced {nlri} with {held[nlri]}, it was given {route}")
    if len(held) > len(expected):
        raise WrongResultError(f"ExaBGP announced {len(held)} routes, it was given {len(expected)}")


def prove_held(prefixes: Iterable[str], messages: Iterable[Message]) -> None:
    """Raise WrongResultError unless the prefixes are those that the UPDATEs leave announced, each once."""
    expected: set[str] = set()
    for message in messages:
        if isinstance(message.truth, UpdateTruth):
            expected.difference_update(nlri.prefix for nlri in message.truth.withdrawn)
            expected.update(nlri.prefix for nlri, _ in message.truth.announced)
    found = sorted(prefixes)
    if found != sorted(expected):
        difference = sorted(expected.symmetric_difference(found))[:3]
        raise WrongResultError(
            f"ExaBGP holds {len(found)} routes, the messages leave {len(expected)}; the difference: {difference}"
        )


def _routes(messages: Iterable[Message]) -> Iterable[tuple[Nlri, tuple[str, dict[int, object]]]]:
    for message in messages:
        assert isinstance(message.truth, UpdateTruth)
        for nlri, next_hop in message.truth.announced:
            yield nlri, (next_hop, dict(message.truth.attributes))
