"""What changed ExaBGP's counts, and when: one event a commit, with all numbers that it moved.

Read from what a sweep has measured; nothing is measured here. Where trees in between were not measured, or are broken,
the event is that of a stretch of commits. Where functions are asked for, which takes a run of both commits, numbers of
a commit that functions of other modules make are events of their own.
"""

import argparse
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from tools.arguments import add_bench, new_file, positive
from tools.configuration import commits_url
from tools.errors import run
from tools.history import lines as history
from tools.history.causes import Cause, all_kept, apart, causes, causes_of, chosen
from tools.history.lines import Commit, Line
from tools.history.plan import Values, nodes_of, ratio
from tools.history.store import Series, Store, add_store, filled
from tools.paths import write_whole
from tools.terminal import Row, markdown_table, print_table, report_console

LEAST = 0.1
# The share of a change that the functions named should make.
ENOUGH = 0.8
HEADINGS = ("date", "branch", "commit", "subject", "numbers", "largest change", "before", "after", "ratio", "now")
TEXTS = 4


@dataclass(frozen=True, slots=True)
class Change:
    """One number that became another. `undone_by` is the first later commit at which it is back, or beyond."""

    series: Series
    before: float
    after: float
    undone_by: Commit | None = None

    @property
    def size(self) -> float:
        """How many times the one is the other, from 1 on."""
        return ratio(self.series.unit, self.before, self.after)

    @property
    def worse(self) -> bool:
        """Whether there is more of it: all numbers are costs."""
        return self.after > self.before


@dataclass(frozen=True, slots=True)
class Event:
    """What one commit changed, or one of a stretch: `between` is how many trees lie between that gave no such number.

    `commit` is the first that is known to have the change, `before` the last that is known not to. `branches` are all
    that have it. The changes are in order, largest first; `functions` are those that make the largest, where somebody
    has asked.
    """

    branches: tuple[str, ...]
    before: Commit
    commit: Commit
    between: int
    changes: tuple[Change, ...]
    functions: tuple[Cause, ...] = ()

    @property
    def located(self) -> bool:
        """Whether it is this commit that made the change."""
        return not self.between

    @property
    def largest(self) -> Change:
        """The number that changed most."""
        return self.changes[0]

    @property
    def effect(self) -> float:
        """How much it changed all numbers together: each adds by how many times it became another."""
        return sum(change.size for change in self.changes)

    @property
    def mended_by(self) -> Commit | None:
        """The commit with which all numbers that became worse are back: None while one is not, or none became worse."""
        worse = [change.undone_by for change in self.changes if change.worse]
        if not all(worse):
            return None
        return max((commit for commit in worse if commit), key=lambda commit: commit.date, default=None)


def main() -> None:
    """Print the events, largest first, and write them."""
    parser = argparse.ArgumentParser(prog="events", description=__doc__)
    add_bench(parser, default=".")
    parser.add_argument("--branch", action="append", metavar="NAME", help="which branches")
    parser.add_argument(
        "--least", type=float, default=LEAST, metavar="PERCENT", help="the smallest change; default: %(default)s"
    )
    parser.add_argument("--top", type=positive, metavar="N", help="print the N largest only")
    parser.add_argument(
        "--functions",
        type=positive,
        metavar="N",
        help="name the functions of the N with most effect, and tell causes apart",
    )
    parser.add_argument("--markdown", type=new_file, metavar="FILE", help="write all of them there, by date")
    add_store(parser)
    options = parser.parse_args()
    store = filled(options.store)
    lines = history.lines(options.branch or history.BRANCHES)
    found = events(lines, known_values(store, lines, options.bench), options.least / 100)
    asked = sorted((of for of in found if of.located), key=lambda event: -event.effect)[: options.functions or 0]
    found = [part for event in found for part in (by_cause(store, event) if event in asked else [event])]
    console = report_console()
    shown = sorted(found, key=_largest_first)[: options.top]
    if shown:
        print_table(console, HEADINGS, [row(event) for event in shown], texts=TEXTS)
    for event in shown:
        for cause in event.functions:
            console.print(f"{event.commit.hash[:9]}: {cause}", highlight=False, soft_wrap=True)
    shares = [share for event in asked for share in explained(store, event)]
    if shares:
        enough = sum(share >= ENOUGH for share in shares)
        console.print(f"three functions make {ENOUGH:.0%} or more of {enough:,} of {len(shares):,} numbers explained")
    numbers = sum(len(event.changes) for event in found)
    located = sum(event.located for event in found)
    console.print(
        f"{len(found):,} events of {options.least:g} % and more, of which {located:,} are located: {numbers:,} changes"
    )
    if options.markdown:
        write_whole(options.markdown, markdown(found))


def known_values(store: Store, lines: Iterable[Line], expression: str = ".") -> dict[str, Values]:
    """The numbers of each tree that has some, of the benchmarks that match."""
    found: dict[str, Values] = {}
    wanted = {commit.tree for line in lines for commit in line.commits if commit.tree}
    for tree, known in store.read().items():
        if tree in wanted:
            values = {
                series: result.value for series, result in known.results.items() if re.search(expression, series.name)
            }
            if any(value is not None for value in values.values()):
                found[tree] = values
    return found


