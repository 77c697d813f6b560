"""The benchmarks that asv discovers, for the tools that run them in processes of their own."""

import ast
import hashlib
import itertools
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from asv_runner.discovery import disc_benchmarks

from tools.paths import BENCHMARKS

# The name of a benchmark, and the index of one of its sets of parameters.
type Case = tuple[str, int]
_KEPT = (str, int, float, list, dict, bool)


def fingerprint(files: Iterable[Path]) -> str:
    """What tells one state of some Python files, and of the Python that runs them, from another.

    Comments, docstrings and layout leave it as it is.
    """
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(files):
        module = ast.parse(file.read_bytes(), file)
        for node in ast.walk(module):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                # Without its docstring.
                node.body = node.body[ast.get_docstring(node, clean=False) is not None :]
        digest.update(ast.dump(module).encode())
    return digest.hexdigest()


class Suite:
    """The benchmarks that asv discovers, each with one of its sets of parameters."""

    def __init__(self) -> None:
        # All of them first: a benchmark that runs imports modules, in the midst of which they would be looked for.
        self._benchmarks = {benchmark.name: benchmark for benchmark in list(disc_benchmarks(str(BENCHMARKS)))}

    def cases(self, expression: str) -> Iterator[tuple[Case, Any]]:
        """Every benchmark that matches, by its name with its parameters, as asv has it, set to each in turn."""
        for case, _, benchmark in self._matching(expression):
            yield case, benchmark

    def named(self, expression: str) -> Iterator[tuple[str, Any]]:
        """The same, each with its name with its parameters."""
        for _, name, benchmark in self._matching(expression):
            yield name, benchmark

    def descriptions(self) -> list[dict[str, Any]]:
        """What asv keeps of each benchmark in its results, as `asv_runner.discovery.list_benchmarks` has it."""
        return [
            {name: value for name, value in vars(benchmark).items() if isinstance(value, _KEPT) and name[0] != "_"}
            for benchmark in self._benchmarks.values()
        ]

    @staticmethod
    def names(name: str, params: Iterable[Iterable[str]]) -> list[str]:
        """The names of a benchmark with each set of its parameters, in asv's order."""
        return [f"{name}({', '.join(values)})" if values else name for values in itertools.product(*params)]

    def _matching(self, expression: str) -> Iterator[tuple[Case, str, Any]]:
        for name, benchmark in self._benchmarks.items():
            for index, whole in enumerate(self.names(name, benchmark.params)):
                if re.search(expression, whole):
                    yield (name, index), whole, self.case((name, index))

    def case(self, case: Case) -> Any:
        """A benchmark, set to a set of parameters."""
        benchmark = self._benchmarks[case[0]]
        if benchmark.params:
            benchmark.set_param_idx(case[1])
        return benchmark


def is_long(benchmark: Any) -> bool:
    """Whether the class says that it takes long with these parameters: a time, a peak of memory, or of a daemon."""
    return (benchmark.type in ("time", "peakmemory") or is_daemon(benchmark)) and _is_named(benchmark, "long")


def is_daemon(benchmark: Any) -> bool:
    """Whether it is of whole daemons, which nothing measures unless it is asked for."""
    return bool(benchmark.func.__self__.daemon)


def exactly(names: Iterable[str]) -> str:
    """The regular expression for asv's ``--bench`` that matches these names with their parameters, and no other."""
    return f"^(?:{'|'.join(map(re.escape, names))})$"


def may_fail(benchmark: Any) -> bool:
    """Whether the class says that some commits give a wrong result with these parameters."""
    return _is_named(benchmark, "faults")


def _is_named(benchmark: Any, attribute: str) -> bool:
    return is_named(type(benchmark.func.__self__), attribute, tuple(benchmark._current_params))


def is_named(cls: type | None, attribute: str, parameters: tuple[Any, ...]) -> bool:
    """Whether an attribute of a benchmark class, `long` or `faults`, names parameters by what they begin with."""
    return any(begin_with(parameters, leading) for leading in getattr(cls, attribute, ()))


def begin_with(parameters: tuple[Any, ...], leading: tuple[Any, ...]) -> bool:
    """Whether parameters are among those that `rows`, `long` and `faults` of a class name by the first of them."""
    return parameters[: len(leading)] == leading
