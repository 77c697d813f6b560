"""What ExaBGP tells an API process of the messages that it receives, in JSON or as text."""

import operator
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any, Literal

from benchmarks.wire import Session

from .caches import forget_attributes, remember_fresh_caches
from .configuration import neighbors
from .connection import Link, chunks
from .protocol import ProtocolReader
from .session import negotiate, neighbor_text
from .startup import start

type Encoder = Literal["json", "text"]

# A message that waits to be told: ExaBGP's own call, with what its protocol has called it with.
Telling = Callable[[], object]

_NAME = "benchmark"
# A process that is never started. Each statement in a line of its own, which all commits read.
_PROCESS = f"""
process {_NAME} {{
    run {sys.executable};
    encoder json;
}}
"""
_API = f"""
    api {{
        processes [ {_NAME} ];
        receive {{
            parsed;
            open;
            update;
            keepalive;
            notification;
            refresh;
        }}
    }}
"""

# Takes whatever it is called with, in C.
_DROP = "".format


class ApiProcess:
    """An API process that is told of each message which one neighbour sends.

    The messages are read, decoded and handed on by ExaBGP's own protocol, told by its own `Processes` and encoded by
    the encoder that its daemon would choose; only the pipe to the process is left out.
    """

    def __init__(self, session: Session, encoder: Encoder) -> None:
        start()
        from exabgp.bgp.message import Notification
        from exabgp.reactor.api.processes import Processes

        remember_fresh_caches()
        (neighbor,) = neighbors(_PROCESS + neighbor_text(session, sections=_API))
        self._speaker = negotiate(session, neighbor, "in")
        self._received = Notification
        self._processes = Processes()
        self._processes._encoder[_NAME] = _encoder(encoder)
        # _write until 2019.
        self._writer = "write" if hasattr(Processes, "write") else "_write"
        setattr(self._processes, self._writer, _DROP)
        self._reader = ProtocolReader(self._speaker, Link())
        self._reader.protocol.peer.reactor = SimpleNamespace(processes=SimpleNamespace(message=self._hand_on))
        self._waiting: list[Telling] = []

    def receive(self, messages: Sequence[bytes]) -> list[Telling]:
        """Have ExaBGP's protocol read and decode the messages, in an ExaBGP that has seen no attributes before.

        What it hands on to be told waits.
        """
        forget_attributes(self._speaker)
        self._waiting = []
        for chunk in chunks(messages, 1):
            # A NOTIFICATION is raised once it is handed on.
            with suppress(self._received):
                self._reader.read([chunk])
        return self._waiting

    @staticmethod
    def tell(waiting: Sequence[Telling]) -> None:
        """Have ExaBGP encode what waits, and drop it where it would be written."""
        deque(map(operator.call, waiting), maxlen=0)

    def told(self, waiting: Sequence[Telling]) -> list[list[str]]:
        """What ExaBGP would write of each message that waits."""
        told: list[list[str]] = []
        setattr(self._processes, self._writer, lambda _process, text, _peer=None: told[-1].append(text))
        for tell in waiting:
            told.append([])
            tell()
        setattr(self._processes, self._writer, _DROP)
        return told

    def _hand_on(self, *arguments: Any, **named: Any) -> None:
        self._waiting.append(partial(self._processes.message, *arguments, **named))


def _encoder(encoder: Encoder) -> Any:
    """The encoder of an API process, as the daemon makes it."""
    import exabgp.version as version
    from exabgp.reactor.api.response import Response

    if encoder == "json":
        return Response.JSON(version.json)
    # Since 2025-12 text is told to processes of the former version of the API only.
    if hasattr(Response, "V4"):
        return Response.V4.Text(version.text_v4)
    return Response.Text(version.text)
