"""What a comment on a pull request says, in Markdown: the verdict, a line a family, the functions; the rest folded."""

import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from tools.explain.causes import change_by, numbers
from tools.gate.reasons import SMALL, Reasons
from tools.gate.rows import HEADINGS, TEXTS, measured, rows_of, shown, undecided
from tools.gate.rules import BETTER, WORSE, Change, Outcome
from tools.numbers.kinds import EXACT, Kind
from tools.terminal import Row, markdown_table

# GitHub takes 65,536 characters; what posts the comment says something, too, and makes some characters longer.
MOST_BYTES = 55_000
# What a line names of many.
NAMES = 5
# What is neither is unchanged, or by too little.
FAMILY_HEADINGS = ("family", "worse", "better", "neither", "change", "mean")
NAMED = (Outcome.NEWLY_FAILING, Outcome.NEWLY_SKIPPED, Outcome.NEW)
LESS_RELIABLE = """\
### Less reliable: times and peaks of memory

What else the machine did is in them, too: exact numbers decide first."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A part that is folded: what is there to be seen of it, and what is in it, entry by entry."""

    summary: str
    head: str
    entries: Sequence[str]

    def whole(self) -> str:
        """All of it."""
        return self._with(self.entries, 0)

    def cut(self, most: int) -> str:
        """All of it, or as many entries as there is room for; it says how many are left out."""
        if _size(self.whole()) <= most:
            return self.whole()
        sizes = accumulate(_size(f"{entry}\n") for entry in self.entries)
        room = most - _size(self._with([], len(self.entries)))
        fitting = sum(size <= room for size in sizes)
        return self._with(self.entries[:fitting], len(self.entries) - fitting)

    def _with(self, entries: Iterable[str], left_out: int) -> str:
        said = f"\nand {left_out:,} more, for which a comment has no room: the gate prints all of them.\n"
        inside = "".join(f"{line}\n" for line in [*filter(None, [self.head]), *entries])
        return f"<details>\n<summary>{self.summary}</summary>\n\n{inside}{said if left_out else ''}\n</details>"


def comment(compared: Sequence[Change], verdict: str, base: str, branch: str, why: Reasons) -> str:
    """The whole comment; one line where nothing changed."""
    changed = shown(compared)
    blocks = ["\n".join(_verdict(compared, verdict, base, branch))]
    if not changed and not why.small:
        return f"{blocks[0]}\n"
    if families := list(_families(compared)):
        blocks.append("\n".join(markdown_table(FAMILY_HEADINGS, families, texts=1)))
    if why.problem:
        blocks.append(plain(why.problem))
    if causes := list(why.worse()):
        blocks.append("\n- ".join(["What made exact numbers worse:\n", *map(plain, causes[:NAMES])]))
        if causes[NAMES:]:
            blocks[-1] += f"\n- and {len(causes) - NAMES:,} more"
    blocks.append("How to read it: docs/gate.md of the benchmarks.")
    # Of all families together it takes minutes.
    if family := next(chain((row[0] for row in families), map(_family, why.small)), None):
        explain = f"python3 bootstrap.py explain {base[:9]} {branch[:9]} --bench {family}"
        blocks[-1] += f" All functions, for instance of {family}: {explain}"
    exact = [change for change in changed if change.key.kind in EXACT]
    others = [change for change in changed if change.key.kind not in EXACT]
    parts: list[str | Folded] = [*blocks]
    if exact:
        parts.append(_table(exact, "exact", why))
    if why.small:
        listed = [f"- {plain(cause)}" for cause in why.below()]
        parts.append(Folded(f"{SMALL}: {numbers(len(why.small))}", "", listed))
    if others:
        parts += [LESS_RELIABLE, _table(others, "less reliable", why)]
    return "\n\n".join(_fitted(parts)) + "\n"


