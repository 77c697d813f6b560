"""Check on a sample what a sweep relies on: what it does not measure would have given the numbers that it assumes.

Commits that share a tree are to give the same numbers: of some trees the first and the last commit that has it are
measured, whatever the sweep knows. And where the ends of a stretch are equal nothing is to have changed between them:
the middle of some such stretches is measured and kept. Exit status: 0 all were as assumed; 1 some were not.
"""

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.arguments import add_bench, positive
from tools.errors import ToolError, run
from tools.history import lines as history
from tools.history.lines import Commit, Line
from tools.history.measuring import every_series, measure
from tools.history.plan import Values, known, nodes_of
from tools.history.store import Measured, Series, Store, add_store
from tools.paths import CACHE

type Measure = Callable[[Commit], Measured]


class Equal(NamedTuple):
    """Two commits of a branch that all numbers are equal of, and those between whose trees nobody has measured."""

    before: Commit
    after: Commit
    between: tuple[Commit, ...]


def main() -> int:
    """Measure a sample of both, and say what was not as assumed."""
    parser = argparse.ArgumentParser(
        prog="sharing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_bench(parser, default=".")
    parser.add_argument(
        "--sample", type=positive, default=5, metavar="N", help="trees, and stretches; default: %(default)s"
    )
    parser.add_argument("--seed", type=int, default=1, help="which sample; default: %(default)s")
    add_store(parser)
    options = parser.parse_args()
    series = every_series(options.bench)
    if not series:
        raise ToolError(f"no count is called {options.bench!r}: docs/scenarios.md has their names")
    lines, store = history.lines(), Store(options.store)
    chosen = random.Random(options.seed)
    shared = _sample(chosen, list(shared_trees(lines)), options.sample)
    stretches = _sample(chosen, list(equal_ends(lines, known(store.read(), series), series)), options.sample)
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as folder:

        def measured(commit: Commit) -> Measured:
            print(f"measuring {commit.hash[:9]}", file=sys.stderr)
            return measure(commit, series, series, Path(folder))

        problems = [*unlike(shared, measured), *changed(stretches, store, measured)]
    for problem in problems:
        print(problem)
    print(
        f"{len(shared):,} trees of two commits and {len(stretches):,} stretches between equal ends, "
        f"{len(series):,} numbers each: {len(problems):,} were not as assumed"
    )
    return 1 if problems else 0


def shared_trees(lines: Sequence[Line]) -> Iterator[tuple[Commit, Commit]]:
    """The first and the last commit of each tree that several have."""
    of_tree: defaultdict[str, dict[str, Commit]] = defaultdict(dict)
    for line in lines:
        for commit in line.commits:
            if commit.tree:
                of_tree[commit.tree][commit.hash] = commit
    for commits in of_tree.values():
        if len(commits) > 1:
            first, *_, last = commits.values()
            yield first, last


def equal_ends(
    lines: Sequence[Line], values: Mapping[str, Values | None], series: Collection[Series]
) -> Iterator[Equal]:
    """The stretches of which the ends have the same numbers, all of them, and of which something was not measured."""
    whole = {tree: of for tree, of in values.items() if of is not None and of.keys() >= set(series)}
    for line in lines:
        before: Commit | None = None
        between: list[Commit] = []
        for commit in nodes_of(line):
            tree = str(commit.tree)
            if tree not in whole:
                between.append(commit)
                continue
            if before and between and whole[str(before.tree)] == whole[tree]:
                yield Equal(before, commit, tuple(between))
            before, between = commit, []


def unlike(shared: Sequence[tuple[Commit, Commit]], measured: Measure) -> Iterator[str]:
    """In words, the numbers in which commits of one tree differ."""
    for first, last in shared:
        one, other = measured(first), measured(last)
        if one.broken and other.broken:
            continue
        for series in one.results.keys() | other.results.keys():
            before, after = (found.results[series].value if series in found.results else None for found in (one, other))
            if before != after:
                yield f"{first.hash[:9]} and {last.hash[:9]} have one tree, and of {series.name} {before} and {after}"


def changed(stretches: Sequence[Equal], store: Store, measured: Measure) -> Iterator[str]:
    """In words, the numbers that are others between equal ends. What was measured is kept."""
    for stretch in stretches:
        commit = stretch.between[len(stretch.between) // 2]
        found = measured(commit)
        store.put(str(commit.tree), found)
        ends = store.values(str(stretch.before.tree))
        for series, result in found.results.items():
            if result.value != ends[series]:
                yield (
                    f"{commit.hash[:9]} lies between {stretch.before.hash[:9]} and {stretch.after.hash[:9]}, which are "
                    f"equal, and has of {series.name} {result.value} where they have {ends[series]}"
                )


def _sample[T](chosen: random.Random, everything: Sequence[T], number: int) -> Sequence[T]:
    return chosen.sample(everything, min(number, len(everything)))


if __name__ == "__main__":
    run(main)
