"""What is measured next, on histories of which the numbers are known."""

from collections.abc import Sequence

import pytest

from tools.history.lines import Commit, Line
from tools.history.plan import Plan, Share, Task, Values, ratio
from tools.history.store import Series

COUNT = Series("module.Class.track_bytecodes", "1", "bytecodes/message")
OTHER = Series("module.Class.track_octets", "1", "octets")


def line(trees: Sequence[str], branch: str = "main") -> Line:
    return Line(branch, tuple(Commit(f"{branch}-{n}", n, "", tree or None) for n, tree in enumerate(trees)))


def names(values: Sequence[object]) -> list[str]:
    """A tree a commit, named after its place."""
    return [f"t{place:03}" for place, _ in enumerate(values)]


def sweep(values: Sequence[float | None], tags: Sequence[int] = ()) -> list[int]:
    """The places of the trees in the order in which a plan has them measured; None gives nothing."""
    return [place for place, _ in tasks([None if value is None else {COUNT: value} for value in values], tags)]


def tasks(numbers: Sequence[Values | None], tags: Sequence[int] = ()) -> list[tuple[int, set[Series]]]:
    """What a plan has measured, in its order: the places of trees, and which numbers."""
    trees = names(numbers)
    every = sorted({series for values in numbers if values for series in values})
    plan = Plan([line(trees)], [f"main-{place}" for place in tags], {}, every)
    order = []
    while task := plan.take():
        place = trees.index(task.tree)
        order.append((place, set(task.series)))
        values = numbers[place]
        plan.put(task.tree, None if values is None else {of: values[of] for of in task.series})
    assert plan.left == 0
    return order


