"""Why exact numbers changed: the functions of ExaBGP, and what changed by less than the gate minds."""

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from tools.errors import ToolError
from tools.explain.causes import merged, numbers, numbers_by
from tools.explain.differences import Explanation, differences
from tools.explain.report import few
from tools.gate.rules import WORSE, Change, Outcome
from tools.numbers.kinds import EXACT
from tools.paths import UPSTREAM
from tools.source import trees

# What an exact number has to change by, one way or the other, to be listed.
LISTED = 1.001
SMALL = f"Exact changes of {100 * (LISTED - 1):.1f} % or more, too small to be worse or better"
# How many numbers are explained of those that became worse, and of those below that: seconds each.
MOST_WORSE, MOST_LISTED = 20, 60


class Reasons:
    """What the two commits' functions say of the numbers that changed.

    At most `most` numbers that became worse are explained. `small` are the exact changes that are too small to be
    worse or better. `problem` is why nothing is explained.
    """

    def __init__(
        self, compared: list[Change], explain: Callable[[list[str]], list[Explanation]], most: int = MOST_WORSE
    ) -> None:
        exact = [change for change in compared if change.key.kind in EXACT]
        worse = [change for change in exact if change.outcome in WORSE and change.after.measured]
        self._worse = worse
        self.small = [change for change in exact if change.outcome is Outcome.SAME and _is_listed(change)]
        asked = [*_chosen(worse, most), *_chosen(self.small, MOST_LISTED)]
        self.problem = ""
        found: list[Explanation] = []
        if asked:
            try:
                found = explain([change.key.asv_name for change in asked])
            except ToolError as error:
                # What was measured is to be reported all the same.
                self.problem = f"Not explained: {error}."
        by_name = {explanation.name: explanation for explanation in found}
        # Explained is what the gate has measured, and no other number.
        self._by_name = {
            change.key.asv_name: explanation
            for change in asked
            if (explanation := by_name.get(change.key.asv_name))
            and (explanation.before, explanation.after) == (change.before.value, change.after.value)
        }

    def of(self, change: Change) -> Iterator[str]:
        """The functions that changed most in a number that became worse; none where it was not asked for."""
        explanation = self._by_name.get(change.key.asv_name)
        if explanation and change.outcome in WORSE:
            yield from few(explanation)

    def worse(self) -> Iterator[str]:
        """In words, what made exact numbers worse, by its cause; nothing where none became so."""
        return self._by_cause(self._worse)

    def below(self) -> Iterator[str]:
        """In words, what changed by less than what is worse, by its cause; nothing where nothing did."""
        return self._by_cause(self.small)

    def _by_cause(self, changed: list[Change]) -> Iterator[str]:
        causes = merged(found for change in changed if (found := self._by_name.get(change.key.asv_name)))
        yield from map(str, causes)
        known = {explanation.name for cause in causes for explanation in cause.explanations}
        others = [change for change in changed if change.key.asv_name not in known]
        if others:
            ratios = [change.ratio for change in others if not math.isnan(change.ratio)]
            many = numbers_by(ratios) if len(ratios) == len(others) else numbers(len(others))
            yield f"{many}, not explained, {others[0].key} for one"


def reasons(compared: list[Change], base: str, branch: str, most: int = MOST_WORSE) -> Reasons:
    """Explain what changed between two commits: one process for each, and none where nothing changed."""

    def explain(names: list[str]) -> list[Explanation]:
        print(f"looking for the functions behind changed numbers: {len(names):,}", file=sys.stderr, flush=True)
        return differences(trees.commit(base, UPSTREAM), trees.commit(branch, UPSTREAM), names)

    return Reasons(compared, explain, most)


def _is_listed(change: Change) -> bool:
    return change.ratio >= LISTED or change.ratio <= 1 / LISTED


def _chosen(changed: Iterable[Change], most: int) -> list[Change]:
    """Those that changed most, but one of each benchmark first: what its parameters share is its cause."""
    firsts: dict[str, Change] = {}
    others: list[Change] = []
    for change in sorted(changed, key=_size, reverse=True):
        if firsts.setdefault(change.key.benchmark, change) is not change:
            others.append(change)
    return list(chain(firsts.values(), others))[:most]


def _size(change: Change) -> float:
    """How much a number changed, as a share; infinite where there was nothing."""
    return math.inf if math.isnan(change.ratio) else abs(change.ratio - 1)
