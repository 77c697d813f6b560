"""What commits claim, and what counts say of it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tools.history import lines as history
from tools.history.claims import SUBJECT, Claim, Judged, Verdict, claims, judge, markdown
from tools.history.lines import Commit, Line
from tools.history.store import Series

READ = Series("module.Class.track_read_bytecodes", "1", "bytecodes/message")
USE = Series("module.Class.track_use_bytecodes", "1", "bytecodes/message")
BEFORE, AFTER = (Commit(f"{n:040x}", 86400 * n, "perf: be fast", f"t{n}") for n in (1, 2))
CLAIM = Claim("main", BEFORE, AFTER, "be fast")


def judged(before: tuple[float, float], after: tuple[float, float] | None) -> Judged:
    known = {"t1": dict(zip((READ, USE), before, strict=True))}
    if after:
        known["t2"] = dict(zip((READ, USE), after, strict=True))
    (of,) = judge([CLAIM], known, [READ, USE])
    return of


def test_nothing_changed_only_where_all_was_measured() -> None:
    (of,) = judge([CLAIM], {"t1": {READ: 100, USE: 50}, "t2": {READ: 100}}, [READ, USE])
    assert of.verdict is Verdict.UNKNOWN
    (of,) = judge([CLAIM], {"t1": {READ: 100, USE: 50}, "t2": {READ: 90}}, [READ, USE])
    assert of.verdict is Verdict.CONFIRMED


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ((90, 50), Verdict.CONFIRMED),
        ((80, 51), Verdict.MIXED),
        ((99, 100), Verdict.MIXED),
        ((100, 60), Verdict.REFUTED),
        ((100, 50.01), Verdict.INVISIBLE),
        (None, Verdict.UNKNOWN),
    ],
)
def test_what_most_numbers_say_decides(after: tuple[float, float] | None, verdict: Verdict) -> None:
    assert judged((100, 50), after).verdict is verdict


@pytest.mark.parametrize(
    ("worse", "verdict"), [(1, Verdict.CONFIRMED), (2, Verdict.MIXED), (8, Verdict.MIXED), (9, Verdict.REFUTED)]
)
def test_one_of_ten_numbers_may_say_something_else(worse: int, verdict: Verdict) -> None:
    every = [Series(f"module.Class.track_{number}", "1", "octets") for number in range(10)]
    values = {of: 110.0 if index < worse else 90.0 for index, of in enumerate(every)}
    (of,) = judge([CLAIM], {"t1": dict.fromkeys(every, 100.0), "t2": dict(values)}, every)
    assert of.verdict is verdict


@pytest.mark.parametrize(
    ("bench", "verdict"), [("read", Verdict.CONFIRMED), ("use", Verdict.REFUTED), ("json", Verdict.INVISIBLE)]
)
def test_a_claim_is_judged_by_the_benchmarks_that_it_is_of(bench: str, verdict: Verdict) -> None:
    known = {"t1": {READ: 100.0, USE: 50.0}, "t2": {READ: 90.0, USE: 60.0}}
    (of,) = judge([replace(CLAIM, bench=bench)], known, [READ, USE])
    assert of.verdict is verdict


@pytest.mark.parametrize(
    ("subject", "claims_something"),
    [
        ("perf: Eliminate deepcopy in del_from_rib()", True),
        ("Optimise the RIB", True),
        ("fix a memory leak", True),
        ("perform better route validation", False),
        ("breakfast", False),
    ],
)
def test_subjects_that_claim(subject: str, claims_something: bool) -> None:
    assert bool(SUBJECT.search(subject)) is claims_something


def test_a_claim_is_of_a_commit_with_another_tree_and_named_once() -> None:
    same = Commit("3" * 40, 3, "perf: the same", "t2")
    found = claims([Line("main", (BEFORE, AFTER, same)), Line("5.0", (BEFORE, AFTER))])
    assert [(claim.branch, claim.commit) for claim in found] == [("main", AFTER)]


def test_what_claims_nothing_does_so_on_each_branch() -> None:
    named = Commit("e14e18140f976095e254fbd9492a3767eacddd02", 2, "protect CPU", "t2")
    same = Commit("4" * 40, 2, "protect CPU", "t2")
    assert claims([Line("main", (BEFORE, named)), Line("5.0", (BEFORE, same))]) == []
    assert len(claims([Line("5.0", (BEFORE, same))])) == 1


def test_the_table_has_the_numbers() -> None:
    (_, _, line) = markdown([judged((100, 50), (90, 51))]).splitlines()
    link = f"[000000000](https://github.com/Exa-Networks/exabgp/commit/{AFTER.hash})"
    assert line == f"| 1970-01-03 | main | {link} | be fast | mixed | 1 | 1 | {READ.name} | 100 | 90 |"


@pytest.mark.skipif("EXABGP_REPO" not in os.environ, reason="the real history: set EXABGP_REPO to a clone of ExaBGP")
def test_every_claim_that_is_written_down_is_in_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "UPSTREAM", Path(os.environ["EXABGP_REPO"]))
    found = {claim.commit.hash[:9] for claim in claims(history.lines(["main"]))}
    assert not {"1000dd075", "e14e18140", "f30445e22", "39f954e58", "77878b995", "82a28c582", "db3eba072"} & found
    assert {"fb476d9a0", "87de835e7", "61130e839", "a637670a1", "d58a976ca", "4c479cf83", "68845d64c"} <= found
