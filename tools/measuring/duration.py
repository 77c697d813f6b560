"""How long it will take to measure commits, from what they have taken here."""

import math
import statistics
from collections import defaultdict
from collections.abc import Set
from pathlib import Path

from asv.config import Config
from asv.results import Results

from tools.numbers.stored import of_this_python, read

# What all benchmarks of one commit take on two cores, where nothing has been measured yet.
MINUTES, QUICK_MINUTES = 5, 3
# As many files of results, the newest, say how long it takes.
FILES = 20


def taken(conf: Config, machine: str, benchmarks: Set[str]) -> float | None:
    """Seconds that a commit has taken with these benchmarks; those that were never measured count as the others.

    None where none was.
    """
    files = Path(conf.results_dir, machine).glob("*-*.json")
    newest = sorted(files, key=lambda file: file.stat().st_mtime)[-FILES:]
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    installing: list[float] = []
    for results in (read(file, machine) for file in newest):
        for name in benchmarks & results.get_all_result_keys():
            duration = results.duration.get(name)
            # What fails or does not apply is over at once.
            if duration and not all(value is None or math.isnan(value) for value in _values(results, name)):
                seconds[name].append(duration)
        installing.append(results.duration.get("<build>", 0.0))
    if not seconds:
        return None
    each = statistics.fmean(map(statistics.median, seconds.values()))
    return each * len(benchmarks) + statistics.median(installing)


def share_measured(results: Results, benchmarks: Set[str]) -> float:
    """Which part of some benchmarks a commit has results of, so that they are not measured again."""
    if not of_this_python(results):
        return 0
    there = benchmarks & results.get_all_result_keys()
    return sum(None not in _values(results, name) for name in there) / len(benchmarks)


def work(commits: float, taken: float | None, usual: float) -> str:
    """How long it takes to measure commits: by what one has taken, else by what one usually takes."""
    each = taken or usual
    why = "as here before" if taken else "a guess, nothing of it was measured here before"
    return f"about {in_words(commits * each)}, at {in_words(each)} each ({why})"


def in_words(seconds: float) -> str:
    """A duration, roughly."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return "1 second" if round(seconds) == 1 else f"{seconds:.0f} seconds"


def _values(results: Results, name: str) -> list[float | None]:
    return list(results.get_result_value(name, results.get_result_params(name)))
