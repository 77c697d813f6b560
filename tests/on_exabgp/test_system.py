"""What benchmarks ask of the system, and how a process of their own ends: the same on every ExaBGP."""

import importlib.util
import json
import os
import resource
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.measure.process import resident_bytes
from benchmarks.wire import Session, simple_updates
from benchmarks.work.limits import require_memory, require_open_files
from benchmarks.work.load_process import ChildError, usage
from benchmarks.work.many_peers import ScheduledReading
from tests.command import wait_until
from tools.paths import ROOT


def test_too_low_a_limit_of_open_files_is_not_applicable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 64))
    with pytest.raises(NotImplementedError, match=r"open files are needed, and the system allows 64"):
        require_open_files(1000)
    with pytest.raises(NotImplementedError, match="open files are needed"):
        ScheduledReading([simple_updates(Session(), 1)] * 100, list(range(100)), Session())


def test_soft_limit_of_open_files_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    raised = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 100_000))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    require_open_files(1000)
    ((soft, hard),) = raised
    assert (soft > 1000, hard) == (True, 100_000)


def test_too_little_memory_is_not_applicable() -> None:
    require_memory(1)
    with pytest.raises(NotImplementedError, match="MB of memory are needed"):
        require_memory(1 << 40)


def test_process_of_its_own_measures_what_a_load_uses() -> None:
    found = usage("2000 UPDATEs, 5 times")
    assert found.before < found.loaded < found.before + (100 << 20)
    # To be read takes memory, too: a page or more.
    assert found.released < found.loaded + (1 << 20)
    assert 0.01 < found.cpu < 60
    # This process is larger than that one was.
    assert found.before < resident_bytes() + (50 << 20)


def test_process_that_fails_says_why() -> None:
    with pytest.raises(ChildError, match=r"^the process of .* ended with status 1: KeyError: 'no such load'"):
        usage("no such load")


def test_reason_in_the_process_reaches_the_benchmark() -> None:
    with pytest.raises(NotImplementedError, match=r"memory are needed, .* MB are available"):
        usage("2000 UPDATEs, 5 times", needed=1 << 60)


def test_limit_of_memory_counts_as_well_as_memory() -> None:
    code = """
import resource
from benchmarks.work.limits import require_memory
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


HANGING = '''
import socket, threading
from benchmarks.wire import Session, simple_updates
from benchmarks.work.backlog import Received
from benchmarks.work.load_process import usage


class Hang:
    """A socket pair of a link, a thread, a listening port and a process, all of them busy for ever."""

    def track_hang(self):
        work = Received(simple_updates(Session(), 10)).prove()
        port = socket.create_server(("127.0.0.1", {port}))
        threading.Thread(target=port.accept).start()
        return usage("2000 UPDATEs, 5 times").cpu
'''
# The process that the benchmark starts hangs where it would look at the memory that is left.
HANG_THERE = """
import sys
if "benchmarks.work.load_process" in sys.orig_argv:
    import pathlib, os, time
    import benchmarks.work.limits as limits
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
        wait_until(address.exists)
        before = _connections(server.pid)
        answer = _ask(
            address,
            action="run",
            benchmark_id="hang.Hang.track_hang",
            params_str="{}",
            profile_path="None",
            result_file=str(tmp_path / "result.json"),
            timeout=20,
            cwd=str(tmp_path),
        )
        assert answer["errcode"] == -256, answer["out"]
        assert pid_file.exists(), f"the benchmark did not get so far: {answer['out']}"
        assert not psutil.Process(server.pid).children(recursive=True)
        wait_until(lambda: not psutil.pid_exists(int(pid_file.read_text())))
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