def test_every_tree_is_measured_once() -> None:
    assert sorted(sweep([float(n // 7) for n in range(50)], tags=(3, 30))) == list(range(50))


def test_what_gives_nothing_more_now_is_not_asked_for_again_and_keeps_its_numbers() -> None:
    plan = Plan([line(["a", "b"])], [], {"a": {COUNT: 1.0}, "b": {COUNT: 2.0, OTHER: 3.0}}, [COUNT, OTHER])
    assert plan.take() == Task("a", (OTHER,))
    plan.put("a", None)
    assert plan.take() is None
    plan.put("a", {OTHER: 5.0})
    assert plan.left == 0


def test_ends_and_tags_come_first() -> None:
    assert sweep([100.0] * 20, tags=(5, 12))[:4] == [19, 0, 5, 12]


def test_a_change_is_located_by_halving_and_what_is_equal_comes_last() -> None:
    values = [100.0] * 70 + [150.0] * 58
    order = sweep(values)
    located = max(order.index(69), order.index(70)) + 1
    assert located <= 2 + 7
    assert len(order) == 128


def test_the_larger_change_is_located_first() -> None:
    values = [100.0] * 40 + [101.0] * 40 + [202.0] * 48
    order = sweep(values)
    assert max(order.index(79), order.index(80)) < max(order.index(39), order.index(40))


def test_broken_trees_are_gone_around() -> None:
    values: list[float | None] = [100.0] * 10 + [None] * 6 + [150.0] * 10
    values[0] = values[-1] = None
    order = sweep(values)
    assert sorted(order) == list(range(26))
    assert order[:4] == [25, 0, 24, 1]


def test_only_what_changed_is_measured_before_the_rest() -> None:
    numbers = [{COUNT: 100.0 if place < 20 else 150.0, OTHER: 7.0} for place in range(64)]
    order = tasks(numbers)
    assert order[:2] == [(63, {COUNT, OTHER}), (0, {COUNT, OTHER})]
    located = max(order.index((place, {COUNT})) for place in (19, 20))
    assert all(series == {COUNT} for _, series in order[2 : located + 1])
    # Then all of it, once.
    assert sorted((place, of.name) for place, series in order for of in series) == sorted(
        (place, of.name) for place in range(64) for of in (COUNT, OTHER)
    )


def test_what_changed_around_a_tree_is_measured_with_it() -> None:
    numbers = [{COUNT: 100.0 if place < 20 else 150.0, OTHER: 7.0 if place < 30 else 8.0} for place in range(64)]
    order = tasks(numbers)
    assert order[2] == (32, {COUNT, OTHER})
    assert order[3] == (16, {COUNT, OTHER})
    # Only the one is between 24 and 32.
    assert next(series for place, series in order if place == 28) == {OTHER}


def test_large_changes_are_located_before_small_ones_are_measured() -> None:
    numbers = [{COUNT: 100.0 if place < 20 else 150.0, OTHER: 1000.0 if place < 20 else 1005.0} for place in range(64)]
    order = tasks(numbers)
    located = max(index for index, (place, series) in enumerate(order) if place in (19, 20) and COUNT in series)
    assert all(OTHER not in series for _, series in order[2 : located + 1])
    small = max(index for index, (place, series) in enumerate(order) if place in (19, 20) and OTHER in series)
    assert small <= located + 7


def test_a_number_that_fails_in_between_is_not_searched_for() -> None:
    other = [7.0 if place < 65 else 8.0 for place in range(80)]
    numbers: list[Values] = [{COUNT: 100.0 if place < 40 else 150.0, OTHER: other[place]} for place in range(80)]
    for place in range(10, 70):
        numbers[place] = {COUNT: None, OTHER: other[place]}
    order = tasks(numbers)
    # The middle gives none; so what comes next is the other change.
    assert order[2] == (40, {COUNT, OTHER})
    assert all(series == {OTHER} for _, series in order[3:8])


def test_several_at_once_take_several_trees() -> None:
    values = [100.0] * 10 + [200.0] * 11
    trees = names(values)
    ends: dict[str, Values | None] = {trees[0]: {COUNT: 100.0}, trees[-1]: {COUNT: 200.0}}
    plan = Plan([line(trees)], [], ends, [COUNT])
    taken = [plan.take() for _ in range(4)]
    assert len({task.tree for task in taken if task}) == 4
    assert taken[0] == Task(trees[10], (COUNT,))
    found = plan.largest()
    assert found
    assert (found.before.tree, found.after.tree, len(found.trees)) == (trees[0], trees[-1], 19)
    assert (found.series, found.was, found.became, found.ratio) == (COUNT, 100.0, 200.0, 2.0)


def test_a_tree_of_two_branches_or_of_two_commits_is_one() -> None:
    plan = Plan([line(["a", "b", "b", "", "b", "c", "a"]), line(["a", "b", "d"], "5.0")], [], {}, [COUNT])
    assert plan.left == 4
    order = []
    while task := plan.take():
        order.append(task.tree)
        plan.put(task.tree, {COUNT: 1.0})
    assert sorted(order) == ["a", "b", "c", "d"]
    assert plan.left == 0
    assert plan.largest() is None


@pytest.mark.parametrize(
    ("unit", "before", "after", "found"),
    [
        ("bytecodes/message", 100, 150, 1.5),
        ("bytecodes/message", 150, 100, 1.5),
        ("bytecodes/message", 100, 100, 1),
        ("bytecodes/message", None, 100, 1),
        ("leaked bytes/message", 0, 8, 9),
        ("leaked bytes/message", -2, 8, 11),
        ("exponent", 0.01, 0.02, 1.01),
    ],
)
def test_ratios_say_how_much_a_number_differs(
    unit: str, before: float | None, after: float | None, found: float
) -> None:
    assert ratio(unit, before, after) == pytest.approx(found)


def test_machines_share_the_trees_and_each_begins_far_apart() -> None:
    trees = [f"{place * 0x9E3779B97F4A7C15 % 2**64:016x}" for place in range(200)]
    measured: list[str] = []
    for number in (1, 2, 3):
        plan = Plan([line(trees)], ["main-100"], {}, [COUNT], Share(number, 3))
        ours = plan.left
        order = []
        while task := plan.take():
            order.append(trees.index(task.tree))
            plan.put(task.tree, {COUNT: 100.0 if order[-1] < 150 else 150.0})
        assert len(order) == ours
        assert ours > 50
        # Both ends of what it has, and a tag where that is its own; then what lies between them, the change first.
        assert max(order[:3]) > 190
        assert min(order[:3]) < 10
        assert any(140 < place < 160 for place in order[:10])
        measured += [trees[place] for place in order]
    assert sorted(measured) == sorted(trees)
