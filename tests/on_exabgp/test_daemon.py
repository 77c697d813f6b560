"""A whole daemon: each route goes in once and comes out once, on every era."""

from collections.abc import Iterable

import pytest

from benchmarks.daemon_harness import API_READS, API_WRITES, Daemon, DaemonError, Settings
from benchmarks.wire import Message, Nlri, Session, UpdateTruth, commands, large_updates, simple_updates, static_routes
from benchmarks.work.announcing import Attributes
from benchmarks.work.daemon_announcing import Source, announce, withdraw
from benchmarks.work.daemon_receiving import Told, receive_once
from benchmarks.work.proof import WrongResultError
from benchmarks.work.traffic import traffic

UPDATES = simple_updates(Session(), 50)


@pytest.fixture(autouse=True, scope="module")
def _it_reads_its_configuration() -> None:
    """The first commits that Python 3.12 imports can't: a generator of theirs raises StopIteration."""
    with Daemon() as daemon:
        daemon.start()
        try:
            daemon.establish()
        except DaemonError as error:
            if "generator raised StopIteration" not in str(error):
                raise
            pytest.skip(str(error))


def routes(updates: Iterable[Message]) -> list[Nlri]:
    truths = [update.truth for update in updates]
    return [nlri for truth in truths if isinstance(truth, UpdateTruth) for nlri, _ in truth.announced]


def test_what_a_peer_sends_is_read_by_the_api_process() -> None:
    with Daemon(Settings(api=API_READS)) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        peer.send(b"".join(update.wire for update in UPDATES))
        api.watch_for(routes(UPDATES)[-1].prefix)
        daemon.start()
        daemon.establish()
        assert daemon.started_at < peer.connected_at < peer.open_at <= peer.established_at
        daemon.until(lambda: api.seen_at, lambda: api.octets_read, "octets of JSON")
        assert 0 < peer.first_sent_at <= peer.sent_at(0) <= api.seen_at
        assert not peer.unsent
        lines = list(api.lines())
        assert daemon.used().daemon > 0
    assert len(lines) == len(UPDATES)
    assert [time for time, _ in lines] == sorted(time for time, _ in lines)
    for (_, line), nlri in zip(lines, routes(UPDATES), strict=True):
        assert f'"nlri": "{nlri.prefix}"' in line


def test_what_an_api_process_announces_and_withdraws_is_on_the_wire() -> None:
    with Daemon(Settings(api=API_WRITES)) as daemon:
        (peer,), api = daemon.peers, daemon.api
        assert api
        daemon.start()
        daemon.establish()
        peer.expect(announced=routes(UPDATES))
        api.write(commands(UPDATES))
        daemon.until(lambda: peer.announced.complete, lambda: peer.announced.seen, "of 50 routes")
        assert str(peer.announced) == "50 of 50 routes"
        daemon.until(lambda: api.commands_taken == 50, lambda: api.commands_taken, "of 50 commands")
        for taken, seen in zip(api.commands_taken_at(), peer.announced.at, strict=True):
            assert daemon.started_at < taken < seen
        assert 0 < peer.updates <= 50
        assert peer.octets >= 50 * 40
        peer.expect(withdrawn=routes(UPDATES))
        api.write(commands(UPDATES, "withdraw"))
        daemon.until(lambda: peer.withdrawn.complete, lambda: peer.withdrawn.seen, "of 50 routes withdrawn")
        assert str(peer.withdrawn) == "50 of 50 routes"


def test_what_is_configured_is_announced_again_to_a_peer_that_comes_back() -> None:
    with Daemon(Settings(static=tuple(static_routes(UPDATES)))) as daemon:
        (peer,) = daemon.peers
        peer.expect(announced=routes(UPDATES))
        daemon.start()
        daemon.establish()
        for _ in range(2):
            daemon.until(lambda: peer.announced.complete, lambda: peer.announced.seen, "of 50 routes")
            assert (peer.announced.lost, peer.announced.twice, peer.announced.unexpected) == (0, 0, 0)
            peer.close()
            peer.expect(announced=routes(UPDATES))
            daemon.establish()


def test_many_peers() -> None:
    with Daemon(Settings(peers=3)) as daemon:
        daemon.start()
        daemon.establish()
        assert len({peer.address for peer in daemon.peers}) == 3
        assert len({peer.address[1] for peer in daemon.peers}) == 1


@pytest.mark.parametrize("told", ["JSON", "nothing", "nobody"])
@pytest.mark.parametrize(
    "messages", [UPDATES, large_updates(Session(), 3), traffic(100)], ids=["one", "large", "traffic"]
)
def test_a_run_of_receiving(told: Told, messages: list[Message]) -> None:
    try:
        run = receive_once(told, messages)
    except WrongResultError as error:
        # From 2025-11-29 until 2026-08-20.
        if "JSON is invalid" not in str(error):
            raise
        pytest.skip(str(error))
    assert run.messages == len(messages)
    assert run.routes >= len(messages)
    assert run.used.daemon >= 0
    assert 0 <= run.first <= run.whole
    assert len(run.latencies) == (len(messages) if told == "JSON" else 0)
    assert all(latency > 0 for latency in run.latencies)


def test_a_daemon_without_an_api_process_tells_what_it_holds() -> None:
    with Daemon() as daemon:
        (peer,) = daemon.peers
        peer.send(b"".join(update.wire for update in UPDATES))
        daemon.start()
        daemon.establish()
        daemon.until(lambda: not peer.unread, lambda: -peer.unread, "octets read", tick=0.01)
        daemon.quiet(0.5)
        for _ in range(2):
            assert sorted(daemon.held()) == sorted(nlri.prefix for nlri in routes(UPDATES))


def test_a_route_that_is_not_held_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Daemon.held
    monkeypatch.setattr(Daemon, "held", lambda daemon: held(daemon)[1:])
    with pytest.raises(WrongResultError, match=r"^of 50 routes 1 are lost and 0 are held twice$"):
        receive_once("nobody", UPDATES)


@pytest.mark.parametrize("attributes", ["shared", "distinct"])
@pytest.mark.parametrize("source", ["API", "configuration"])
def test_a_run_of_announcing(source: Source, attributes: Attributes) -> None:
    run = announce(100, source, attributes)
    assert run.routes == 100
    # What comes in one read has one time.
    assert 0 <= run.first <= run.whole
    assert 0 < run.peak <= 100
    assert run.updates == 100 if attributes == "distinct" else 0 < run.updates <= 100
    assert len(run.latencies) == (100 if source == "API" else 0)
    assert all(latency > 0 for latency in run.latencies)


def test_a_run_of_withdrawing() -> None:
    run = withdraw(100)
    assert run.routes == len(run.latencies) == 100
    assert 0 < run.updates <= 100
