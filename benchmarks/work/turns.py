"""Turns of ExaBGP's own reactor: with nothing to do, with peers whose sessions are idle, with commands that wait."""

import array
import fcntl
import os
import selectors
import socket
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.exabgp_compat.reactor import addressed
from benchmarks.exabgp_compat.rib import OutgoingRib
from benchmarks.exabgp_compat.session import negotiate, neighbor_text, peer_address
from benchmarks.exabgp_compat.turns import TurnByTurn
from benchmarks.wire import IPV4_UNICAST, Message, Session, commands, keepalive, open_message, simple_updates
from benchmarks.work.announced import prove_announced
from benchmarks.work.limits import require_open_files
from benchmarks.work.proof import WrongResultError

_SESSION = Session(families=(IPV4_UNICAST,))

# Seconds in which the peers must have their sessions, or commands must have arrived.
_PATIENCE = 60.0
# Turns after which nothing is left to be sent, End-of-RIB markers and acknowledgements among it.
_SETTLING = 50
_PROCESS = "benchmark"


class SilentPeers:
    """Speakers that listen, answer each OPEN with their own and a KEEPALIVE, and say nothing more."""

    def __init__(self, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._sockets: list[socket.socket] = []
        self.port = 0
        for index in range(count):
            listener = socket.create_server((peer_address(index), self.port))
            self.port = listener.getsockname()[1]
            self._watch(listener, listens=True)
        answer = open_message(_SESSION, _SESSION.peer_as, "192.0.2.2").wire, keepalive().wire
        self._answer = b"".join(answer)

    def serve(self) -> None:
        """Accept who has called, and take what was sent."""
        for key, _ in self._selector.select(0):
            ready = key.fileobj
            assert isinstance(ready, socket.socket)
            if key.data:
                call, _ = ready.accept()
                self._watch(call)
                call.sendall(self._answer)
            elif not ready.recv(1 << 16):
                self._selector.unregister(ready)

    def _watch(self, one: socket.socket, *, listens: bool = False) -> None:
        self._sockets.append(one)
        self._selector.register(one, selectors.EVENT_READ, listens)

    def close(self) -> None:
        """Close all."""
        self._selector.close()
        for one in self._sockets:
            one.close()


class IdleTurns:
    """Turns of a reactor whose peers have their sessions and say nothing, from which nothing comes either.

    The clock stands still: no timer elapses. The constructor raises WrongResultError when a peer does not get its
    session, or loses it.
    """

    def __init__(self, peers: int, turns: int) -> None:
        self.peers, self.messages = peers, turns
        # Three sockets of each: that which listens, and the two ends of the session.
        require_open_files(3 * peers + 32)
        self._speakers = SilentPeers(peers)
        connect = f" connect {self._speakers.port};"
        called = [neighbor_text(_SESSION, index, connect) for index in range(peers)]
        # ExaBGP wants one neighbour at least.
        self._reactor = TurnByTurn("".join(called) or _passive())
        for _ in _patiently(f"{peers} peers have no sessions"):
            if self._reactor.established() == peers:
                break
            self._reactor.turns(1)
            self._speakers.serve()
        self._settle()
        # An event loop keeps a timer that was cancelled until its time comes, a tenth of a second after it was set.
        time.sleep(0.15)
        self._settle()
        self._reactor.hold_the_clock()
        self.run()
        if self._reactor.established() != peers:
            raise WrongResultError(f"{self._reactor.established()} of {peers} peers still have their sessions")

    def _settle(self) -> None:
        for _ in range(_SETTLING):
            self._reactor.turns(1)
            self._speakers.serve()

    def prepare(self) -> None:
        """Nothing is to be put back."""

    def run(self) -> None:
        """Run the turns."""
        self._reactor.turns(self.messages)

    def close(self) -> None:
        """End the reactor and its peers."""
        self._reactor.close()
        self._speakers.close()


class CommandTurns:
    """Commands that wait in the pipe from an API process, in one piece, and the turns in which they are handled.

    They announce routes to a neighbour that has no session: the routes wait in its Adj-RIB-Out. The constructor raises
    WrongResultError when others wait there than were announced.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = len(messages)
        with tempfile.TemporaryDirectory() as folder:
            fifo = Path(folder, "commands")
            os.mkfifo(fifo)
            # Open at both ends, so that neither waits for the other.
            self._input = os.open(fifo, os.O_RDWR)
            program = f"process {_PROCESS} {{ run {_program(folder, fifo)}; encoder json; }}"
            self._reactor = TurnByTurn(program + _passive(f" api {{ processes [ {_PROCESS} ]; }}"))
            self._output = self._reactor.output_of(_PROCESS)
            # Once it has written what it was given, it has no need of the folder any more.
            self._octets = b"\n"
            self._have_them_wait()
        self._octets = "".join(f"{addressed(line)}\n" for line in commands(messages)).encode()
        (neighbor,) = self._reactor.neighbors()
        self._rib = OutgoingRib(negotiate(_SESSION, neighbor, "out"))
        self._reactor.turns(_SETTLING)
        self._reactor.hold_the_clock()
        self.prepare()
        written: list[bytes] = []
        self.turns = 0
        for _ in _patiently(f"{self.messages} commands were not handled"):
            self._reactor.turns(1)
            self.turns += 1
            written += self._rib.drain()
            if len(written) >= self.messages:
                break
        self._reactor.turns(_SETTLING)
        written += self._rib.drain()
        prove_announced(written, messages, _SESSION)
        # Once more, in as many turns: as it will be measured.
        self.prepare()
        self.run()
        prove_announced(list(self._rib.drain()), messages, _SESSION)

    def prepare(self) -> None:
        """Have all commands wait, and no route."""
        self._reactor.turns(_SETTLING)
        self._rib.clear()
        self._have_them_wait()

    def _have_them_wait(self) -> None:
        os.write(self._input, self._octets)
        for _ in _patiently("the commands do not arrive"):
            if _waiting(self._output) == len(self._octets):
                break
            time.sleep(0.001)

    def run(self) -> None:
        """Run the turns."""
        self._reactor.turns(self.turns)

    def close(self) -> None:
        """End the reactor and the API process."""
        self._reactor.close()
        os.close(self._input)


def _program(folder: str, fifo: Path) -> Path:
    """A program that writes what comes out of a pipe with a name, and reads whatever it is told."""
    file = Path(folder, "process")
    file.write_text(f"#!/bin/sh\nexec 3<&0\ncat <&3 >/dev/null &\nexec cat {fifo}\n")
    file.chmod(0o700)
    return file


def waiting_commands(count: int) -> CommandTurns:
    """Commands, each of a route with attributes of its own."""
    return CommandTurns(simple_updates(_SESSION, count))


def _passive(sections: str = "") -> str:
    """A neighbour that ExaBGP does not call."""
    return neighbor_text(_SESSION, 0, f" passive true;{sections}")


def _waiting(descriptor: int) -> int:
    """Octets that can be read from a pipe."""
    number = array.array("i", [0])
    fcntl.ioctl(descriptor, termios.FIONREAD, number)
    return number[0]


def _patiently(complaint: str) -> Iterator[None]:
    """Again and again, until it takes too long."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        yield
    raise WrongResultError(f"{complaint} after {_PATIENCE:g} s")
