"""A whole daemon and BIRD, a BGP speaker that routers run: each has what the other announces, on every era."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.daemon_harness import API_READS, API_WRITES, Daemon, Settings
from benchmarks.wire import IPV4_UNICAST, IPV6_UNICAST, Message, Session, UpdateTruth, commands, simple_updates
from benchmarks.work.told import prove_told
from tests.wire.bird import BIRD, BIRDCL, Shown, router, shown

pytestmark = pytest.mark.skipif(not (BIRD and BIRDCL), reason="BIRD is not installed: apt-get install bird2")

SESSION = Session()
# As the daemon announces: what it is told by `SESSION` to be.
DAEMONS = Session(local_as=SESSION.peer_as, peer_as=SESSION.local_as)
ROUTES = 200


def of_both_families(session: Session) -> list[Message]:
    """UPDATEs of one route each, all with attributes of their own."""
    found: list[Message] = []
    for number, family in enumerate((IPV4_UNICAST, IPV6_UNICAST)):
        one = Session(families=(family,), local_as=session.local_as, peer_as=session.peer_as)
        found += simple_updates(one, ROUTES, number * ROUTES)
    return found


def truths(messages: Sequence[Message]) -> list[UpdateTruth]:
    return [message.truth for message in messages if isinstance(message.truth, UpdateTruth)]


def in_birds_words(messages: Sequence[Message]) -> list[Shown]:
    return sorted(
        shown(nlri.prefix, next_hop, truth.attributes, internal=False)
        for truth in truths(messages)
        for nlri, next_hop in truth.announced
    )


def test_bird_has_what_the_daemon_announces_until_it_is_withdrawn(tmp_path: Path) -> None:
    messages = of_both_families(DAEMONS)
    with router(tmp_path, SESSION) as bird, Daemon(Settings(SESSION, api=API_WRITES, speaker=bird.port)) as daemon:
        api = daemon.api
        assert api
        daemon.start()
        daemon.establish()
        for action, count in (("announce", len(messages)), ("withdraw", 0)):
            api.write(commands(messages, action))
            daemon.until(lambda count=count: bird.counts()[0] == count, lambda: sum(bird.counts()), "routes at BIRD")
            # Each came once: none was lost on the way, and none came twice.
            assert bird.counts() == (count, len(messages), len(messages) - count)
            assert bird.routes() == (in_birds_words(messages) if count else [])
        assert bird.complaints() == []


def test_the_daemon_has_what_bird_announces(tmp_path: Path) -> None:
    messages = of_both_families(SESSION)
    with (
        router(tmp_path, SESSION, messages) as bird,
        Daemon(Settings(SESSION, api=API_READS, speaker=bird.port)) as daemon,
    ):
        api = daemon.api
        assert api
        daemon.start()
        daemon.establish()

        def told() -> int:
            return sum('"nlri"' in line for _, line in api.lines())

        daemon.until(lambda: told() >= len(messages), told, f"of {len(messages)} routes of BIRD's")
        # BIRD has an order of its own.
        lines = {text.split('"nlri": "')[1].split('"')[0]: text for _, text in api.lines() if '"nlri"' in text}
        assert told() == len(lines) == len(messages)
        prove_told([[lines[truth.announced[0][0].prefix]] for truth in truths(messages)], messages, "json")
        assert bird.complaints() == []
