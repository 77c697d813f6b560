"""BIRD, a BGP speaker that routers run, takes the fixtures of all other families that it knows, and reads them."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from struct import pack

import pytest

from benchmarks.wire import (
    Message,
    RoutesTruth,
    Session,
    UpdateTruth,
    keepalive,
    open_message,
    simple_updates,
    update,
)
from benchmarks.wire.families import FAMILIES
from benchmarks.wire.families.multiprotocol import withdrawal
from tests.wire.bird import BIRD, BIRDCL, OTHERS, PEER_ID, SECONDS, Bird, Peer, neighbours

pytestmark = pytest.mark.skipif(not (BIRD and BIRDCL), reason="BIRD is not installed: apt-get install bird2")

NAMES = [name for name, family in FAMILIES.items() if family.family in OTHERS and not family.withdrawn]
# As the peer's own messages and those of the benchmarks that announce.
SIMPLE = [(1, 4), (2, 4), (1, 128), (2, 128)]
MESSAGES = 5
IN_ITS_WORDS = {
    "=tcp": r"(?:proto|next header) 6",
    "=syn": "tcp flags 0x2/0x2",
    ">200&<300": "length > 200 && < 300",
}


@contextmanager
def established(folder: Path, session: Session) -> Iterator[Peer]:
    """A session of one family, in which BIRD announces nothing."""
    (family,) = session.families
    hop = "2001:db8::9" if family[0] == 2 else "192.0.2.9"
    channel = OTHERS[family].format(f"import all; export none; next hop address {hop};")
    with neighbours(folder, session, channel) as peer:
        peer.send(open_message(session, session.peer_as, PEER_ID), keepalive())
        yield peer


def until(bird: Bird, counts: tuple[int, int, int]) -> None:
    """Wait until BIRD has so many routes, and saw so many announced and withdrawn."""
    deadline = time.monotonic() + SECONDS
    while (found := bird.counts()) != counts:
        assert time.monotonic() < deadline, f"{found} is not {counts}: {bird.output()}"
        time.sleep(0.01)


def routes(bird: Bird) -> list[str]:
    """What BIRD shows of each route from its peer."""
    shown = bird.ask("show route all protocol tester")
    return re.split(r"\n(?=\S.*\[tester )", shown)[1:]


def check(bird: Bird, expected: Sequence[Sequence[str]]) -> None:
    """BIRD has one route for each of these expressions, and no other, and has complained of nothing."""
    shown = routes(bird)
    assert len(shown) == len(expected)
    for words in expected:
        matching = [text for text in shown if all(re.search(rf"(?<![\w.:]){word}(?![\w./])", text) for word in words)]
        assert len(matching) == 1, (words, shown)
    assert bird.complaints() == []


def in_its_words(value: str, *, of_route: bool) -> str:
    """An expression for how BIRD puts a value of a fixture's truth."""
    if value in IN_ITS_WORDS:
        return IN_ITS_WORDS[value]
    if value.startswith("="):
        return f"dport {value[1:]}"
    if value.startswith("target:"):
        return re.escape("(rt, {}, {})".format(*value.split(":")[1:]))
    if value.startswith("rate-limit:"):
        return f"0x80060000, 0x{pack('!f', float(value.partition(':')[2])).hex()}"
    if value.isdigit():
        return f"BGP\\.mpls_label_stack: {value}" if of_route else f"BGP\\.med: {value}"
    # A prefix of a rule for IPv6 has an offset.
    return re.escape(re.sub(r"(/\d+)/0$", r"\1", value))


def of_fixture(message: Message) -> Iterator[list[str]]:
    truth = message.truth
    assert isinstance(truth, RoutesTruth)
    common = [in_its_words(value, of_route=False) for value in truth.says]
    if truth.next_hop:
        common.append(f"BGP\\.next_hop: {re.escape(truth.next_hop)}")
    for route in truth.announced:
        yield [*(in_its_words(value, of_route=True) for value in route.says), *common]


def of_update(message: Message) -> Iterator[list[str]]:
    truth = message.truth
    assert isinstance(truth, UpdateTruth)
    for nlri, next_hop in truth.announced:
        words = [
            re.escape(nlri.prefix),
            f"BGP\\.mpls_label_stack: {nlri.label}",
            rf"BGP\.next_hop: {re.escape(next_hop)}",
        ]
        yield words + ([nlri.distinguisher] if nlri.distinguisher else [])


def take(peer: Peer, messages: list[Message], expected: Callable[[Message], Iterator[list[str]]]) -> list[list[str]]:
    """Have BIRD take the messages; what it must have of each route."""
    peer.send(*messages)
    words = [route for message in messages for route in expected(message)]
    until(peer.bird, (len(words), len(words), 0))
    check(peer.bird, words)
    return words


def test_all_families_that_bird_knows_have_fixtures() -> None:
    assert {FAMILIES[name].family for name in NAMES} == OTHERS.keys()
    assert {*SIMPLE} <= OTHERS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_fixtures_of_families_and_their_withdrawal(tmp_path: Path, name: str) -> None:
    family = FAMILIES[name]
    messages = family.updates(MESSAGES)
    with established(tmp_path, family.session) as peer:
        words = take(peer, messages, of_fixture)
        assert len(words) == MESSAGES * family.routes
        gone = messages[1].truth.announced
        peer.send(withdrawal(family.family, gone))
        until(peer.bird, (len(words) - len(gone), len(words), len(gone)))
        check(peer.bird, words[: len(gone)] + words[2 * len(gone) :])


@pytest.mark.parametrize("family", SIMPLE)
def test_updates_with_labels_and_their_withdrawal(tmp_path: Path, family: tuple[int, int]) -> None:
    session = Session(families=(family,))
    messages = simple_updates(session, 50)
    with established(tmp_path, session) as peer:
        words = take(peer, messages, of_update)
        ((nlri, _),) = messages[7].truth.announced
        peer.send(update(session, withdraw=[nlri._replace(label=None)]))
        until(peer.bird, (49, 50, 1))
        check(peer.bird, words[:7] + words[8:])


def test_another_label_prefix_or_next_hop_is_noticed(tmp_path: Path) -> None:
    session = Session(families=((1, 128),))
    with established(tmp_path, session) as peer:
        (words,) = take(peer, simple_updates(session, 1), of_update)
        for position in range(len(words)):
            wrong = [word if at != position else re.sub(r"\d$", "x", word) for at, word in enumerate(words)]
            with pytest.raises(AssertionError):
                check(peer.bird, [wrong])
        with pytest.raises(AssertionError):
            check(peer.bird, [words, words])


def test_a_withdrawal_of_vpn_routes_is_one(tmp_path: Path) -> None:
    """The fixture that only withdraws takes away what the other announces."""
    announced, withdrawn = FAMILIES["VPNv4"].updates(1), FAMILIES["VPNv4, withdrawn"].updates(1)
    with established(tmp_path, FAMILIES["VPNv4"].session) as peer:
        words = take(peer, announced, of_fixture)
        peer.send(*withdrawn)
        until(peer.bird, (0, len(words), len(words)))
        assert peer.bird.complaints() == []
