"""What processes on a tree of ExaBGP are asked for by several tools: each benchmark in a fork, as asv runs it."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from benchmarks.common import UNITS, Exactness
from tools.children import Line
from tools.children.forked import forked
from tools.suite import Suite


def counts(bench: str) -> Iterator[Line]:
    """Every exact number of the benchmarks that match: its name as asv has it, its version, its value.

    The value is null where it is not applicable, and a text where it failed.
    """
    for name, benchmark in Suite().named(bench):
        if benchmark.type == "track" and UNITS[benchmark.unit] is not Exactness.NOISY:
            yield {"name": name, "version": benchmark.version, "value": forked(_value, benchmark)}


def _value(benchmark: Any) -> float | str | None:
    # asv prints why a benchmark is skipped.
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            if benchmark.do_setup():
                return None
            value: float = benchmark.func(*benchmark._current_params)
        except Exception as error:
            # Whatever a commit does wrong is a reason to be reported.
            return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return value
