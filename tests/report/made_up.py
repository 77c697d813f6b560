"""A store that is made up: numbers for the trees of a history, which change by steps as ExaBGP's do."""

import random
from collections.abc import Iterable

from benchmarks.common import UNITS, Exactness
from tools.history.lines import Line
from tools.history.store import Measured, Result, Series, Store
from tools.suite import Suite, is_daemon

BROKEN = "SyntaxError: invalid syntax (line 12)"
LACKS = Result(None, "not applicable: it knows no such family")


def counts() -> list[Series]:
    """The exact series of today's benchmarks."""
    return [
        Series(name, benchmark.version, benchmark.unit)
        for name, benchmark in Suite().named(".")
        if benchmark.type == "track"
        and not is_daemon(benchmark)
        and UNITS.get(benchmark.unit, Exactness.NOISY) is not Exactness.NOISY
    ]


def fill(store: Store, lines: Iterable[Line], series: list[Series], share: float = 1.0, seed: int = 1) -> None:
    """Measure a share of the trees: one in fifty is broken; each changes some numbers, a few of them much."""
    chance = random.Random(seed)
    numbers = {of: 1.0 if of.unit == "exponent" else float(chance.randint(50, 20_000)) for of in series}
    lacking = {of for of in series if chance.random() < 0.05}
    done: set[str] = set()
    for line in lines:
        for place, commit in enumerate(line.commits):
            if commit.tree is None or commit.tree in done:
                continue
            done.add(commit.tree)
            touched = int(chance.expovariate(1 / 12)) if chance.random() < 0.8 else 0
            growth = 1 + chance.choice([-0.4, -0.08, -0.02, 0.004, 0.01, 0.02, 0.05, 0.3]) * chance.random()
            for of in chance.sample(series, min(touched, len(series))):
                numbers[of] = round(max(1.0, numbers[of] * growth), 3)
            if place > len(line.commits) / 2:
                lacking.discard(next(iter(lacking), series[0]))
            if chance.random() > share and place < len(line.commits) - 1:
                continue
            if chance.random() < 0.02:
                store.put(commit.tree, Measured(commit.hash, broken=BROKEN))
                continue
            store.put(
                commit.tree,
                Measured(commit.hash, {of: LACKS if of in lacking else Result(numbers[of]) for of in series}),
            )
