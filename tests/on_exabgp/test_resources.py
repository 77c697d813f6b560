"""Memory, CPU time and leaks are seen for what they are, on the ExaBGP that this process imports."""

import importlib.util
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import child, resource_monitoring
from benchmarks.backlog import simple_updates
from benchmarks.exabgp_compat.session import speaker
from benchmarks.limits import require_memory
from benchmarks.loads import LOADS, Decoded, Peers
from benchmarks.measure.leak import leak_slope
from benchmarks.measure.process import available_bytes, cpu_seconds, open_files, resident_bytes
from benchmarks.proof import WrongResultError
from benchmarks.resource_monitoring import HeldMemory, Leak
from benchmarks.traffic import SESSION
from benchmarks.wire import simple_update

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def leak(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], int]:
    """The leak that the benchmark shows when ExaBGP keeps so many bytes of each message, as a bytes object."""
    speaker(SESSION)
    from exabgp.rib.incoming import IncomingRIB
    from exabgp.rib.outgoing import OutgoingRIB

    monkeypatch.setattr(Leak, "messages", {"received": 300, "pending": 300})
    monkeypatch.setattr(Leak, "messages_watched", 300)
    leaked: list[bytes] = []

    def inject(cls: type, name: str, size: int) -> None:
        real = getattr(cls, name)

        def leaking(*arguments: Any) -> Any:
            leaked.append(bytes(size - sys.getsizeof(b"")))
            return real(*arguments)

        leaking.__wrapped__ = real  # type: ignore[attr-defined]
        monkeypatch.setattr(cls, name, leaking)

    def measure(kind: str, size: int) -> int:
        benchmark = Leak()
        benchmark.setup(kind)
        if size:
            inject(*((IncomingRIB, "update_cache") if kind == "received" else (OutgoingRIB, "add_to_rib")), size)
            # The benchmark's RIB took the method when it was set up.
            benchmark.setup(kind)
        return benchmark.track_leak(kind)

    return measure


@pytest.mark.parametrize("kind", ["received", "pending"])
def test_healthy_exabgp_leaks_nothing(kind: str, leak: Callable[[str, int], int]) -> None:
    assert leak(kind, 0) == 0


@pytest.mark.parametrize("kind", ["received", "pending"])
def test_leak_of_a_kibibyte_a_message_is_seen_as_such(kind: str, leak: Callable[[str, int], int]) -> None:
    assert leak(kind, 1024) == pytest.approx(1024, rel=0.05)


@pytest.mark.parametrize("kind", ["received", "pending"])
def test_leak_of_64_bytes_a_message_is_seen(kind: str, leak: Callable[[str, int], int]) -> None:
    # Less what ExaBGP let go of meanwhile, and with a place in a list on top.
    assert 58 <= leak(kind, 64) <= 84


def test_a_slope_takes_two_cycles() -> None:
    with pytest.raises(ValueError, match="two cycles"):
        leak_slope(list, 1, 1)


def test_kept_bytes_are_those_of_the_messages_held() -> None:
    benchmark = HeldMemory()
    benchmark.setup("1000 UPDATEs decoded")
    kept = benchmark.track_kept_bytes("1000 UPDATEs decoded")
    assert 200 < kept < 10000
    assert benchmark.track_kept_bytes("1000 UPDATEs decoded") == pytest.approx(kept, rel=0.01)


def test_process_of_its_own_measures_what_a_load_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    found = child.usage("2000 UPDATEs, 5 times")
    assert found.before < found.loaded < found.before + (100 << 20)
    # To be read takes memory, too: a page or more.
    assert found.released < found.loaded + (1 << 20)
    assert 0.01 < found.cpu < 60
    # This process is larger than that one was.
    assert found.before < resident_bytes() + (50 << 20)


def test_process_that_fails_says_why() -> None:
    with pytest.raises(child.ChildError, match=r"^the process of .* ended with status 1: KeyError: 'no such load'"):
        child.usage("no such load")


def test_reason_in_the_process_reaches_the_benchmark() -> None:
    with pytest.raises(NotImplementedError, match=r"memory are needed, .* MB are available"):
        child.usage("2000 UPDATEs, 5 times", needed=1 << 60)


def test_every_load_is_proven() -> None:
    for load in LOADS.values():
        load.build(100).prove()


def test_wrong_load_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Decoded(simple_updates(3))
    monkeypatch.setattr(work, "_messages", [simple_update(SESSION, 5)] * 3)
    with pytest.raises(WrongResultError):
        work.prove()
    peers = Peers(2, simple_updates(4))
    monkeypatch.setattr(peers._peers[1], "_messages", simple_updates(2))
    with pytest.raises(WrongResultError):
        peers.prove()


