"""The check of history, on one commit: each benchmark is run once, and what was done is not done again."""

import json
from pathlib import Path

import pytest

from tests.project import Project
from tools.git import git
from tools.history import works
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
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["B13", "1", "1", "1"] in lines
    assert ["B08", "2", "0", "1"] in lines
