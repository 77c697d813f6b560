"""Run a function in a process of its own, forked from this one, as asv's server runs a benchmark."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from tools.children.mortal import end_with_parent

_FORK = multiprocessing.get_context("fork")


def forked(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns. Raises EOFError when its process ends without an answer."""
    receiving, sending = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_answer, args=(os.getpid(), sending, function, arguments))
    child.start()
    sending.close()
    try:
        return receiving.recv()
    finally:
        child.join()


def _answer(parent: int, sending: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    end_with_parent(parent)
    sending.send(function(*arguments))
