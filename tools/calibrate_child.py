"""Measure the benchmarks on the ExaBGP that this process imports, made worse or not; print lines of JSON.

Called by tools.calibrate with a tree of ExaBGP on PYTHONPATH.
"""

import argparse
import importlib
import json
import statistics
import time
import timeit
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from types import FunctionType
from typing import Any

from benchmarks.measure import bytecodes
from tools.errors import run
from tools.inject_behaviour import let_go
from tools.inject_code import call_first, lengthen
from tools.injections import INJECTIONS, Injection, find, label, resolve
from tools.injections import Kind as Injected
from tools.lines import json_lines
from tools.results import EXACT, kind_of
from tools.suite import BENCHMARKS, Case, Suite

# How often the callable is called shows in what these instructions a call add up to.
PROBE = 16
# Of so many measurements of the work in C the median counts.
GAUGED = 7


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate_child", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("targets", help="which callable each injection means in this ExaBGP")
    profile = commands.add_parser("profile", help="every count, and whose instructions are in it")
    profile.add_argument("bench", help="regular expression of the benchmarks")
    for name, text in (
        ("count", "counts of some benchmarks, with each level of an injection"),
        ("gauge", "what a C call must do to take a share of a time"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("injection")
        command.add_argument("cases", help="JSON: benchmarks and the indices of their parameters")
    timing = commands.add_parser("time", help="samples of a time, with so many steps of work in C first")
    timing.add_argument("injection")
    timing.add_argument("cases")
    timing.add_argument("steps", type=int)
    timing.add_argument("rounds", type=int)
    options, write = parser.parse_args(), json_lines()
    # Not at the top: what it leads to is ExaBGP.
    importlib.import_module("benchmarks.exabgp_compat.startup").start()
    for line in _answer(options):
        write(line)


def _answer(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    if options.command == "targets":
        functions = {name: resolve(injection) for name, injection in INJECTIONS.items()}
        yield {name: function and label(function.__code__) for name, function in functions.items()}
        return
    if options.command == "profile":
        yield from _profile(options.bench)
        return
    injection = find(options.injection)
    function = resolve(injection)
    if function is None:
        yield {"missing": True}
        return
    cases: list[Case] = [(name, index) for name, index in json.loads(options.cases)]
    if options.command == "count":
        yield from _count(injection, function, cases)
    elif options.command == "gauge":
        yield _gauge(injection, function, cases[0])
    else:
        yield _time(function, cases[0], options.steps, options.rounds)


def _value(suite: Suite, case: Case) -> float | str | None:
    """What a benchmark gives; None where it is not applicable, and in words what went wrong."""
    benchmark = suite.case(case)
    try:
        if benchmark.do_setup():
            return None
        value: float = benchmark.func(*benchmark._current_params)
        benchmark.do_teardown()
    except Exception as error:
        # Made worse, ExaBGP can fail in any way; that is a result.
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return value


def _profile(bench: str) -> Iterator[dict[str, Any]]:
    counted: list[bytecodes.Bytecodes] = []
    make = bytecodes.Bytecodes

    def record(*arguments: Any) -> bytecodes.Bytecodes:
        counted.append(make(*arguments))
        return counted[-1]

    bytecodes.Bytecodes = record  # type: ignore[assignment, misc]  # where count_bytecodes finds it
    suite = Suite()
    for case, benchmark in suite.cases(bench):
        description = {"name": benchmark.name, "type": benchmark.type, "unit": benchmark.unit}
        if benchmark.type != "track" or kind_of(description) not in EXACT:
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


def _count(injection: Injection, function: FunctionType, cases: list[Case]) -> Iterator[dict[str, Any]]:
    suite, code = Suite(), function.__code__

    def values() -> list[float | str | None]:
        return [_value(suite, case) for case in cases]

    before = values()
    yield {"level": 0, "values": before}
    if injection.kind is Injected.BYTECODES:
        lengthen(function, PROBE)
        calls = [
            0.0 if isinstance(value, str | None) or isinstance(after, str | None) else (after - value) / PROBE
            for value, after in zip(before, values(), strict=True)
        ]
        function.__code__ = code
        # The scenario in which the callable weighs most: there the least extra work makes the share.
        weights = [
            (number / value, number, value)
            for number, value in zip(calls, before, strict=True)
            if number and not isinstance(value, str | None)
        ]
        if not weights:
            yield {"not executed": True}
            return
        _, number, value = max(weights)
        for level in injection.levels:
            extra = max(1, round(level * value / number))
            lengthen(function, extra)
            yield {"level": level, "extra": extra, "values": values()}
            function.__code__ = code
        return
    assert injection.make
    for level in injection.levels:
        call_first(function, injection.make(level))
        yield {"level": level, "values": values()}
        function.__code__ = code
        let_go()


def _work_in_c(steps: int) -> Callable[[], object]:
    """Work in C that touches no memory, which would slow down what comes after it too: a power of so many bits."""
    return partial(pow, 3, (1 << steps) - 1, 65537)


def _steps(wanted: Callable[[], float]) -> int:
    """So many steps of work in C as take the seconds that are wanted.

    Those are asked for just before each measurement: at half the speed, as shared machines have it for a while, what
    the work is to be a share of takes twice as long too.
    """
    found = [100]
    for _ in range(3 + GAUGED):
        seconds = wanted()
        number = max(1, round(1e-3 / seconds))
        taken = min(timeit.repeat(_work_in_c(found[-1]), number=number, repeat=10)) / number
        found.append(max(1, round(found[-1] * seconds / taken)))
    return int(statistics.median_high(found[-GAUGED:]))


def _gauge(injection: Injection, function: FunctionType, case: Case) -> dict[str, Any]:
    """How often a call of the benchmark calls the callable, and the work in C that makes it longer by each level."""
    benchmark = Suite().case(case)
    if benchmark.do_setup():
        return {"not executed": True}

    def seconds() -> float:
        started = time.perf_counter()
        benchmark.func(*benchmark._current_params)
        return time.perf_counter() - started

    code, calls = function.__code__, count()
    call_first(function, calls.__next__)
    seconds()
    function.__code__ = code
    number = next(calls)

    def wanted(level: float) -> float:
        return level * min(seconds() for _ in range(5)) / number

    return {"calls": number, "steps": [_steps(partial(wanted, level)) for level in injection.levels if number]}


def _time(function: FunctionType, case: Case, steps: int, rounds: int) -> dict[str, Any]:
    benchmark = Suite().case(case)
    benchmark.rounds = rounds
    if steps:
        call_first(function, _work_in_c(steps))
    benchmark.do_setup()
    samples: dict[str, Any] = benchmark.do_run()
    return samples


if __name__ == "__main__":
    run(main)
