"""What a sweep does not measure, checked on a sample: what is as assumed, and what is not, is told apart."""

from pathlib import Path

import pytest

from tests.project import Project
from tools.history.lines import Commit, Line
from tools.history.plan import known
from tools.history.sharing import Equal, changed, equal_ends, shared_trees, unlike
from tools.history.store import Measured, Result, Series, Store

READ = Series("module.Class.track_read_bytecodes", "1", "bytecodes/message")
USE = Series("module.Class.track_use_bytecodes", "1", "bytecodes/message")


def commit(number: int, tree: str | None) -> Commit:
    return Commit(f"{number:040x}", number, "", tree)


def numbers(read: float, use: float = 1.0) -> Measured:
    return Measured("c0ffee", {READ: Result(read), USE: Result(use)})


def test_trees_of_several_commits_are_found_on_all_branches() -> None:
    main = Line("main", tuple(commit(n, tree) for n, tree in enumerate(["a", "b", "b", None, "a"])))
    stable = Line("5.0", (main.commits[0], commit(9, "b"), commit(10, "c")))
    found = {(first.tree, first.date, last.date) for first, last in shared_trees([main, stable])}
    assert found == {("a", 0, 4), ("b", 1, 9)}


def test_stretches_are_those_with_equal_ends_and_something_between() -> None:
    line = Line("main", tuple(commit(n, f"t{n}") for n in range(7)))
    part = Measured("c0ffee", {READ: Result(1.0)})
    measured = {"t0": numbers(1), "t1": part, "t2": numbers(1), "t3": numbers(1), "t4": numbers(1), "t6": numbers(2)}
    found = list(equal_ends([line], known(measured, [READ, USE]), [READ, USE]))
    assert found == [Equal(line.commits[0], line.commits[2], (line.commits[1],))]


@pytest.mark.parametrize(("last", "problems"), [(100.0, 0), (101.0, 1)])
def test_commits_of_one_tree_that_differ_are_named(last: float, problems: int) -> None:
    one, other = commit(1, "a"), commit(2, "a")
    found = list(unlike([(one, other)], lambda of: numbers(100.0 if of is one else last)))
    assert len(found) == problems
    assert all("000000000 and 000000000 have one tree" in text and READ.name in text for text in found)


@pytest.mark.parametrize(("between", "problems"), [(100.0, 0), (101.0, 1)])
def test_what_changes_between_equal_ends_is_named_and_kept(tmp_path: Path, between: float, problems: int) -> None:
    before, middle, after = (commit(n, f"t{n}") for n in range(3))
    store = Store(tmp_path)
    store.put("t0", numbers(100.0))
    store.put("t2", numbers(100.0))
    found = list(changed([Equal(before, after, (middle,))], store, lambda _: numbers(between)))
    assert len(found) == problems
    assert store.values("t1") == {READ: between, USE: 1.0}


def test_a_sample_of_real_commits_is_as_assumed(tmp_path: Path) -> None:
    made = Project(tmp_path)
    (made.exabgp / "README").write_text("x")
    made.commit("readme")
    made.update()
    done = made.run("tools", "sharing", "--bench", "KeepaliveDecoding.track", "--sample", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        "1 trees of two commits and 0 stretches between equal ends, 3 numbers each: 0 were not as assumed"
        in done.stdout
    )
