"""Put extra work at the beginning of a Python function, in place, whoever refers to it.

A wrapper would cost a dozen instructions of its own, more than the smallest slow-downs that are to be injected, and
would miss code that has imported the function by name. So the function gets a longer code object: right after its first
RESUME it executes NOPs, or one call. A coroutine or a generator does so when it starts.
"""

import dis
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType

_UNIT = 2  # octets of an instruction


def lengthen(function: FunctionType, instructions: int) -> None:
    """Have each call of a function execute more instructions."""
    function.__code__ = _with_prologue(function.__code__, _nops(instructions), 0)


def call_first(function: FunctionType, call: Callable[[], object]) -> None:
    """Have each call of a function begin with a call without arguments, whose result is dropped: four instructions."""
    code = function.__code__
    prologue = (
        _instruction("PUSH_NULL")
        + _instruction("LOAD_CONST", len(code.co_consts))
        + _instruction("CALL", 0)
        + _instruction("POP_TOP")
    )
    longer = _with_prologue(code, prologue, 2)
    function.__code__ = longer.replace(co_consts=(*code.co_consts, call))


def _nops(instructions: int) -> bytes:
    return bytes([dis.opmap["NOP"], 0]) * instructions


def _instruction(name: str, argument: int = 0) -> bytes:
    octets = argument.to_bytes(4).lstrip(b"\0") or b"\0"
    extended = b"".join(bytes([dis.EXTENDED_ARG, octet]) for octet in octets[:-1])
    caches = dis._inline_cache_entries[dis.opmap[name]]  # type: ignore[attr-defined]
    return extended + bytes([dis.opmap[name], octets[-1]]) + bytes(_UNIT * caches)


def _with_prologue(code: CodeType, prologue: bytes, stack: int) -> CodeType:
    at = (
        next(instruction.offset for instruction in dis.get_instructions(code) if instruction.opname == "RESUME") + _UNIT
    )
    return code.replace(
        # Jumps are relative and none leads before the first RESUME, so the rest can stay as it is.
        co_code=code.co_code[:at] + prologue + code.co_code[at:],
        co_exceptiontable=_exception_table(code, at, len(prologue)),
        co_linetable=_line_table(code.co_linetable, at // _UNIT, len(prologue) // _UNIT),
        co_stacksize=max(code.co_stacksize, stack + 1),
    )


def _exception_table(code: CodeType, at: int, size: int) -> bytes:
    """The table (Objects/exception_handling_notes.txt in CPython) with everything after a position moved."""
    table = b""
    for entry in dis._parse_exception_table(code):  # type: ignore[attr-defined]
        start, end, target = (
            place + size if place >= at else place for place in (entry.start, entry.end, entry.target)
        )
        numbers = [start // _UNIT, (end - start) // _UNIT, target // _UNIT, entry.depth << 1 | entry.lasti]
        first, *rest = b"".join(map(_varint, numbers))
        table += bytes([first | 0x80, *rest])
    return table


def _varint(number: int) -> bytes:
    octets = [number & 0x3F]
    while number := number >> 6:
        octets.append(number & 0x3F | 0x40)
    return bytes(reversed(octets))


def _line_table(table: bytes, at: int, units: int) -> bytes:
    """The table (Objects/locations.md in CPython) with units that have no line put in: tracebacks stay right."""
    position = 0
    for index in _entries(table):
        if position >= at:
            break
        position += (table[index] & 7) + 1
    else:
        index = len(table)
    lengths = [8] * (units // 8) + [units % 8] * bool(units % 8)
    return table[:index] + bytes(0x80 | 15 << 3 | length - 1 for length in lengths) + table[index:]


def _entries(table: bytes) -> Iterator[int]:
    """Where entries begin: only their first octets have the highest bit."""
    return (index for index, octet in enumerate(table) if octet & 0x80)
