"""Count the calls into C, and take their time."""

import sys
import time
from collections.abc import Callable
from threading import get_ident
from types import CodeType, FunctionType, MethodType
from typing import NamedTuple

from benchmarks.measure.bytecodes import TOOL, Step, monitoring, nothing, watch
from benchmarks.measure.stacks import OF_FRAMES, Stack, Stacks

_EVENTS = sys.monitoring.events


class Calls(NamedTuple):
    """Calls of one callable in C from one stack: their number, which is exact, and their nanoseconds, which are not.

    The time has what Python code is called from C in it, and what it takes to count.
    """

    stack: Stack
    callable: str
    number: int
    nanoseconds: int


class _Open(NamedTuple):
    """A call that has not returned."""

    callable: object
    stack: Stack
    started: int


def profile_calls(call: Step, prepare: Step = nothing) -> list[Calls]:
    """The calls into C of one call, by the stack that makes them; prepared and run once before, as for counts."""
    stacks = Stacks()
    waiting: dict[int, list[_Open]] = {}
    found: dict[tuple[int, str], Calls] = {}

    def begin(code: CodeType, _offset: int, callable_: object, _first: object) -> None:
        if _is_in_c(callable_):
            waiting.setdefault(get_ident(), []).append(_Open(callable_, stacks.of(code), time.perf_counter_ns()))

    def end(_code: CodeType, _offset: int, callable_: object, _first: object) -> None:
        ended, mine = time.perf_counter_ns(), waiting.get(get_ident(), [])
        for place in range(len(mine) - 1, -1, -1):
            if mine[place].callable is callable_:
                opened = mine[place]
                del mine[place:]
                key = id(opened.stack), _name_of(callable_)
                before = found.get(key, Calls(opened.stack, key[1], 0, 0))
                found[key] = before._replace(
                    number=before.number + 1, nanoseconds=before.nanoseconds + ended - opened.started
                )
                return

    prepare()
    call()
    prepare()
    with monitoring():
        sys.monitoring.register_callback(TOOL, _EVENTS.CALL, begin)
        for event in (_EVENTS.C_RETURN, _EVENTS.C_RAISE):
            sys.monitoring.register_callback(TOOL, event, end)
        stacks.follow(TOOL, lambda: None)
        watch(call, _EVENTS.CALL | _EVENTS.C_RETURN | _EVENTS.C_RAISE | OF_FRAMES)
    return list(found.values())


def _is_in_c(called: object) -> bool:
    """Whether it is no function of Python's, and no class that is made by one."""
    if isinstance(called, type):
        made_by: tuple[object, ...] = (called.__init__, called.__new__)
    elif isinstance(called, MethodType):
        made_by = (called.__func__,)
    else:
        made_by = (called, getattr(type(called), "__call__", None))
    return not any(isinstance(one, FunctionType) for one in made_by)


def _name_of(called: object) -> str:
    of: Callable[..., object] | object = called if hasattr(called, "__qualname__") else type(called)
    name = str(getattr(of, "__qualname__", "?"))
    module = getattr(of, "__module__", None)
    return name if module in (None, "builtins") else f"{module}.{name}"
