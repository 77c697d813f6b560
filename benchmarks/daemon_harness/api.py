"""The harness's side of the API process: what it is to do, what it did, and when."""

import json
import shlex
import socket
import stat
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from benchmarks.daemon_harness.loop import Loop

_SCRIPT = Path(__file__).with_name("api_process.py")


class Api:
    """The API process of a daemon. What it is asked for before it is up, it does first.

    In nanoseconds (0: not yet): `up_at`, `seen_at` (the text of `watch_for` was read), `written_at` (the last of the
    commands of `write` was taken by the pipe). `pid` is 0 until it is up.
    """

    def __init__(self, loop: Loop, folder: Path) -> None:
        self._loop, self._folder = loop, folder
        self.program = _executable(folder)
        self._listener = socket.socket(socket.AF_UNIX)
        try:
            self._listener.bind(str(folder / "socket"))
        except OSError as error:
            self._listener.close()
            raise NotImplementedError(f"there is no socket in {folder}: {error}") from error
        self._listener.listen()
        loop.add(self._listener, self._accept)
        self._connection: socket.socket | None = None
        self._answers = b""
        self._requests = b'{"read": true}\n'
        self._batches = 0
        # Of what was read: how far the lines were counted, and how many there are.
        self._counted = self._lines = 0
        self._ends = array("q")
        self.up_at = self.seen_at = self.written_at = 0
        self.pid = 0
        self.ended = False

    def write(self, commands: Sequence[str]) -> None:
        """Have commands written, one a line, as fast as the pipe takes them; those before must have been written."""
        self._batches += 1
        path = self._folder / f"commands-{self._batches}"
        lines = [f"{command}\n".encode() for command in commands]
        path.write_bytes(b"".join(lines))
        before = self._ends[-1] if self._ends else 0
        self._ends.extend(accumulate(map(len, lines[1:]), initial=before + len(lines[0])))
        self.written_at = 0
        self._ask(write=str(path))

    def watch_for(self, text: str) -> None:
        """Have `seen_at` set when a text is read from now on: to be asked for before the daemon can have written it."""
        self.seen_at = 0
        self._ask(watch=text)

    def read(self, wanted: bool) -> None:
        """Have what the daemon writes read, as it is from the start, or left in the pipe."""
        self._ask(read=wanted)

    @property
    def octets_read(self) -> int:
        """Octets that the daemon has written, and the process has read."""
        return _size(self._folder / "lines")

    @property
    def lines_read(self) -> int:
        """Lines that the process has read whole."""
        path = self._folder / "lines"
        if path.exists():
            with path.open("rb") as file:
                file.seek(self._counted)
                octets = file.read()
            self._counted += len(octets)
            self._lines += octets.count(b"\n")
        return self._lines

    @property
    def commands_taken(self) -> int:
        """Commands, of all that `write` was given, that the pipe has taken whole."""
        noted = self._noted("written_at")
        return bisect_left(self._ends, noted[-1] + 1) if noted else 0

    def commands_taken_at(self) -> list[int]:
        """When the pipe had taken each command whole, in their order; those that it has not are missing."""
        noted = self._noted("written_at")
        times, octets = noted[::2], noted[1::2]
        return [times[bisect_left(octets, end)] for end in self._ends[: self.commands_taken]]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each whole line that was read, with the time at which its end was."""
        noted = self._noted("lines_at")
        times, octets = noted[::2], noted[1::2]
        end = index = 0
        with (self._folder / "lines").open("rb") as file:
            for line in file:
                end += len(line)
                # What was read after the times were looked at has none yet.
                if not octets or end > octets[-1]:
                    return
                while octets[index] < end:
                    index += 1
                if line.endswith(b"\n"):
                    yield times[index], line.decode().rstrip("\n")

    def _noted(self, name: str) -> array[int]:
        """Pairs of nanoseconds and octets; the last may be half written."""
        noted = array("q")
        path = self._folder / name
        octets = path.read_bytes() if path.exists() else b""
        noted.frombytes(octets[: len(octets) // 16 * 16])
        return noted

    def _ask(self, **request: object) -> None:
        octets = json.dumps(request).encode() + b"\n"
        if self._connection:
            self._connection.sendall(octets)
        else:
            self._requests += octets

    def _accept(self, _events: int) -> None:
        self._connection, _ = self._listener.accept()
        self._loop.add(self._connection, self._hear)
        # It waits for them before it reads or writes anything else.
        self._connection.sendall(self._requests)

    def _hear(self, _events: int) -> None:
        assert self._connection
        try:
            octets = self._connection.recv(1 << 16)
        except ConnectionError:
            # It has left something unread.
            octets = b""
        if not octets:
            self.ended = True
            self._loop.remove(self._connection)
            return
        *answers, self._answers = (self._answers + octets).split(b"\n")
        for answer in map(json.loads, answers):
            setattr(self, f"{answer['event']}_at", answer["at"])
            self.pid = answer.get("pid", self.pid)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _executable(folder: Path) -> Path:
    """What the configuration can name: one word, which a path need not be."""
    program = folder / "api"
    command = shlex.join([sys.executable, "-I", "-S", str(_SCRIPT), str(folder)])
    program.write_text(f"#!/bin/sh\nexec {command}\n")
    program.chmod(stat.S_IRWXU)
    return program
