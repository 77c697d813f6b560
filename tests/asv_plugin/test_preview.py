"""``asv preview``: what it serves, and to whom."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.project import copy_repository

Preview = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """Start ``asv preview`` beside a site; in the end it is gone."""
    folder = copy_repository(tmp_path / "benchmarks", "tools", "benchmarks", "asv.conf.json")
    (folder / ".asv" / "html").mkdir(parents=True)
    (folder / ".asv" / "html" / "index.json").write_text("{}")
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "asv", "preview", *arguments]
        environment = os.environ | {"HOME": str(tmp_path)}
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    """The line by which it says that it serves."""
    assert process.stdout
    return process.stdout.readline()


def addresses(process: subprocess.Popen[str]) -> list[tuple[str, int]]:
    """Where a process listens."""
    found = psutil.Process(process.pid).net_connections("inet")
    return [tuple(connection.laddr) for connection in found if connection.status == psutil.CONN_LISTEN]


def test_it_serves_this_machine_only_and_says_so(preview: Preview) -> None:
    process = preview()
    line = said(process)
    assert "for this machine only" in line
    ((host, port),) = addresses(process)
    assert host == "127.0.0.1"
    url = f"http://127.0.0.1:{port}/"
    assert url in line
    assert urllib.request.urlopen(f"{url}index.json").read() == b"{}"
    process.send_signal(signal.SIGINT)
    assert process.wait() == 0


def test_another_port_is_taken_where_none_is_asked_for(preview: Preview) -> None:
    first, second = preview(), preview()
    said(first)
    said(second)
    assert {host for process in (first, second) for host, _ in addresses(process)} == {"127.0.0.1"}


def test_port_that_is_asked_for(preview: Preview) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = preview("--port", str(port))
    said(process)
    assert addresses(process) == [("127.0.0.1", port)]
