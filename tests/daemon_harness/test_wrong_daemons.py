"""What a daemon does wrong is told in one line with its last words, and what a machine lacks with the reason."""

import errno
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.daemon_harness import API_WRITES, Daemon, DaemonError, Settings, configuration, daemon, peer, queues
from benchmarks.daemon_harness.errors import SessionReset
from benchmarks.wire import AFI, HEADER_SIZE, SAFI, Nlri
from tests.daemon_harness import fakes
from tools.paths import ROOT

# Seconds without progress: a fake does at once what it does.
LIMIT = 1.0
ROUTES = [Nlri(AFI.IPV4, SAFI.UNICAST, prefix) for prefix in ("192.0.2.0/25", "192.0.2.128/25", "198.51.100.0/24")]


@pytest.fixture(autouse=True)
def _own_turn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A place for temporary files, but pytest's, where nothing is left: nobody waits for another's daemon."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield
        assert [path.suffix for path in Path(folder).iterdir()] in ([], [".lock"])


def words_of(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[DaemonError] = DaemonError) -> str:
    monkeypatch.syspath_prepend(fakes.package(tmp_path, code))
    with Daemon(limit=LIMIT) as run:
        (speaker,) = run.peers
        speaker.expect(announced=ROUTES)
        with pytest.raises(kind) as error:
            run.start()
            run.establish()
            run.until(lambda: speaker.announced.complete, lambda: speaker.announced.seen, "of 3 routes")
        assert type(error.value) is kind
        assert "\n" not in str(error.value)
        return f"{error.value} ({speaker.announced})"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (fakes.CRASHES, "the daemon ended with status 1, at 0 of 1 OPENs; its last words: ValueError: a defect"),
        (fakes.ENDS, "the daemon ended with status 3, at 0 of 1 OPENs; its last words: none"),
        (fakes.DIES, "the daemon ended by signal 9, at 0 of 3 routes"),
        (fakes.NEVER_DIALS, "s, at 0 of 1 OPENs; its last words: I wait"),
        (fakes.NO_OPEN, "s, at 0 of 1 OPENs; its last words: none"),
        (fakes.NO_SESSION, "s, at 0 of 1 sessions established; its last words: none"),
        (fakes.LOSES, "s, at 2 of 3 routes; its last words: none (2 of 3 routes, 1 twice)"),
    ],
)
def test_a_daemon_that_comes_to_nothing(code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert words in words_of(code, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (fakes.NOTIFIES, "the daemon reset the session with 127.0.0.1: NOTIFICATION 6/2 'go away', at 0 of 3 routes"),
        (fakes.CLOSES, "the daemon reset the session with 127.0.0.1: "),
        (fakes.TALKS_NONSENSE, "the daemon reset the session with 127.0.0.1: it sent a message of 0 octets"),
    ],
)
def test_a_daemon_that_resets_the_session(
    code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words_of(code, tmp_path, monkeypatch, SessionReset).startswith(words)


def test_a_daemon_that_counts_gets_more_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(fakes.package(tmp_path, fakes.NO_OPEN))
    limit = 0.2
    with Daemon(Settings(counted=True), limit=limit) as run:
        run.start()
        run.dialled()
        since = time.monotonic()
        with pytest.raises(DaemonError, match="at 0 of 1 OPENs"):
            run.establish()
        assert time.monotonic() - since > limit * 10


def test_what_a_daemon_has_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(fakes.package(tmp_path, fakes.SAYS_NO_MORE))
    with Daemon(limit=LIMIT) as run:
        (speaker,) = run.peers
        run.start()
        run.establish()
        # It has not even read the OPEN and the KEEPALIVE. What it has not acknowledged yet is there twice.
        for octets, before in ((0, 0), (1000, 0), (1, 1000)):
            speaker.send(bytes(octets))
            unread = len(speaker._open) + HEADER_SIZE + before + octets
            run.until(lambda unread=unread: speaker.unread == unread, lambda: 0, f"of {unread} octets", tick=0.01)
        monkeypatch.setattr(queues, "_CONNECTIONS", tmp_path / "none")
        with pytest.raises(NotImplementedError, match="does not say what another process has not read"):
            assert speaker.unread


def flapping(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Daemon:
    monkeypatch.syspath_prepend(fakes.package(tmp_path, code))
    return Daemon(Settings(may_flap=True, **settings), limit=LIMIT)


def test_a_session_that_may_flap_is_counted_and_there_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with flapping(fakes.FLAPS_ONCE, tmp_path, monkeypatch) as run:
        (speaker,) = run.peers
        run.start()
        run.until(lambda: speaker.flaps, lambda: 0, "flaps")
        first = speaker.first_established_at
        run.establish()
        assert speaker.flaps == 1
        assert 0 < first < speaker.open_at <= speaker.established_at
        assert speaker.first_established_at == first


def test_a_daemon_that_says_nothing_for_the_hold_time_flaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with flapping(fakes.SAYS_NO_MORE, tmp_path, monkeypatch, hold_time=3) as run:
        (speaker,) = run.peers
        run.start()
        run.establish()
        since = speaker.heard_at
        run.until(lambda: speaker.flaps, lambda: 0, "flaps", limit=60)
        assert time.monotonic_ns() - since > 3 * 10**9
        with pytest.raises(DaemonError, match="at 0 of 1 OPENs"):
            run.establish()


def test_sessions_that_are_never_all_established(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That one of two comes back is no progress."""
    with flapping(fakes.FLAPS, tmp_path, monkeypatch, peers=2) as run:
        run.start()
        with pytest.raises(DaemonError, match="at 1 of 2 OPENs"):
            run.establish()
        assert run.peers[0].flaps > 1


def test_an_api_process_that_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(fakes.package(tmp_path, fakes.NO_SESSION))
    with Daemon(Settings(api=API_WRITES), limit=LIMIT) as run:
        run.start()
        with pytest.raises(DaemonError, match="at 0 API processes started; its last words: none"):
            run.establish()


def test_no_daemon_is_there_to_start() -> None:
    with Daemon() as run, pytest.raises(NotImplementedError, match="there is no exabgp to start"):
        run.start()


def test_no_proc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(daemon, "_PROCESSES", tmp_path / "proc")
    with pytest.raises(NotImplementedError, match="no /proc"), Daemon():
        pass


def test_no_loopback_alias(monkeypatch: pytest.MonkeyPatch) -> None:
    # Of TEST-NET-3, which no machine has.
    monkeypatch.setattr(configuration, "peer_addresses", lambda _: ["127.0.0.1", "203.0.113.1"])
    with pytest.raises(NotImplementedError, match=r"no address 203\.0\.113\.1$"), Daemon():
        pass


def test_no_place_for_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deep = Path(folder) / ("deep" * 30)
        deep.mkdir()
        monkeypatch.setenv("TMPDIR", str(deep))
        monkeypatch.setattr(tempfile, "tempdir", None)
        with pytest.raises(NotImplementedError, match="path too long"), Daemon(Settings(api=API_WRITES)):
            pass


def test_too_few_open_files() -> None:
    code = "from benchmarks.daemon_harness import *\nwith Daemon(Settings(peers=100)): pass"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))

    done = subprocess.run([sys.executable, "-c", code], preexec_fn=limit, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "NotImplementedError: the system allows no more open files"


def test_no_open_file_is_left_for_a_session(tmp_path: Path) -> None:
    code = """
import os, resource
from benchmarks.daemon_harness import *
with Daemon() as run:
    run.start()
    run.dialled()
    used = len(os.listdir("/proc/self/fd")) - 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (used, used))
    run.establish()
"""
    paths = os.pathsep.join(map(str, (fakes.package(tmp_path, fakes.SAYS_NO_MORE), ROOT)))
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "NotImplementedError: the system allows no more open files"


def test_a_port_that_is_taken_on_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    class Socket(socket.socket):
        def bind(self, address: Any) -> None:
            if address[0] == "127.0.0.2" and not taken:
                taken.append(address[1])
                raise OSError(errno.EADDRINUSE, "taken")
            super().bind(address)

    monkeypatch.setattr(peer.socket, "socket", Socket)
    found = peer.listeners(["127.0.0.1", "127.0.0.2"])
    ports = {listener.getsockname()[1] for listener in found}
    for listener in found:
        listener.close()
    assert len(ports) == 1
    assert taken
    assert not ports & {*taken}
