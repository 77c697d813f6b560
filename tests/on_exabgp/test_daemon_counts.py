"""Instructions of a daemon are counted from outside: from the moment that is asked for on, and only of the package."""

import pytest

from benchmarks.daemon_harness import API_WRITES, Daemon, Settings
from benchmarks.wire import simple_updates
from benchmarks.work import daemon_counts
from benchmarks.work.daemon_counts import SESSION, announced, received, reloaded, restarted


def test_what_is_received_is_counted_by_code() -> None:
    run = received()
    assert run.messages == run.routes == daemon_counts.ROUTES
    # It decodes each UPDATE and writes a line for it, and parses nothing: 4.2 only looks settings up.
    assert run.per_route("message") > 500
    assert run.per_route("response") > 100
    assert run.per_route("configuration") < 20
    assert not any(name.startswith("/") for name in run.by_code)


def test_what_is_announced_is_counted_by_code() -> None:
    run = announced()
    assert run.per_route("configuration") > 500
    assert run.per_route("message") > 200
    assert run.per_route("rib") > 50
    assert run.per_route("response") < 1


def test_what_a_restart_and_a_reload_execute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon_counts, "ROUTES", 50)
    run = restarted()
    assert run.messages == 50
    assert run.per_route("message") > 100
    assert run.per_route("configuration") < 20
    assert reloaded().per_route("configuration") > 500


def test_only_what_is_asked_for_is_counted() -> None:
    messages = simple_updates(SESSION, 20)
    with Daemon(Settings(SESSION, api=API_WRITES, counted=True)) as daemon:
        daemon.start()
        daemon.establish()
        daemon_counts._announce(daemon, messages)
        daemon.count()
        daemon.quiet(0.1)
        counts = daemon.counted()
        # The loop turns, and reads no command: one takes thousands.
        assert counts
        assert sum(number for name, number in counts.items() if name.startswith("configuration/")) < 1000
        # The daemon goes on as before.
        daemon_counts._announce(daemon, simple_updates(SESSION, 20, 20))
