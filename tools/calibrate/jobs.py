"""What a process of the calibration does on the ExaBGP that it imports, made worse or not."""

import importlib
import statistics
import time
import timeit
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import batched, count
from types import FunctionType

from benchmarks import common
from benchmarks.measure import Bytecodes, profile_bytecodes
from tools.calibrate.behaviour import let_go
from tools.calibrate.callables.injection import Injection
from tools.calibrate.callables.injection import Kind as Injected
from tools.calibrate.injections import INJECTIONS, find, label, resolve
from tools.calibrate.prologue import call_first, lengthen
from tools.children import Line
from tools.children.jobs import is_count
from tools.paths import BENCHMARKS
from tools.suite import Case, Suite

# How often the callable is called shows in what these instructions a call add up to.
PROBE = 16
# How many of the benchmarks that execute a callable are run: those in which it weighs most see it first.
MOST = 3
# How many measurements of the work in C are made; their median counts.
GAUGED = 7

# What a benchmark gives: None where it is not applicable, and in words what went wrong.
type Value = float | str | None


def _start() -> None:
    # Not at the top: what it leads to is ExaBGP.
    importlib.import_module("benchmarks.exabgp_compat.startup").start()


def targets() -> Iterator[Line]:
    """Which callable each injection means in this ExaBGP: one line."""
    _start()
    functions = {name: resolve(injection) for name, injection in INJECTIONS.items()}
    yield {name: function and label(function.__code__) for name, function in functions.items()}


def profile(bench: str) -> Iterator[Line]:
    """Every count of the benchmarks that match, and whose instructions are in it."""
    _start()
    counted: list[Bytecodes] = []

    def count_and_record(call: Callable[[], object], prepare: Callable[[], object]) -> int:
        counted.append(profile_bytecodes(call, prepare))
        return counted[-1].measured

    # Every benchmark counts by this name.
    common.count_bytecodes = count_and_record  # type: ignore[attr-defined, assignment]
    suite = Suite()
    for case, benchmark in suite.cases(bench):
        if not is_count(benchmark):
            continue
        counted.clear()
        value = _value(suite, case)
        by_label: dict[str, int] = {}
        for one in counted:
            for code, number in one.by_code.items():
                if not code.co_filename.startswith(str(BENCHMARKS)):
                    by_label[label(code)] = by_label.get(label(code), 0) + number
        yield {
            "case": case,
            "parameters": [str(parameter) for parameter in benchmark._current_params],
            "unit": benchmark.unit,
            "value": value,
            "measured": sum(one.measured for one in counted),
            "own": sum(one.own for one in counted),
            "by_code": by_label,
        }


def daemon() -> Iterator[Line]:
    """Instructions of a whole daemon, by code as `label` names it: a line for each course of routes through it."""
    # As above: what it is proven by leads to ExaBGP.
    yield from importlib.import_module("benchmarks.work.daemon_counts").every_course()


def counts(name: str, cases: list[Case]) -> Iterator[Line]:
    """Some counts without an injection, and with each of its levels. The last line says why where there are none."""
    injection, function = _target(name)
    if function is None:
        yield {"missing": True}
    elif injection.kind is Injected.BYTECODES:
        yield from _lengthened(injection, function, cases)
    else:
        yield from _made_worse(injection, function, cases)


def _made_worse(injection: Injection, function: FunctionType, cases: list[Case]) -> Iterator[Line]:
    """All cases, with a call at the beginning of each call of the callable."""
    assert injection.make
    suite, code = Suite(), function.__code__
    yield {"level": 0, "values": _values(suite, cases)}
    for level in injection.levels:
        call_first(function, injection.make(level))
        yield {"level": level, "values": _values(suite, cases)}
        function.__code__ = code
        let_go()


