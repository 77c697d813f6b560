"""Numbers that changed together, merged by the function that changed most in each."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tools.explain.differences import Explanation, Function
from tools.explain.report import difference, name_of, place_of


@dataclass(frozen=True, slots=True)
class Cause:
    """A function, and the numbers of which it makes most of the difference, with their functions."""

    function: Function
    explanations: list[Explanation]

    def __str__(self) -> str:
        changes = sorted(function.difference for function in map(_cause, self.explanations))
        ends = dict.fromkeys(map(difference, (changes[0], changes[-1])))
        place = f" ({place_of(self.function)})" if place_of(self.function) else ""
        what = "bytes" if "bytes" in self.explanations[0].unit else "instructions"
        ratios = [explanation.ratio for explanation in self.explanations]
        return f"{name_of(self.function)} {' to '.join(ends)} {what}{place}: {numbers_by(ratios)}"


def numbers_by(ratios: Iterable[float]) -> str:
    """How many numbers changed, and by how much: a range, the least first."""
    ordered = list(ratios)
    return f"{numbers(len(ordered))}, {change_by(ordered)}"


def numbers(count: int) -> str:
    """How many numbers."""
    return f"{count:,} number{'' if count == 1 else 's'}"


def change_by(ratios: Iterable[float]) -> str:
    """By how much numbers changed: a range, the least first. What was nothing has no share."""
    every = sorted(ratios)
    shares = [ratio for ratio in every if math.isfinite(ratio)]
    ends = dict.fromkeys(f"{100 * (ratio - 1):+,.1f}" for ratio in (*shares[:1], *shares[-1:]))
    said = [f"{' to '.join(ends)} %"] if shares else []
    return " and ".join([*said, *(["from nothing"] if shares != every else [])])


def merged(explanations: Iterable[Explanation]) -> list[Cause]:
    """The causes of some changes, those of most numbers first. What has no function that changed has none."""
    found: defaultdict[tuple[str, str, bool], list[Explanation]] = defaultdict(list)
    for explanation in explanations:
        if explanation.cause:
            # Instructions are not added to bytes.
            key = explanation.cause.module, explanation.cause.name, "bytes" in explanation.unit
            found[key].append(explanation)
    causes = [Cause(_cause(of_one[0]), of_one) for of_one in found.values()]
    return sorted(causes, key=lambda cause: (-len(cause.explanations), str(cause)))


def _cause(explanation: Explanation) -> Function:
    assert explanation.cause
    return explanation.cause
