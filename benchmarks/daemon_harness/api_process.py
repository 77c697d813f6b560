"""The API process: ExaBGP starts it, and it does what the harness asks for on a socket.

``python -I -S api_process.py FOLDER``; nothing but the standard library is imported. It writes prepared commands to its
standard output as fast as the pipe takes them, reads lines from its standard input or leaves them there, and notes in
files of the folder when it did: the octets read and pairs of numbers (nanoseconds, octets so far). It ends when the
daemon or the harness does.
"""

import json
import os
import select
import socket
import sys
import time
from pathlib import Path
from struct import pack

# More than a pipe holds.
_PIPE = 1 << 20


class ApiProcess:
    """What is to be written, what is to be waited for, and how far both are."""

    def __init__(self, folder: Path) -> None:
        self._control = socket.socket(socket.AF_UNIX)
        self._control.connect(str(folder / "socket"))
        self._poll = select.poll()
        self._poll.register(self._control, select.POLLIN)
        self._poll.register(0, select.POLLIN)
        os.set_blocking(1, False)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._lines, self._lines_at, self._written_at = (
            os.open(folder / name, flags) for name in ("lines", "lines_at", "written_at")
        )
        self._requests = b""
        self._commands = memoryview(b"")
        self._written = self._read = 0
        self._watched = self._tail = b""

    def run(self) -> None:
        """Work until the harness or the daemon is there no more."""
        self._say("up", time.monotonic_ns(), pid=os.getpid())
        self._obey()
        while True:
            for descriptor, event in self._poll.poll():
                if descriptor == 0:
                    self._read_lines(event)
                elif descriptor == 1:
                    self._write_commands(event)
                else:
                    self._obey()

    def _say(self, event: str, at: int, **more: int) -> None:
        self._control.sendall(json.dumps({"event": event, "at": at, **more}).encode() + b"\n")

    def _obey(self) -> None:
        octets = self._control.recv(_PIPE)
        if not octets:
            sys.exit()
        *requests, self._requests = (self._requests + octets).split(b"\n")
        for request in map(json.loads, requests):
            match request:
                case {"write": path}:
                    self._commands = memoryview(Path(path).read_bytes())
                    self._poll.register(1, select.POLLOUT)
                case {"watch": text}:
                    self._watched, self._tail = text.encode(), b""
                case {"read": wanted}:
                    # That the daemon is there no more is told in any case.
                    self._poll.modify(0, select.POLLIN if wanted else 0)

    def _read_lines(self, event: int) -> None:
        octets = os.read(0, _PIPE) if event & select.POLLIN else b""
        now = time.monotonic_ns()
        if not octets:
            sys.exit()
        self._read += len(octets)
        # The time first: no line is there without one.
        os.write(self._lines_at, pack("=qq", now, self._read))
        os.write(self._lines, octets)
        if self._watched:
            octets = self._tail + octets
            if self._watched in octets:
                self._watched = b""
                self._say("seen", now)
            else:
                self._tail = octets[1 - len(self._watched) :] if len(self._watched) > 1 else b""

    def _write_commands(self, event: int) -> None:
        if not event & select.POLLOUT:
            sys.exit()
        # Before: once it is taken the daemon may be quicker than this process.
        now = time.monotonic_ns()
        count = os.write(1, self._commands[:_PIPE])
        self._written += count
        os.write(self._written_at, pack("=qq", now, self._written))
        self._commands = self._commands[count:]
        if not self._commands:
            self._poll.unregister(1)
            self._say("written", now, octets=self._written)


if __name__ == "__main__":
    ApiProcess(Path(sys.argv[1])).run()
