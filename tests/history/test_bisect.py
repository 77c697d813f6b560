"""The commit that made a count worse is found, by what was swept where that is known, and around what is broken."""

from pathlib import Path

import pytest

from tests.project import Project
from tools.errors import ToolError
from tools.git import git
from tools.history import bisect
from tools.history import lines as history
from tools.history.bisect import Search, one_series
from tools.history.lines import Commit
from tools.history.store import Measured, Result, Series, Store

COUNT = "message_parsing.KeepaliveDecoding.track_decode_bytecodes(100)"
SERIES = Series(COUNT, "1", "bytecodes/message")
KEEPALIVE = "bgp/message/keepalive.py"


def nodes(count: int) -> list[Commit]:
    return [Commit(f"{place:040x}", place, f"commit {place}", f"t{place}") for place in range(count)]


def search(values: list[float | None], store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Search:
    """A search on commits with these numbers, None where they are broken."""

    def measure(commit: Commit, missing: list[Series], _every: list[Series], _folder: Path) -> Measured:
        assert missing == [SERIES]
        value = values[int(commit.hash, 16)]
        if value is None:
            return Measured(commit.hash, broken="it does not start")
        return Measured(commit.hash, {SERIES: Result(value)})

    monkeypatch.setattr(bisect, "measure", measure)
    return Search(SERIES, store, folder)


def test_it_takes_as_many_measurements_as_halving_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = search([100.0] * 700 + [101.0] * 493, Store(tmp_path), tmp_path, monkeypatch)
    before, after = of.first_bad(nodes(1193), "good", "bad")
    assert (before.date, after.date) == (699, 700)
    assert of.measured <= 2 + 11
    # Where all that was asked for is known, nothing is measured.
    again = search([], Store(tmp_path), tmp_path, monkeypatch)
    assert again.first_bad(nodes(1193), "good", "bad") == (before, after)
    assert again.measured == 0


def test_what_is_broken_is_gone_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = search([100.0, 100.0, None, None, None, 150.0, 150.0], Store(tmp_path), tmp_path, monkeypatch)
    before, after = of.first_bad(nodes(7), "good", "bad")
    assert (before.date, after.date) == (1, 5)
    assert sorted(commit.date for commit in of.without) == [2, 3, 4]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([100.0, 100.0], "nothing to find"),
        ([150.0, 100.0], "is it the other way round"),
        ([None, 100.0], "no number at good: it does not start"),
    ],
)
def test_ends_that_are_no_good_are_one_line(
    values: list[float | None], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = search(values, Store(tmp_path), tmp_path, monkeypatch)
    with pytest.raises(ToolError, match=words):
        of.first_bad(nodes(2), "good", "bad")


def test_a_series_is_named_exactly_or_by_what_only_it_matches() -> None:
    assert one_series(COUNT) == SERIES
    assert one_series(r"KeepaliveDecoding.track_decode_bytecodes\(100\)") == SERIES
    with pytest.raises(ToolError, match="3 counts match"):
        one_series("KeepaliveDecoding")


def test_the_commit_is_said_with_its_size_and_its_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(tmp_path)
    for name in ("one", "two"):
        (project.exabgp / "README").write_text(name)
        project.commit(name)
    project.edit(KEEPALIVE, "        if data:\n", "        for _ in range(10):\n            pass\n        if data:\n")
    project.commit("slower", "make KEEPALIVE do more")
    project.edit(KEEPALIVE, "range(10)", "range( 10)")
    project.commit("last")
    project.update()
    done = project.run("tools", "bisect", COUNT, "good", "main")
    assert done.returncode == 0, done.stdout + done.stderr
    _, first, second, *functions = done.stdout.splitlines()
    assert first == f"{git('rev-parse', 'slower', cwd=project.exabgp)} make KEEPALIVE do more"
    assert COUNT in second
    assert any("KeepAlive.unpack_message" in function for function in functions)
    assert "3 measured now" in done.stderr
    again = project.run("tools", "bisect", COUNT, "good", "main")
    assert again.stdout.splitlines()[1:] == done.stdout.splitlines()[1:]
    assert "0 measured now" in again.stderr
    monkeypatch.setattr(history, "UPSTREAM", project.exabgp)
    one, two = (git("rev-parse", tag, cwd=project.exabgp) for tag in ("one", "slower"))
    line = history.line_between(one, two)
    assert [commit.subject for commit in line.commits] == ["one", "two", "make KEEPALIVE do more"]