def _lengthened(injection: Injection, function: FunctionType, cases: list[Case]) -> Iterator[Line]:
    """The first few cases, `MOST` at a time, in which the callable begins; the first line has the number of the first.

    A generator or a coroutine may have begun before what is counted: then it executes instructions in the count, but
    none of those that are added.
    """
    suite, code = Suite(), function.__code__
    for first, some in zip(range(0, len(cases), MOST), batched(cases, MOST), strict=True):
        before = _values(suite, some)
        lengthen(function, PROBE)
        heaviest = _heaviest(before, _values(suite, some))
        function.__code__ = code
        if not heaviest:
            continue
        calls, value = heaviest
        yield {"level": 0, "first": first, "values": before}
        for level in injection.levels:
            extra = max(1, round(level * value / calls))
            lengthen(function, extra)
            yield {"level": level, "extra": extra, "values": _values(suite, some)}
            function.__code__ = code
        return
    yield {"not executed": True}


def gauge(name: str, case: Case) -> Iterator[Line]:
    """How often a benchmark calls the callable, and the work in C that makes it longer by each level: one line."""
    injection, function = _target(name)
    if function is None:
        yield {"missing": True}
        return
    benchmark = Suite().case(case)
    if benchmark.do_setup():
        yield {"not executed": True}
        return
    code, calls = function.__code__, count()
    call_first(function, calls.__next__)
    benchmark.func(*benchmark._current_params)
    function.__code__ = code
    number = next(calls)

    def seconds() -> float:
        # What the call before has changed is put back.
        benchmark.do_setup()
        started = time.perf_counter()
        benchmark.func(*benchmark._current_params)
        return time.perf_counter() - started

    def wanted(level: float) -> float:
        return level * min(seconds() for _ in range(5)) / number

    yield {"calls": number, "steps": [steps_of(partial(wanted, level)) for level in injection.levels if number]}


def samples(name: str, case: Case, steps: int, rounds: int) -> Iterator[Line]:
    """Samples of a time, with some steps of work in C at the beginning of each call of the callable: one line."""
    _, function = _target(name)
    assert function
    benchmark = Suite().case(case)
    benchmark.rounds = rounds
    if steps:
        call_first(function, work_in_c(steps))
    benchmark.do_setup()
    yield benchmark.do_run()


def _target(name: str) -> tuple[Injection, FunctionType | None]:
    _start()
    injection = find(name)
    return injection, resolve(injection)


def _values(suite: Suite, cases: Iterable[Case]) -> list[Value]:
    return [_value(suite, case) for case in cases]


def _value(suite: Suite, case: Case) -> Value:
    benchmark = suite.case(case)
    # asv runs it in a process of its own, in which ExaBGP keeps nothing for neighbours of other benchmarks.
    importlib.import_module("benchmarks.exabgp_compat.reactor").forget_ribs()
    try:
        if benchmark.do_setup():
            return None
        value: float = benchmark.func(*benchmark._current_params)
        benchmark.do_teardown()
    except Exception as error:
        # Made worse, ExaBGP can fail in any way; that is a result.
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return value


def _heaviest(before: list[Value], probed: list[Value]) -> tuple[float, float] | None:
    """Calls of the callable in the count in which it weighs most, and that count; None where no count executes it.

    There the least extra work makes a given share.
    """
    weights = [
        (calls / value, calls, value)
        for value, after in zip(before, probed, strict=True)
        if not isinstance(value, str | None) and not isinstance(after, str | None) and value
        for calls in [(after - value) / PROBE]
        if calls
    ]
    return max(weights)[1:] if weights else None


def work_in_c(steps: int) -> Callable[[], object]:
    """Work in C: a power with an exponent of that many bits. It touches no memory, which would slow down others too."""
    return partial(pow, 3, (1 << steps) - 1, 65537)


def steps_of(wanted: Callable[[], float]) -> int:
    """How many steps of work in C take the seconds that are wanted.

    Those are asked for just before each measurement: shared machines run at half the speed for a while, and then the
    time of which the work is to be a share is twice as long too.
    """
    found = [100]
    for _ in range(3 + GAUGED):
        seconds = wanted()
        number = max(1, round(1e-3 / seconds))
        taken = min(timeit.repeat(work_in_c(found[-1]), number=number, repeat=10)) / number
        found.append(max(1, round(found[-1] * seconds / taken)))
    return int(statistics.median_high(found[-GAUGED:]))
