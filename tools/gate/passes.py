"""The times and peaks of memory of two commits, in measurement passes: each later one of what looked different before.

A time that differs is nearly always the machine's doing, so it has to be measured again and be slower, and again: only
the last pass that it is in counts. Where the count beside it says the same, it needs no second one.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from itertools import batched

from tools.gate.measurement import Gate
from tools.gate.rules import Change, Outcome
from tools.gate.timing import PASSES
from tools.numbers.kinds import time_beside
from tools.numbers.stored import Key

FIRST = "pass-0"
# How many times are measured again together: where every time became slower, five of them are enough to say so, and
# all of them would take half an hour.
AT_ONCE = 5


def measure_times(gate: Gate, names: list[str], counts: list[Change]) -> list[Change]:
    """The times and peaks of these names, each as the last pass found it, and the controls as the last that had them.

    What looks different is measured again, first what grew most, until one is slower or nothing is left that grew. What
    was measured once then, though it looks different and its count does not say the same, is undecided.
    """
    found = _measure(gate, FIRST, 0, names)
    doubtful = [change for change in found.values() if change.suspect and not _explained(change, counts)]
    found |= {change.key: replace(change, outcome=Outcome.UNDECIDED) for change in doubtful}
    doubtful.sort(key=lambda change: (change.ratio < 1, -abs(math.log(change.ratio))))
    for number, batch in enumerate(batched(doubtful, AT_ONCE)):
        if number and batch[0].ratio < 1:
            break
        again = _measure_again(gate, number, [change.key for change in batch])
        found |= again
        if any(change.outcome is Outcome.SLOWER for change in again.values()):
            break
    return [*found.values()]


def times_of_same_counts(counts: Iterable[Change]) -> set[str]:
    """The times beside counts that are the same on both commits, to all of their digits, as asv names them.

    Most changes of what is timed change the count as well, and what a machine does to a time is no news.
    """
    return {
        replace(count.key, benchmark=time_beside(count.key.benchmark)).asv_name
        for count in counts
        if count.before.measured and count.before.value == count.after.value
    }


def _measure_again(gate: Gate, batch: int, doubtful: list[Key]) -> dict[Key, Change]:
    """Some times, and with those of the last pass the controls, as the last pass found them."""
    found: dict[Key, Change] = {}
    for number in range(1, len(PASSES)):
        print(f"measuring again what looks different: {', '.join(map(str, doubtful))}", flush=True)
        names = [key.asv_name for key in doubtful]
        # The pass that decides says what the machine did meanwhile.
        names += gate.controls() if number == len(PASSES) - 1 else []
        found |= _measure(gate, f"pass-{number}-{batch}", number, names)
        doubtful = [key for key in doubtful if found[key].outcome is Outcome.SLOWER]
        if not doubtful:
            break
    return found


def _measure(gate: Gate, name: str, number: int, names: list[str]) -> dict[Key, Change]:
    return {change.key: change for change in gate.measure(name, names, PASSES[number])}


def _explained(change: Change, counts: list[Change]) -> bool:
    """Whether the count of the same work changed in the same direction."""
    expected = Outcome.SLOWER if change.ratio > 1 else Outcome.FASTER
    return any(
        count.outcome is expected
        and time_beside(count.key.benchmark) == change.key.benchmark
        and count.key.parameters == change.key.parameters
        for count in counts
    )
