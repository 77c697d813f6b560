"""Measure whole daemons of some commits several times, in turns, and print what they took side by side, in Markdown.

A figure that was the same in each run is printed once, of any other the median and the least, and how the last commit
compares with the first, by the medians. A run in which a route was lost or came twice has no number: it counts as
failed. One in which others took more than a fifth of a CPU is disturbed, and one in which the tester took nine tenths
of one is bound by that: neither is compared. What was stopped goes on: a run that a commit has is not repeated.
"""

import argparse
import os
import statistics
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.common import UNITS, Exactness
from tools.arguments import add_bench, new_file, positive
from tools.asv_command import measure
from tools.configuration import configuration, this_machine
from tools.errors import ToolError, run
from tools.git import git
from tools.numbers.stored import Key, Number, load, unit_beside
from tools.numbers.summary import rows_of
from tools.paths import ASV, BENCHMARKS, ROOT, UPSTREAM, check_writable
from tools.source.revisions import commit
from tools.suite import Suite, exactly, fingerprint, is_daemon, is_long, is_on_demand
from tools.terminal import Row, markdown_table

KEPT = ASV / "daemons"

# CPU seconds a second: of the tester, from which on a time is the tester's, and of others, from which on it is theirs.
BOUND, DISTURBED = 0.9, 0.2
TESTER, OTHERS = "track_tester_cpu", "track_others_cpu"


class Figure(NamedTuple):
    """What a run gave, and in a word why it is not compared, where it is not."""

    number: Number
    why: str = ""

    @property
    def values(self) -> list[float]:
        """The number, where there is one."""
        return [self.number.value] if self.number.measured and self.number.value is not None else []

    @property
    def without(self) -> str:
        """Why it is not compared: it has no number, or not one of the daemon's."""
        return self.why or ("" if self.number.measured else self.number.state.value)


type Run = Mapping[Key, Figure]


def main() -> None:
    """Measure what is missing, then print all."""
    parser = argparse.ArgumentParser(
        prog="daemons", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("revisions", nargs="+", help="commits, as git names them")
    parser.add_argument("--runs", type=positive, default=5, metavar="N", help="how often; default: %(default)s")
    add_bench(parser, default="")
    parser.add_argument("--long", action="store_true", help="also what takes long, up to 50,000 routes")
    parser.add_argument("--markdown", type=new_file, metavar="FILE", help="write the table there, too")
    options = parser.parse_args()
    os.chdir(ROOT)
    hashes = {revision: commit(revision) for revision in options.revisions}
    names = [
        name
        for name, of in Suite().named(options.bench)
        if is_daemon(of) and not is_on_demand(of) and (options.long or not is_long(of))
    ]
    if not names:
        raise ToolError(
            f"no benchmark of whole daemons matches {options.bench!r}: docs/scenarios.md has their names, "
            "and those that take long need --long"
        )
    # Results of other benchmarks can't be compared with these.
    kept = KEPT / fingerprint(BENCHMARKS.rglob("*.py"))[:16]
    folders = [kept / str(number) for number in range(1, options.runs + 1)]
    for folder in folders:
        print(f"run {folder.name} of {options.runs}", flush=True)
        _measure(folder, hashes.values(), names)
    columns = {
        f"{revision} ({git('log', '-1', '--format=%h %cs', hash_, cwd=UPSTREAM)})": _load(folders, hash_, names)
        for revision, hash_ in hashes.items()
    }
    text = "".join(f"{line}\n" for line in markdown_table(headings(columns), rows(columns), texts=3))
    print(text, end="")
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")


def _measure(folder: Path, hashes: Collection[str], names: list[str]) -> None:
    """One run of each commit, of the benchmarks that have no number there."""
    check_writable(folder)
    measure(hashes, "--skip-existing-successful", "--bench", exactly(names), results=folder)


def _load(folders: Sequence[Path], hash_: str, names: list[str]) -> list[Run]:
    conf = configuration()
    found = []
    for folder in folders:
        conf.results_dir = str(folder)
        found.append(judged(load(conf, this_machine(), hash_, [exactly(names)])))
    return found


def judged(run: Mapping[Key, Number]) -> Run:
    """The numbers of a run, each with what the tester and others used meanwhile in mind."""
    used = {(key.benchmark, key.parameters): number.value for key, number in run.items() if number.measured}

    def why(key: Key) -> str:
        of_class, _, name = key.benchmark.rpartition(".")
        if UNITS.get(key.unit) is Exactness.COUNT or name in (TESTER, OTHERS):
            return ""
        others, tester = (used.get((f"{of_class}.{share}", key.parameters)) or 0 for share in (OTHERS, TESTER))
        return "disturbed" if others > DISTURBED else "bound by the tester" if tester >= BOUND else ""

    return {key: Figure(number, why(key) if number.measured else "") for key, number in run.items()}


def headings(columns: Mapping[str, Sequence[Run]]) -> Row:
    """What stands above the columns."""
    return ("row", "benchmark", "unit", *columns, *(("last / first",) if len(columns) > 1 else ()))


def rows(columns: Mapping[str, Sequence[Run]]) -> Iterator[Row]:
    """A line for each figure."""
    first = next(iter(columns.values()))[0]
    for key in sorted(first, key=lambda key: (rows_of(key) or ["~"], str(key))):
        figures = [[run[key] for run in runs] for runs in columns.values()]
        medians = [_median(of_commit) for of_commit in figures]
        ratio = f"{medians[-1] / medians[0]:.3g}" if medians[0] and medians[-1] is not None else ""
        cells = (", ".join(rows_of(key)), str(key), unit_beside(key), *map(shown, figures))
        yield (*cells, ratio) if len(columns) > 1 else cells


def shown(runs: Sequence[Figure]) -> str:
    """What some runs gave: the figure, or the median and the least of them; and how many are not compared."""
    words = Counter(figure.without for figure in runs if figure.without)
    values = _values(runs) or [value for figure in runs for value in figure.values]
    if not values:
        return next(iter(words))
    least, median = min(values), statistics.median(values)
    text = f"{median:,.6g}" if least == max(values) else f"{median:,.6g}; least {least:,.6g}"
    return "; ".join([text, *(f"{count} of {len(runs)} {why}" for why, count in words.items())])


def _median(runs: Sequence[Figure]) -> float | None:
    values = _values(runs)
    return statistics.median(values) if values else None


def _values(runs: Sequence[Figure]) -> list[float]:
    """The numbers that are compared."""
    return [value for figure in runs if not figure.without for value in figure.values]


if __name__ == "__main__":
    run(main)
