"""What commits claim of ExaBGP's cost, and what its counts say of that: confirmed, refuted, or invisible.

A claim is in `claims.toml`, or in a commit's subject that speaks of performance, memory, a cache and the like. It is
judged by all counts of the commit and of the one before it: what became better and what became worse.
"""

import argparse
import itertools
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tools.arguments import add_bench, new_file
from tools.configuration import commits_url
from tools.errors import run
from tools.history import lines as history
from tools.history.events import LEAST, Change, changes, day, known_values
from tools.history.lines import Commit, Line
from tools.history.measuring import every_series
from tools.history.plan import Values, nodes_of
from tools.history.store import Series, add_store, filled
from tools.paths import write_whole
from tools.terminal import Row, markdown_table, print_table, report_console

FILE = Path(__file__).with_name("claims.toml")
SUBJECT = re.compile(
    r"\b(perf|performance|fast|faster|slow|slower|speed|speeds|memory|leaks?|leaking|optimi[sz]\w*|cache[sd]?|caching|"
    r"efficien\w*|lazy|lazily|deepcopy|__slots__|slots|overhead|cpu)\b",
    re.IGNORECASE,
)
# The share of numbers that may speak against what all others say.
MOSTLY = 0.1
HEADINGS = ("date", "branch", "commit", "claim", "verdict", "better", "worse", "largest change", "before", "after")
TEXTS = 5


class Verdict(Enum):
    """What the counts say."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    MIXED = "mixed"
    INVISIBLE = "invisible"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Claim:
    """A commit that claims something, in words, and the commit before it that has another tree.

    `bench` matches the benchmarks that it is of.
    """

    branch: str
    before: Commit
    commit: Commit
    text: str
    bench: str = "."


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and all counts that its commit changed, largest first; None where too little was measured to say."""

    claim: Claim
    changes: tuple[Change, ...] | None

    @property
    def verdict(self) -> Verdict:
        """By those that the claim is of: confirmed where nine of ten became better, refuted where nine became worse."""
        if self.changes is None:
            return Verdict.UNKNOWN
        of = [change.worse for change in self.changes if re.search(self.claim.bench, change.series.name)]
        if not of:
            return Verdict.INVISIBLE
        worse = sum(of) / len(of)
        return Verdict.CONFIRMED if worse <= MOSTLY else Verdict.REFUTED if worse >= 1 - MOSTLY else Verdict.MIXED


def main() -> None:
    """Judge all claims, print and write."""
    parser = argparse.ArgumentParser(prog="claims", description=__doc__)
    add_bench(parser, default=".")
    parser.add_argument("--markdown", type=new_file, metavar="FILE", help="write the table there, too")
    add_store(parser)
    options = parser.parse_args()
    store = filled(options.store)
    lines = history.lines()
    judged = judge(claims(lines), known_values(store, lines, options.bench), every_series(options.bench))
    console = report_console()
    print_table(console, HEADINGS, [row(of) for of in judged], texts=TEXTS)
    counts = [f"{sum(of.verdict is verdict for of in judged)} {verdict.value}" for verdict in Verdict]
    console.print(f"{len(judged)} claims: {', '.join(counts)}")
    if options.markdown:
        write_whole(options.markdown, markdown(judged))


def claims(lines: Sequence[Line]) -> list[Claim]:
    """All claims, oldest first; of a change that two branches have, the first branch's."""
    written = tomllib.loads(FILE.read_text())
    named = {claim["commit"]: claim for claim in written["claims"]}
    found: dict[tuple[str | None, str | None], Claim] = {}
    pairs = [(line.branch, *pair) for line in lines for pair in itertools.pairwise(nodes_of(line))]
    # Of a change that two branches have there is one of them.
    none = {(before.tree, commit.tree) for _, before, commit in pairs if commit.hash in written["no_claims"]}
    for branch, before, commit in pairs:
        if (before.tree, commit.tree) in none:
            continue
        if commit.hash in named:
            of = named[commit.hash]
            claim = Claim(branch, before, commit, of["claim"], of.get("bench", "."))
        elif SUBJECT.search(commit.subject):
            claim = Claim(branch, before, commit, commit.subject)
        else:
            continue
        found.setdefault((before.tree, commit.tree), claim)
    return sorted(found.values(), key=lambda claim: claim.commit.date)


def judge(
    found: Sequence[Claim], known: Mapping[str, Values], every: Collection[Series], least: float = LEAST / 100
) -> list[Judged]:
    """What the counts say of each claim: that nothing changed only where every one was measured."""
    judged = []
    for claim in found:
        before, after = (known.get(commit.tree or "", {}) for commit in (claim.before, claim.commit))
        changed = tuple(changes(before, after, least))
        whole = all(series in before and series in after for series in every)
        judged.append(Judged(claim, changed if changed or whole else None))
    return judged


def row(judged: Judged) -> Row:
    """A claim in the table."""
    claim, of = judged.claim, judged.changes or ()
    worse = sum(change.worse for change in of)
    largest = [of[0].series.name, f"{of[0].before:,.10g}", f"{of[0].after:,.10g}"] if of else ["", "", ""]
    counted = ["", ""] if judged.changes is None else [f"{len(of) - worse:,}", f"{worse:,}"]
    texts = (day(claim.commit), claim.branch, claim.commit.hash[:9], claim.text, judged.verdict.value)
    return (*texts, *counted, *largest)


def markdown(judged: Sequence[Judged]) -> str:
    """All claims as a table, with links to the commits."""
    rows = []
    for of in judged:
        cells = list(row(of))
        cells[2] = f"[{cells[2]}]({commits_url()}{of.claim.commit.hash})"
        rows.append(cells)
    return "".join(f"{line}\n" for line in markdown_table(HEADINGS, rows, texts=TEXTS))


if __name__ == "__main__":
    run(main)