def plain(text: str) -> str:
    """Text that Markdown takes for nothing else, on one line: a function may be called ``__new__``."""
    escaped = re.sub(r"[\\`*~<[&]", r"\\\g<0>", " ".join(text.split()))
    # Those within a word are underscores to Markdown as well.
    return re.sub(r"(?<![^\W_])_+|_+(?![^\W_])", lambda found: r"\_" * len(found[0]), escaped)


def _verdict(compared: Sequence[Change], verdict: str, base: str, branch: str) -> Iterator[str]:
    """The verdict, of what, and what has no number any more, or has one for the first time."""
    both = measured(compared)
    exact = sum(change.key.kind in EXACT for change in both)
    of = f"{numbers(len(both))} compared, {'all' if exact == len(both) else f'{exact:,}'} exact"
    yield f"**ExaBGP benchmarks: {plain(verdict)}**, {base[:9]} → {branch[:9]}: {of}."
    yield from undecided(compared)
    for outcome in NAMED:
        names = [str(change.key) for change in compared if change.outcome is outcome]
        if names:
            more = f" and {len(names) - NAMES:,} more" if names[NAMES:] else ""
            yield f"{outcome.value.capitalize()}: {plain(', '.join(names[:NAMES]))}{more}."


def _families(compared: Iterable[Change]) -> Iterator[Row]:
    """A row for each family of which exact numbers changed, those that have most to say first."""
    families: defaultdict[str, list[Change]] = defaultdict(list)
    for change in compared:
        if change.key.kind in EXACT:
            families[_family(change)].append(change)
    found = []
    for family, of in families.items():
        worse, better, same = (
            sum(change.outcome in outcomes for change in of) for outcomes in (WORSE, BETTER, (Outcome.SAME,))
        )
        if worse or better:
            found.append((-worse, -better, family, same, of))
    for worse, better, family, same, of in sorted(found, key=lambda row: row[:3]):
        yield family, f"{-worse:,}", f"{-better:,}", f"{same:,}", *_sizes(of)


def _family(change: Change) -> str:
    return change.key.benchmark.partition(".")[0]


def _sizes(changes: Iterable[Change]) -> tuple[str, str]:
    """By how much counts became worse or better, and the geometric mean of that.

    Nothing is a multiple of 0, and an exponent is no cost.
    """
    ratios = [
        change.ratio
        for change in changes
        if change.key.kind is Kind.COUNT and change.outcome in (*WORSE, *BETTER) and change.ratio > 0
    ]
    return (change_by(ratios), change_by([statistics.geometric_mean(ratios)])) if ratios else ("", "")


def _table(changes: Sequence[Change], what: str, why: Reasons) -> Folded:
    """The table of changes that are shown."""
    head, rule = markdown_table(HEADINGS, [], texts=TEXTS)
    entries = [
        "\n".join(list(markdown_table(HEADINGS, map(_plain_row, rows_of(change, why)), texts=TEXTS))[2:])
        for change in changes
    ]
    said = [
        f"{sum(change.outcome in outcomes for change in changes):,} {word}"
        for word, outcomes in (("worse", WORSE), ("better", BETTER))
    ]
    return Folded(f"All {what} numbers that changed: {', '.join(said)}", f"{head}\n{rule}", entries)


def _plain_row(row: Row) -> Row:
    return [plain(cell) for cell in row]


def _fitted(parts: Sequence[str | Folded]) -> list[str]:
    """The parts as text: what is folded shares the room that the others leave, those that need least first."""
    folded = {index: part for index, part in enumerate(parts) if isinstance(part, Folded)}
    found = ["" if isinstance(part, Folded) else part for part in parts]
    room = MOST_BYTES - _size("\n\n".join(found)) - 1
    for number, index in enumerate(sorted(folded, key=lambda index: _size(folded[index].whole()))):
        found[index] = folded[index].cut(room // (len(folded) - number))
        room -= _size(found[index])
    return found


def _size(text: str) -> int:
    return len(text.encode())
