"""Counts on a release: an injected slow-down is seen, equal code is not, and nothing is left out in silence."""

import pytest

from tests import trees
from tools.calibrate import counts, coverage, jobs, subjects
from tools.calibrate.callables.injection import Injection
from tools.calibrate.injections import INJECTIONS
from tools.calibrate.subjects import Subject
from tools.children import Line
from tools.errors import ToolError
from tools.gate.rules import Outcome, compare
from tools.numbers.kinds import Kind
from tools.numbers.stored import Number

BENCH = r"UpdateDecoding\.track_decode_bytecodes"


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject("4.2.25", "release", trees.release("4.2.25"))


@pytest.fixture(scope="module")
def profile(subject: Subject) -> list[Line]:
    return subject.run(jobs.profile, BENCH)


@pytest.fixture(scope="module")
def targets(subject: Subject) -> coverage.Targets:
    (found,) = subject.run(jobs.targets)
    return found


def test_three_per_cent_are_seen_by_a_count(subject: Subject, profile: list[Line], targets: coverage.Targets) -> None:
    row = counts.sensitivity(subject, "", INJECTIONS["AS_PATH"], profile, targets)
    assert [level["level"] for level in row["levels"]] == [0.01, 0.03, 0.1, 0.5, 1.0]
    for level in row["levels"][1:]:
        assert level["seen"]
        assert level["growth"] == pytest.approx(level["level"], rel=0.1)


def test_a_generator_that_began_before_the_count_is_looked_for_where_it_begins(subject: Subject) -> None:
    """In idle turns of the reactor the peers' main loops go on, and in those of the peers they begin."""
    name = "main loop of a peer"
    bench = r"ReactorTurns\.track_turns|PeerMainLoops\.track_main_loop_bytecodes.*"
    found, (targets,) = subject.run(jobs.profile, bench), subject.run(jobs.targets)
    label = targets[name]
    executing = [line for line in found if line["by_code"].get(label)]
    assert {line["case"][0].split(".")[1] for line in executing} == {"ReactorTurns", "PeerMainLoops"}
    # As if it weighed most where it only goes on.
    for line in executing:
        if "ReactorTurns" in line["case"][0]:
            line["measured"] = line["by_code"][label]
    row = counts.sensitivity(subject, "", INJECTIONS[name], found, targets)
    assert row["levels"][1]["seen"]
    assert "PeerMainLoops" in row["levels"][1]["by"]


def test_equal_code_is_not_flagged(subject: Subject, profile: list[Line]) -> None:
    again = subject.run_with_seed("7", jobs.profile, BENCH)
    assert len(again) == len(profile) == 6
    for one, other in zip(profile, again, strict=True):
        assert compare(Kind.COUNT, Number(one["value"]), Number(other["value"])) is Outcome.SAME
    assert coverage.varying([profile, again]) == {}


def test_a_count_that_varies_is_named(profile: list[Line]) -> None:
    other = [dict(line) for line in profile]
    other[0]["value"] += 1
    assert coverage.varying([profile, other]) == {coverage.title(profile[0]): [profile[0]["value"], other[0]["value"]]}


def test_a_callable_that_is_not_there_is_a_problem(subject: Subject, profile: list[Line]) -> None:
    injection = Injection("gone", ("exabgp.gone.function",))
    row = counts.sensitivity(subject, "", injection, profile, {"gone": None})
    assert row["problem"] == "this ExaBGP has no such callable"


def test_a_callable_that_nothing_executes_is_a_problem(
    subject: Subject, profile: list[Line], targets: coverage.Targets
) -> None:
    row = counts.sensitivity(subject, "", INJECTIONS["KEEPALIVE decode"], profile, targets)
    assert row["problem"] == "no benchmark executes it"
    assert row["callable"] == "bgp/message/keepalive.py KeepAlive.unpack_message"


def test_hot_callables_without_an_injection_are_named(profile: list[Line], targets: coverage.Targets) -> None:
    label = targets["attributes, one by one"]
    assert label not in coverage.hot(profile, targets)
    without = {name: None if found == label else found for name, found in targets.items()}
    assert label in coverage.hot(profile, without)


def test_a_leak_is_looked_for_in_the_counts_of_bytes() -> None:
    units = ("bytecodes/message", "kept bytes/message", "leaked bytes/message", "exponent")
    profile = [{"case": [unit, 0], "parameters": [], "unit": unit, "by_code": {}} for unit in units]
    found = coverage.executing(INJECTIONS["octets kept for each message"], profile, {})
    assert [line["unit"] for line in found] == ["kept bytes/message", "leaked bytes/message"]


def test_only_what_waits_for_its_turn_with_a_daemon_may_take_longer(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "LIMIT", 0.001)
    with pytest.raises(ToolError, match=r"targets took more than 0\.001 s"):
        subject.run(jobs.targets)
    assert subject.run_daemons(jobs.targets)


def test_a_process_that_fails_is_one_line_with_the_name_of_the_exabgp(subject: Subject) -> None:
    with pytest.raises(ToolError, match=r"^4\.2\.25: no injection is called 'nonsense': [^\n]*$"):
        subject.run(jobs.counts, "nonsense", [])
