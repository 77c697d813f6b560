"""What the counts execute: whose instructions are in each, what is hot in them, and whether they repeat."""

import os
import re
import subprocess
import sys
from typing import Any

from tools.calibrate import jobs
from tools.calibrate.callables.injection import Injection
from tools.calibrate.callables.injection import Kind as Injected
from tools.calibrate.kept import kept
from tools.calibrate.subjects import Subject
from tools.children import Line

SEEDS = ("0", "1", "2", "42", "random")
# Instructions of a counted call; a benchmark that has more takes seconds, and is run when no other does as well.
LARGE = 1_000_000
# What a callable's instructions have to be of a benchmark's for the callable to be called hot there.
HOT = 0.03

# The callable that each injection means, as reports call it; None where this ExaBGP has none of its names.
type Targets = dict[str, str | None]


def profile_of(subject: Subject, state: str, bench: str, seed: str = SEEDS[0]) -> list[Line]:
    """The counts of every benchmark, and whose instructions they are, from a process with this hash seed."""
    profile: list[Line] = kept(
        f"{subject.name}/profile-{seed}-{slug(bench)}",
        f"{state} {subject.revision}",
        lambda: subject.run_with_seed(seed, jobs.profile, bench),
    )
    return profile


def profile_under_load(subject: Subject, state: str, bench: str) -> list[Line]:
    """The same while each core has a process that never rests."""
    # It ends when its parent does.
    busy = f"import os\nwhile os.getppid() == {os.getpid()}: pass"

    def measure() -> list[Line]:
        processes = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(os.cpu_count() or 1)]
        try:
            return subject.run(jobs.profile, bench)
        finally:
            for process in processes:
                process.kill()
                process.wait()

    name = f"{subject.name}/profile-loaded-{slug(bench)}"
    profile: list[Line] = kept(name, f"{state} {subject.revision}", measure)
    return profile


def daemon_of(subject: Subject, state: str) -> list[Line]:
    """What a whole daemon executes, course by course."""
    name = f"{subject.name}/daemon"
    found: list[Line] = kept(name, f"{state} {subject.revision}", lambda: subject.run_daemons(jobs.daemon))
    return found


def uncovered(profile: list[Line], daemon: list[Line]) -> dict[str, Any]:
    """Of all instructions of the daemon, the share of those in code that no count executes; and each such code's.

    All courses weigh the same, whatever the number of their instructions.
    """
    covered = {label for line in profile for label in line["by_code"]}
    courses = [line["by_code"] for line in daemon if "by_code" in line]
    shares: dict[str, float] = {}
    for by_code in courses:
        whole = sum(by_code.values()) * len(courses)
        for label in by_code.keys() - covered:
            shares[label] = shares.get(label, 0.0) + by_code[label] / whole
    problems = {line["course"]: line["problem"] for line in daemon if "problem" in line}
    ordered = dict(sorted(shares.items(), key=lambda item: -item[1]))
    share = sum(shares.values()) if courses else None
    return {"share": share, "by code": ordered, "problems": problems}


def varying(all_profiles: list[list[Line]]) -> dict[str, list[Any]]:
    """The benchmarks whose values differ between the processes, with all their values."""
    values: dict[str, list[Any]] = {}
    for profile in all_profiles:
        for line in profile:
            values.setdefault(title(line), []).append(line["value"])
    return {name: found for name, found in values.items() if len(set(map(str, found))) > 1}


def hot(profile: list[Line], targets: Targets) -> dict[str, tuple[float, str]]:
    """Code that no injection covers and that is hot in some benchmark: its greatest share, and where."""
    covered = {label for label in targets.values() if label}
    found: dict[str, tuple[float, str]] = {}
    for line in profile:
        for label, number in line["by_code"].items():
            share = number / line["measured"]
            # A comprehension or a nested function belongs to the function around it.
            if share >= HOT and label.partition(".<locals>")[0] not in covered:
                found[label] = max(found.get(label, (0.0, "")), (share, title(line)))
    return dict(sorted(found.items(), key=lambda item: -item[1][0]))


def executing(injection: Injection, profile: list[Line], targets: Targets) -> list[Line]:
    """The counts to take with an injection, those first in which the callable weighs most."""
    if injection.kind is Injected.LEAK:
        return [line for line in profile if "bytes/" in line["unit"]]
    label = targets[injection.name]
    found = [line for line in profile if line["by_code"].get(label)]
    weight = {title(line): line["by_code"][label] / line["measured"] for line in found}
    most = max(weight.values(), default=0.0)
    # A cheap one goes first only where the callable weighs nearly as much: else what is seen would be understated.
    found.sort(key=lambda line: (weight[title(line)] < most / 2, line["measured"] > LARGE, -weight[title(line)]))
    if injection.kind is Injected.BEHAVIOUR:
        return [line for line in found if line["measured"] <= LARGE] or found
    # An exponent does not grow by the share that is added.
    return [line for line in found if line["unit"].startswith("bytecodes/")]


def title(line: Line) -> str:
    """A benchmark with its parameters, as a report names it."""
    name: str = line["case"][0]
    return name + (f"({', '.join(line['parameters'])})" if line["parameters"] else "")


def slug(name: str) -> str:
    """A name as part of a file's name; `all` for an expression that selects everything."""
    return re.sub(r"\W+", "-", name).strip("-").lower() or "all"
