"""Ways in which ExaBGP can get worse other than by more instructions: leaks, caches that miss, work done twice.

Each function here takes a level and returns what the callable calls first in each of its calls (`prologue.call_first`).
That takes what it needs from the frame of the call. It counts as ExaBGP's own work, as if a commit had added it.
"""

import ctypes
import socket
import sys
from collections.abc import Callable
from types import FrameType, SimpleNamespace
from typing import Any

Work = Callable[[], object]


def attribute_values_forgotten(_level: float) -> Work:
    """The switch of the cache is turned off, whoever turned it on."""
    from exabgp.bgp.message.update.attribute import Attribute  # type: ignore[import-not-found]

    def forget() -> None:
        Attribute.caching = False

    return forget


def last_attributes_forgotten(_level: float) -> Work:
    """The collection decoded last is dropped: from the session, since 5.0.14 its owner, or from the class."""

    def forget() -> None:
        values = _caller().f_locals
        owner = values.get("negotiated")
        if owner is not None and hasattr(owner, "cached_attributes"):
            owner.cached_attributes = None
        else:
            values["cls"].cached = None

    return forget


def small_reads(octets: float) -> Work:
    """Every read of a socket returns no more octets than the level says."""
    most = int(octets)

    class Socket(socket.socket):
        # None of its own, so that a socket can become one of these.
        __slots__ = ()

        def recv(self, size: int, *flags: int) -> bytes:
            return super().recv(min(size, most), *flags)

        def recv_into(self, buffer: Any, size: int = 0, *flags: int) -> int:
            return super().recv_into(memoryview(buffer)[:most], min(size, most), *flags)

    def shrink() -> None:
        io = _caller().f_locals["self"].io
        if type(io) is not Socket:
            io.__class__ = Socket

    return shrink


def header_checked_again(_level: float) -> Work:
    """What RFC 4271, section 6.1 asks of the header of the message: its marker, its length, the length for its type."""
    from exabgp.bgp.message import Message  # type: ignore[import-not-found]

    def check() -> None:
        values = _caller().f_locals
        kind = int(values["message"])
        length = Message.HEADER_LEN + len(values["data"])
        header = Message.MARKER + length.to_bytes(2) + bytes([kind])
        if not header.startswith(Message.MARKER):
            raise ValueError("no marker")
        octets = int.from_bytes(header[16:18])
        if octets < Message.HEADER_LEN or not Message.Length[kind](octets):
            raise ValueError(f"{octets} octets are no length of a message of type {kind}")

    return check


def eager_log(_level: float) -> Work:
    """The message is formatted before anybody asks whether it is logged: a lazy one of 4.x by str, a function since."""

    def format_now() -> None:
        message = _caller().f_locals["message"]
        if callable(message):
            message()
        else:
            str(message)

    return format_now


def linear_queue(_level: float) -> Work:
    """All commands that wait are walked through."""

    def walk() -> None:
        for _ in _caller().f_locals["self"]._async:
            pass

    return walk


def linear_rib(_level: float) -> Work:
    """All routes that wait are walked through, in each dictionary that holds some of them."""

    def walk() -> None:
        for name, waiting in vars(_caller().f_locals["self"]).items():
            if name.startswith("_new_") and isinstance(waiting, dict):
                for _ in waiting:
                    pass

    return walk


def suppression_taken_out(_level: float) -> Work:
    """The Adj-RIB-Out is looked up as if it kept nothing, so that no route is ever one that the peer was told of."""
    nothing = SimpleNamespace(enabled=True, cache=False)

    def look_elsewhere() -> None:
        _rebind(_caller(), "self", nothing)

    return look_elsewhere


def grouping_taken_out(_level: float) -> Work:
    """Each route gets an UPDATE of its own, as where a neighbour is configured so."""

    def ungroup() -> None:
        _rebind(_caller(), "grouped", False)

    return ungroup


# What has leaked, until the process ends or a level is done.
_kept: list[object] = []


def keep_octets(octets: float) -> Work:
    """As many octets as the level says are kept, object header included."""
    size = int(octets) - sys.getsizeof(b"")

    def keep() -> None:
        _kept.append(bytes(size))

    return keep


def keep_object(_level: float) -> Work:
    """The object that is being made is kept, with all that it refers to."""

    def keep() -> None:
        _kept.append(_caller().f_locals["self"])

    return keep


def let_go() -> None:
    """Give back what leaked."""
    _kept.clear()


def _caller() -> FrameType:
    """The frame of the callable that was made worse."""
    return sys._getframe(2)


def _rebind(frame: FrameType, name: str, value: object) -> None:
    """Give a parameter of a callable that has just begun another value."""
    values = frame.f_locals
    values[name] = value
    # Before Python 3.13 the dictionary is a copy.
    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
