"""Compare the UPDATEs that ExaBGP wrote with the routes that it was given to announce."""

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.exabgp_compat.truth import comparable
from benchmarks.wire import AttributeCode, Message, MessageType, Nlri, Session, UpdateTruth, decode_update
from benchmarks.work.proof import WrongResultError

_HEADER = 19


def prove_announced(
    written: Iterable[bytes],
    messages: Sequence[Message],
    session: Session,
    *,
    withdrawn: Sequence[Message] = (),
    known: bool = False,
) -> None:
    """Raise WrongResultError unless a peer that reads what was written holds the routes of the messages, and no other.

    Each route must be there once, with its next hop and attributes; where the peer has it already (`known`), once at
    most. Routes of `withdrawn` may be withdrawn before they are announced.
    """
    expected = dict(_routes(messages))
    may_go = {nlri for nlri, _ in _routes(withdrawn)}
    held: dict[Nlri, tuple[str, dict[int, object]]] = {}
    for number, truth in enumerate(_decoded(written, session)):
        for nlri in truth.withdrawn:
            if nlri not in may_go:
                raise WrongResultError(f"message {number}: ExaBGP withdraws {nlri}, which nobody asked for")
            held.pop(nlri, None)
        for nlri, next_hop in truth.announced:
            if nlri in held:
                raise WrongResultError(f"message {number}: ExaBGP announces {nlri} once more")
            held[nlri] = next_hop, _attributes(truth)
    for nlri, route in expected.items():
        if nlri not in held:
            if known:
                continue
            raise WrongResultError(f"ExaBGP has lost {nlri}: it announced {len(held)} of {len(expected)} routes")
        if held[nlri] != route:
            raise WrongResultError(f"ExaBGP announced {nlri} with {held[nlri]}, it was given {route}")
    if held.keys() - expected.keys():
        raise WrongResultError(f"ExaBGP announced {len(held)} routes, it was given {len(expected)}")


def prove_withdrawn(
    written: Iterable[bytes], messages: Sequence[Message], session: Session, *, known: bool = True
) -> None:
    """Raise WrongResultError unless what was written withdraws the routes that the messages announce, and nothing else.

    Each must be withdrawn once; where the peer does not know them (`known` is false), once at most.
    """
    # The label that a withdrawal has says nothing.
    left = {nlri._replace(label=None) for nlri, _ in _routes(messages)}
    for number, truth in enumerate(_decoded(written, session)):
        if truth.announced:
            raise WrongResultError(f"message {number}: ExaBGP announces {truth.announced[0]}, which was withdrawn")
        for nlri in truth.withdrawn:
            if nlri not in left:
                raise WrongResultError(f"message {number}: ExaBGP withdraws {nlri} once more, or for no reason")
            left.remove(nlri)
    if known and left:
        raise WrongResultError(f"ExaBGP has not withdrawn {len(left)} routes, {min(left)} among them")


def prove_left(written: Iterable[bytes], messages: Sequence[Message], session: Session) -> None:
    """Raise WrongResultError unless a peer that reads what was written ends with the routes of the messages.

    On the way a route may be announced or withdrawn as often as ExaBGP likes.
    """
    held: dict[Nlri, tuple[str, dict[int, object]]] = {}
    for truth in _decoded(written, session):
        for nlri in truth.withdrawn:
            held.pop(nlri, None)
        held |= {nlri: (next_hop, _attributes(truth)) for nlri, next_hop in truth.announced}
    expected = dict(_routes(messages))
    for nlri in [*expected, *held]:
        if held.get(nlri) != expected.get(nlri):
            raise WrongResultError(
                f"of {nlri} the peer ends with {held.get(nlri)}, it should with {expected.get(nlri)}"
            )


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


def prove_held_with_attributes(routes: Iterable[tuple[str, Mapping[int, object]]], messages: Iterable[Message]) -> None:
    """Raise WrongResultError unless each route that is held has the attributes of its last announcement."""
    expected = {
        nlri.prefix: comparable(message.truth).attributes
        for message in messages
        if isinstance(message.truth, UpdateTruth)
        for nlri, _ in message.truth.announced
    }
    for prefix, attributes in routes:
        # The next hop may be beside them, or in them.
        found, truth = ({**of, AttributeCode.NEXT_HOP: None} for of in (attributes, expected[prefix]))
        if found != truth:
            raise WrongResultError(f"ExaBGP holds {prefix} with {found}, it was last announced with {truth}")


def _decoded(written: Iterable[bytes], session: Session) -> Iterable[UpdateTruth]:
    for number, octets in enumerate(written):
        if octets[18] != MessageType.UPDATE or int.from_bytes(octets[16:18]) != len(octets):
            raise WrongResultError(f"message {number} that ExaBGP wrote is no UPDATE of {len(octets)} octets")
        yield decode_update(bytes(octets[_HEADER:]), session)


def _routes(messages: Iterable[Message]) -> Iterable[tuple[Nlri, tuple[str, dict[int, object]]]]:
    for message in messages:
        assert isinstance(message.truth, UpdateTruth)
        for nlri, next_hop in message.truth.announced:
            yield nlri, (next_hop, _attributes(message.truth))


def _attributes(truth: UpdateTruth) -> dict[int, object]:
    """The attributes but for NEXT_HOP, which is of no account beside MP_REACH_NLRI (RFC 4760, section 3)."""
    return {code: value for code, value in truth.attributes.items() if code != AttributeCode.NEXT_HOP}
