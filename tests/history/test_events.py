"""What a sweep has measured, read as events, on histories of which the numbers are known."""

from collections.abc import Sequence

import pytest

from tools.history.events import Event, events, markdown, row, state
from tools.history.lines import Commit, Line
from tools.history.store import Series

READ = Series("module.Class.track_read_bytecodes", "1", "bytecodes/message")
USE = Series("module.Class.track_use_bytecodes", "1", "bytecodes/message")


def history(values: Sequence[tuple[float | None, float | None] | None], branch: str = "main") -> tuple[Line, dict]:
    """A commit for each pair of numbers, None where it was not measured; a tree for each pair that differs."""
    commits, known = [], {}
    for place, pair in enumerate(values):
        tree = f"{branch}-{place}" if pair is None else f"tree of {pair}"
        commits.append(Commit(f"{place:040x}", 86400 * place, f"commit {place}", tree))
        if pair is not None:
            known[tree] = {READ: pair[0], USE: pair[1]}
    return Line(branch, tuple(commits)), known


def found(values: Sequence[tuple[float | None, float | None] | None]) -> list[Event]:
    line, known = history(values)
    return events([line], known)


def test_a_commit_is_one_event_with_all_that_it_changed() -> None:
    (event,) = found([(100, 200), (100, 200), (150, 220), (150, 220)])
    assert event.commit.subject == "commit 2"
    assert event.before.subject == "commit 0"
    assert event.located
    assert [(change.series, change.before, change.after) for change in event.changes] == [
        (READ, 100, 150),
        (USE, 200, 220),
    ]
    assert event.mended_by is None
    assert state(event) == "still there"


def test_what_becomes_worse_is_mended_once_all_of_it_is_back() -> None:
    worse, partly, back = found([(100, 200), (150, 220), (100, 220), (100, 199)])
    assert worse.mended_by
    assert worse.mended_by.subject == "commit 3"
    assert [change.undone_by and change.undone_by.subject for change in worse.changes] == ["commit 2", "commit 3"]
    assert state(partly) == state(back) == "better"
    assert partly.mended_by is None


def test_what_is_almost_back_is_not() -> None:
    assert found([(1000, 1), (1500, 1), (1002, 1)])[0].mended_by is None
    assert found([(1000, 1), (1500, 1), (1000.5, 1)])[0].mended_by is not None


def test_a_stretch_that_was_not_measured_is_not_located() -> None:
    (event,) = found([(100, 1), None, None, (150, 1)])
    assert (event.before.subject, event.commit.subject, event.between, event.located) == (
        "commit 0",
        "commit 3",
        2,
        False,
    )
    assert "not located: after 000000000" in row(event)


def test_each_number_has_the_commits_on_which_it_was_measured() -> None:
    line, known = history([(100, 200), (100, 200), (150, 220), (150, 230)])
    # A sweep measures what changed around a tree, and the rest later.
    known = {line.commits[place].tree: dict(known[line.commits[place].tree]) for place in (1, 2, 3)}
    del known[line.commits[2].tree][USE]
    found = events([line], known)
    assert [(event.commit.subject, event.located, event.changes[0].series) for event in found] == [
        ("commit 2", True, READ),
        ("commit 3", False, USE),
    ]
    assert found[1].before.subject == "commit 0"


def test_a_number_that_fails_in_between_is_gone_around() -> None:
    (event,) = found([(100, 1), (None, 1), (150, 1)])
    assert (event.before.subject, event.commit.subject, event.between) == ("commit 0", "commit 2", 1)


def test_what_is_not_given_is_no_change() -> None:
    assert found([(100, None), (None, 1), (100, 1)]) == []


@pytest.mark.parametrize(("after", "count"), [(100.09, 0), (100.11, 1)])
def test_less_than_the_least_is_none(after: float, count: int) -> None:
    assert len(found([(100, 1), (after, 1)])) == count


def test_two_branches_that_share_a_change_have_one_event() -> None:
    main, known = history([(100, 1), (150, 1), (160, 1)])
    stable, more = history([(100, 1), (150, 1)], "5.0")
    both, only = events([main, stable], known | more)
    assert (both.branches, only.branches) == (("main", "5.0"), ("main",))
    assert both.commit == main.commits[1]


def test_what_is_undone_and_done_again_on_a_branch_is_an_event_each_time() -> None:
    commits = tuple(Commit(f"{n:040x}", n, f"commit {n}", tree) for n, tree in enumerate("abab"))
    found = events([Line("main", commits), Line("5.0", commits)], {"a": {READ: 100.0}, "b": {READ: 150.0}})
    assert [event.commit.subject for event in found] == ["commit 1", "commit 2", "commit 3"]
    assert {event.branches for event in found} == {("main", "5.0")}


def test_they_are_written_newest_first_with_links() -> None:
    lines = markdown(found([(100, 1), (150, 1), (160, 1)])).splitlines()
    assert lines[2].startswith(
        f"| 1970-01-03 | main | [000000000](https://github.com/Exa-Networks/exabgp/commit/{2:040x}) "
    )
    assert lines[2].endswith("| 150 | 160 | 1.067 | still there |")
    assert len(lines) == 4
