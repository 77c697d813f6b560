"""Steps of the site: commits of one tree are one, whatever asv has stored of them beside."""

from pathlib import Path

import pytest

from tools.history.lines import Commit, Line
from tools.history.store import Measured, Result
from tools.history.store import Series as Counted
from tools.report.collected import Collected, Described, Stored
from tools.report.steps import steps

NAME = "message_parsing.Updates.track_decode_bytecodes"
OTHER = "message_parsing.Updates.track_other_bytecodes"
TIME = "message_parsing.Updates.time_decode"
PARAMS = {"python": "3.12.1", "machine": "here"}
VERSION = "1"


def commit(name: str, tree: str, date: int) -> Commit:
    return Commit(name * 40, date, f"make {tree}", tree)


def described(name: str, unit: str) -> Described:
    return Described(name, unit, VERSION, [], [], None, {})


def collected(stored: dict[str, dict[str, float | None]], folder: Path) -> Collected:
    """Two branches with commits of their own, of the same two trees."""
    lines = [
        Line(branch, (commit(first, "before", 1), commit(second, "after", 2)))
        for branch, first, second in (("main", "a", "b"), ("5.0", "c", "d"))
    ]
    counted = Counted(NAME, VERSION, "bytecodes/message")
    store = {tree: Measured("", {counted: Result(value)}) for tree, value in (("before", 100.0), ("after", 200.0))}
    benchmarks = {
        of.name: of
        for of in (
            described(NAME, "bytecodes/message"),
            described(OTHER, "bytecodes/message"),
            described(TIME, "seconds"),
        )
    }
    return Collected(
        lines,
        benchmarks,
        [Stored(name * 40, PARAMS, values, []) for name, values in stored.items()],
        store,
        "3.12.1",
        "here",
        folder,
    )


@pytest.mark.parametrize(
    "stored",
    [
        {},
        # What `history --unpack` writes.
        {name: {NAME: value} for name, value in (("a", 100.0), ("b", 200.0), ("c", 100.0), ("d", 200.0))},
        # A benchmark that has no number there, and one that is none of the exact ones.
        {"b": {NAME: 200.0, TIME: None}},
        {"b": {NAME: 200.0, TIME: 1e-3}},
        # An exact number that is not kept by tree.
        {"d": {NAME: 200.0, OTHER: 3.0}},
    ],
)
def test_commits_of_one_tree_make_one_step(stored: dict[str, dict[str, float | None]], tmp_path: Path) -> None:
    (step,) = steps(collected(stored, tmp_path))
    assert step.event.branches == ("main", "5.0")
    assert step.event.commit.hash == "b" * 40
    assert [(change.before, change.after) for change in step.changes] == [(100.0, 200.0)]


def test_what_asv_alone_has_of_two_trees_is_a_step(tmp_path: Path) -> None:
    """Of one commit of each tree, on different branches."""
    found = steps(collected({"a": {OTHER: 3.0}, "b": {OTHER: 4.0}}, tmp_path))
    assert sorted(len(step.changes) for step in found) == [2]
    assert found[0].event.branches == ("main", "5.0")


def test_a_time_that_failed_is_no_time_that_was_not_measured(tmp_path: Path) -> None:
    found = collected({"b": {NAME: 200.0, TIME: None}}, tmp_path)
    assert found.values("b" * 40, "after") == {NAME: 200.0, TIME: None}


def test_a_time_stands_beside_what_is_known_of_the_tree(tmp_path: Path) -> None:
    found = collected({"b": {NAME: 200.0, TIME: 1e-3}}, tmp_path)
    assert found.values("b" * 40, "after") == {NAME: 200.0, TIME: 1e-3}
    assert found.values("d" * 40, "after") == {NAME: 200.0}
