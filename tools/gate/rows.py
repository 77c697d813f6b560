"""Which of the changes are shown, in which order, and as which rows of a table."""

import math
from collections.abc import Iterable, Iterator

from tools.gate.reasons import Reasons
from tools.gate.rules import BETTER, WORSE, Change, Outcome
from tools.numbers.kinds import Kind
from tools.numbers.stored import displayed
from tools.terminal import Row

HEADINGS = ("", "benchmark", "before", "after", "after / before")
TEXTS = 2
UNDECIDED = "Times that grew in the first pass and were not measured again, as others were slower"
SHOWN = (*WORSE, Outcome.NEWLY_SKIPPED, *BETTER, Outcome.NEW)


def measured(compared: Iterable[Change]) -> list[Change]:
    """The numbers that are of both commits, and decided; controls say nothing about ExaBGP."""
    return [
        change
        for change in compared
        if change.before.measured
        and change.after.measured
        and change.key.kind is not Kind.CONTROL
        and change.outcome is not Outcome.UNDECIDED
    ]


def undecided(compared: Iterable[Change]) -> Iterator[str]:
    """A line that says how many times grew and were measured once, where there are any."""
    if count := sum(change.outcome is Outcome.UNDECIDED and change.ratio > 1 for change in compared):
        yield f"{UNDECIDED}: {count}."


def shown(compared: Iterable[Change]) -> list[Change]:
    """What changed, the worst first."""
    return sorted(
        (change for change in compared if change.outcome in SHOWN),
        key=lambda change: (SHOWN.index(change.outcome), -change.ratio if not math.isnan(change.ratio) else 0.0),
    )


def rows_of(change: Change, why: Reasons) -> Iterator[Row]:
    """The row of a change, and one for each function that made it worse."""
    yield row_of(change)
    yield from (("", f"by {by}", "", "", "") for by in why.of(change))


def row_of(change: Change) -> Row:
    """The cells of a change in the table: what became of the number, which it is, and what it was and is."""
    return (
        change.outcome.value,
        str(change.key),
        displayed(change.before, change.key, least=True),
        displayed(change.after, change.key, least=True),
        "" if math.isnan(change.ratio) else f"{change.ratio:.3f}",
    )
