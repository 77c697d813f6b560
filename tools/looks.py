"""The times and peaks of memory of two commits, taken in looks: each later one at what looked different before.

A time that differs is nearly always the machine's doing, so it has to differ again, and again: only the last look at it
counts. Where the count beside it says the same, it needs no second look.
"""

import math
import re
from itertools import batched

from tools.gate import Gate
from tools.results import Key
from tools.timing import LOOKS
from tools.verdict import Change, Outcome

# Times that take long and run the same code of ExaBGP as shorter ones do. Their counts are compared; the times
# themselves only when somebody selects benchmarks.
LONG = (
    r"Stress|ReceivedBacklog|PendingBacklog.*(changes|from|oscillations|tasks)"
    r"|BacklogSize.*\((1500|5000|10000|15000)|MainLoops.*\((500|1000)|ScheduledPeers.*500 each"
)
TIMES = r"\.(time|peakmem)_"
_CONTROLS = r"\.Control"
# So many times are looked at again together: where every time became slower, five of them are enough to say so, and
# all of them would take half an hour.
AT_ONCE = 5


def measure_times(gate: Gate, expressions: list[str], counts: list[Change]) -> list[Change]:
    """The times and peaks that match, each as the last look at it found it, with the controls of the last look.

    What looks different is looked at again, first what grew most, until one is slower or nothing is left that grew.
    """
    found = _look(gate, "look-0", 0, expressions)
    doubtful = [change for change in found.values() if change.suspect and not _explained(change, counts)]
    doubtful.sort(key=lambda change: (change.ratio < 1, -abs(math.log(change.ratio))))
    for number, batch in enumerate(batched(doubtful, AT_ONCE)):
        if number and batch[0].ratio < 1:
            break
        keys = [change.key for change in batch]
        found |= _look_again(gate, number, keys)
        if any(found[key].outcome is Outcome.SLOWER for key in keys):
            break
    return [*found.values()]


def _look_again(gate: Gate, batch: int, doubtful: list[Key]) -> dict[Key, Change]:
    """Some times and the controls, as the last look found them."""
    found: dict[Key, Change] = {}
    for number in range(1, len(LOOKS)):
        print(f"measuring again what looks different: {', '.join(map(str, doubtful))}", flush=True)
        expressions = [rf"^{re.escape(key.asv_name)}$" for key in doubtful]
        found |= _look(gate, f"look-{number}-{batch}", number, [*expressions, _CONTROLS])
        doubtful = [key for key in doubtful if found[key].suspect]
        if not doubtful:
            break
    return found


def time_beside(count: str) -> str:
    """The name of the time of the same work as a count of bytecodes."""
    return re.sub(r"track_(.+)_bytecodes$", r"time_\1", count)


def _look(gate: Gate, name: str, number: int, expressions: list[str]) -> dict[Key, Change]:
    options = ("--interleave-rounds", "--record-samples", "--attribute", f"rounds={LOOKS[number]}")
    return {change.key: change for change in gate.measure(name, expressions, *options)}


def _explained(change: Change, counts: list[Change]) -> bool:
    """Whether the count of the same work changed in the same direction."""
    expected = Outcome.SLOWER if change.ratio > 1 else Outcome.FASTER
    return any(
        count.outcome is expected
        and time_beside(count.key.benchmark) == change.key.benchmark
        and count.key.parameters == change.key.parameters
        for count in counts
    )
