"""What is counted by the stack of frames in which it happens."""

import sys
from collections.abc import Callable, Iterator
from threading import get_ident
from types import CodeType

_EVENTS = sys.monitoring.events
_BEGINS = (_EVENTS.PY_START, _EVENTS.PY_RESUME, _EVENTS.PY_THROW)
_ENDS = (_EVENTS.PY_RETURN, _EVENTS.PY_YIELD, _EVENTS.PY_UNWIND)
# Of every frame, where it begins and where it ends.
OF_FRAMES = sum((*_BEGINS, *_ENDS))


class Stack:
    """Code, and by whom it was called: the stack of its callers, the outermost of which has the root as its caller.

    `number` is what was counted in it, without what it calls.
    """

    __slots__ = ("_callees", "caller", "code", "number")

    def __init__(self, code: CodeType | None = None, caller: "Stack | None" = None) -> None:
        self.code, self.caller = code, caller
        self.number = 0
        # By identity: to hash a code object is to walk all of its instructions. What is in here stays alive.
        self._callees: dict[int, Stack] = {}

    def calls(self, code: CodeType) -> "Stack":
        """The stack of a code that is called from here."""
        found = self._callees.get(id(code))
        # Another thread may make it meanwhile.
        return found or self._callees.setdefault(id(code), Stack(code, self))

    def walk(self) -> Iterator["Stack"]:
        """This one and all that are above it."""
        waiting = [self]
        while waiting:
            stack = waiting.pop()
            yield stack
            waiting += stack._callees.values()


class Stacks:
    """Follows the frames of all threads by what `sys.monitoring` says of them.

    No frame is held: what is in it would live longer, and what its end executes would not be counted.
    """

    def __init__(self) -> None:
        self.root = Stack()
        self._threads: dict[int, list[Stack]] = {}

    def follow(self, tool: int, moved: Callable[[], object]) -> None:
        """Have a tool follow, and tell when a frame has begun or is about to end. `OF_FRAMES` are the events to set."""

        def begin(code: CodeType, _offset: int, _value: object = None) -> None:
            stacks = self._of_thread()
            stacks.append(stacks[-1].calls(code))
            moved()

        def end(code: CodeType, _offset: int, _value: object) -> None:
            stacks = self._of_thread()
            for place in range(len(stacks) - 1, 0, -1):
                if stacks[place].code is code:
                    del stacks[place:]
                    break
            moved()

        for events, callback in ((_BEGINS, begin), (_ENDS, end)):
            for event in events:
                sys.monitoring.register_callback(tool, event, callback)

    def of(self, code: CodeType) -> Stack:
        """The stack of code that executes now.

        A frame executes some instructions before it says that it begins, and one that makes a generator says nothing
        at all.
        """
        stacks = self._of_thread()
        if stacks[-1].code is not code:
            if len(stacks) > 1 and stacks[-2].code is code:
                stacks.pop()
            else:
                stacks.append(stacks[-1].calls(code))
        return stacks[-1]

    def _of_thread(self) -> list[Stack]:
        thread = get_ident()
        found = self._threads.get(thread)
        if found is None:
            found = self._threads[thread] = [self.root]
        return found
