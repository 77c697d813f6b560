"""Measure all counts on two releases of ExaBGP and compare them with those kept in tests/measuring/kept_counts.

A count depends on ExaBGP, on the version of Python and on this repository's benchmarks. On two releases the first does
not change, and there is a file for each version of Python; so where a count is another, a benchmark was changed, and
its class needs a new `revision`: asv then keeps the new results apart from the old ones. A time is never the same; of
it the size is kept, messages and routes. And a revision is not raised for nothing: it would orphan all results. Where
both agree with counts and sizes, the file is written anew.

Exit status: 0 nothing has changed, or it was written; 1 counts and revisions contradict each other; 2 not measured.
"""

import argparse
import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.work.traffic import RECORDING
from tools.children import Interpreter
from tools.children.jobs import counts, sizes
from tools.errors import ToolError, run
from tools.paths import ROOT
from tools.source import trees

KEPT = ROOT / "tests" / "measuring" / "kept_counts"
RELEASES = ("4.2.25", "5.0.15")
# In the file beside the releases: what times and other noisy numbers are of.
SIZES = "sizes"
CONTRADICTION = 1
# By how much the ratio of the two releases may differ between two versions of Python 3.12: it is the same instructions
# of ExaBGP, but not of Python's own library.
PORTABLE = 0.03


class Count(NamedTuple):
    """A version of a benchmark, and its value: null where it is not applicable, or the release is wrong.

    Of a size, messages and routes.
    """

    version: str
    value: float | list[int] | None


# By release, or `SIZES`, and name.
type Counts = Mapping[str, Mapping[str, Count]]


def main() -> int:
    """Measure, compare, and write where nothing contradicts."""
    parser = argparse.ArgumentParser(
        prog="counts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    found = measure()
    before = kept(platform.python_version())
    wrong = list(contradictions(before, found)) if before else []
    for line in wrong:
        print(line)
    if wrong:
        return CONTRADICTION
    if found == before:
        print(f"all {sum(map(len, found.values()))} counts and sizes are those that are kept")
        return 0
    print(f"{_write(found)}: written")
    return 0


def measure() -> Counts:
    """All counts of both releases, and all sizes.

    Raises ToolError where one of them can't be had, or failed and its class does not know why.
    """
    found: dict[str, dict[str, Count]] = {}
    for release in RELEASES:
        # The fitted traffic, whatever recording the user has.
        interpreter = Interpreter(trees.release(release), without=(RECORDING,))
        found[release] = {}
        for line in interpreter.run(counts, "."):
            if line["failed"] and not line["may_fail"]:
                raise ToolError(f"{release}: {line['name']} failed: {line['failed']}")
            found[release][line["name"]] = Count(line["version"], line["value"])
    # The same with any release.
    found[SIZES] = {line["name"]: Count(line["version"], line["size"]) for line in interpreter.run(sizes, ".")}
    return found


def kept(python: str) -> Counts | None:
    """What is kept for a version of Python; None where there is no file for it."""
    file = _file(python)
    if not file.exists():
        return None
    return {
        release: {name: Count(*count) for name, count in of_release.items()}
        for release, of_release in json.loads(file.read_text()).items()
    }


def contradictions(before: Counts, after: Counts) -> Iterator[str]:
    """In words, each value that changed while its version did not, and each version that changed while no value did."""
    changed: set[str] = set()
    raised: dict[str, tuple[str, str]] = {}
    for release, counts_now in after.items():
        where = f" on {release}" if release in RELEASES else ""
        for name, now in counts_now.items():
            then = before.get(release, {}).get(name)
            if then is None:
                continue
            if now.value != then.value:
                changed.add(_class_of(name))
                if now.version == then.version:
                    yield (
                        f"{name}{where}: {then.value} has become {now.value}, and its version is still "
                        f"{now.version}: raise `revision` of {_class_of(name)}, or mend the benchmark"
                    )
            if now.version != then.version:
                raised[_class_of(name)] = then.version, now.version
    for cls, (old, new) in raised.items():
        if cls not in changed:
            yield f"{cls}: its version was {old} and is {new}, but no count or size of it changed: take `revision` back"


def differing_ratios(before: Counts, after: Counts) -> Iterator[str]:
    """In words, where the ratio of both releases differs between two versions of Python, for counts of bytecodes."""
    old, new = RELEASES
    for name in before[old]:
        if not name.partition("(")[0].endswith(("bytecodes", "bytecodes_per_route")):
            continue
        values = [of[release][name].value for of in (before, after) for release in (old, new) if name in of[release]]
        if len(values) < 4 or not all(values):
            continue
        was, is_ = values[1] / values[0], values[3] / values[2]  # type: ignore[operator]
        if abs(is_ / was - 1) > PORTABLE:
            yield f"{name}: {new} to {old} is {is_:.4f}, and {was:.4f} is kept"


def _class_of(name: str) -> str:
    return name.partition("(")[0].rpartition(".")[0]


def _file(python: str) -> Path:
    return KEPT / f"{python}.json"


def _write(found: Counts) -> Path:
    KEPT.mkdir(parents=True, exist_ok=True)
    file = _file(platform.python_version())
    # A count on a line, so that a change is read in a diff.
    lines = [
        f"{json.dumps(release)}: {{\n"
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(list(count))}" for name, count in sorted(of_release.items()))
        + "\n}"
        for release, of_release in found.items()
    ]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return file


if __name__ == "__main__":
    run(main)
