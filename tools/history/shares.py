"""How many commits give the numbers of each row of the checklist, and why others don't."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from tools.children.lines import NOT_APPLICABLE
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key
from tools.numbers.summary import rows_of
from tools.suite import Case
from tools.terminal import Row, markdown_table, print_table

# By commit, and why it gave none, or None.
type Reasons = Mapping[str, Mapping[Case, str | None]]

SHARES = ("row", "numbers", "share", "all of them", "one or more", "n/a", "failed")
_DETAIL = re.compile(r":? line \d+ column \d+ \(char \d+\).*|: [0-9a-f]{32,}$")
WHY = ("row", "why there is no number", "commits")


@dataclass(slots=True)
class Share:
    """A row: how many numbers it has, how many of them each commit gives, and the commits of each reason for none."""

    numbers: int = 0
    given: Counter[str] = field(default_factory=Counter)
    reasons: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def cells(self, row: str, commits: int) -> Row:
        """Its line in the table, where a sample has this number of commits."""
        every = sum(given == self.numbers for given in self.given.values())
        counts = (self.numbers, f"{self.given.total() / (self.numbers * commits):.1%}", every, len(self.given))
        return row, *map(str, (*counts, *map(len, self._without())))

    def _without(self) -> tuple[set[str], set[str]]:
        """The commits to which a number is not applicable, and those that fail."""
        cannot, fail = set[str](), set[str]()
        for reason, commits in self.reasons.items():
            (cannot if reason.startswith(NOT_APPLICABLE) else fail).update(commits)
        return cannot, fail

    def why(self, row: str) -> Iterator[Row]:
        """Its reasons, those of most commits first."""
        for reason, commits in sorted(self.reasons.items(), key=lambda item: (-len(item[1]), item[0])):
            yield row, reason, str(len(commits))


def shares(reasons: Reasons, cases: Mapping[Case, tuple[Any, ...]]) -> dict[str, Share]:
    """What each row of the checklist has, in order; of a benchmark that is of no row, its class is one."""
    found: defaultdict[str, Share] = defaultdict(Share)
    for case, parameters in cases.items():
        name, _ = case
        for row in rows_of(Key(name, parameters, Kind.OTHER, "")) or [name.rpartition(".")[0]]:
            share = found[row]
            share.numbers += 1
            for commit, of_commit in reasons.items():
                if reason := of_commit[case]:
                    share.reasons[gist(reason)].add(commit)
                else:
                    share.given[commit] += 1
    return dict(sorted(found.items()))


def gist(reason: str) -> str:
    """A reason without what differs from message to message: where JSON is invalid, and octets."""
    return _DETAIL.sub("", reason)


def print_shares(console: Console, reasons: Reasons, cases: Mapping[Case, tuple[Any, ...]]) -> None:
    """Print the table, and below it each reason with the commits that have it, whatever the row."""
    print_table(console, SHARES, _lines(shares(reasons, cases), len(reasons)), texts=1)
    commits: defaultdict[str, set[str]] = defaultdict(set)
    for commit, of_commit in reasons.items():
        for reason in filter(None, of_commit.values()):
            commits[gist(reason)].add(commit[:9])
    for reason, of_reason in sorted(commits.items(), key=lambda item: -len(item[1])):
        text = f"{len(of_reason)} of {len(reasons)}: {reason}: {' '.join(sorted(of_reason))}"
        console.print(text, highlight=False, soft_wrap=True)


def markdown(reasons: Reasons, cases: Mapping[Case, tuple[Any, ...]]) -> str:
    """The same in Markdown: the table, and each row's reasons with how many commits have it."""
    found = shares(reasons, cases)
    why = [line for row, share in found.items() for line in share.why(row)]
    tables = [markdown_table(SHARES, _lines(found, len(reasons)), texts=1)]
    if why:
        tables.append(markdown_table(WHY, why, texts=2))
    return "\n".join("".join(f"{line}\n" for line in table) for table in tables)


def _lines(found: Mapping[str, Share], commits: int) -> list[Row]:
    return [share.cells(row, commits) for row, share in found.items()]