@pytest.mark.parametrize("name", ["HeldMemory", "BacklogLimit", "ResidentMemory", "CpuTime", "MemoryRecovery", "Leak"])
def test_short_memory_is_not_applicable_in_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource_monitoring, "NEEDED", 1 << 60)
    benchmark = getattr(resource_monitoring, name)()
    with pytest.raises(
        NotImplementedError, match=r"1,099,511,627,776 MB of memory are needed, [\d,]+ MB are available"
    ):
        benchmark.setup(benchmark.params[0][0])


def test_limit_of_memory_counts_as_well_as_memory() -> None:
    code = """
import resource
from benchmarks.limits import require_memory
from benchmarks.measure.process import available_bytes
import psutil
used = psutil.Process().memory_info().vms
resource.setrlimit(resource.RLIMIT_AS, (used + (300 << 20), resource.RLIM_INFINITY))
assert 200 << 20 < available_bytes() <= 300 << 20, available_bytes()
require_memory(100 << 20)
require_memory(400 << 20)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "NotImplementedError: 400 MB of memory are needed, " in done.stderr


def test_figures_of_this_process() -> None:
    assert 1 << 20 < resident_bytes() < 1 << 40
    assert cpu_seconds() > 0
    require_memory(1)
    assert available_bytes() > 0


@pytest.mark.parametrize("figure", [resident_bytes, cpu_seconds, open_files])
def test_platform_without_a_figure_is_not_applicable(
    figure: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise psutil.AccessDenied(1)

    for name in ("memory_info", "cpu_times", "num_fds"):
        monkeypatch.setattr(psutil.Process, name, refuse)
    with pytest.raises(NotImplementedError, match="psutil has no figure for"):
        figure()


def test_without_psutil_it_is_not_applicable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(NotImplementedError, match="psutil can't be imported"):
        resident_bytes()


HANGING = '''
import socket, threading
from benchmarks.backlog import Received, simple_updates
from benchmarks.child import usage


class Hang:
    """A socket pair of a link, a thread, a listening port and a process, all of them busy for ever."""

    def track_hang(self):
        work = Received(simple_updates(10)).prove()
        port = socket.create_server(("127.0.0.1", {port}))
        threading.Thread(target=port.accept).start()
        return usage("2000 UPDATEs, 5 times").cpu
'''
# The process that the benchmark starts hangs where it would look at the memory that is left.
HANG_THERE = """
import sys
if "benchmarks.child" in sys.orig_argv:
    import pathlib, os, time
    import benchmarks.limits as limits
    def hang(_):
        pathlib.Path(os.environ["HANGING"]).write_text(str(os.getpid()))
        time.sleep(3600)
    limits.require_memory = hang
"""


def test_hanging_benchmark_is_ended_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """As asv runs it: in a fork of its server, with a timeout."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    suite = tmp_path / "hanging"
    suite.mkdir()
    (suite / "__init__.py").touch()
    (suite / "hang.py").write_text(HANGING.replace("{port}", str(port)))
    (tmp_path / "sitecustomize.py").write_text(HANG_THERE)
    pid_file = tmp_path / "pid"
    path = os.pathsep.join(map(str, [tmp_path, os.environ["PYTHONPATH"], ROOT]))
    environment = os.environ | {"ASV_PYTHONPATH": path, "HANGING": str(pid_file)}
    spec = importlib.util.find_spec("asv")
    assert spec
    assert spec.origin
    script = Path(spec.origin).with_name("benchmark.py")
    address = tmp_path / "socket"
    command = [sys.executable, str(script), "run_server", str(suite), str(address)]
    server = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, start_new_session=True)
    try:
        _wait(address.exists)
        before = _connections(server.pid)
        answer = _ask(
            address,
            action="run",
            benchmark_id="hang.Hang.track_hang",
            params_str="{}",
            profile_path="None",
            result_file=str(tmp_path / "result.json"),
            timeout=4,
            cwd=str(tmp_path),
        )
        assert answer["errcode"] == -256, answer["out"]
        assert pid_file.exists(), f"the benchmark did not get so far: {answer['out']}"
        assert not psutil.Process(server.pid).children(recursive=True)
        _wait(lambda: not psutil.pid_exists(int(pid_file.read_text())))
        assert len(_connections(server.pid)) == len(before)
        # The port is free again.
        socket.create_server(("127.0.0.1", port)).close()
    finally:
        server.kill()
        server.wait()
        assert server.stdin
        server.stdin.close()
    if pid_file.exists():
        assert not psutil.pid_exists(int(pid_file.read_text()))


def _wait(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _connections(pid: int) -> list[Any]:
    return psutil.Process(pid).net_connections("all")


def _ask(address: Path, **message: Any) -> dict[str, Any]:
    octets = json.dumps(message).encode()
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(address))
        link.sendall(struct.pack("<Q", len(octets)) + octets)
        with link.makefile("rb") as answer:
            (size,) = struct.unpack("<Q", answer.read(8))
            return json.loads(answer.read(size))
