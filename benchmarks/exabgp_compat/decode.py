"""Decode messages with ExaBGP: bytes in, its own message objects out."""

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Any

from benchmarks.wire import Message

from .session import Speaker


def decoder(speaker: Speaker) -> Callable[[Iterable[int], Iterable[bytes]], Iterator[Any]]:
    """A function that decodes messages one after the other, with ExaBGP's own dispatch on the message type.

    It takes the types and the bodies (header taken off) and returns an iterator over ExaBGP's messages. The loop is
    the interpreter's own ``map``, so that nothing but ExaBGP runs in it.
    """
    from exabgp.bgp.message import Message as ExaBGPMessage

    unpack = ExaBGPMessage.unpack
    context = [repeat(value) for value in speaker.context]

    def decode(types: Iterable[int], bodies: Iterable[bytes]) -> Iterator[Any]:
        return map(unpack, types, bodies, *context)

    return decode


def types_and_bodies(messages: Iterable[Message]) -> tuple[list[int], list[bytes]]:
    """What a decoder is called with. Types are plain integers, as ExaBGP's reader hands them on."""
    messages = list(messages)
    return [int(message.type) for message in messages], [message.body for message in messages]
