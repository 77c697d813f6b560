"""A history and a store that are made up: as many commits as ExaBGP has, whose numbers change by steps as its do."""

import random
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

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


# Commits of main, of 5.0 and of 4.2, which leaves it.
SIZES = {"main": 2000, "5.0": 1100, "4.2": 311}
LEAVES = 600
EVERY = 60
HOURS_20 = 72_000


def make_history(folder: Path) -> None:
    """Make a repository with the three branches, of which four commits in ten change the package, and releases."""
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=folder, check=True)
    written = "".join(_commits()).encode()
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=written, check=True)


def _commits() -> Iterator[str]:
    chance = random.Random(1)
    for number, (branch, size) in enumerate(SIZES.items()):
        for place in range(size):
            date = 1_540_000_000 + HOURS_20 * place + (HOURS_20 * LEAVES if branch == "4.2" else 0)
            subject = f"{chance.choice(['fix', 'refactor', 'perf'])}: <b>part {place}</b> | of {branch} `x`"
            yield f"commit refs/heads/{branch}\nmark :{number * 10_000 + place + 1}\n"
            yield f"committer a <a@b> {date} +0000\ndata {len(subject)}\n{subject}\n"
            if branch == "4.2" and place == 0:
                yield f"from :{10_000 + LEAVES}\n"
            changed = place == 0 or chance.random() < 0.4
            content = f"{branch} {place}" if changed else ""
            yield "M 100644 inline src/exabgp/__init__.py\ndata 0\n\n"
            if changed:
                yield f"M 100644 inline src/exabgp/module.py\ndata {len(content)}\n{content}\n"
            if branch != "main" and place % EVERY == 0:
                yield f"reset refs/tags/{branch}.{place // EVERY}\nfrom :{number * 10_000 + place + 1}\n\n"
