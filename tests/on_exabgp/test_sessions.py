"""Sessions of other kinds: what they alone carry is announced and read, and refused where it is not."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import sessions
from benchmarks.exabgp_compat.startup import start
from benchmarks.wire import AttributeCode, Message, Session, UpdateTruth, decode_update, simple_update
from benchmarks.work.announced import prove_announced
from benchmarks.work.announcing import announcing_in_one, announcing_on
from benchmarks.work.proof import WrongResultError, its_own_words

ROUTES = 6
EXTERNAL = Session()


@pytest.fixture(autouse=True)
def _started() -> None:
    start()


def written(name: str) -> list[UpdateTruth]:
    """What a peer of a session reads of routes announced to it."""
    try:
        octets = sessions._announcing(name, ROUTES).written()
    except WrongResultError as reason:
        assert (name,) in sessions.Announced.faults
        pytest.skip(f"this ExaBGP is wrong: {reason}")
    return [decode_update(bytes(message[19:]), sessions._SESSIONS[name]) for message in octets]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("external", {1, 2, 3, 8}),
        ("internal", {1, 2, 3, 5, 8}),
        ("two-octet AS numbers", {1, 2, 3, 7, 8, 17, 18}),
        ("ADD-PATH", {1, 2, 3, 8}),
    ],
)
def test_a_session_carries_what_is_its_own(name: str, codes: set[int]) -> None:
    found = written(name)
    assert len(found) == ROUTES
    assert {frozenset(truth.attributes) for truth in found} == {frozenset(codes)}
    identifiers = {nlri.path_id for truth in found for nlri, _ in truth.announced}
    assert identifiers == ({*range(1, ROUTES + 1)} if name == "ADD-PATH" else {None})


@pytest.mark.parametrize("name", sessions.Received.params[0])
def test_traffic_is_read(name: str) -> None:
    try:
        work = sessions._part_of_received(name)
    except WrongResultError as reason:
        assert (name,) in sessions.Received.faults
        pytest.skip(f"this ExaBGP is wrong: {reason}")
    assert work.messages == sessions.RECEIVED


def test_traffic_of_two_octets_has_as4_path() -> None:
    found = [message.truth for message in sessions._traffic("two-octet AS numbers", 100)]
    codes = [code for truth in found if isinstance(truth, UpdateTruth) for code in truth.attributes]
    assert codes.count(AttributeCode.AS4_PATH) > 20
    assert AttributeCode.AS4_AGGREGATOR not in codes


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("internal", lambda attributes: attributes | {AttributeCode.LOCAL_PREF: 101}),
        ("ADD-PATH", lambda attributes: attributes | {AttributeCode.MULTI_EXIT_DISC: 1}),
    ],
)
def test_another_attribute_than_announced_is_refused(
    name: str, change: Callable[[dict[int, object]], dict[int, object]]
) -> None:
    session = sessions._SESSIONS[name]
    messages = [simple_update(session, 1)]
    octets = announcing_on(session, messages).written()
    truth = messages[0].truth
    assert isinstance(truth, UpdateTruth)
    other = UpdateTruth(truth.announced, (), change(dict(truth.attributes)))
    with pytest.raises(WrongResultError, match="it was given"):
        prove_announced(octets, [Message(messages[0].type, messages[0].body, other)], session)


def test_extended_messages_hold_more() -> None:
    extended = Session(extended_message=True)
    try:
        announcing_in_one(extended, 2).written()
    except ValueError as reason:
        pytest.skip(f"this ExaBGP can't announce several routes by one command: {reason}")
    (one,) = announcing_in_one(extended, 1500).written()
    assert len(one) > 4096
    assert [len(message) <= 4096 for message in announcing_in_one(EXTERNAL, 1500).written()] == [True, True]


def test_what_exabgp_raises_is_said_in_its_words() -> None:
    def fail(error: Any) -> None:
        with its_own_words():
            raise error

    with pytest.raises(WrongResultError, match="ExaBGP fails with ValueError: no such thing"):
        fail(ValueError("no such thing"))
    with pytest.raises(NotImplementedError, match="none"):
        fail(NotImplementedError("none"))
    with pytest.raises(WrongResultError, match=r"^wrong$"):
        fail(WrongResultError("wrong"))