def events(lines: Sequence[Line], known: Mapping[str, Values], least: float = LEAST / 100) -> list[Event]:
    """What changed by at least so much, as a share, oldest first. A change that two branches have is one event."""
    found: dict[tuple[str | None, str | None], Event] = {}
    for line in lines:
        for event in _of_line(line, known, least):
            # By its commits where the branch has done it before, and undone it.
            for ends in ((event.before.tree, event.commit.tree), (event.before.hash, event.commit.hash)):
                same = found.get(ends)
                if same is None or line.branch not in same.branches:
                    break
            if same:
                # The branch that is named first says which commit, and whether it was undone there.
                event = replace(same, branches=(*same.branches, line.branch))
            found[ends] = event
    return sorted(found.values(), key=lambda event: event.commit.date)


def changes(before: Values, after: Values, least: float) -> list[Change]:
    """The numbers that differ by at least so much, as a share, those that differ most first."""
    found = [
        Change(series, was, value)
        for series, value in after.items()
        if (was := before.get(series)) is not None and value is not None and ratio(series.unit, was, value) >= 1 + least
    ]
    return sorted(found, key=lambda change: -change.size)


def by_cause(store: Store, event: Event) -> Iterator[Event]:
    """An event with its functions: as several, where functions of other modules make some of its numbers."""
    names = [change.series.name for change in event.changes]
    known = causes_of(store, event.before, event.commit, chosen(names))
    for group in apart(names, known):
        changes = tuple(change for change in event.changes if change.series.name in group)
        functions = causes(store, event.before, event.commit, changes[0].series.name)
        yield replace(event, changes=changes, functions=functions)


def explained(store: Store, event: Event) -> Iterator[float]:
    """Of each number of an event whose functions are known, the share of its change that those named make."""
    known = all_kept(store, event.before, event.commit)
    for change in event.changes:
        if functions := known.get(change.series.name):
            yield sum(of.after - of.before for of in functions) / (change.after - change.before)


def _largest_first(event: Event) -> float:
    return -event.largest.size


class _Run(NamedTuple):
    """Measurements of a number that gave the same, by the places of the first and the last commit in a line."""

    first: int
    last: int
    value: float


def _of_line(line: Line, known: Mapping[str, Values], least: float) -> Iterator[Event]:
    nodes = list(nodes_of(line))
    found: dict[tuple[int, int], list[Change]] = {}
    for series, runs in _runs(nodes, known).items():
        for at, (was, became) in enumerate(itertools.pairwise(runs)):
            if ratio(series.unit, was.value, became.value) >= 1 + least:
                undone = _undone(itertools.islice(runs, at + 2, None), series, was.value, became.value, least)
                change = Change(series, was.value, became.value, None if undone is None else nodes[undone])
                found.setdefault((was.last, became.first), []).append(change)
    for (before, place), of_place in sorted(found.items()):
        of_place.sort(key=lambda change: -change.size)
        yield Event((line.branch,), nodes[before], nodes[place], place - before - 1, tuple(of_place))


def _runs(nodes: Sequence[Commit], known: Mapping[str, Values]) -> dict[Series, list[_Run]]:
    """The numbers of each series in order. A commit on which it was not measured, or gave none, is in no run."""
    found: dict[Series, list[_Run]] = {}
    for place, commit in enumerate(nodes):
        for series, value in known.get(commit.tree or "", {}).items():
            if value is None:
                continue
            runs = found.setdefault(series, [])
            if runs and runs[-1].value == value:
                runs[-1] = _Run(runs[-1].first, place, value)
            else:
                runs.append(_Run(place, place, value))
    return found


def _undone(later: Iterable[_Run], series: Series, was: float, became: float, least: float) -> int | None:
    """The first place at which a number is what it was before, or beyond, but for less than what makes an event."""
    for run_ in later:
        beyond = run_.value <= was if became > was else run_.value >= was
        if beyond or ratio(series.unit, was, run_.value) < 1 + least:
            return run_.first
    return None


def row(event: Event) -> Row:
    """An event in the table."""
    change = event.largest
    return (
        day(event.commit),
        ", ".join(event.branches),
        event.commit.hash[:9],
        event.commit.subject if event.located else f"not located: after {event.before.hash[:9]}",
        f"{len(event.changes):,}",
        change.series.name,
        f"{change.before:,.10g}",
        f"{change.after:,.10g}",
        f"{change.after / change.before:.3f}" if change.before > 0 else "",
        state(event),
    )


def state(event: Event) -> str:
    """Whether what became worse is still so."""
    if not any(change.worse for change in event.changes):
        return "better"
    mended = event.mended_by
    return f"mended by {mended.hash[:9]}, {day(mended)}" if mended else "still there"


def day(commit: Commit) -> str:
    """The date of a commit."""
    return datetime.fromtimestamp(commit.date, UTC).strftime("%Y-%m-%d")


def markdown(found: Sequence[Event]) -> str:
    """All events as a table, newest first, with links to the commits, and the functions that are known."""
    rows = []
    for event in reversed(found):
        cells = list(row(event))
        cells[2] = f"[{cells[2]}]({commits_url()}{event.commit.hash})"
        cells[5] = f"`{cells[5]}`" + "".join(f"<br>{cause}" for cause in event.functions)
        rows.append(cells)
    return "".join(f"{line}\n" for line in markdown_table(HEADINGS, rows, texts=TEXTS))


if __name__ == "__main__":
    run(main)
