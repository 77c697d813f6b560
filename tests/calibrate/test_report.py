"""The page: what is seen and what is not, goals at their own level, and what so few comparisons can say."""

import math
from typing import Any

import pytest

from tools.calibrate import coverage, report
from tools.calibrate.callables.injection import Kind
from tools.calibrate.counts import NOT_EXECUTED

LEVEL = {"extra": 28, "by": "parsing.track", "benchmarks": [1, 2]}


def injection(kind: Kind, *levels: tuple[float, bool, float]) -> dict[str, Any]:
    found = [LEVEL | {"level": level, "seen": seen, "growth": growth} for level, seen, growth in levels]
    return {"kind": kind.value, "callable": "module.py function", "levels": found}


def problem(kind: Kind, why: str, label: str | None = None) -> dict[str, Any]:
    return {"kind": kind.value, "callable": label, "problem": why}


def comparison(**found: Any) -> dict[str, Any]:
    nothing = {"flagged counts": [], "flagged times": [], "flagged peaks": [], "flagged by asv": []}
    return {"status": 0, "counts": 80, "times": 0, "peaks": 0, "differing counts": 0} | nothing | found


def tree(**found: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {name: {} for name in ("failing", "varying", "own", "hot", "injections")}
    nothing |= {"seeds": ["0"], "counts": 80, "not applicable": [], "daemon": None}
    return {"revision": "release 5.0.15"} | nothing | found


def page(tree: dict[str, Any] | None = None, alarms: list[dict[str, Any]] | None = None) -> str:
    trees = {"5.0.15": tree} if tree else {}
    return report.page(
        {"arguments": "--step counts", "python": "3.12.1", "cores": 2, "trees": trees, "alarms": alarms or []}
    )


def test_an_empty_calibration_says_that_nothing_was_measured() -> None:
    text = page()
    assert "`python3 bootstrap.py calibrate --step counts`,\nPython 3.12.1, 2 cores." in text
    assert "| times: at most 1 % of comparisons at the gate's setting | not measured |" in text
    assert "## False alarms" in text
    assert "Not measured in this run." in text
    assert "## ExaBGP" not in text


def test_each_kind_of_injection_has_its_line() -> None:
    text = page(
        tree(
            injections={
                "decode": injection(Kind.BYTECODES, (0.01, False, 0.004), (0.03, True, 0.0301)),
                "blind": injection(Kind.BYTECODES, (1.0, False, 0.009)),
                "gone": problem(Kind.BYTECODES, "not there"),
                "idle": problem(Kind.BYTECODES, NOT_EXECUTED, "module.py idle"),
                "away": problem(Kind.BYTECODES, "not there"),
                "leak": injection(Kind.LEAK, (64, True, math.inf)),
                "stuck": problem(Kind.BEHAVIOUR, "it took more than 1200 s"),
                "in C": injection(Kind.C, (0.1, False, -0.01), (0.2, True, 0.21)),
            }
        )
    )
    for line in (
        "| decode | `module.py function` | 3% | 28 | parsing.track +3.0% |",
        "| blind | `module.py function` | **not seen** |  | no benchmark grows enough |",
        "- not there: gone, away",
        f"- {NOT_EXECUTED}: idle (`module.py idle`)",
        "| leak | 64 | yes | parsing.track from 0 (1 of 2) |",
        "| stuck |  | **no** | it took more than 1200 s |",
        "| in C | 10% | **no** | parsing.track -1.0% (1 of 2) |",
        "| in C | 20% | yes | parsing.track +21.0% (1 of 2) |",
        "| 5.0.15: each executed callable seen at 3 % by a count | 1 of 2 |",
        "| 5.0.15: each leak of 64 octets or more seen | 1 of 1 |",
        "| 5.0.15: each slow-down of 20 % inside C seen by a time | 1 of 1 |",
    ):
        assert f"\n{line}\n" in text


def test_what_the_counts_execute_is_listed() -> None:
    text = page(
        tree(
            seeds=["0", "1"],
            varying={"parsing.track": [1, 2]},
            hot={"module.py hot": (0.123, "parsing.track")},
            own={f"parsing.track({number})": number / 1000 for number in range(1, 12)},
            failing={"parsing.fails": "WrongResultError: it is wrong"},
            **{"not applicable": ["parsing.lacks", "parsing.cannot"]},
        )
    )
    for line in (
        "- `module.py hot` 12.3%: parsing.track",
        "- parsing.track(11): 1.1%",
        "- parsing.track: 1, 2",
        "Not applicable in this ExaBGP: parsing.lacks, parsing.cannot.",
        "- parsing.fails: WrongResultError: it is wrong",
        "| 5.0.15: the same count in 5 processes, and on busy cores | 79 of 80 counts |",
        "| 5.0.15: at most 10 % of the instructions are this repository's own | at most 1.1% |",
    ):
        assert f"\n{line}\n" in text
    # Ten of eleven, the largest first.
    assert "parsing.track(1):" not in text
    assert text.index("parsing.track(11):") < text.index("parsing.track(2):")
    assert "### Time inside C" not in text


def test_counts_that_repeat_and_those_that_were_not_asked_are_two_things() -> None:
    assert "None of 80, in fresh processes with the hash seeds 0, 1," in page(tree(seeds=["0", "1"]))
    alone = page(tree())
    assert "None of 80" not in alone
    assert alone.endswith("### Counts that do not repeat\n\nNot measured in this run.\n")


def test_what_of_a_daemon_no_count_executes_is_listed_by_its_share() -> None:
    profile = [{"by_code": {"module.py covered": 5}}]
    daemon = [
        {"course": "received", "by_code": {"module.py covered": 90, "module.py loop": 10}},
        {"course": "announced", "by_code": {"module.py covered": 1000, "module.py loop": 0, "module.py rare": 1}},
        {"course": "reloaded", "problem": "it made no progress"},
    ]
    found = coverage.uncovered(profile, daemon)
    assert found["share"] == pytest.approx((0.1 + 1 / 1001) / 2)
    assert list(found["by code"]) == ["module.py loop", "module.py rare"]
    text = page(tree(daemon=found))
    assert "| 5.0.15: at most 5 % of a daemon's instructions are in code that no count executes | 5.0% |\n" in text
    # The other is too rare to be named.
    assert "\n- `module.py loop` 5.00%\n- reloaded: it made no progress\n" in text
    assert coverage.uncovered(profile, [])["share"] is None
    assert "### A whole daemon" in page(tree())


def test_false_alarms_are_counted_by_rule_and_named() -> None:
    timed = {"times": 50, "peaks": 7}
    text = page(
        alarms=[
            comparison(),
            comparison(status=1, **timed, **{"flagged times": ["parsing.time 1.2"], "flagged by asv": ["a", "b"]}),
            comparison(**timed, **{"differing counts": 3}),
        ]
    )
    for line in (
        "| counts, the gate's rule | 3 | 0 | 63.2% | 240 | 0 |",
        "| times, the gate's rule | 2 | 1 | 97.5% | 100 | 1 |",
        "| times of its first pass, asv's default rule | 2 | 1 | 97.5% | 100 | 2 |",
        "| peaks of memory, the gate's rule | 2 | 0 | 77.6% | 14 | 0 |",
        "The gate ended with 0 (2 times), 1 (1 times).",
        "Counts that differed at all, by however little: 3.",
        "- parsing.time 1.2",
        "| counts: no false alarm in 100 comparisons | 0 in 3 |",
        "| times: at most 1 % of comparisons at the gate's setting | 1 in 2: at most 97.5%; 1 of 100 times |",
    ):
        assert f"\n{line}\n" in text


@pytest.mark.parametrize(("seen_at", "met"), [((0.1, 0.2), 1), ((0.2,), 1), ((0.1,), 0), ((0.5,), 0)])
def test_a_goal_is_met_at_its_own_level(seen_at: tuple[float, ...], met: int) -> None:
    rows = {"in C": injection(Kind.C, *((level, level in seen_at, 0.0) for level in (0.1, 0.2, 0.5)))}
    assert report.share_seen(rows, Kind.C, 0.2) == f"{met} of 1"


@pytest.mark.parametrize(
    ("events", "trials", "bound"), [(0, 0, 1), (0, 1, 0.95), (0, 100, 0.0295), (5, 100, 0.1023), (3, 3, 1)]
)
def test_what_the_comparisons_rule_out(events: int, trials: int, bound: float) -> None:
    assert report.upper_bound(events, trials) == pytest.approx(bound, abs=5e-5)
