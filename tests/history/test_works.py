"""The check of history, on one commit: each benchmark is run once, and what was done is not done again."""

import json
from pathlib import Path

import pytest

from tests.project import Project
from tools.git import git
from tools.history import shares, works
from tools.suite import Case, Suite

FIRST = r"KeepaliveDecoding\.track"
# No release up to 5.0.1 lets lines wait for an API process.
ALL = rf"{FIRST}|BacklogCost.track_drain_bytecodes\('(pending|written)'\)"


def cases(expression: str) -> list[Case]:
    return [case for case, _ in Suite().cases(expression)]


def test_what_was_done_is_kept_and_the_rest_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project(tmp_path / "project")
    monkeypatch.setattr(works, "UPSTREAM", project.exabgp)
    monkeypatch.setattr(works, "DONE", tmp_path / "done")
    commit = git("rev-parse", "good", cwd=project.exabgp)

    first = works._check(commit, cases(FIRST))
    assert set(first.reasons.values()) == {None}
    (kept,) = (tmp_path / "done").iterdir()
    # To be recognised if it is not measured again.
    found = json.loads(kept.read_text())
    found["runs"][0][-1] = "as it was"
    kept.write_text(json.dumps(found))

    both = works._check(commit, cases(ALL))
    assert list(both.reasons) == cases(ALL)
    reasons = list(both.reasons.values())
    assert reasons.count("as it was") == 1
    assert sum("no queue of writes" in (reason or "") for reason in reasons) == 1
    assert reasons.count(None) == len(reasons) - 2
    assert works._check(commit, cases(ALL)) == works.Checked(both.install, both.reasons)

    named = {case: tuple(benchmark._current_params) for case, benchmark in Suite().cases(ALL)}
    works._report({commit: both}, named)
    said = capsys.readouterr().out
    lines = [line.split() for line in said.splitlines()]
    assert ["B13", "1", "100.0%", "1", "1", "0", "0"] in lines
    assert ["P06", "1", "0.0%", "0", "0", "0", "1"] in lines
    assert ["B08", "2", "50.0%", "0", "1", "1", "0"] in lines
    assert f"1 of 1: as it was: {commit[:9]}" in said
    assert "0 of 1 commits give every number" in said


def test_only_what_is_exact_is_run_where_counts_are_asked_for() -> None:
    every, exact = (set(works._cases("KeepaliveDecoding", counts=counts)) for counts in (False, True))
    assert exact < every
    assert {name for name, _ in every - exact} == {"message_parsing.KeepaliveDecoding.time_decode"}


def test_what_was_kept_is_whole_however_the_check_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(tmp_path / "project")
    monkeypatch.setattr(works, "UPSTREAM", project.exabgp)
    monkeypatch.setattr(works, "DONE", tmp_path / "done")
    commit = git("rev-parse", "good", cwd=project.exabgp)
    first = works._check(commit, cases(FIRST))
    (kept,) = (tmp_path / "done").iterdir()
    before = kept.read_bytes()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        works._check(commit, cases(ALL))
    assert kept.read_bytes() == before
    assert works._check(commit, cases(FIRST)) == first


X04, X05 = ("resource_monitoring.HeldRoutes.track_kept_bytes", 0), ("announcing.OtherFamilies.track_octets", 0)
X05_TOO = ("announcing.OtherFamilies.track_octets", 1)
CASES = {X04: ("Adj-RIB-In", "ipv4", "shared"), X05: ("labelled", "announced"), X05_TOO: ("labelled", "withdrawn")}
REASONS = {
    "one": {X04: None, X05: None, X05_TOO: None},
    "two": {X04: "not applicable: it has no RIB", X05: None, X05_TOO: "ValueError: a | b"},
    "three": {X04: "ValueError: no", X05: "ValueError: no", X05_TOO: "ValueError: no"},
}


def test_shares_are_counted_by_row_and_by_commit() -> None:
    found = shares.shares(REASONS, CASES)
    assert [share.cells(row, 3) for row, share in found.items()] == [
        ("X04", "1", "33.3%", "1", "1", "1", "1"),
        ("X05", "2", "50.0%", "1", "2", "0", "2"),
    ]
    assert list(found["X05"].why("X05")) == [("X05", "ValueError: a | b", "1"), ("X05", "ValueError: no", "1")]


@pytest.mark.parametrize(
    ("reason", "gist"),
    [
        ("ValueError: invalid, Expecting value: line 1 column 9 (char 8): 'x'", "ValueError: invalid, Expecting value"),
        (f"ValueError: no route: {'ff' * 16}00", "ValueError: no route"),
        ("ValueError: no route of family 1/2", "ValueError: no route of family 1/2"),
    ],
)
def test_reasons_that_differ_by_a_detail_are_one(reason: str, gist: str) -> None:
    assert shares.gist(reason) == gist


def test_tables_are_written_in_markdown() -> None:
    assert shares.markdown(REASONS, CASES).splitlines() == [
        "| row | numbers | share | all of them | one or more | n/a | failed |",
        "| --- | --: | --: | --: | --: | --: | --: |",
        "| X04 | 1 | 33.3% | 1 | 1 | 1 | 1 |",
        "| X05 | 2 | 50.0% | 1 | 2 | 0 | 2 |",
        "",
        "| row | why there is no number | commits |",
        "| --- | --- | --: |",
        "| X04 | ValueError: no | 1 |",
        "| X04 | not applicable: it has no RIB | 1 |",
        r"| X05 | ValueError: a \| b | 1 |",
        "| X05 | ValueError: no | 1 |",
    ]
    whole = {"one": REASONS["one"]}
    assert "why" not in shares.markdown(whole, CASES)
