"""Run a function in a process of its own, forked from this one, as asv's server runs a benchmark."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

_FORK = multiprocessing.get_context("fork")


def forked(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns. Raises EOFError when its process ends without an answer."""
    receiving, sending = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_answer, args=(sending, function, arguments))
    child.start()
    sending.close()
    try:
        return receiving.recv()
    finally:
        child.join()


def _answer(sending: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    sending.send(function(*arguments))
