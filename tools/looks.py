"""The times and peaks of memory of two commits, taken in looks: each later one at what looked different before.

A time that differs is nearly always the machine's doing, so it has to differ again, and again: only the last look at it
counts. Where the count beside it says the same, it needs no second look.
"""

import re

from tools.gate import Gate
from tools.results import Kind
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


def measure_times(gate: Gate, expressions: list[str], counts: list[Change]) -> list[Change]:
    """The times and peaks that match, each as the last look at it found it; the controls of every look."""
    found = _look(gate, 0, expressions)
    for number in range(1, len(LOOKS)):
        doubtful = [change.key for change in found if change.suspect and not _explained(change, counts)]
        if not doubtful:
            break
        print(f"measuring again what looks different: {', '.join(map(str, doubtful))}", flush=True)
        again = _look(gate, number, [rf"^{re.escape(key.asv_name)}$" for key in doubtful] + [_CONTROLS])
        newest = {change.key: change for change in again if change.key in doubtful}
        found = [newest.get(change.key, change) for change in found]
        found += [change for change in again if change.key.kind is Kind.CONTROL]
    return found


def time_beside(count: str) -> str:
    """The name of the time of the same work as a count of bytecodes."""
    return re.sub(r"track_(.+)_bytecodes$", r"time_\1", count)


def _look(gate: Gate, number: int, expressions: list[str]) -> list[Change]:
    options = ("--interleave-rounds", "--record-samples", "--attribute", f"rounds={LOOKS[number]}")
    return gate.measure(f"look-{number}", expressions, *options)


def _explained(change: Change, counts: list[Change]) -> bool:
    """Whether the count of the same work changed in the same direction."""
    expected = Outcome.SLOWER if change.ratio > 1 else Outcome.FASTER
    return any(
        count.outcome is expected
        and time_beside(count.key.benchmark) == change.key.benchmark
        and count.key.parameters == change.key.parameters
        for count in counts
    )
