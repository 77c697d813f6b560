"""The names of callables: each is one of some ExaBGP, and the new behaviours are seen by counts and no others."""

import importlib
from collections.abc import Iterator

import pytest

from tests import trees
from tools.calibrate import counts, coverage, jobs
from tools.calibrate.callables import CALLABLES
from tools.calibrate.callables.injection import Injection
from tools.calibrate.injections import INJECTIONS, resolve
from tools.calibrate.subjects import Subject
from tools.children import Interpreter, Line

# What happens to routes, each with attributes that all share, and each with its own.
ANNOUNCING = (
    r"announcing\.(FirstAnnouncement\.track_announce_bytecodes\('ipv4'|KnownRoutes.*bytecodes\('announced again')"
)
FIRST, AGAIN = "FirstAnnouncement", "KnownRoutes"


def named(names: list[str]) -> Iterator[Line]:
    """Which names this ExaBGP has: one line."""
    importlib.import_module("benchmarks.exabgp_compat.startup").start()
    yield {"names": [name for name in names if resolve(Injection("any", (name,)))]}


def test_each_name_is_that_of_a_callable() -> None:
    names = sorted({name for injection in CALLABLES for name in injection.targets})
    found: set[str] = set()
    for tree in (trees.release("4.2.25"), trees.release("newest"), trees.commit("main")):
        (line,) = Interpreter(tree).run(named, names)
        found |= {*line["names"]}
    assert [name for name in names if name not in found] == []


@pytest.fixture(scope="module", params=["4.2.25", "newest"])
def subject(request: pytest.FixtureRequest) -> Subject:
    folder = trees.release(request.param)
    return Subject(folder.name, "release", folder)


@pytest.fixture(scope="module")
def profile(subject: Subject) -> list[Line]:
    return subject.run(jobs.profile, ANNOUNCING)


def growth(subject: Subject, name: str, profile: list[Line]) -> dict[tuple[str, str], float]:
    """By what share each count grows, by its class and whether attributes are shared."""
    before, after = (line["values"] for line in subject.run(jobs.counts, name, [line["case"] for line in profile]))
    keys = [(line["case"][0].split(".")[1], line["parameters"][1]) for line in profile]
    return {key: new / old - 1 for key, old, new in zip(keys, before, after, strict=True)}


def test_suppression_taken_out_is_seen_where_routes_are_announced_again(subject: Subject, profile: list[Line]) -> None:
    found = growth(subject, "routes announced again written again", profile)
    # All that is done for a first announcement is done again.
    assert all(found[AGAIN, attributes] > 0.04 for attributes in ("shared", "distinct"))
    assert all(abs(found[FIRST, attributes]) < 0.005 for attributes in ("shared", "distinct"))


def test_grouping_taken_out_is_seen_where_attributes_are_shared(subject: Subject, profile: list[Line]) -> None:
    found = growth(subject, "an UPDATE for each route", profile)
    assert found[FIRST, "shared"] > 0.015
    assert all(abs(share) < 0.005 for key, share in found.items() if key != (FIRST, "shared"))


@pytest.mark.parametrize("name", ["routes announced again written again", "an UPDATE for each route"])
def test_the_gate_s_rule_sees_both(subject: Subject, profile: list[Line], name: str) -> None:
    (targets,) = subject.run(jobs.targets)
    (level,) = counts.sensitivity(subject, name, INJECTIONS[name], profile, targets)["levels"]
    assert level["seen"]
    assert level["by"].startswith("announcing.")


def test_a_benchmark_meets_no_neighbour_of_another(subject: Subject) -> None:
    """ExaBGP keeps a RIB by the neighbour's name, and until 5.0 fails where the next has other families."""
    bench = r"^configuration\.LoadCost\.track_load_bytecodes|FamilyEncoding\.track.*\('IPv6 unicast', 'json'\)"
    together = subject.run(jobs.profile, bench)
    (alone,) = subject.run(jobs.profile, bench.partition("|")[2])
    assert len(together) == 4
    assert together[-1]["value"] == alone["value"]
    assert isinstance(alone["value"], float)


def test_a_benchmark_that_fails_is_no_number_and_stops_nothing(subject: Subject) -> None:
    """Those of which a class says that some commits are wrong there (`faults`)."""
    wrong = {"4.2.25": r"MessageEncoding\.track.*\('ROUTE-REFRESH', 'json'\)"}.get(
        subject.name, r"FamilyEncoding\.track.*\('IPv4 mobile sessions', 'json'\)"
    )
    profile = subject.run(jobs.profile, rf"{wrong}|MessageEncoding\.track.*\('KEEPALIVE', 'json'\)")
    failed, passed = sorted(profile, key=lambda line: isinstance(line["value"], float))
    assert failed["value"].startswith("WrongResultError: ")
    (targets,) = subject.run(jobs.targets)
    injection = INJECTIONS["JSON of any message: header"]
    assert coverage.executing(injection, profile, targets) == [passed]
    assert coverage.hot([failed], {}) == {}
    # A leak is looked for in every count of bytes, whatever became of it.
    leak = INJECTIONS["octets kept for each message"]
    row = counts.sensitivity(subject, "", leak, [failed | {"unit": "kept bytes/message"}], targets)
    assert [level["seen"] for level in row["levels"]] == [False, False]
